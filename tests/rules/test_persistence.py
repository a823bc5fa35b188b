"""One limit in one direction, value by value: how long it has been passed, and what a jump must wait for."""

import pytest

from agent.rules.persistence import Dip, Persistence
from agent.rules.settings.vitals import Limit

LOW = Limit(90, 60)
HIGH = Limit(120, 60)


def test_at_first_nothing_is_beyond_it() -> None:
    fresh = Persistence(low=True, confirm_s=120.0)
    assert (fresh.idle, fresh.jumped, fresh.doubted_since(LOW), fresh.ended(LOW, 97.0)) == (True, False, None, None)


@pytest.mark.parametrize(("low", "limit", "at_limit", "inside"), [(True, LOW, 90.0, 90.1), (False, HIGH, 120.0, 119.9)])
def test_at_the_limit_is_beyond_it_and_one_step_inside_is_not(
    low: bool, limit: Limit, at_limit: float, inside: float
) -> None:
    under_test = Persistence(low, 120.0)

    def judge(value: float, when: float) -> tuple[bool, bool]:
        return under_test.judge(limit, value, when, 30.0, None), under_test.idle

    assert [judge(at_limit, when) for when in (0.0, 30.0, 59.9, 60.0)] == [(False, False)] * 3 + [(True, False)]
    assert judge(inside, 61.0) == (False, True)
    assert judge(at_limit, 62.0) == (False, False)


def test_a_value_speaks_for_so_long_and_no_longer() -> None:
    under_test = Persistence(low=True, confirm_s=120.0)
    times = (0.0, 30.0, 100.0, 100.0)  # 30 s, and 30 s of the 70
    assert [under_test.judge(LOW, 85.0, when, 30.0, None) for when in times] == [False, False, True, True]


@pytest.mark.parametrize(("doubted", "held"), [(31.0, 30.0), (20.0, 20.0)])
def test_a_doubt_stops_the_clock_where_it_stands(doubted: float, held: float) -> None:
    under_test = Persistence(low=True, confirm_s=120.0)
    under_test.judge(LOW, 85.0, 0.0, 30.0, None)
    under_test.doubt(doubted, 30.0)
    again = 50.0
    assert not under_test.judge(LOW, 85.0, again, 30.0, None)
    left = LOW.for_s - held
    steps = [again + 20.0, again + left - 0.1, again + left]
    assert [under_test.judge(LOW, 85.0, when, 30.0, None) for when in steps] == [False, False, True]


@pytest.mark.parametrize(
    ("low", "limit", "before", "values", "worst"),
    [(True, LOW, 97.0, (85.0, 80.0, 88.0), 80.0), (False, HIGH, 80.0, (140.0, 150.0, 130.0), 150.0)],
)
def test_a_jump_waits_longer_and_keeps_its_worst(
    low: bool, limit: Limit, before: float, values: tuple[float, ...], worst: float
) -> None:
    under_test = Persistence(low, 120.0)
    assert not under_test.judge(limit, values[0], 10.0, 200.0, before)
    assert (under_test.jumped, under_test.doubted_since(limit)) == (True, before)
    for when, value in zip((20.0, 189.9), values[1:], strict=True):
        assert not under_test.judge(limit, value, when, 200.0, None)
    assert under_test.ended(limit, values[0]) is None  # still beyond
    assert under_test.ended(limit, before) == Dip(before, 10.0, worst)
    assert under_test.judge(limit, values[0], 190.0, 200.0, None)
    assert (under_test.jumped, under_test.doubted_since(limit), under_test.ended(limit, before)) == (True, None, None)
    assert not under_test.judge(limit, before, 191.0, 200.0, None)
    assert not under_test.jumped


def test_who_is_beyond_it_already_does_not_jump() -> None:
    under_test = Persistence(low=True, confirm_s=120.0)
    assert not under_test.judge(LOW, 89.0, 0.0, 30.0, None)
    assert not under_test.judge(LOW, 70.0, 30.0, 30.0, 89.0)
    assert (under_test.jumped, under_test.judge(LOW, 70.0, 60.0, 30.0, None)) == (False, True)


@pytest.mark.parametrize(("silent_s", "passed"), [(900.0, True), (900.1, False)])
def test_before_a_long_silence_it_was_passed_by_somebody_of_then(silent_s: float, passed: bool) -> None:
    under_test = Persistence(low=False, confirm_s=120.0)
    assert not under_test.judge(HIGH, 130.0, 0.0, 150.0, None)
    assert under_test.judge(HIGH, 130.0, silent_s, 150.0, None) is passed
    assert under_test.judge(HIGH, 130.0, silent_s + 60.0, 150.0, None)
