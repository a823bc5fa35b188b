"""``python -m agent.vision.evaluate FOLDER [--cold] [--json]``: the shipped eyes on labelled clips, as they are.

FOLDER holds the clips and ``labels.csv`` (clip, kind, fall_start_s, group, camera). *Learned*: all other clips of the
same camera are played first as pictures of the room. *Cold*: the clip alone. The last picture is held for two seconds,
since clips end where the fall does. A fall is found if `fall` is told from 0.5 s before to 4 s after its start.
"""

import argparse
import csv
import functools
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from agent.vision.background import Bytes
from agent.vision.pipeline import RATE_HZ, Pipeline, open_pipeline, shrink
from agent.vision.statistics import area_under_curve, wilson

HELD_S = 2.0
_EARLY_S, _LATE_S = 0.5, 4.0
_LEARN_EVERY = 3  # pictures: neighbours tell nothing new about the room


@dataclass(frozen=True, slots=True)
class Label:
    """One row of labels.csv."""

    clip: str
    fell: bool
    start_s: float | None
    group: str
    camera: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the eyes made of one clip: `score` is the highest that stood in two windows running."""

    label: Label
    score: float
    falls_at: tuple[float, ...]
    ms_per_frame: float

    @property
    def delay_s(self) -> float | None:
        """Seconds from the start of the fall to the word of it; None where it was missed or has no start."""
        start = self.label.start_s
        hits = [at - start for at in self.falls_at if start is not None and -_EARLY_S <= at - start <= _LATE_S]
        return hits[0] if hits else None

    @property
    def right(self) -> bool:
        """A fall found in time, or a daily clip without one."""
        if not self.label.fell:
            return not self.falls_at
        return bool(self.falls_at) if self.label.start_s is None else self.delay_s is not None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One line of the table: `count` falls found, or false falls, of `clips`; 95 % Wilson interval."""

    group: str
    kind: str
    count: int
    clips: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one run."""

    protocol: str
    threshold: float
    groups: tuple[GroupFigures, ...]
    auc: dict[str, tuple[float, float, float]]  # value, 95 % bootstrap interval
    delay_median_s: float
    delay_p90_s: float
    ms_per_frame_p50: float
    results: tuple[Result, ...]


def read_labels(folder: Path) -> list[Label]:
    """The rows of labels.csv; raises OSError where there is none and KeyError where a column lacks."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Label(
                row["clip"],
                row["kind"] == "fall",
                float(row["fall_start_s"]) if row["fall_start_s"] else None,
                row["group"],
                row["camera"],
            )
            for row in csv.DictReader(lines)
        ]


@functools.cache
def pictures(path: Path) -> tuple[tuple[float, Bytes], ...]:
    """Time and small picture, ten a second, of a clip; raises OSError where it is no video."""
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise OSError(f"{path}: not a video that OpenCV can read")
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    kept: list[tuple[float, Bytes]] = []
    number, due = 0, 0.0
    while True:
        more, frame = capture.read()
        if not more:
            break
        if number / rate >= due - 1e-6:
            kept.append((number / rate, shrink(np.asarray(frame, np.uint8))))
            due += 1.0 / RATE_HZ
        number += 1
    capture.release()
    return tuple(kept)


def watch(eyes: Pipeline, clip: Path, room: Iterable[Path] = (), label: Label | None = None) -> Result:
    """Play `clip` to `eyes`, after the pictures of the clips in `room`."""
    for other in room:
        for at, picture in pictures(other)[::_LEARN_EVERY]:
            eyes.learn(picture, at)
    shown = pictures(clip)
    held = [(shown[-1][0] + n / RATE_HZ, shown[-1][1]) for n in range(1, int(HELD_S * RATE_HZ) + 1)]
    score, falls, before = 0.0, [], dict[int, float]()
    begun = time.perf_counter()
    for at, picture in (*shown, *held):
        falls += [seen.at for seen in eyes.feed(picture, at) if seen.name == "fall"]
        now = {judged.track: judged.score for judged in eyes.judged}
        score = max([score, *(min(value, before.get(track, 0.0)) for track, value in now.items())])
        before = now
    cost = (time.perf_counter() - begun) / (len(shown) + len(held)) * 1000
    return Result(label or Label(clip.name, False, None, "", ""), score, tuple(falls), cost)


def measure(
    folder: Path, cold: bool = False, only: str = "", eyes: Callable[[str], Pipeline] = open_pipeline
) -> list[Result]:
    """Every clip of `folder` (or those whose name begins with `only`), each with eyes of its own."""
    labels = read_labels(folder)
    results = []
    for label in labels:
        if label.clip.startswith(only):
            room = () if cold else sorted(o.clip for o in labels if o.camera == label.camera and o is not label)
            results.append(watch(eyes(label.camera), folder / label.clip, [folder / name for name in room], label))
    return results


def report(results: Sequence[Result], cold: bool, threshold: float) -> Report:
    """The figures of some results."""
    keys = sorted({(result.label.group, result.label.fell) for result in results}, key=lambda key: (not key[1], key[0]))
    groups = []
    for group, fell in keys:
        own = [result for result in results if result.label.group == group and result.label.fell == fell]
        count = sum(result.right == fell for result in own)
        groups.append(
            GroupFigures(group, "falls found" if fell else "false", count, len(own), *wilson(count, len(own)))
        )
    pools = {"office": ("office",), "home": ("home",), "office + home": ("office", "home")}
    delays = [result.delay_s for result in results if result.delay_s is not None]
    return Report(
        "cold" if cold else "learned",
        threshold,
        tuple(groups),
        {
            name: area_under_curve(*_scores(results, pool))
            for name, pool in pools.items()
            if all(_scores(results, pool))
        },
        float(np.median(delays)) if delays else float("nan"),
        float(np.percentile(delays, 90)) if delays else float("nan"),
        float(np.median([result.ms_per_frame for result in results])),
        tuple(results),
    )


def _scores(results: Sequence[Result], groups: tuple[str, ...]) -> tuple[list[float], list[float]]:
    own = [result for result in results if result.label.group in groups]
    return [r.score for r in own if r.label.fell], [r.score for r in own if not r.label.fell]


def table(figures: Report) -> str:
    """The report for people."""
    lines = [f"{figures.protocol} background, one threshold {figures.threshold:.3f}"]
    for row in figures.groups:
        share = f"{row.count}/{row.clips}"
        lines.append(f"  {row.group:16s} {row.kind:12s} {share:>6s}  95 % {row.low:.2f}..{row.high:.2f}")
    for name, (value, low, high) in figures.auc.items():
        lines.append(f"  AUC {name:14s} {value:.3f}  95 % {low:.3f}..{high:.3f}")
    lines.append(
        f"  delay from the start of the fall: median {figures.delay_median_s:.1f} s, p90 {figures.delay_p90_s:.1f} s"
    )
    lines.append(f"  {figures.ms_per_frame_p50:.1f} ms a frame, one thread")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 2 where the folder cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m agent.vision.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cold", action="store_true", help="each clip alone, nothing learned before")
    parser.add_argument("--only", default="", metavar="PREFIX", help="clips whose name begins so")
    parser.add_argument("--clips", action="store_true", help="one line a clip as well")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        results = measure(options.folder, options.cold, options.only)
    except (OSError, KeyError) as error:
        sys.stderr.write(f"{options.folder}: {error}; it must hold labels.csv and the clips it names\n")
        return 2
    figures = report(results, options.cold, open_pipeline("threshold").threshold)
    if options.json:
        sys.stdout.write(json.dumps(_plain(figures)) + "\n")
        return 0
    if options.clips:
        for result in results:
            verdict = "right" if result.right else "wrong"
            sys.stdout.write(f"{result.label.clip:28s} {result.score:.3f} {verdict} {result.falls_at}\n")
    sys.stdout.write(table(figures) + "\n")
    return 0


def _plain(figures: Report) -> dict[str, Any]:
    plain = asdict(figures)
    for row, result in zip(plain["results"], figures.results, strict=True):
        row |= {"delay_s": result.delay_s, "right": result.right}
    return plain


if __name__ == "__main__":
    raise SystemExit(main())
