"""From labels to a threshold: enough hours first, no fall lost, and a rate told with how sure it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.shadow.proposal import HIGHEST, LOWEST, Tally, Why, forecast, propose

WEEK = 168.0
scores = st.lists(st.floats(0.3, 1.0), max_size=30).map(lambda found: tuple(sorted(found)))


def test_there_is_none_before_a_week_was_watched() -> None:
    early = propose(Tally(WEEK - 0.01))
    assert (early.why, early.forecast, early.needed_h) == (Why.HOURS, None, WEEK)
    assert propose(Tally(WEEK)).forecast is not None


def test_the_lowest_that_keeps_to_the_goal() -> None:
    found = propose(Tally(2 * WEEK, false=(0.41, 0.52, 0.63, 0.74), falls=(0.9,)), goal_a_week=1.0)
    assert found.why is Why.GOAL
    assert found.forecast is not None
    assert found.forecast.threshold == 0.53  # two in two weeks are left: .63 and .74
    assert (found.forecast.false, found.forecast.unknown, found.forecast.a_week) == (2, 0, 1.0)
    assert found.forecast.low == pytest.approx(0.242 / 2, abs=1e-3)
    assert found.forecast.high == pytest.approx(7.225 / 2, abs=1e-3)
    assert (found.forecast.found, found.forecast.falls) == (1, 1)


def test_what_nobody_labelled_counts_as_false_from_above_alone() -> None:
    found = forecast(Tally(WEEK, false=(0.6,), unknown=(0.61, 0.7)), 0.6)
    assert found is not None
    assert (found.false, found.unknown, found.a_week) == (1, 2, 3.0)
    assert found.low == pytest.approx(0.0253, abs=1e-4)
    assert found.high == pytest.approx(8.767, abs=1e-3)


def test_no_fall_is_lost_for_the_goal() -> None:
    found = propose(Tally(WEEK, false=(0.8, 0.8, 0.8), falls=(0.557, 0.9)))
    assert (found.why, found.forecast and found.forecast.threshold) == (Why.FALLS, 0.55)
    assert found.forecast is not None
    assert (found.forecast.found, found.forecast.false, found.forecast.a_week) == (2, 3, 3.0)


def test_the_highest_when_nothing_reaches_the_goal() -> None:
    found = propose(Tally(WEEK, false=(0.96, 0.97)))
    assert (found.why, found.forecast and found.forecast.threshold) == (Why.HIGHEST, HIGHEST / 100)


def test_a_quiet_week_asks_for_the_lowest_of_which_anything_is_known() -> None:
    found = propose(Tally(WEEK))
    assert (found.why, found.forecast and found.forecast.threshold) == (Why.GOAL, LOWEST / 100)
    assert found.forecast is not None
    assert found.forecast.high == pytest.approx(3.689, abs=1e-3)


def test_falls_that_were_not_told_are_lost_at_any_threshold() -> None:
    found = forecast(Tally(WEEK, falls=(0.4, 0.9), unseen=3), 0.5)
    assert found is not None
    assert (found.found, found.falls) == (1, 5)


def test_a_score_on_the_threshold_reaches_it() -> None:
    on, below = forecast(Tally(1.0, false=(0.5,)), 0.5), forecast(Tally(1.0, false=(0.4999,)), 0.5)
    assert (on and on.false, below and below.false) == (1, 0)


def test_before_anything_was_watched_there_is_no_rate() -> None:
    assert forecast(Tally(0.0, false=(0.5,)), 0.5) is None


@given(scores, scores, scores, st.floats(WEEK, 4 * WEEK), st.floats(0.0, 20.0))
def test_a_labelled_fall_is_never_lost(
    false: tuple[float, ...], unknown: tuple[float, ...], falls: tuple[float, ...], hours: float, goal: float
) -> None:
    found = propose(Tally(hours, false, unknown, falls), goal)
    assert found.forecast is not None
    assert all(score >= found.forecast.threshold for score in falls)
    assert found.forecast.found == len(falls)
    assert 0.3 <= found.forecast.threshold <= 0.95
    assert found.forecast.low <= found.forecast.a_week <= found.forecast.high
    assert (found.forecast.a_week <= goal * (1 + 1e-9)) == (found.why is Why.GOAL)


@given(scores, st.floats(WEEK, 4 * WEEK))
def test_a_lower_one_would_miss_the_goal(false: tuple[float, ...], hours: float) -> None:
    found = propose(Tally(hours, false))
    assert found.forecast is not None
    lower = forecast(Tally(hours, false), found.forecast.threshold - 0.01)
    assert lower is not None
    assert found.forecast.threshold == 0.3 or lower.a_week > 1.0
