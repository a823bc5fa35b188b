"""What each piece of evidence writes on an alarm, field by field."""

from dataclasses import replace

import pytest

from agent.alarms.alarm import State
from agent.alarms.evidence import REASONS_KEPT, merged, with_evidence, without
from agent.alarms.lifecycle import Turn
from agent.alarms.steps import born
from agent.moment import Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import Reason, because
from tests.alarms.engines import raised

HIGH, MEDIUM = Priority.HIGH, Priority.MEDIUM
LI = Subject(SubjectKind.RESIDENT, "r-1", "201")


def why(n: int) -> Reason:
    return because("cause", cause=str(n))


LOW_SPO2 = Finding("spo2_low", LI, MEDIUM, 1.0, (why(1),), "a")
ALARM = raised(LOW_SPO2)


def test_more_of_the_same_is_no_step_in_its_life() -> None:
    changed, turn = with_evidence(ALARM, replace(LOW_SPO2, reasons=(why(2),)), 9.0)
    assert turn is None
    assert changed == replace(ALARM, reasons=(why(1), why(2)))


@pytest.mark.parametrize(("device", "devices"), [("a", ("a",)), ("b", ("a", "b")), ("", ("a",))])
def test_each_device_is_named_once_and_nobody_s_word_not_at_all(device: str, devices: tuple[str, ...]) -> None:
    changed, _ = with_evidence(ALARM, replace(LOW_SPO2, device=device), 9.0)
    assert changed.devices == devices


def test_what_gets_worse_begins_its_step_and_its_rung_anew() -> None:
    seen = replace(ALARM, state=State.SEEN, sounding=False)
    changed, turn = with_evidence(seen, replace(LOW_SPO2, priority=HIGH), 9.0)
    assert turn is Turn.WORSE
    assert (changed.priority, changed.state) == (HIGH, State.RAISED)
    assert (changed.changed_at, changed.rung_at) == (9.0, 9.0)


@pytest.mark.parametrize("count", [1, REASONS_KEPT - 1, REASONS_KEPT, REASONS_KEPT + 1, 3 * REASONS_KEPT])
def test_the_first_reason_and_the_newest_are_kept(count: int) -> None:
    reasons = tuple(why(n) for n in range(count))
    kept = merged(reasons[:1], reasons)
    assert kept == (reasons if count <= REASONS_KEPT else (reasons[0], *reasons[count - REASONS_KEPT + 1 :]))
    assert len(kept) == min(count, REASONS_KEPT)
    assert merged(kept, kept[-1:]) == kept


def test_an_alarm_is_born_with_no_more_reasons_than_it_keeps() -> None:
    reasons = tuple(why(n) for n in range(20))
    alarm = born(replace(LOW_SPO2, reasons=reasons), "a-1", Moment(9.0, 1_800_000_009.0))
    assert alarm.reasons == (reasons[0], *reasons[21 - REASONS_KEPT :])


def test_the_end_says_why_and_since_when() -> None:
    over = replace(LOW_SPO2, active=False, reasons=(why(3),))
    both = replace(ALARM, holding=("a", "b"))
    assert without(both, over, 9.0) == replace(both, holding=("b",), well_at=9.0, reasons=(why(1), why(3)))
