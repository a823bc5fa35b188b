"""The ward's judgement must itself be able to fail: each fault is named, and nothing passes unseen."""

from typing import Any

import pytest

from agent.rules.finding import Priority
from tests.simulator.ward.plan import Expected
from tests.simulator.ward.verdict import Verdict, alarms_in, judge

EXPECTED = (Expected("call", "press", "sos", "r-1", Priority.HIGH, 1.0, 2.0),)


def event(
    id_: str = "a", priority: str = "high", at: float = 10.5, happened: str = "raised", **other: object
) -> dict[str, Any]:
    alarm = {
        "id": id_, "kind": "sos", "subject": {"id": "r-1"}, "priority": priority, "raised_at": 10.5, "changed_at": at,
    } | other  # fmt: skip
    return {"id": f"{id_}-{happened}-{at}", "type": f"nightlamp.alarm.{happened}.v1", "data": {"alarm": alarm}}


def verdict(
    events: list[dict[str, Any]], sounded: float | None = 10.6, received: list[dict[str, Any]] | None = None
) -> Verdict:
    sounds = {} if sounded is None else {one["data"]["alarm"]["id"]: sounded for one in events}
    there = events if received is None else received
    return judge(EXPECTED, {"press": 10.0}, alarms_in(events), sounds, there)


def test_all_well() -> None:
    found = verdict([event(), event(happened="escalated", at=70.0)])
    assert found.ok
    (row,) = found.rows
    assert (row.raised_s, row.priority_s, row.sounded_s, row.stored, row.received) == (0.5, 0.5, 0.6, True, True)


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (verdict([]), "missing"),
        (verdict([event(raised_at=12.0)], sounded=12.1), "late: more than 1 s"),
        (verdict([event(raised_at=9.0)], sounded=9.1), "raised before the act"),
        (verdict([event(priority="medium")]), "not high within 2 s"),
        (verdict([event(priority="medium"), event(at=13.0)]), "not high within 2 s"),
        (verdict([event("a"), event("b")]), "raised 2 times"),
        (verdict([event()], sounded=None), "did not sound in time"),
        (verdict([event()], sounded=13.0), "did not sound in time"),
        (verdict([event()], received=[]), "not received"),
    ],
)
def test_each_fault_is_named(found: Verdict, fault: str) -> None:
    assert not found.ok
    assert found.rows[0].faults == (fault,)


def test_an_alarm_that_nobody_expected_is_extra() -> None:
    found = verdict([event(), event("b", kind="fall")])
    assert not found.ok
    assert found.extra == ("fall for r-1",)


def test_a_row_that_the_platform_keeps_twice_is_a_double() -> None:
    found = verdict([event()], received=[event(), event()])
    assert not found.ok
    assert len(found.doubles) == 1


def test_an_act_that_did_not_happen_proves_nothing() -> None:
    found = judge(EXPECTED, {"press": None}, alarms_in([event()]), {"a": 10.6}, [event()])
    assert found.rows[0].faults == ("the act did not happen",)
