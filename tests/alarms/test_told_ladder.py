"""What the engine tells of an alarm on its ladder: who, why, and counted from when."""

from dataclasses import replace

import pytest

from agent.alarms.alarm import Action, Command, Happened
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.moment import DailySpan
from agent.places import Place, PlaceKind
from agent.residents import Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from tests.alarms.aside_home import LI
from tests.alarms.engines import alarms, engine
from tests.alarms.low_oxygen import HIGH, LOW, SATURATION, at


def test_seen_and_nobody_came_says_after_how_long_and_counts_from_when_it_was_due() -> None:
    home = engine()
    (event,) = alarms(home.take([Finding("sos", LI, HIGH, 1.0, (), "button")], at(10.0)))
    home.command(Command(Action.SEE, event.alarm.id, "wang"), at(20.0))
    (again,) = alarms(home.tick(at(203.0)))
    assert (again.happened, again.actor, again.at) == (Happened.SOUNDED_AGAIN, "system", 203.0)
    assert again.reasons == (because("nobody_arrived", for_s=180),)
    assert (again.alarm.changed_at, again.alarm.rung_at, again.alarm.step) == (200.0, 200.0, 1)
    assert home.due == 260.0
    (climbed,) = alarms(home.tick(at(265.0)))
    assert (climbed.happened, climbed.actor, climbed.alarm.changed_at) == (Happened.ESCALATED, "system", 260.0)
    assert climbed.reasons == (because("told", roles="all_staff, duty_manager"),)


def test_the_last_rung_is_taken_once_and_nothing_follows() -> None:
    home = engine()
    home.take([Finding("sos", LI, HIGH, 1.0, (), "button")], at(10.0))
    assert [event.alarm.step for event in alarms(home.tick(at(9000.0)))] == [1, 2, 3]
    assert home.open[0].step == 3
    (alarm,) = home.open
    again = engine(prefix="again")
    assert [event.happened for event in alarms(again.restore(alarm, None, at(5.0), "store"))] == [Happened.RESTORED]


def test_a_change_of_shift_passes_over_what_was_attended_to_and_tells_the_rest() -> None:
    shifts = [
        Shift("day", DailySpan(6 * 3600.0, 22 * 3600.0)),
        Shift("night", DailySpan(22 * 3600.0, 6 * 3600.0)),
    ]
    duties = [Duty(member, shift, role="assigned_carer") for member, shift in (("zhou", "night"), ("wang", "day"))]
    site = Site.of([], [], roster=Roster.of([Member("zhou"), Member("wang")], shifts, duties))
    home = engine(Escalation(site=site))
    six = 6 * 3600.0
    for n in (1, 2):
        home.take([Finding("spo2_low", Subject(SubjectKind.RESIDENT, f"r-{n}", "1"), HIGH, 1.0, ())], at(six - 50 + n))
    first = home.open[0]
    home.tick(at(six - 10))
    home.command(Command(Action.ATTEND, first.id, "zhou"), at(six - 9))
    (told,) = alarms(home.tick(at(six)))
    assert (told.happened, told.actor, told.reasons) == (Happened.CHANGED, "system", (because("shift_changed"),))
    assert (told.alarm.subject.id, told.alarm.people) == ("r-2", ("zhou", "wang"))


LADDER = Ladder((Rung(0, ("assigned_carer",)), Rung(10, ("platform",)), Rung(20, ("floor",)), Rung(30, ("all_staff",))))


def test_while_nobody_hears_an_alarm_goes_up_its_ladder_and_never_down() -> None:
    home = engine(Escalation(replace(AlarmSettings(), high=LADDER)))
    home.take([Finding("sos", LI, HIGH, 1.0, (), "button")], at(10.0))
    home.tick(at(30.0))
    *_, further = alarms(home.deaf("no buzzer", at(31.0)))
    assert (further.alarm.kind, further.alarm.step, further.alarm.told[2:]) == ("sos", 3, ("floor", "all_staff"))


@pytest.mark.parametrize(("step", "told"), [(1, ("platform",)), (2, ("floor", "all_staff")), (9, ("all_staff",))])
def test_who_stands_below_its_rung_is_not_told_again(step: int, told: tuple[str, ...]) -> None:
    settings = replace(AlarmSettings(), high=LADDER)
    first = engine()
    (event,) = alarms(first.take([Finding("sos", LI, HIGH, 1.0, (), "button")], at(10.0)))
    home = engine(Escalation(settings))
    home.restore(replace(event.alarm, step=step, told=()), 0.0, at(11.0), "the store")
    called = [one for one in alarms(home.deaf("no buzzer", at(12.0))) if one.alarm.kind == "sos"]
    assert [one.alarm.told for one in called] == ([] if step == 1 else [told])


def test_whoever_has_a_resident_of_a_floor_works_on_it() -> None:
    places = [Place("201", PlaceKind.ROOM, "201", "2"), Place("301", PlaceKind.ROOM, "301", "3")]
    roster = Roster.of([Member("s-1")], [Shift("all", DailySpan(0.0, 0.0))], [Duty("s-1", "all", "carer", ("r-201",))])
    who = Escalation(site=Site.of([Resident("r-201", "李", "201")], [], places=places, roster=roster))
    for room, people in (("201", ("s-1",)), ("301", ())):
        about = Subject(SubjectKind.PLACE, room, room)
        assert who.people(("floor",), about, at(1.0)) == people


def test_what_was_seen_and_may_stay_so_does_not_sound_after_an_unknown_sleep() -> None:
    home = engine()
    (event,) = alarms(home.take([replace(SATURATION, priority=LOW)], at(10.0)))
    home.command(Command(Action.SEE, event.alarm.id, "wang"), at(20.0))
    (alarm,) = home.open
    again = engine(prefix="again")
    assert [one.happened for one in alarms(again.restore(alarm, None, at(5.0), "store"))] == [Happened.RESTORED]
