"""While nobody hears, alarms call beyond the building."""

import pytest

from agent.alarms.alarm import Action, Happened
from agent.alarms.escalation import Escalation, SiteLadder
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.rules.reason import because
from tests.alarms.climbing_home import HIGH, LOW, MEDIUM, NIGHTS, Home, site
from tests.alarms.engines import alarms


def test_while_nobody_hears_what_is_unseen_calls_beyond_the_building_at_once() -> None:
    home = Home()
    home.find()
    home.find("heart_rate_low", MEDIUM)
    home.find("battery_low", LOW)
    home.now = 5.0
    events = alarms(home.engine.deaf("no buzzer, no panel", home.moment))
    unheard, *others = [event for event in events if event.happened is Happened.ESCALATED]
    assert [event.alarm.kind for event in (unheard, *others)] == ["nobody_hears", "spo2_low", "heart_rate_low"]
    assert (others[0].alarm.step, others[0].alarm.call is not None) == (3, True)
    assert set(others[0].alarm.told) == {
        "assigned_carer",
        "floor",
        "charge_nurse",
        "all_staff",
        "duty_manager",
        "platform",
    }
    assert others[1].alarm.told[-1] == "duty_manager"
    assert others[0].reasons[-1] == because("nobody_hears", why="no buzzer, no panel")
    assert alarms(home.engine.deaf("still", home.moment)) == []


def test_what_begins_while_nobody_hears_starts_beyond_the_building() -> None:
    home = Home()
    home.engine.deaf("no buzzer", home.moment)
    assert [event.happened for event in home.find()] == [Happened.RAISED, Happened.ESCALATED]
    assert home.engine.open[-1].told[-1] == "platform"


def test_what_is_seen_already_is_not_called_for() -> None:
    home = Home()
    home.find()
    home.do(Action.SEE)
    events = alarms(home.engine.deaf("no buzzer", home.moment))
    assert [event.alarm.kind for event in events] == ["nobody_hears", "nobody_hears"]


def test_once_it_is_heard_again_ladders_are_as_ever_and_the_alarm_closes() -> None:
    home = Home()
    home.engine.deaf("no buzzer", home.moment)
    (event,) = alarms(home.engine.deaf("", home.moment))
    assert (event.alarm.kind, event.happened) == ("nobody_hears", Happened.CLOSED)
    assert [event.happened for event in home.find()] == [Happened.RAISED]
    assert home.engine.deaf("", home.moment) == []


def test_it_is_remembered_over_a_restart_until_somebody_is_heard() -> None:
    home = Home()
    home.engine.deaf("no buzzer", home.moment)
    again = Home()
    again.engine.restore(home.engine.open[0], 0.0, again.moment, "the store")
    assert [event.happened for event in again.find()] == [Happened.RAISED, Happened.ESCALATED]
    (event,) = alarms(again.engine.deaf("", again.moment))
    assert event.alarm.kind == "nobody_hears"


@pytest.mark.parametrize("tell", ["duty_manager", "platform", "charge_nurse"])
def test_a_ladder_without_the_platform_goes_as_far_as_it_can(tell: str) -> None:
    ladder = Ladder((Rung(0, ("assigned_carer",)), Rung(60, ("floor",)), Rung(90, (tell,))))
    home = Home(Escalation(AlarmSettings(), (SiteLadder(HIGH, ladder),), site(*NIGHTS)))
    home.engine.deaf("no buzzer", home.moment)
    home.find()
    assert home.engine.open[-1].told == ("assigned_carer", "floor", tell)


def test_a_rung_beyond_the_building_that_was_reached_is_not_called_again() -> None:
    home = Home()
    home.find()
    home.tick(300.0)
    events = alarms(home.engine.deaf("no buzzer", home.moment))
    assert [event.alarm.kind for event in events] == ["nobody_hears", "nobody_hears"]
