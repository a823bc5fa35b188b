"""Several things set aside at once: each has its own end, its own reason and its own time."""

import pytest

from agent.alarms.alarm import Happened
from agent.alarms.standing import Held, Noted, ShelveOrder, StandingEvent
from agent.detection.acts import Act
from agent.rules.finding import Finding
from agent.rules.reason import because
from tests.alarms.aside_home import HIGH, LI, LOW, MEDIUM, Home, standing
from tests.alarms.engines import alarms, engine
from tests.alarms.quiet_home import Home as Plain


def shelve(home: Home, device: str, seconds: float, by: str, why: str = "loose") -> None:
    """Alarms of low oxygen by `device` are put aside."""
    home.engine.shelve(ShelveOrder("spo2_low", device, by, why, seconds), home.moment)


@pytest.mark.parametrize(("first", "then"), [(600.0, 900.0), (900.0, 600.0)])
def test_of_two_shelves_the_one_that_ends_sooner_is_shown(first: float, then: float) -> None:
    home = Home()
    shelve(home, "bed", first, "a" if first > then else "b")
    shelve(home, "mat", then, "a" if then > first else "b")
    home.find("spo2_low", device="bed")
    home.find("spo2_low", device="mat")
    home.tick(1.0)
    (shown,) = home.engine.suppressed
    assert (shown.since, shown.until, shown.by) == (1000.0, 1600.0, "b")


def test_two_that_end_together_may_have_other_reasons() -> None:
    home = Home()
    for device in ("bed", "mat"):
        shelve(home, device, 600.0, "s-1", f"the {device} is loose")
        home.find("spo2_low", device=device)
    home.tick(1.0)
    (shown,) = home.engine.suppressed
    assert shown.reasons[0] == because("shelved", by="s-1", why="the bed is loose")


def test_what_is_still_held_back_keeps_nothing_else_back() -> None:
    home = Home()
    home.shelve("heart_rate_low", seconds=4000.0)
    home.shelve("spo2_low", seconds=600.0)
    home.find("heart_rate_low")
    home.find("spo2_low")
    home.tick(600.0)
    assert home.kinds == ["spo2_low"]


def test_how_long_it_was_held_back_is_told_to_the_minute_and_in_its_record() -> None:
    home = Home()
    home.shelve("spo2_low", seconds=3 * 3600.0)
    home.find("spo2_low")
    outcomes = home.tick(3 * 3600.0)
    why = because("was_held_back", minutes=180, by="s-1")
    (gone,) = [one for one in outcomes if isinstance(one, StandingEvent) and one.noted is Noted.RELEASED]
    assert gone.reasons == (why,)
    assert alarms(outcomes)[0].alarm.reasons[-1] == why


def test_that_nobody_hears_can_be_shelved_and_is_kept_with_its_time() -> None:
    home = Plain()
    home.engine.shelve(ShelveOrder("nobody_hears", "gateway", "wang", "new buzzer", 600.0), home.moment)
    home.now += 5.0
    (kept,) = [one.record for one in home.engine.deaf("no buzzer", home.moment) if isinstance(one, StandingEvent)]
    assert isinstance(kept, Held)
    assert [(one.at, one.priority, one.active) for one in kept.findings] == [(1005.0, HIGH, True)]


def test_what_was_closed_last_may_come_back_first() -> None:
    home = engine()
    moment = Home().moment
    why = (because("cause", cause="x"),)
    for kind, priority in (("temperature_high", LOW), ("spo2_low", MEDIUM)):
        found = Finding(kind, LI, priority, 1000.0, why, "dev")
        home.restore_standing(Held(f"closed:{kind}", 1000.0, 1000.0, (found,), closed=True), moment)
    later = Home()
    later.now = 1900.0
    assert [event.alarm.kind for event in alarms(home.tick(later.moment))] == ["spo2_low"]
    later.now = 1000.0 + 8 * 3600.0
    (event,) = [one for one in alarms(home.tick(later.moment)) if one.alarm.kind == "temperature_high"]
    assert event.alarm.reasons == (*why, because("still_so", minutes=480))


def test_what_ends_by_its_own_next_word_is_let_go_in_the_same_breath() -> None:
    home = Home()
    home.act("present")
    home.find()
    home.now += 60.0
    home.people.take(Act("left", LI, home.now, "s-1", True), home.moment)
    outcomes = home.find()
    assert standing(outcomes) == [(Noted.RELEASED, False)]
    assert [event.happened for event in alarms(outcomes)] == [Happened.RAISED]
    assert home.engine.suppressed == ()
