"""Which ladder an alarm is on, since when, and what is due on it: the climber by itself."""

import math
from dataclasses import replace

import pytest

from agent.alarms.alarm import State
from agent.alarms.climbing import Climber
from agent.alarms.escalation import Escalation, SiteLadder
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.moment import DailySpan, Moment
from agent.residents import Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from tests.alarms.engines import alarms, engine, raised

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
LI = Subject(SubjectKind.RESIDENT, "r-1", "201")
FOUND = Finding("spo2_low", LI, HIGH, 1.0, (because("cause", cause="x"),), "oxi")
ALARM = raised(FOUND)
CARER, NURSE, ALL = ("assigned_carer",), ("charge_nurse",), ("all_staff",)
QUICK = Ladder((Rung(0, CARER), Rung(20, NURSE)), unattended_s=30)
DAWN = 1_799_942_400.0 + 6 * 3600.0  # in China
SHIFTS = [Shift("night", DailySpan(22 * 3600.0, 6 * 3600.0)), Shift("day", DailySpan(6 * 3600.0, 22 * 3600.0))]


def at(seconds: float) -> Moment:
    """So long after dawn."""
    return Moment(1000.0 + seconds, DAWN + seconds)


def home(*duties: Duty, ladders: tuple[SiteLadder, ...] = ()) -> Escalation:
    """A home with these on its roster."""
    roster = Roster.of([Member(duty.member) for duty in duties], SHIFTS, duties)
    return Escalation(AlarmSettings(), ladders, Site.of([], [], roster=roster))


def test_what_never_took_a_ladder_is_on_that_of_its_priority() -> None:
    climber = Climber(Escalation())
    assert [climber.ladder(replace(ALARM, priority=one)) for one in Priority] == [
        AlarmSettings().ladder(one) for one in Priority
    ]


def test_it_is_chosen_by_kind_and_kept_until_the_priority_changes() -> None:
    settings = AlarmSettings()
    climber = Climber(Escalation(settings, (SiteLadder(HIGH, QUICK, kind="spo2_low"),)))
    climber.keep(ALARM, at(0.0))
    assert climber.ladder(ALARM) is QUICK
    fall = replace(ALARM, id="fall", kind="fall")
    climber.keep(fall, at(0.0))
    assert climber.ladder(fall) is settings.high
    climber.use(Escalation(settings))
    climber.keep(replace(ALARM, step=1), at(1.0))
    assert climber.ladder(ALARM) is QUICK, "the next tick hands over"
    climber.keep(replace(ALARM, priority=MEDIUM), at(2.0))
    assert climber.ladder(ALARM) is settings.medium
    climber.forget(ALARM)
    climber.forget(ALARM)
    climber.keep(ALARM, at(3.0))
    assert climber.ladder(ALARM) is settings.high


def test_what_was_seen_is_due_when_somebody_should_be_there_or_never() -> None:
    climber = Climber(Escalation(ladders=(SiteLadder(HIGH, QUICK),)))
    seen = replace(ALARM, state=State.SEEN, sounding=False, changed_at=70.0, rung_at=50.0)
    climber.choose(seen, at(0.0))
    assert climber.due_of(seen) == 100.0
    low = replace(seen, id="low", priority=LOW)
    climber.choose(low, at(0.0))
    assert climber.due_of(low) == math.inf


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, 70.0),
        ({"sounding": False}, math.inf),
        ({"state": State.ATTENDED}, math.inf),
        ({"step": 1}, math.inf),
        ({"step": 5}, math.inf),
    ],
)
def test_what_is_raised_is_due_at_its_next_rung_while_it_sounds(change: dict[str, object], due: float) -> None:
    climber = Climber(Escalation(ladders=(SiteLadder(HIGH, QUICK),)))
    alarm = replace(ALARM, changed_at=60.0, rung_at=50.0, **change)  # type: ignore[arg-type]
    climber.choose(alarm, at(0.0))
    assert climber.due_of(alarm) == due


@pytest.mark.parametrize(("step", "last"), [(0, False), (1, True), (2, True)])
def test_above_the_last_rung_it_stands_on_it(step: int, last: bool) -> None:
    climber = Climber(Escalation(ladders=(SiteLadder(HIGH, QUICK),)))
    climbed, reasons = climber.at_rung(ALARM, step, at(0.0))
    assert (climbed.step, reasons) == (min(step, 1), ())
    assert climber.last(replace(ALARM, step=step)) is last


def test_what_was_seen_on_the_last_rung_sounds_again_there() -> None:
    under_test = engine(Escalation(ladders=(SiteLadder(HIGH, QUICK),)))
    seen = replace(ALARM, state=State.SEEN, sounding=False, seen_by="wang", changed_at=1000.0, step=1)
    under_test.restore(seen, 0.0, at(5.0), "the store")
    events = alarms(under_test.tick(at(30.0)))
    assert [(event.happened.value, event.alarm.step) for event in events][-1] == ("sounded_again", 1)


def test_rungs_where_nobody_works_are_named_up_to_the_one_that_is_told() -> None:
    ladder = Ladder((Rung(0, CARER), Rung(20, (*NURSE, "porter")), Rung(40, ("cook",)), Rung(60, ALL)))
    climber = Climber(home(Duty("d-1", "day", "cook", ("999",)), ladders=(SiteLadder(HIGH, ladder),)))
    climbed, reasons = climber.at_rung(ALARM, 0, at(1.0))
    assert (climbed.step, climbed.told, climbed.people) == (3, (*CARER, *ALL), ("d-1",))
    assert reasons == (because("nobody_on_duty", roles="assigned_carer, charge_nurse, porter, cook"),)


# shifts, edits and restarts


NIGHT_AND_DAY = (Duty("n-1", "night"), Duty("d-1", "day"), Duty("d-2", "day", "charge_nurse"))


def test_roles_that_were_told_and_are_on_the_ladder_no_more_are_told_to_the_next_shift_too() -> None:
    alone = SiteLadder(HIGH, Ladder((Rung(0, NURSE),)))
    under_test = engine(home(*NIGHT_AND_DAY))
    (event,) = alarms(under_test.take([FOUND], at(-30.0)))
    assert (event.alarm.told, event.alarm.people) == (CARER, ("n-1",))
    under_test.use(home(*NIGHT_AND_DAY, ladders=(alone,)))
    (event,) = alarms(under_test.tick(at(1.0)))
    assert (event.alarm.told, event.alarm.people) == ((*CARER, *NURSE), ("n-1", "d-1", "d-2"))


def test_what_stands_on_its_last_rung_after_a_restart_is_told_to_who_works_then() -> None:
    top = replace(ALARM, step=3, told=CARER, people=("n-1",), rung_at=900.0)
    under_test = engine(home(*NIGHT_AND_DAY))
    under_test.restore(top, 0.0, at(1.0), "the store")
    assert under_test.due == -math.inf
    (event,) = alarms(under_test.tick(at(1.0)))
    assert (event.happened.value, event.reasons[0]) == ("changed", because("shift_changed"))
    assert event.alarm.people == ("n-1", "d-1", "d-2")
    assert under_test.tick(at(2.0)) == []


def test_while_nobody_hears_a_ladder_that_only_gets_longer_is_gone_up() -> None:
    short = Ladder((Rung(0, CARER), Rung(20, NURSE)))
    longer = Ladder((*short.rungs, Rung(40, ("platform",))))
    under_test = engine(home(*NIGHT_AND_DAY, ladders=(SiteLadder(HIGH, short, kind="spo2_low"),)))
    under_test.deaf("no buzzer", at(0.5))
    under_test.take([FOUND], at(1.0))
    assert [alarm.step for alarm in under_test.open if alarm.kind == "spo2_low"] == [1]
    under_test.use(home(*NIGHT_AND_DAY, ladders=(SiteLadder(HIGH, longer, kind="spo2_low"),)))
    events = [event for event in alarms(under_test.tick(at(2.0))) if event.alarm.kind == "spo2_low"]
    assert [(event.happened.value, event.alarm.step, event.at) for event in events] == [("escalated", 2, 1002.0)]
    assert events[0].reasons == (
        because("told", roles="platform"),
        because("nobody_hears", why="no buzzer"),
    )


@pytest.mark.parametrize(("left_s", "due_s"), [(1.5, 0.0), (1.0, 0.0), (0.25, 0.75)])
def test_the_change_of_shift_is_due_at_its_time_and_never_sooner_than_in_a_second(left_s: float, due_s: float) -> None:
    climber = Climber(home(*NIGHT_AND_DAY))
    assert climber.due == math.inf
    assert not climber.hands_over(at(-left_s)), "nobody worked before"
    assert climber.due == at(due_s).monotonic
    assert climber.hands_over(at(due_s))
    assert not climber.hands_over(at(due_s + 1.0))


def test_a_clock_that_was_never_set_hands_nothing_over() -> None:
    climber = Climber(home(*NIGHT_AND_DAY))
    for seconds in (-1.0, 1.0):
        moment = replace(at(seconds), wall_known=False)
        assert (climber.hands_over(moment), climber.due) == (False, math.inf)
