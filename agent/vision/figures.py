"""The figures of an evaluation and their table: shares with Wilson intervals, areas and delays with bootstrap ones."""

import math
from collections.abc import Callable, Sequence, Set
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from agent.vision.evaluate import Result
from agent.vision.labels import Label
from agent.vision.statistics import Interval, area_under_curve, percentile, wilson

# Clips that training may use (models/README.md), by name: what is left of their group is shown beside the whole.
TRAINED_ON = ("home-s1", "home-s2")
FOUND, FALSE = "falls found", "false"

Belongs = Callable[[Label], bool]


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
    """All figures of one run; each interval is its value, then from where to where (95 %)."""

    protocol: str
    threshold: float
    groups: tuple[GroupFigures, ...]
    auc: dict[str, Interval]
    delay_median_s: Interval
    delay_p90_s: Interval
    ms_per_frame_p50: float
    results: tuple[Result, ...]

    def to_json(self) -> dict[str, Any]:
        """For programs; a delay of no fall is null, which JSON has, and NaN not."""
        plain = asdict(self)
        for name, delay in (("delay_median_s", self.delay_median_s), ("delay_p90_s", self.delay_p90_s)):
            plain[name] = None if math.isnan(delay[0]) else delay
        for row, result in zip(plain["results"], self.results, strict=True):
            row |= {"delay_s": result.delay_s, "right": result.right}
        return plain


def sets_of(labels: Sequence[Label]) -> dict[str, Belongs]:
    """The sets of clips that are told one by one: every group, and of those partly trained on the rest alone."""
    sets: dict[str, Belongs] = {}
    for group in sorted({label.group for label in labels}):
        sets[group] = partial(_is_of, frozenset({group}))
        known = {label.clip.startswith(TRAINED_ON) for label in labels if label.group == group}
        if known == {True, False}:
            sets[f"{group}, not trained on"] = partial(_is_new_of, group)
    return sets


def pools_of(labels: Sequence[Label]) -> dict[str, tuple[Belongs, Belongs]]:
    """The sets of falls and of other clips that are ranked against each other.

    Every set of `sets_of` that has both; the groups that have both together; falls whose group has no other clips
    against all of those; and all against all.
    """
    pools: dict[str, tuple[Belongs, Belongs]] = {}
    both, alone = [], []
    for name, belongs in sets_of(labels).items():
        kinds = {label.fell for label in labels if belongs(label)}
        if kinds == {True, False}:
            pools[name] = belongs, belongs
            if any(label.group == name for label in labels):
                both.append(name)
        elif kinds == {True}:
            alone.append(name)
    if len(both) > 1:
        pools[" + ".join(sorted(both, reverse=True))] = (partial(_is_of, frozenset(both)),) * 2
    for name in alone:
        pools[f"{name} against all daily"] = sets_of(labels)[name], _all
    if len({label.group for label in labels}) > 1:
        pools["all"] = _all, _all
    return pools


def report(results: Sequence[Result], cold: bool, threshold: float) -> Report:
    """The figures of some results."""
    labels = [result.label for result in results]
    delays = [result.delay_s for result in results if result.delay_s is not None]
    ranked = {name: _scores(results, *pool) for name, pool in pools_of(labels).items()}
    return Report(
        "cold" if cold else "learned",
        threshold,
        tuple(_groups(results)),
        {name: area_under_curve(*scores) for name, scores in ranked.items() if all(scores)},
        percentile(delays, 50),
        percentile(delays, 90),
        float(np.median([result.ms_per_frame for result in results])),
        tuple(results),
    )


def table(figures: Report) -> str:
    """The report for people."""
    lines = [f"{figures.protocol} background, one threshold {figures.threshold:.3f}; intervals are 95 %"]
    for row in figures.groups:
        share = f"{row.count}/{row.clips}"
        lines.append(f"  {row.group:24s} {row.kind:12s} {share:>7s}   {row.low:.2f}..{row.high:.2f}")
    for name, (value, low, high) in figures.auc.items():
        lines.append(f"  AUC {name:33s} {value:7.3f}  {low:.3f}..{high:.3f}")
    for name, (value, low, high) in (("median", figures.delay_median_s), ("p90", figures.delay_p90_s)):
        if math.isnan(value):  # of no fall
            continue
        lines.append(f"  delay from the start of the fall, {name:6s} {value:4.1f} s  {low:.1f}..{high:.1f}")
    lines.append(f"  {figures.ms_per_frame_p50:.1f} ms a frame, one thread")
    return "\n".join(lines)


def clip_lines(results: Sequence[Result]) -> list[str]:
    """A line for each clip."""
    return [
        f"{one.label.clip:28s} {one.score:.3f} {'right' if one.right else 'wrong'} "
        + " ".join(f"{at:.1f}" for at in one.falls_at)
        for one in results
    ]


def _groups(results: Sequence[Result]) -> list[GroupFigures]:
    rows = []
    for fell, kind in ((True, FOUND), (False, FALSE)):
        for name, belongs in sets_of([result.label for result in results]).items():
            own = [one for one in results if belongs(one.label) and one.label.fell is fell]
            if own:
                count = sum(one.right is fell for one in own)
                rows.append(GroupFigures(name, kind, count, len(own), *wilson(count, len(own))))
    return rows


def _scores(results: Sequence[Result], falls: Belongs, others: Belongs) -> tuple[list[float], list[float]]:
    return (
        [one.score for one in results if one.label.fell and falls(one.label)],
        [one.score for one in results if not one.label.fell and others(one.label)],
    )


def _is_of(groups: Set[str], label: Label) -> bool:
    return label.group in groups


def _is_new_of(group: str, label: Label) -> bool:
    return label.group == group and not label.clip.startswith(TRAINED_ON)


def _all(_label: Label) -> bool:
    return True
