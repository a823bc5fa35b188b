"""How sure a figure from a few clips is."""

import math
from collections.abc import Sequence

import numpy as np

_Z = 1.96  # 95 %
_DRAWS = 2000


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    if not of:
        return 0.0, 1.0
    share, spread = count / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def area_under_curve(falls: Sequence[float], others: Sequence[float]) -> tuple[float, float, float]:
    """The chance that a fall scores higher than something else, with its 95 % bootstrap interval over clips."""
    yes, no = np.asarray(falls), np.asarray(others)
    random = np.random.default_rng(0)
    drawn = [_area(random.choice(yes, len(yes)), random.choice(no, len(no))) for _ in range(_DRAWS)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return _area(yes, no), float(low), float(high)


def _area(
    yes: np.ndarray[tuple[int, ...], np.dtype[np.float64]], no: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> float:
    return float((yes[:, None] > no).mean() + 0.5 * (yes[:, None] == no).mean())
