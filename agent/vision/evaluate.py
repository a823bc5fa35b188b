"""The shipped eyes on labelled clips, as they are; `nightlamp vision --evaluate LABELS.csv` prints what comes of it.

*Learned*: all other clips of the same camera are played first, in the order of their names, as pictures of the room.
*Cold*: the clip alone. A fall is found if `fall` is told from 0.5 s before to 4 s after its start, or at all where the
label has no start. A fall that a detector has taken below the threshold is told, and does not count.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agent.vision.clip import Clip
from agent.vision.confinement import keep_in
from agent.vision.file_error import FileError
from agent.vision.labels import Label, Scored, read_labels
from agent.vision.pipeline import Pipeline
from agent.vision.player import Played, learn, open_eyes, play

EARLY_S, LATE_S = 0.5, 4.0

OpenEyes = Callable[[], Pipeline]


@dataclass(frozen=True, slots=True)
class Result:
    """What the eyes made of one clip: `score` is the highest that stood in two windows running, at `best_at`."""

    label: Label
    score: float
    best_at: float
    falls_at: tuple[float, ...]
    ms_per_frame: float

    @property
    def delay_s(self) -> float | None:
        """Seconds from the start of the fall to the word of it; None where it was missed or has no start."""
        start = self.label.start_s
        hits = [at - start for at in self.falls_at if start is not None and -EARLY_S <= at - start <= LATE_S]
        return hits[0] if hits else None

    @property
    def right(self) -> bool:
        """A fall found in time, or a daily clip without one."""
        if not self.label.fell:
            return not self.falls_at
        return bool(self.falls_at) if self.label.start_s is None else self.delay_s is not None

    @property
    def scored(self) -> Scored:
        """The same in the form in which programs are compared."""
        found = self.right if self.label.fell else bool(self.falls_at)
        return Scored(self.label.clip, self.score, found, bool(self.falls_at))


def measure(
    table: Path,
    cold: bool = False,
    only: str = "",
    processes: int = 1,
    done: Callable[[int, int], None] | None = None,
    eyes: OpenEyes = open_eyes,
) -> list[Result]:
    """Every clip of the labels `table` (or those whose name begins with `only`), each with eyes of its own.

    The clips lie beside the table. `done` hears how many of how many there are. Raises FileError, and EyesError.
    """
    labels = read_labels(table)
    wanted = [label for label in labels if label.clip.startswith(only)]
    if not wanted:
        raise FileError(table, "no_such_clips", only=only)
    # By camera, since each of its clips teaches all the others: what was decoded for one is still there for the next.
    ordered = sorted(wanted, key=lambda label: (label.camera, label.clip))
    results: dict[Label, Result] = {}
    with ExitStack() as stack:
        watch = partial(watch_one, table.parent, labels, cold, eyes)
        for result in _each(stack, watch, ordered, processes):
            results[result.label] = result
            if done is not None:
                done(len(results), len(wanted))
    return [results[label] for label in wanted]


def watch_one(folder: Path, labels: Sequence[Label], cold: bool, eyes: OpenEyes, label: Label) -> Result:
    """One clip, after its room unless `cold`."""
    opened = eyes()
    played = play_labelled(opened, folder, () if cold else room_of(label, labels), label)
    falls = tuple(one.at for one in played.told if one.name == "fall" and one.score >= opened.threshold)
    at, score = played.best
    return Result(label, score, at, falls, played.ms_per_frame_p50)


def play_labelled(
    eyes: Pipeline, folder: Path, room: Sequence[str], label: Label, looked: Callable[[float], None] | None = None
) -> Played:
    """Show the clips of `room`, those of another size left out, and then the one that `label` names."""
    clip = Clip(folder / label.clip)
    try:
        learn(eyes, [folder / name for name in room], clip, remember=True)
    except FileError:
        clip.close()
        raise
    return play(eyes, clip, looked=looked)


def room_of(label: Label, labels: Sequence[Label]) -> tuple[str, ...]:
    """The other clips of the same camera, by name."""
    return tuple(sorted(one.clip for one in labels if one.camera == label.camera and one.clip != label.clip))


def _each(
    stack: ExitStack, watch: Callable[[Label], Result], labels: Sequence[Label], processes: int
) -> Iterator[Result]:
    if processes == 1:
        return map(watch, labels)
    # Spawned, not forked: OpenCV and ONNX Runtime have threads, which a fork leaves behind with their locks.
    pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(processes, keep_in))
    return pool.imap_unordered(watch, labels, chunksize=4)
