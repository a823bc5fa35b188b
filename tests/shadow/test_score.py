"""A camera's own threshold is where the rules begin to believe it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.shadow.score import weighed

unit = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("score", "threshold", "comes_to"),
    [(0.6, 0.6, 0.85), (0.8, 0.6, 0.925), (1.0, 0.6, 1.0), (0.9, None, 0.9), (0.5, 0.6, 0.5), (0.96, 0.95, 0.96)],
)
def test_it_is_moved_so_that_the_threshold_is_enough(score: float, threshold: float | None, comes_to: float) -> None:
    assert weighed(score, threshold, 0.85) == pytest.approx(comes_to)


@given(unit, unit, st.floats(0.05, 0.99))
def test_it_keeps_their_order_and_takes_nothing_away(one: float, other: float, threshold: float) -> None:
    low, high = sorted((one, other))
    assert low <= weighed(low, threshold, 0.85) <= max(weighed(high, threshold, 0.85), weighed(low, threshold, 0.85))
    if low >= threshold:
        assert weighed(low, threshold, 0.85) <= weighed(high, threshold, 0.85) + 1e-12
        assert 0.85 - 1e-12 <= weighed(low, threshold, 0.85) <= 1.0
