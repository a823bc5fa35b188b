"""Waits between tries."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.backoff import Backoff


@given(st.floats(0, 0.999), st.integers(0, 200))
def test_never_zero_never_over_the_cap(draw: float, tries: int) -> None:
    backoff = Backoff(first=0.5, cap=30, draw=lambda: draw)
    waits = [backoff.next() for _ in range(tries + 1)]
    assert all(0.25 <= wait <= 30 for wait in waits)
    assert waits == sorted(waits)


def test_doubles_and_begins_again() -> None:
    backoff = Backoff(first=1, cap=100, draw=lambda: 1.0)
    assert [backoff.next() for _ in range(4)] == [1, 2, 4, 8]
    backoff.reset()
    assert backoff.next() == 1
