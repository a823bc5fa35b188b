"""The daily test, cell by cell, with time as a value."""

import pytest

from agent.annunciators.self_test import CONFIRM_S, LATEST_S, PLAY_S, Outcome, Result, SelfTest
from agent.moment import Moment

TEN = 36_000.0  # 10:00
DAY0 = 20_000 * 86_400.0


def moment(time_of_day_s: float, day: int = 0, known: bool = True) -> Moment:
    """That local time; the monotonic clock runs beside it."""
    at = day * 86_400.0 + time_of_day_s
    return Moment(at, DAY0 + at - 8 * 3600.0, wall_known=known)


def works(_: str) -> bool:
    return True


def started(at: float | None = TEN, names: tuple[str, ...] = ("buzzer", "lamp")) -> SelfTest:
    """A test that has ticked the second before it is due."""
    test = SelfTest(names, at)
    test.tick(moment(TEN - 1), False, works)
    assert not test.testing
    return test


def outcomes(test: SelfTest) -> dict[str, Outcome]:
    return {name: result.outcome for name, result in test.results.items()}


def test_each_output_plays_in_turn_and_waits_for_somebody() -> None:
    test = started()
    test.tick(moment(TEN), False, works)
    assert (test.testing, test.begun_at) == ("buzzer", TEN)
    test.tick(moment(TEN + PLAY_S - 0.1), False, works)
    assert test.testing == "buzzer"
    test.tick(moment(TEN + PLAY_S), False, works)
    assert (test.testing, test.begun_at) == ("lamp", TEN + PLAY_S)
    assert test.results["buzzer"] == Result(Outcome.WAITING, tested_at=TEN + PLAY_S)
    assert test.results["lamp"] == Result()
    test.tick(moment(TEN + 2 * PLAY_S), False, works)
    assert test.testing == ""
    assert outcomes(test) == {"buzzer": Outcome.WAITING, "lamp": Outcome.WAITING}
    test.tick(moment(TEN + 3 * PLAY_S), False, works)
    assert test.testing == "", "once a day"


def played(at: float = TEN) -> tuple[SelfTest, float]:
    """After the test of one output, and when it had been played."""
    test = started(names=("buzzer",))
    test.tick(moment(at), False, works)
    test.tick(moment(at + PLAY_S), False, works)
    return test, at + PLAY_S


def test_somebody_confirms_it_once() -> None:
    test, at = played()
    assert not test.heard("other", "s1", at)
    assert test.heard("buzzer", "s1", at + 60)
    assert test.result("buzzer").to_json() == {
        "test": "ok",
        "tested_at": at,
        "confirmed_at": at + 60,
        "confirmed_by": "s1",
    }
    assert not test.heard("buzzer", "s2", at + 61)
    test.tick(moment(at + CONFIRM_S), False, works)
    assert outcomes(test) == {"buzzer": Outcome.OK}


def test_nobody_confirms_it_in_time() -> None:
    test, at = played()
    test.tick(moment(at + CONFIRM_S - 0.1), False, works)
    assert outcomes(test) == {"buzzer": Outcome.WAITING}
    test.tick(moment(at + CONFIRM_S), False, works)
    assert outcomes(test) == {"buzzer": Outcome.UNCONFIRMED}
    assert not test.heard("buzzer", "s1", at + CONFIRM_S + 1), "too late"


def test_an_output_that_does_not_work_has_failed() -> None:
    test = started()
    test.tick(moment(TEN), False, works)
    for turn in (1, 2):
        test.tick(moment(TEN + turn * PLAY_S), False, lambda name: name == "lamp")
    assert outcomes(test) == {"buzzer": Outcome.FAILED, "lamp": Outcome.WAITING}
    assert not test.heard("buzzer", "s1", TEN + 60)


def test_an_alarm_postpones_it() -> None:
    test = started()
    test.tick(moment(TEN), True, works)
    assert test.testing == ""
    test.tick(moment(TEN + 600), True, works)
    test.tick(moment(TEN + 601), False, works)
    assert test.testing == "buzzer"


def test_an_alarm_breaks_it_off_and_all_of_it_comes_later() -> None:
    test = started()
    test.tick(moment(TEN), False, works)
    test.tick(moment(TEN + PLAY_S), False, works)
    assert test.testing == "lamp"
    test.tick(moment(TEN + PLAY_S + 1), True, works)
    assert test.testing == ""
    assert outcomes(test) == {"buzzer": Outcome.WAITING, "lamp": Outcome.NEVER}
    test.tick(moment(TEN + 100), True, works)
    assert test.testing == ""
    test.tick(moment(TEN + 101), False, works)
    assert test.testing == "buzzer"


@pytest.mark.parametrize(("late_s", "begins"), [(LATEST_S - 1, True), (LATEST_S, False)])
def test_it_is_left_out_when_it_is_too_late(late_s: float, begins: bool) -> None:
    test = started()
    test.tick(moment(TEN), True, works)
    test.tick(moment(TEN + late_s), False, works)
    assert bool(test.testing) is begins


def test_each_day_once() -> None:
    test, at = played()
    for day, time_of_day_s, begins in [(0, at + 1, ""), (1, TEN - 1, ""), (1, TEN, "buzzer")]:
        test.tick(moment(time_of_day_s, day), False, works)
        assert test.testing == begins


def test_a_test_late_in_the_evening_is_that_of_its_own_day() -> None:
    late = 86_400.0 - 600.0
    test = SelfTest(("buzzer",), late)
    test.tick(moment(late - 1), False, works)
    test.tick(moment(late), True, works)
    test.tick(moment(300.0, day=1), False, works)
    assert test.testing == "buzzer", "postponed past midnight"
    test.tick(moment(300.0 + PLAY_S, day=1), False, works)
    test.tick(moment(301.0 + PLAY_S, day=1), False, works)
    assert test.testing == ""
    test.tick(moment(late, day=1), False, works)
    assert test.testing == "buzzer"


@pytest.mark.parametrize("late_s", [0.0, LATEST_S - 1])
def test_a_restart_after_its_time_does_not_beep(late_s: float) -> None:
    test = SelfTest(("buzzer",), TEN)
    for seconds in (0.0, 1.0, 2.0):
        test.tick(moment(TEN + late_s + seconds), False, works)
        assert test.testing == ""
    test.tick(moment(TEN, day=1), False, works)
    assert test.testing == "buzzer"


def test_a_clock_that_was_never_set_begins_none() -> None:
    test = SelfTest(("buzzer",), TEN)
    test.tick(moment(TEN - 1, known=False), False, works)
    test.tick(moment(TEN, known=False), False, works)
    assert test.testing == ""


def test_without_a_time_it_comes_when_asked_for_alone() -> None:
    test = SelfTest(("buzzer",), None)
    for time_of_day_s in (0.0, TEN, 80_000.0):
        test.tick(moment(time_of_day_s), False, works)
        assert test.testing == ""
    test.ask()
    test.tick(moment(80_001.0), True, works)
    assert test.testing == ""
    test.tick(moment(80_002.0), False, works)
    assert test.testing == "buzzer"
    test.tick(moment(80_002.0 + PLAY_S), False, works)
    test.tick(moment(80_003.0 + PLAY_S), False, works)
    assert test.testing == "", "once"


def test_asked_for_just_before_its_time_it_is_not_held_twice() -> None:
    test = started(names=("buzzer",))
    test.ask()
    test.tick(moment(TEN), False, works)
    test.tick(moment(TEN + PLAY_S), False, works)
    test.tick(moment(TEN + PLAY_S + 1), False, works)
    assert test.testing == ""


def test_an_output_that_is_never_tested() -> None:
    assert started().result("pager") == Result()
    empty = SelfTest((), TEN)
    empty.ask()
    empty.tick(moment(TEN), False, works)
    assert empty.testing == ""
