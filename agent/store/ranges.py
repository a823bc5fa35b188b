"""Sets of sequence numbers as ranges: a consumer that has a million events is one pair of numbers."""

from collections.abc import Iterable

Range = tuple[int, int]


def merge(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The same numbers as few ascending ranges (first, last); those that touch become one, empty ones vanish."""
    merged: list[Range] = []
    for first, last in sorted(ranges):
        if first > last:
            continue
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def within(ranges: Iterable[Range], first: int, last: int) -> tuple[Range, ...]:
    """Those numbers of `ranges` that lie in first..last."""
    return merge((max(first, a), min(last, b)) for a, b in ranges)


def missing(ranges: Iterable[Range], first: int, last: int) -> tuple[Range, ...]:
    """The numbers of first..last that `ranges` lacks."""
    found: list[Range] = []
    for a, b in within(ranges, first, last):
        if first < a:
            found.append((first, a - 1))
        first = b + 1
    if first <= last:
        found.append((first, last))
    return tuple(found)


def count(ranges: Iterable[Range]) -> int:
    """How many numbers there are in ranges that do not overlap."""
    return sum(last - first + 1 for first, last in ranges)
