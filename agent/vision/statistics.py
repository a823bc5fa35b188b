"""How sure a figure from a few clips is. Intervals are 95 %; drawing is seeded: the same clips give the same ones."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

_Z = 1.96  # 95 %
_TAILS = (2.5, 97.5)
DRAWS = 2000

Numbers = NDArray[np.float64]
Interval = tuple[float, float, float]  # value, low, high


def wilson(count: int, of: int) -> tuple[float, float]:
    """The Wilson interval of a share."""
    if not of:
        return 0.0, 1.0
    share, spread = count / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def area(falls: Numbers, others: Numbers) -> float:
    """The chance that a fall scores higher than something else; a tie counts half."""
    ranked = np.sort(others)
    below, not_above = np.searchsorted(ranked, falls, "left"), np.searchsorted(ranked, falls, "right")
    return float((below + not_above).mean() / (2 * len(ranked)))


def area_under_curve(falls: Sequence[float], others: Sequence[float]) -> Interval:
    """`area` with its bootstrap interval over clips."""
    yes, no = np.asarray(falls, float), np.asarray(others, float)
    random = np.random.default_rng(0)
    drawn = [area(random.choice(yes, len(yes)), random.choice(no, len(no))) for _ in range(DRAWS)]
    return area(yes, no), *_span(drawn)


def percentile(values: Sequence[float], share: float) -> Interval:
    """The `share`-th percentile (0..100) with its bootstrap interval; NaN of nothing."""
    if not values:
        return math.nan, math.nan, math.nan
    given = np.asarray(values, float)
    random = np.random.default_rng(0)
    drawn = np.percentile(random.choice(given, (DRAWS, len(given))), share, axis=1)
    return float(np.percentile(given, share)), *_span(drawn)


def recall_at(falls: Numbers, others: Numbers, allowed: float) -> float:
    """The share of `falls` above the lowest threshold that lets at most the share `allowed` of `others` through."""
    return float((falls > _limit(others, allowed)).mean())


def paired(
    groups: Sequence[tuple[Numbers, Numbers]], difference: Callable[[Sequence[Numbers], Sequence[Numbers]], float]
) -> Interval:
    """The difference of two programs on the same clips, with its bootstrap interval.

    `groups`: what either program gave the clips of one kind, clip by clip. Each draw takes the same clips, as many of
    each kind as there are, for both.
    """
    random = np.random.default_rng(0)
    ours, others = [one for one, _ in groups], [other for _, other in groups]
    drawn = []
    for _ in range(DRAWS):
        picks = [random.integers(len(one), size=len(one)) for one in ours]
        drawn.append(
            difference(
                [one[pick] for one, pick in zip(ours, picks, strict=True)],
                [other[pick] for other, pick in zip(others, picks, strict=True)],
            )
        )
    return difference(ours, others), *_span(drawn)


def _limit(others: Numbers, allowed: float) -> float:
    """The score that at most the share `allowed` of `others` exceeds."""
    ranked = np.sort(others)[::-1]
    let_through = math.floor(allowed * len(ranked) + 1e-9)
    return float(ranked[let_through]) if let_through < len(ranked) else -math.inf


def _span(drawn: Sequence[float] | Numbers) -> tuple[float, float]:
    low, high = np.percentile(drawn, _TAILS)
    return float(low), float(high)
