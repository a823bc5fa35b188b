"""`falls`: the shipped eyes on clips of real falls and daily life, with a learned background and cold."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from agent.vision.evaluate import Result, measure
from agent.vision.file_error import FileError
from agent.vision.labels import read_labels
from agent.vision.player import EyesError
from agent.vision.statistics import area_under_curve
from tests.benchmarks.bench import Bench, BenchError, Tell
from tests.benchmarks.figures import Measured

CLIPS = Path(__file__).resolve().parents[3] / "shared" / "data" / "falls"
HOME_S3 = "home-s3"  # of the home clips, those of a person and room that nobody ever trained on
FALL_GROUPS = ("office", "home", HOME_S3, "office-ceiling")
RANKED = ("office", "home")  # whose falls and daily clips the area under the curve is over
DAILY_GROUPS = (("daily", RANKED), ("public", ("public",)))


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, default=CLIPS, help="folder of the clips and labels.csv")
    parser.add_argument("--only", default="", metavar="PREFIX", help="clips whose name begins so")
    parser.add_argument("--processes", type=int, default=1, help="how many at a time (default: 1)")


def _measure(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    labels = options.clips / "labels.csv"
    if not labels.is_file():
        raise BenchError(f"{options.clips}: no labels.csv there; give the folder of the clips with --clips")
    values: dict[str, float] = {}
    for protocol, cold in (("learned", False), ("cold", True)):
        tell(f"{len(read_labels(labels))} clips, {protocol}")
        try:
            results = measure(labels, cold, options.only, options.processes)
        except (FileError, EyesError) as error:
            raise BenchError(str(error)) from error
        values |= {f"{protocol}, {name}": value for name, value in figures(results)}
    return Measured(values, (f"clips of {options.clips}, each with eyes of its own, the shipped threshold",))


def figures(results: Sequence[Result]) -> list[tuple[str, float]]:
    """The figures of one protocol; a group without a clip has none."""
    counts = [
        *((f"falls found, {group}", [one for one in results if _is_of(one, group)]) for group in FALL_GROUPS),
        *((f"false falls, {name}", [one for one in results if _is_daily(one, kinds)]) for name, kinds in DAILY_GROUPS),
    ]
    named = [(name, float(sum(one.right is one.label.fell for one in own))) for name, own in counts if own]
    ranked = [one for one in results if one.label.group in RANKED]
    fell, daily = ([one.score for one in ranked if one.label.fell is kind] for kind in (True, False))
    if fell and daily:
        named.append(("AUC, office + home", area_under_curve(fell, daily)[0]))
    if delays := [one.delay_s for one in results if one.delay_s is not None]:
        named.append(("delay p90", float(np.percentile(delays, 90))))
    return named


def _is_of(result: Result, group: str) -> bool:
    label = result.label
    return label.fell and (label.clip.startswith(group) if group == HOME_S3 else label.group == group)


def _is_daily(result: Result, groups: tuple[str, ...]) -> bool:
    return not result.label.fell and result.label.group in groups


BENCH = Bench("falls found and false falls on clips, against the goals for the eyes", _options, _measure)
