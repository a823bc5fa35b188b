"""What ended while the gateway was off: told, or the store would bring it back at each start."""

import pytest

from agent.alarms.alarm import Action, Cause, Command, Happened
from agent.alarms.engine import UNHEARD, Engine
from agent.alarms.escalation import Escalation
from agent.alarms.quiet import FLOOD
from agent.alarms.standing import Held, Noted, Pause, Shelf, StandingEvent
from agent.moment import DailySpan, Moment
from agent.residents import GATEWAY, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from tests.alarms.engines import alarms, engine

PAUSE = Pause("p-1", "wang", 900.0, 1000.0, Priority.HIGH)
SHELF = Shelf("s-1", "bed_exit", "r-1", "wang", "loose", 900.0, 1000.0)


def at(now: float) -> Moment:
    return Moment(now, 1_800_000_000.0 + now)


@pytest.mark.parametrize(("record", "ended"), [(PAUSE, Noted.RESUMED), (SHELF, Noted.UNSHELVED)])
def test_what_is_over_is_told_once_and_what_is_not_goes_on(record: Pause | Shelf, ended: Noted) -> None:
    late = engine()
    over = StandingEvent("id-1", ended, record, False, 1000.0, "system", (because("time_over"),))
    assert late.restore_standing(record, at(1000.0)) == [over]
    assert (late.quiet.audio_paused, late.quiet.shelves) == (None, ())
    assert late.tick(at(1000.0)) == []
    in_time = engine()
    assert in_time.restore_standing(record, at(999.0)) == []
    assert (in_time.quiet.audio_paused or in_time.quiet.shelves[0]) is record


def closed_by_staff(home: Engine, kind: str) -> Held:
    """The record that remains of the alarm of `kind` once staff have closed it."""
    (alarm,) = [one for one in home.open if one.kind == kind]
    outcomes = []
    for action in (Action.SEE, Action.CLOSE):
        outcomes += home.command(Command(action, alarm.id, "wang", Cause.OTHER), at(110.0))
    (held,) = [one.record for one in outcomes if isinstance(one, StandingEvent)]
    assert isinstance(held, Held)
    return held


def test_that_somebody_hears_again_ends_what_was_closed_before_a_restart() -> None:
    before = engine()
    before.deaf("no buzzer", at(100.0))
    held = closed_by_staff(before, UNHEARD)
    again = engine()
    assert again.restore_standing(held, at(120.0)) == []
    over = again.deaf("", at(125.0))
    assert [(one.noted, one.record) for one in over if isinstance(one, StandingEvent)] == [(Noted.RELEASED, held)]
    assert again.due == float("inf")


def test_while_nobody_hears_what_comes_back_calls_beyond_the_building_at_once() -> None:
    before = engine()
    before.deaf("no buzzer", at(100.0))
    again = engine()
    again.restore_standing(closed_by_staff(before, UNHEARD), at(120.0))
    told = alarms(again.tick(at(410.0)))
    assert [(one.happened, one.alarm.step) for one in told] == [(Happened.RAISED, 0), (Happened.ESCALATED, 3)]
    (why,) = [dict(reason.values)["why"] for reason in told[1].reasons if reason.code == "nobody_hears"]
    assert "no buzzer" in str(why)


def test_a_flood_that_is_over_ends_what_was_closed_before_a_restart() -> None:
    before = engine()
    for n in range(11):
        subject = Subject(SubjectKind.DEVICE, f"d-{n}")
        before.take([Finding("device_silent", subject, Priority.LOW, 100.0, (), f"d-{n}")], at(100.0))
    held = closed_by_staff(before, FLOOD)
    again = engine()
    again.restore_standing(held, at(120.0))
    (over,) = again.tick(at(121.0))
    assert isinstance(over, StandingEvent)
    assert (over.noted, over.record) == (Noted.RELEASED, held)


def test_what_goes_on_behind_closed_alarms_is_known() -> None:
    home = engine()
    found = Finding("device_silent", GATEWAY, Priority.LOW, 100.0, (because("cause", cause="x"),), "d-1")
    home.take([found], at(100.0))
    closed_by_staff(home, "device_silent")
    assert home.left == (found,)


def test_what_was_seen_calls_beyond_the_building_when_nobody_comes_and_nobody_hears() -> None:
    home = engine()
    subject = Subject(SubjectKind.RESIDENT, "r-1", "201")
    home.take([Finding("sos", subject, Priority.HIGH, 100.0, (), "cord", happening=True)], at(100.0))
    home.command(Command(Action.SEE, home.open[0].id, "wang"), at(110.0))
    home.deaf("no buzzer", at(120.0))
    home.tick(at(290.0))
    assert [(one.kind, one.step) for one in home.open if one.kind == "sos"] == [("sos", 3)]


def test_who_works_after_the_restart_is_told_of_what_stands_on_the_last_rung() -> None:
    shifts = [Shift("night", DailySpan(22 * 3600.0, 6 * 3600.0)), Shift("day", DailySpan(6 * 3600.0, 22 * 3600.0))]
    roster = Roster.of([Member("n-1"), Member("d-1")], shifts, [Duty("n-1", "night"), Duty("d-1", "day")])
    escalation = Escalation(site=Site(roster=roster))
    dawn = 1_799_942_400.0 + 6 * 3600.0  # in China
    home, again = engine(escalation), engine(escalation)
    subject = Subject(SubjectKind.RESIDENT, "r-1", "201")
    home.take([Finding("spo2_low", subject, Priority.LOW, 1.0, (), "belt")], Moment(1.0, dawn - 60.0))
    home.take([Finding("sos", subject, Priority.HIGH, 1.0, (), "cord", happening=True)], Moment(1.0, dawn - 60.0))
    for alarm in home.open:
        again.restore(alarm, 0.0, Moment(62.0, dawn + 1.0), "the store")
    again.tick(Moment(62.0, dawn + 1.0))
    assert [alarm.people for alarm in again.open if alarm.kind == "sos"] == [("n-1", "d-1")]
