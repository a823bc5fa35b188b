"""What was measured beside what was asked for. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.benchmarks.goals import Goal

NO_GOAL = "none: add a row to tests/benchmarks/goals.py"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a report; `value` is None where nothing was measured."""

    metric: str
    value: float | None
    unit: str
    goal: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What a benchmark gives back: values by metric, peers' rows, and how it was done, in sentences."""

    values: Mapping[str, float]
    notes: tuple[str, ...] = ()
    peers: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One run of one benchmark."""

    bench: str
    figures: tuple[Figure, ...]
    peers: tuple[Mapping[str, Any], ...]
    machine: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every goal holds."""
        return all(figure.holds for figure in self.figures)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def judge(values: Mapping[str, float], goals: Mapping[str, Goal]) -> tuple[Figure, ...]:
    """A figure a goal, in the goals' order, then what was measured without one; both kinds of gap fail."""
    figures = []
    for metric, goal in goals.items():
        value = _finite(values.get(metric))
        figures.append(Figure(metric, value, goal.unit, goal.text, value is not None and goal.holds(value)))
    stray = [metric for metric in values if metric not in goals]
    return (*figures, *(Figure(metric, _finite(values[metric]), "", NO_GOAL, holds=False) for metric in stray))


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of `values` do not exceed; NaN of none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")
