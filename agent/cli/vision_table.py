"""`nightlamp vision --evaluate LABELS.csv`: the eyes on many labelled clips, as a table with its intervals."""

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agent.camera_facts import CameraView
from agent.cli.common import put, put_json
from agent.cli.language import say
from agent.cli.progress import Progress


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: `sheet`, `beside` and `scores` are files, `models` the folder of a detector, or None."""

    table: Path
    view: CameraView
    cold: bool
    only: str
    clips: bool
    processes: int
    sheet: Path | None
    beside: Path | None
    scores: Path | None
    models: Path | None
    as_json: bool


def evaluate(wanted: Wanted) -> None:
    """Measure and print; raises FileError and EyesError."""
    from agent.vision import beside, evaluate, figures, labels, player, sheet

    progress = _telling()
    theirs = labels.read_scores(wanted.beside) if wanted.beside is not None else None
    eyes = partial(player.open_eyes, wanted.view, wanted.models)
    threshold = eyes().threshold
    results = evaluate.measure(wanted.table, wanted.cold, wanted.only, wanted.processes, progress, eyes)
    told = figures.report(results, wanted.cold, threshold)
    compared = beside.compare(results, wanted.beside, theirs) if wanted.beside is not None and theirs else ()
    if wanted.scores is not None:
        labels.write_scores(wanted.scores, [(one.label, one.scored) for one in results])
    if wanted.as_json:
        more: dict[str, Any] = {"beside": [asdict(one) for one in compared]} if compared else {}
        put_json(told.to_json() | more)
    else:
        for line in figures.clip_lines(results) if wanted.clips else ():
            put(line)
        put(figures.table(told))
        if compared:
            put(beside.differences_table(compared))
    if wanted.sheet is not None:
        every = labels.read_labels(wanted.table)
        folder = wanted.table.parent
        count = sheet.write_sheet(wanted.sheet, folder, results, every, wanted.cold, threshold, eyes, progress)
        _say_sheet(wanted.sheet, count)


def _say_sheet(path: Path, count: int) -> None:
    if count:
        told = say(
            f"{path}: {count} clips that came out wrong; it shows people", f"{path}：{count} 个判错的片段；内含人像"
        )
    else:
        told = say(f"{path}: not written, no clip came out wrong", f"{path}：没有判错的片段，未写入")
    sys.stderr.write(f"nightlamp: {told}\n")


def _telling() -> Callable[[int, int], None]:
    """With the time to go."""
    progress = Progress()

    def words(done: int, of: int) -> str:
        left_s = progress.waited_s / done * (of - done)
        return say(f"{done} of {of} clips, {left_s:.0f} s to go", f"{done} / {of} 个片段，还需 {left_s:.0f} 秒")

    return lambda done, of: progress.tell(lambda: words(done, of))
