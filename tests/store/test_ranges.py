"""Ranges against sets of numbers."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from agent.store.ranges import Range, count, merge, missing, within

pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12)


def numbers(ranges: tuple[Range, ...] | list[Range]) -> set[int]:
    return {n for first, last in ranges for n in range(first, last + 1)}


@given(pairs)
def test_merge_keeps_the_numbers_in_as_few_ranges_as_can_be(ranges: list[Range]) -> None:
    merged = merge(ranges)
    assert numbers(merged) == numbers(ranges)
    assert count(merged) == len(numbers(ranges))
    assert all(a[1] + 1 < b[0] for a, b in itertools.pairwise(merged))


@given(pairs, st.integers(0, 40), st.integers(0, 40))
def test_missing_and_within_share_a_span_out(ranges: list[Range], first: int, last: int) -> None:
    span = set(range(first, last + 1))
    assert numbers(missing(ranges, first, last)) == span - numbers(ranges)
    assert numbers(within(ranges, first, last)) == span & numbers(ranges)
