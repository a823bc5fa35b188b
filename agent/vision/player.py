"""One pair of eyes before one clip: what they tell, how high the score of a fall stood, and what a frame cost."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np

from agent.camera_facts import CameraFacts, CameraView
from agent.detection.observations import Observation
from agent.vision.clip import EVERY_S, Clip, Shot
from agent.vision.confirm import Detector
from agent.vision.detector import open_detector
from agent.vision.file_error import FileError
from agent.vision.pipeline import Pipeline, open_pipeline, shrink
from models.errors import ModelError

_DEVICE = "clip"
HELD_S = 2.0  # clips often end where the fall does: its last picture stays that long
_LEARN_EVERY = 3  # pictures: neighbours tell nothing new about the room
_REMEMBERED = 48  # clips of one room whose small pictures are kept, since each of them teaches all the others


class EyesError(Exception):
    """The eyes cannot be opened; the text names the file at fault and the cure."""


@dataclass(slots=True)
class Played:
    """How it went. Times are seconds of the clip's own clock.

    `curve`: the score of a fall in each frame looked at, as it counts against the threshold. `costs_ms`: from the
    decoded frame to what was told of it, in milliseconds of this thread, without the held pictures.
    """

    told: list[Observation] = field(default_factory=list)
    curve: list[tuple[float, float]] = field(default_factory=list)
    costs_ms: list[float] = field(default_factory=list)
    frames: int = 0
    fps: float = 0.0
    length_s: float = 0.0
    state: str = ""

    @property
    def score(self) -> float:
        """The highest score of a fall; 0 where nobody moved."""
        return self.best[1]

    @property
    def best(self) -> tuple[float, float]:
        """When it stood highest first, and how high."""
        return max(self.curve, key=lambda one: one[1], default=(0.0, 0.0))

    @property
    def ms_per_frame_p50(self) -> float:
        """Median cost of a frame."""
        return float(np.median(self.costs_ms)) if self.costs_ms else 0.0


def open_eyes(view: CameraView = CameraView.AUTO, models: Path | None = None) -> Pipeline:
    """The eyes as shipped, for a camera of this view, with the detector in the folder `models`, if one is named.

    Raises EyesError where a model cannot be used.
    """
    try:
        eyes = open_pipeline(_DEVICE, None if models is None else _detector_in(models))
    except ModelError as error:
        raise EyesError(str(error)) from error
    eyes.use(CameraFacts(_DEVICE, view=view))
    return eyes


@lru_cache(maxsize=1)
def _detector_in(models: Path) -> Detector:
    """One for all clips."""
    if (detector := open_detector(models)) is None:
        raise EyesError(f"{models}: no person detector that can be used; see nightlamp models list and verify")
    return detector


def learn(eyes: Pipeline, room: Sequence[Path], clip: Clip, remember: bool = False) -> list[FileError]:
    """Show `eyes` the clips of a room, in this order, before `clip`; gives back those left out and why.

    Left out is the clip itself, and what is of another view. `remember` keeps the pictures for the next clip of the
    same room: some MiB for each minute. Raises FileError for one that cannot be played.
    """
    left_out = []
    wanted = _small(clip.size)
    for path in room:
        if path.exists() and path.samefile(clip.path):
            left_out.append(FileError(path, "itself"))
            continue
        size, pictures = _remembered(path) if remember else _pictures(path)
        if _small(size) != wanted:
            left_out.append(FileError(path, "other_size", size=_shown(size), wanted=_shown(clip.size)))
            continue
        for shot in pictures:
            eyes.learn(shot.picture, shot.at)
    return left_out


def play(
    eyes: Pipeline,
    clip: Clip,
    tell: Callable[[Observation], None] | None = None,
    looked: Callable[[float], None] | None = None,
) -> Played:
    """Show `clip` to `eyes` and hold its last picture; `tell` hears each observation, `looked` each frame's time."""
    played = Played()
    for shot, held in _held(clip):
        begun = time.thread_time()
        told = eyes.feed(shot.picture, shot.at)
        if not held:
            played.costs_ms.append(1000 * (time.thread_time() - begun))
            played.length_s = shot.at
        played.curve.append((shot.at, max((one.agreed for one in eyes.judged), default=0.0)))
        played.told += told
        if tell is not None:
            for one in told:
                tell(one)
        if looked is not None:
            looked(shot.at)
    played.frames, played.fps, played.state = clip.frames, clip.fps, eyes.state
    return played


def _held(clip: Clip) -> Iterator[tuple[Shot, bool]]:
    """The clip's pictures, then the last one again and again; whether it is such a one."""
    last = None
    for last in clip.shots():
        yield last, False
    if last is not None:
        for number in range(1, round(HELD_S / EVERY_S) + 1):
            yield Shot(last.at + number * EVERY_S, last.picture), True


def _pictures(path: Path) -> tuple[tuple[int, int], Iterator[Shot]]:
    """A clip's size and every third of its pictures, small."""
    clip = Clip(path)
    shots = (Shot(one.at, shrink(one.picture)) for one in clip.shots())
    return clip.size, islice(shots, None, None, _LEARN_EVERY)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(path: Path) -> tuple[tuple[int, int], tuple[Shot, ...]]:
    size, shots = _pictures(path)
    return size, tuple(shots)


def _small(size: tuple[int, int]) -> tuple[int, ...]:
    """The shape in which a picture of `size` is looked at."""
    return shrink(np.zeros((size[1], size[0], 3), np.uint8)).shape[:2]


def _shown(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"
