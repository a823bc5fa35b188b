"""What the engine remembers of deafness and of a flood when it takes their alarms up after a restart."""

from dataclasses import replace

import pytest

from agent.alarms.engine import UNHEARD, Engine
from agent.moment import Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import Reason, because
from tests.alarms.engines import alarms, engine

NO_BUZZER = because("part_failed", part="annunciators", why="no buzzer")


def at(now: float) -> Moment:
    """On both clocks."""
    return Moment(now, 1_800_000_000.0 + now)


@pytest.mark.parametrize(("reasons", "why"), [((NO_BUZZER,), NO_BUZZER.text()), ((), UNHEARD)])
def test_why_nobody_heard_is_what_the_alarm_said_of_it(reasons: tuple[Reason, ...], why: str) -> None:
    before, again = engine(), engine()
    before.deaf("no buzzer", at(100.0))
    again.restore(replace(before.open[0], reasons=reasons), 0.0, at(110.0), "the store")
    found = Finding("sos", Subject(SubjectKind.RESIDENT, "r-1", "201"), Priority.HIGH, 111.0, (), "cord")
    *_, called = alarms(again.take([found], at(111.0)))
    assert called.reasons[-1] == because("nobody_hears", why=why)


def flooded() -> Engine:
    """One in which a flood has begun."""
    under_test = engine()
    for n in range(11):
        about = Subject(SubjectKind.DEVICE, f"d-{n}")
        under_test.take([Finding("device_silent", about, Priority.LOW, 100.0, (), f"d-{n}")], at(100.0 + n))
    return under_test


def test_a_flood_that_goes_on_is_told_once_over_a_restart() -> None:
    before, again = flooded(), engine()
    for alarm in before.open:
        again.restore(alarm, 0.0, at(120.0), "the store")
    events = alarms(again.tick(at(120.0)))
    assert again.quiet.flood
    assert [event.alarm.kind for event in events if event.alarm.kind == "alarm_flood"] == []
