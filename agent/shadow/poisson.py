"""How sure a rate is that comes from a count: the exact interval of a Poisson mean (Garwood 1936). Pure."""

import math
from functools import lru_cache

_STEPS = 48  # halvings of some hundred: to the tenth digit


def at_most(count: int, mean: float) -> float:
    """The chance of `count` events or fewer where `mean` are expected; 0 for a negative count."""
    if count < 0:
        return 0.0
    if mean <= 0:
        return 1.0
    log = math.log(mean)
    return min(1.0, math.fsum(math.exp(k * log - mean - math.lgamma(k + 1)) for k in range(count + 1)))


@lru_cache(256)  # the panel asks for the same few each second
def interval(count: int, sure: float = 0.95) -> tuple[float, float]:
    """The exact two-sided interval of the mean behind `count` events; `sure` 0..1 is how often it holds the truth."""
    tail = (1 - sure) / 2
    high = _mean_at(count, tail)
    return (_mean_at(count - 1, 1 - tail) if count else 0.0), high


def _mean_at(count: int, chance: float) -> float:
    """The mean at which `count` or fewer have just this chance; the chance falls as the mean grows."""
    low, high = 0.0, count + 10 * math.sqrt(count + 1) + 10
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(count, middle) > chance else (low, middle)
    return (low + high) / 2
