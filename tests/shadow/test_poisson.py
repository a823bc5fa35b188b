"""The exact interval of a count, against the published tables (Garwood 1936; Ulm 1990)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.shadow.poisson import at_most, interval


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.689),
        (1, 0.0253, 5.572),
        (2, 0.242, 7.225),
        (3, 0.619, 8.767),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
        (50, 37.111, 65.919),
        (100, 81.364, 121.627),
    ],
)
def test_the_interval_is_that_of_the_tables(count: int, low: float, high: float) -> None:
    found = interval(count)
    assert found[0] == pytest.approx(low, abs=6e-4)
    assert found[1] == pytest.approx(high, abs=6e-4)


def test_without_events_the_upper_end_is_a_logarithm() -> None:
    assert interval(0, 0.90)[1] == pytest.approx(2.9957, abs=1e-4)  # the rule of three


@pytest.mark.parametrize(
    ("count", "mean", "chance"), [(0, 1.0, 0.367879), (2, 3.0, 0.423190), (-1, 1.0, 0.0), (3, 0.0, 1.0)]
)
def test_the_chance_of_so_many_or_fewer(count: int, mean: float, chance: float) -> None:
    assert at_most(count, mean) == pytest.approx(chance, abs=1e-6)


@given(st.integers(0, 60))
def test_it_holds_the_count_and_grows_with_it(count: int) -> None:
    low, high = interval(count)
    more_low, more_high = interval(count + 1)
    assert low <= count < high
    assert low < more_low
    assert high < more_high


@given(st.integers(1, 60))
def test_both_ends_leave_a_fortieth_outside(count: int) -> None:
    low, high = interval(count)
    assert at_most(count, high) == pytest.approx(0.025, abs=1e-8)
    assert 1 - at_most(count - 1, low) == pytest.approx(0.025, abs=1e-8)
