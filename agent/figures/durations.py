"""How long something took: count, median, 90th percentile and longest, in bounded memory."""

import math
from dataclasses import dataclass

KEPT_AT_MOST = 4096


@dataclass(frozen=True, slots=True)
class Spread:
    """Of `count` durations in seconds; the quantiles are the smallest value that such a share does not exceed."""

    count: int
    p50: float
    p90: float
    longest: float


class Durations:
    """Takes durations; exact up to `KEPT_AT_MOST` of them, beyond that by every second, fourth, … one.

    Which ones are kept follows from their order alone, so the same log gives the same figures.
    """

    __slots__ = ("_count", "_kept", "_longest", "_step")

    def __init__(self) -> None:
        self._kept: list[float] = []
        self._count = 0
        self._step = 1
        self._longest = 0.0

    def add(self, seconds: float) -> None:
        """One more."""
        if self._count % self._step == 0:
            if len(self._kept) == KEPT_AT_MOST:
                self._kept = self._kept[::2]
                self._step *= 2
            if self._count % self._step == 0:
                self._kept.append(seconds)
        self._count += 1
        self._longest = max(self._longest, seconds)

    def spread(self) -> Spread | None:
        """What came so far; None of nothing."""
        if not self._count:
            return None
        values = sorted(self._kept)
        return Spread(self._count, _quantile(values, 0.5), _quantile(values, 0.9), self._longest)


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
