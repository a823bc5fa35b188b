"""Records that stand beside the alarms, out of a file: whole, moved to this boot's clock, or refused."""

from typing import Any

import pytest

from agent.alarms.standing import Held, OpenTask, Pause, Shelf, Standing, from_json, held_id, subject_of, to_json
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because

LI = Subject(SubjectKind.RESIDENT, "r-1", "201")
FINDING = Finding("bed_exit", LI, Priority.MEDIUM, 9.0, (because("cause", cause="x"),), "bed")
RECORDS: list[Standing] = [
    Pause("p", "wang", 10.0, 130.0, Priority.HIGH),
    Shelf("s", "spo2_low", "r-1", "wang", "loose", 10.0, 3610.0),
    OpenTask("t", "service_water", LI, 10.0, 20.0, (because("cause", cause="x"),), "button"),
    Held("h", 10.0, 11.0, (FINDING,)),
    Held("c", 10.0, 11.0, (FINDING, FINDING), closed=True),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_it_is_the_same_again(record: Standing) -> None:
    assert from_json(to_json(record), 0.0) == record


def test_times_move_with_the_clock() -> None:
    moved = [from_json(to_json(record), -5.0) for record in RECORDS]
    assert [record.since for record in moved] == [5.0] * 5
    pause, shelf, task, held, _ = moved
    assert isinstance(pause, Pause)
    assert isinstance(shelf, Shelf)
    assert isinstance(task, OpenTask)
    assert isinstance(held, Held)
    assert (pause.until, shelf.until, task.due, held.at, held.findings[0].at) == (125.0, 3605.0, 15.0, 6.0, 4.0)


@pytest.mark.parametrize(
    ("record", "change"),
    [
        (0, {"priority": "urgent"}),
        (0, {"until": "later"}),
        (0, {"record": "nonsense"}),
        (1, {"until": None}),
        (1, {"extra": 1}),
        (2, {"subject": {"kind": "planet", "id": "x", "room": ""}}),
        (2, {"reasons": ["x"]}),
        (3, {"findings": []}),
        (3, {"findings": [{}]}),
        (3, {"findings": [{**to_json(RECORDS[3])["findings"][0], "kind": "of_a_later_version"}]}),
        (3, {"findings": [{**to_json(RECORDS[3])["findings"][0], "priority": "urgent"}]}),
    ],
)
def test_anything_else_is_refused(record: int, change: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json({**to_json(RECORDS[record]), **change}, 0.0)


def test_what_it_is_about() -> None:
    assert [subject_of(record) for record in RECORDS] == ["", "r-1", "r-1", "r-1", "r-1"]
    assert [to_json(record)["record"] for record in RECORDS] == ["pause", "shelf", "task", "held", "held"]


def test_held_and_closed_ones_of_a_kind_and_subject_are_two_records() -> None:
    assert held_id("bed_exit", LI, closed=False) == "held:bed_exit:resident:r-1"
    assert held_id("bed_exit", LI, closed=True) == "closed:bed_exit:resident:r-1"
