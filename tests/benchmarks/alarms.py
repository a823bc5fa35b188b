"""`alarms`: months in the simulated home, a process a seed: what was found in time, and calls that nobody needed."""

import argparse
import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.benchmarks.alarm_speed import speed
from tests.benchmarks.bench import Bench, BenchError, Tell
from tests.benchmarks.day_replay import replayed
from tests.benchmarks.figures import Measured
from tests.simulator.days.month import main as live

PROCESSES = 2
HEAD = (
    "seed",
    "found in time",
    "falls: true of raised",
    "alarms that needed nobody",
    "night: for nobody, per carer-hour",
    "the same if no bed exit needed anybody",
    "night: audible, per carer-hour",
    "day: audible, per carer-hour",
    "floods",
    "chattering",
)
HEADING = """# Months in the simulated home

{days} days of each seed; made anew by
`python -m tests.benchmarks alarms --seeds 101-110 --days {days} --report docs/months.md`.

The home, its sixty residents, what goes wrong and the carers (two or one at night, 1.57 on average) are made by seed in
`tests/simulator/days`. They are invented: the figures show how rules and engine bear such a load, not how a real home
would fare. False camera candidates have scores of 0.2 to 0.8; our own eyes tell none below 0.88. A bed exit of a
resident at high risk at night counts as one that needed somebody; the column after it counts them all as needless.
Tasks (meals, visits, charging) are lived through too, but nothing of them is scripted.
"""
Score = Mapping[str, Any]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seeds", default="1-5", help="such as 1-5 or 3 (default: 1-5)")
    parser.add_argument("--days", type=int, default=3, help="of each seed (default: 3)")
    parser.add_argument("--kept", type=Path, help="folder where scores stay; a seed that is there is not lived again")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the table there, such as docs/months.md")


def _measure(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    if options.days < 1:
        raise BenchError("--days must be 1 or more")
    scores = _lived(_seeds(options.seeds), options.days, options.kept or folder, tell)
    if options.report:
        options.report.write_text(table(scores, options.days), encoding="utf-8")
    missed = [f"seed {one['seed']}: {words}" for one in scores for words in one["missed"]]
    tell("replay of a whole day")
    replay = replayed(folder)
    tell("judge and line with a thousand open alarms")
    notes = (f"{options.days} days of each of {len(scores)} seeds", *missed[:20])
    return Measured({**figures(scores), **replay, **speed()}, notes)


def _seeds(told: str) -> range:
    first, _, last = told.partition("-")
    try:
        seeds = range(int(first), int(last or first) + 1)
    except ValueError as error:
        raise BenchError(f"--seeds {told}: write 1-5 or 3") from error
    if not seeds:
        raise BenchError(f"--seeds {told}: the last is below the first")
    return seeds


def _lived(seeds: Sequence[int], days: int, kept: Path, tell: Tell) -> list[Score]:
    """The scores by seed; what `kept` holds of as many days is taken from there."""
    kept.mkdir(parents=True, exist_ok=True)
    files = {seed: kept / f"seed-{seed}-days-{days}.json" for seed in seeds}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(live, seed, days): seed for seed in seeds if not files[seed].is_file()}
        for done in as_completed(waiting):
            score = done.result()
            whole = files[score.seed].with_suffix(".new")
            whole.write_text(json.dumps(score.to_json()), encoding="utf-8")
            whole.replace(files[score.seed])
            tell(f"seed {score.seed}: {score.cpu_s:.0f} s of CPU for {score.readings} readings")
    return [json.loads(files[seed].read_text(encoding="utf-8")) for seed in seeds]


def figures(scores: Sequence[Score]) -> dict[str, float]:
    """Over all seeds; what there was none of has no figure."""
    scripted, met = (_sum(scores, key) for key in ("scripted", "met"))
    readings = sum(one["readings"] for one in scores)
    values = {
        "night alarms that needed nobody, per carer-hour, worst seed": max(_night(one) for one in scores),
        "night alarms that needed nobody, per carer-hour, median": statistics.median(_night(one) for one in scores),
        "night alarms that needed nobody if every bed exit did, per carer-hour, worst seed": max(map(_strict, scores)),
        "audible at night, per carer-hour, median": statistics.median(_load(one, "audible") for one in scores),
        "floods": float(sum(one["figures"]["periods"]["floods"] for one in scores)),
        "chattering alarms": float(sum(one["figures"]["chattering"] for one in scores)),
        "scripted happenings": float(scripted.total()),
    }
    if scripted:
        values["scripted happenings raised in time"] = met.total() / scripted.total()
    if falls := sum(one["falls"] for one in scores):
        values["fall alarms that were true"] = sum(one["true_falls"] for one in scores) / falls
    if readings:
        values["CPU per reading, generator and judge"] = 1e6 * sum(one["cpu_s"] for one in scores) / readings
    return values


def table(scores: Sequence[Score], days: int) -> str:
    """The page: a row a seed, what was missed, and where false alarms came from."""
    lines = [HEADING.format(days=days)]
    lines += [f"| {' | '.join(HEAD)} |", f"|{' --- |' * len(HEAD)}"]
    lines += [f"| {' | '.join(_cells(one))} |" for one in scores]
    lines += ["", "## Missed", "", *(f"- seed {one['seed']}: {words}" for one in scores for words in one["missed"])]
    lines += ["", "## Alarms that nobody needed, by kind", ""]
    lines += [f"- {kind}: {count}" for kind, count in _sum(scores, "unneeded").most_common(10)]
    return "\n".join(lines) + "\n"


def _cells(score: Score) -> tuple[str, ...]:
    found = f"{sum(score['met'].values())} of {sum(score['scripted'].values())}"
    falls = f"{score['true_falls']} of {score['falls']}"
    unneeded = f"{sum(score['unneeded'].values())} of {sum(score['raised'].values())}"
    by_day = float(score["figures"]["load"]["day"]["audible_per_carer_hour"] or 0.0)
    rates = (_night(score), _strict(score), _load(score, "audible"), by_day)
    floods, chattering = score["figures"]["periods"]["floods"], score["figures"]["chattering"]
    return str(score["seed"]), found, falls, unneeded, *(f"{rate:.2f}" for rate in rates), str(floods), str(chattering)


def _night(score: Score) -> float:
    return _load(score, "needed_nobody")


def _load(score: Score, what: str) -> float:
    return float(score["figures"]["load"]["night"][f"{what}_per_carer_hour"] or 0.0)


def _strict(score: Score) -> float:
    """As if no resident at high risk who got up at night had needed anybody."""
    return _night(score) + float(score["night_exits"]) / _carer_hours(score)


def _carer_hours(score: Score) -> float:
    return float(score["figures"]["load"]["night"]["carer_hours"] or 1.0)


def _sum(scores: Sequence[Score], key: str) -> Counter[str]:
    return sum((Counter(one[key]) for one in scores), Counter())


BENCH = Bench("months in the simulated home: found in time, and calls for nobody", _options, _measure)
