"""The ward's judgement must itself be able to fail: each fault is named, and nothing passes unseen."""

from typing import Any

import pytest

from agent.rules.finding import Priority
from agent.store.entry import STANDING
from tests.simulator.ward.plan import Beside, Expected
from tests.simulator.ward.verdict import Heard, Verdict, alarms_in, judge, judge_beside

EXPECTED = (Expected("call", "press", "sos", "r-1", Priority.HIGH, 1.0, 2.0),)


def event(
    id_: str = "a", priority: str = "high", at: float = 10.5, happened: str = "raised", **other: object
) -> dict[str, Any]:
    alarm = {
        "id": id_, "kind": "sos", "subject": {"id": "r-1", "room": "201"}, "priority": priority, "raised_at": 10.5,
        "changed_at": at, "people": ["s-1"],
    } | other  # fmt: skip
    return {"id": f"{id_}-{happened}-{at}", "type": f"nightlamp.alarm.{happened}.v1", "data": {"alarm": alarm}}


def verdict(
    events: list[dict[str, Any]],
    sounded: float | None = 10.6,
    received: list[dict[str, Any]] | None = None,
    paged: str = "201 Call for help",
    lit: float = 10.7,
) -> Verdict:
    sounds = {} if sounded is None else {one["data"]["alarm"]["id"]: sounded for one in events}
    there = events if received is None else received
    return judge(EXPECTED, {"press": 10.0}, alarms_in(events), Heard(sounds, (paged,), {"201": lit}), there)


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
        (verdict([event(people=[])]), "nobody on duty was told"),
        (verdict([event()], paged="202 Call for help"), "no pager was called"),
        (verdict([event()], paged=""), "no pager was called"),
        (verdict([event()], lit=14.1), "the lamp stayed dark"),
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
    found = judge(EXPECTED, {"press": None}, alarms_in([event()]), Heard({"a": 10.6}), [event()])
    assert found.rows[0].faults == ("the act did not happen",)


PAUSE = (Beside("pause", "press", "resumed", reason="pause_broken"), Beside("task", "press", "task_opened", kind="x"))


def noted(*rows: dict[str, Any], received: bool = True, at: float | None = 10.0) -> list[tuple[str, ...]]:
    there = rows if received else ()
    return [note.faults for note in judge_beside(PAUSE, {"press": at}, rows, there)]


def standing(id_: str, noted: str, reason: str = "", kind: str = "") -> dict[str, Any]:
    reasons = [{"code": reason}] if reason else []
    return {"id": id_, "type": STANDING, "data": {"noted": noted, "state": {"kind": kind}, "reasons": reasons}}


def test_what_is_no_alarm_must_stand_in_the_log_once_and_arrive() -> None:
    broken, task = standing("p", "resumed", "pause_broken"), standing("t", "task_opened", kind="x")
    assert noted(broken, task) == [(), ()]
    assert noted(standing("p", "resumed", "time_over"), standing("t", "task_opened", kind="y")) == [("missing",)] * 2
    assert noted(broken, broken, task) == [("2 times in the log",), ()]
    assert noted(broken, task, received=False) == [("not received",)] * 2
    assert noted(broken, task, at=None) == [("the act did not happen",)] * 2
    assert not Verdict((), (), (), judge_beside(PAUSE, {"press": 10.0}, (), ())).ok
