"""What was closed and goes on is taken along by the next alarm of its kind, but for a device that has parted."""

import pytest

from agent.alarms.alarm import Action, AlarmEvent, Cause, Command, Happened, State
from agent.alarms.engine import Engine
from agent.alarms.escalation import Escalation
from agent.alarms.standing import Noted, StandingEvent
from agent.moment import Moment
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from tests.alarms.engines import alarms, engine

HIGH, MEDIUM = Priority.HIGH, Priority.MEDIUM
LI = Subject(SubjectKind.RESIDENT, "r-1", "201")
BED, BELT = Binding("bed", DeviceRole.BED, resident="r-1"), Binding("belt", DeviceRole.WEARABLE, resident="r-1")


def at(now: float) -> Moment:
    """On both clocks."""
    return Moment(now, 1_800_000_000.0 + now)


def home(*bindings: Binding) -> Escalation:
    """One resident with these devices."""
    return Escalation(site=Site.of([Resident("r-1", "李", "201")], bindings))


def find(under_test: Engine, now: float, kind: str, priority: Priority, device: str) -> list[AlarmEvent]:
    """A finding about the resident; the events of alarms."""
    found = Finding(kind, LI, priority, now, (because("cause", cause=device),), device)
    return alarms(under_test.take([found], at(now)))


def close(under_test: Engine, now: float) -> list[StandingEvent]:
    """Somebody is there for the first in the list, and closes it; the records that stand after it."""
    outcomes = []
    for action in (Action.ATTEND, Action.CLOSE):
        command = Command(action, under_test.open[-1].id, "wang", Cause.OTHER)
        outcomes += under_test.command(command, at(now))
    return [one for one in outcomes if isinstance(one, StandingEvent)]


@pytest.mark.parametrize(
    ("left", "holding"), [((BED, BELT), ("oxi", "belt", "bed")), ((BED,), ("oxi", "bed")), ((), ("oxi", "belt", "bed"))]
)
def test_a_graver_word_takes_along_what_other_devices_say(left: tuple[Binding, ...], holding: tuple[str, ...]) -> None:
    under_test = engine(home(BED, BELT))
    for device in ("belt", "bed"):
        find(under_test, 10.0, "spo2_low", MEDIUM, device)
    close(under_test, 20.0)
    under_test.use(home(*left))
    events = find(under_test, 30.0, "spo2_low", HIGH, "oxi")
    assert [event.happened for event in events] == [Happened.RAISED, *[Happened.CHANGED] * (len(holding) - 1)]
    assert under_test.open[0].holding == holding
    assert [event.at for event in events] == [30.0] * len(events)
    assert under_test.left == ()


def test_an_open_alarm_takes_it_along_too() -> None:
    """Two detectors attended to; a third is an alarm of its own, beside which the first is closed; then a fourth."""
    under_test = engine()
    find(under_test, 10.0, "smoke", HIGH, "a")
    find(under_test, 11.0, "smoke", HIGH, "b")
    under_test.command(Command(Action.ATTEND, under_test.open[0].id, "wang"), at(20.0))
    find(under_test, 30.0, "smoke", HIGH, "c")
    first, second = under_test.open
    assert (first.state, second.state) == (State.ATTENDED, State.RAISED)
    under_test.command(Command(Action.CLOSE, first.id, "wang", Cause.OTHER), at(40.0))
    found = Finding("smoke", LI, HIGH, 50.0, (because("cause", cause="d"),), "d")
    outcomes = under_test.take([found], at(50.0))
    assert [(event.happened, event.alarm.id, event.reasons[0]) for event in alarms(outcomes)] == [
        (Happened.CHANGED, second.id, because("cause", cause=device))
        for device in ("d", "a", "a")  # both by the first word of theirs
    ]
    (gone,) = [one for one in outcomes if isinstance(one, StandingEvent)]
    assert (gone.noted, gone.open, gone.reasons) == (Noted.RELEASED, False, ())
    assert under_test.open[0].holding == ("c", "d", "a", "b")
    assert under_test.left == ()


def test_what_is_closed_keeps_when_and_by_whom() -> None:
    under_test = engine()
    find(under_test, 10.0, "spo2_low", MEDIUM, "bed")
    (kept,) = close(under_test, 20.0)
    record = kept.record
    assert (kept.actor, kept.at) == ("wang", 20.0)
    assert record.since == 20.0
