"""An alarm with all that can be on it is the same again out of a file, and lives on by this boot's clock."""

import json
from dataclasses import replace

import pytest

from agent.alarms.alarm import Alarm, CallRequest, Note, State
from agent.alarms.steps import moved
from agent.moment import Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from tests.alarms.engines import raised

LI = Subject(SubjectKind.RESIDENT, "r-1", "201")
LIE = Finding("long_lie", LI, Priority.HIGH, 130.0, (because("cause", cause="camera"),), "cam")
FALL = Finding("fall", LI, Priority.HIGH, 100.0, (because("cause", cause="belt"),), "belt")
WHOLE = replace(
    raised(FALL, Moment(100.0, 1100.0)),
    state=State.ATTENDED,
    changed_at=160.0,
    rung_at=130.0,
    onsets=(90.0, 100.0),
    well_at=150.0,
    also=(LIE,),
    told=("floor", "platform"),
    people=("s-1", "s-2"),
    call=CallRequest("platform", "201", "r-1", "fall", "0571-1", 1130.0),
    notes=(Note("on our way", "desk", 1140.0),),
    seen_by="wang",
    seen_at=140.0,
    attended_by="li",
    attended_at=160.0,
)


def test_it_is_the_same_again() -> None:
    again = Alarm.from_json(json.loads(json.dumps(WHOLE.to_json())))
    assert again == WHOLE


def test_what_an_older_version_did_not_write_is_as_it_was_then() -> None:
    older = {
        key: value
        for key, value in WHOLE.to_json().items()
        if key not in ("people", "call", "notes", "rung_at", "onsets", "well_at", "also")
    }
    assert Alarm.from_json(older) == replace(
        WHOLE, people=(), call=None, notes=(), rung_at=160.0, onsets=(), well_at=160.0, also=()
    )


@pytest.mark.parametrize("shift_s", [-50.0, 0.0])
def test_all_its_times_move_with_the_clock(shift_s: float) -> None:
    over = replace(WHOLE, holding=())
    assert moved(over, shift_s, Moment(500.0, 1500.0)) == replace(
        over,
        raised_at=100.0 + shift_s,
        changed_at=160.0 + shift_s,
        rung_at=130.0 + shift_s,
        onsets=(90.0 + shift_s, 100.0 + shift_s),
        well_at=150.0 + shift_s,
        also=(replace(LIE, at=130.0 + shift_s),),
        seen_at=140.0 + shift_s,
        attended_at=160.0 + shift_s,
    )


def test_what_has_not_happened_has_no_time() -> None:
    alarm = replace(WHOLE, seen_by="", seen_at=140.0, attended_by="", attended_at=160.0)
    told = moved(alarm, 10.0, Moment(500.0, 1500.0))
    assert (told.well_at, told.seen_at, told.attended_at) == (0.0, 0.0, 0.0)


def test_where_nobody_knows_how_long_we_slept_all_of_it_is_now() -> None:
    told = moved(replace(WHOLE, holding=()), None, Moment(500.0, 1500.0))
    assert {told.raised_at, told.changed_at, told.rung_at, *told.onsets, told.well_at, told.seen_at} == {500.0}
    assert (told.attended_at, told.also[0].at, told.raised_wall) == (500.0, 500.0, 1100.0)
