"""Somebody lies on the floor and nobody comes."""

from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.residents import Binding, DeviceRole, Site, Subject, SubjectKind
from agent.rules.fall import GOES_ON_S
from agent.rules.finding import Decline, Finding, Priority
from agent.rules.long_lie import LONG_LIE_ROW, LongLieRule
from agent.rules.row import Scope
from tests.rules.ward import device, ground, play, reading

SITE = Site.of([], [Binding("cam", DeviceRole.CAMERA, room="hall")])
HALL = Subject(SubjectKind.PLACE, "hall", "hall")


def lies(when: float, value: bool = True) -> Observation:
    return Observation("cam", "low_on_floor", when, value)


def told(events: list[Event], until: float) -> list[tuple[float, bool]]:
    on = ground(SITE)
    said = play(LongLieRule(on, device("cam", SITE)), events, until, on=on)
    found = [(when, one) for when, one in said if isinstance(one, Finding)]
    assert all((f.kind, f.subject, f.priority, f.device) == ("long_lie", HALL, Priority.HIGH, "cam") for _, f in found)
    assert all(f.happening is f.active for _, f in found)
    return [(when, f.active) for when, f in found]


def test_five_minutes_on_the_floor_are_high_once() -> None:
    assert told([lies(10.0), lies(100.0)], 309.0) == []
    assert told([lies(10.0), lies(100.0)], 2000.0) == [(310.0, True)]
    on = ground(SITE)
    ((_, found),) = play(LongLieRule(on, device("cam", SITE)), [lies(10.0)], 400.0, on=on)
    assert isinstance(found, Finding)
    assert found.reasons[0].to_json() == {"code": "on_floor_for", "for_s": 300.0}


@pytest.mark.parametrize("end", [lies(309.0, value=False), Observation("cam", "recovered", 309.0)])
def test_who_gets_up_in_time_is_no_long_lie_and_counts_anew(end: Observation) -> None:
    assert told([lies(10.0), end, lies(400.0)], 699.0) == [(309.0, False)]
    assert told([lies(10.0), end, lies(400.0)], 700.0) == [(309.0, False), (700.0, True)]


def test_its_end_is_told_once() -> None:
    ends: list[Event] = [lies(400.0, value=False), lies(401.0, value=False), Observation("cam", "recovered", 402.0)]
    assert told([lies(10.0), *ends], 1000.0) == [(310.0, True), (400.0, False)]
    well = lies(1.0, value=False)
    assert told([well, lies(10.0), *ends], 1000.0) == [(1.0, False), (310.0, True), (400.0, False)]
    assert told([well, lies(10.0), lies(20.0, value=False)], 1000.0) == [(1.0, False)]


def test_staff_who_came_are_a_reason_to_leave_it_and_who_went_before_is_none() -> None:
    def at(when: float) -> Act:
        return Act("present", HALL, when, "s-1")

    on = ground(SITE)
    said = play(LongLieRule(on, device("cam", SITE)), [lies(10.0), at(20.0)], 1000.0, on=on)
    ((when, left),) = said
    assert isinstance(left, Decline)
    assert (when, left.kind, left.subject) == (310.0, "long_lie", HALL)
    assert [reason.to_json() for reason in left.reasons] == [
        {"code": "on_floor_for", "for_s": 300.0},
        {"code": "staff_there", "by": "s-1"},
    ]
    assert told([replace(at(9.0), at=9.0), lies(10.0)], 1000.0) == [(310.0, True)]
    assert told([lies(10.0), at(10.0)], 1000.0) == []


def test_who_is_seen_an_hour_later_is_another_one_though_no_end_was_told() -> None:
    again = GOES_ON_S + 10.0
    assert told([lies(10.0), lies(again - 1.0)], again + 600.0) == [(310.0, True)]
    assert told([lies(10.0), lies(again)], again + 299.0) == [(310.0, True)]
    assert told([lies(10.0), lies(again)], again + 600.0) == [(310.0, True), (again + 300.0, True)]
    came = Act("present", HALL, 20.0, "s-1")
    assert told([lies(10.0), came, lies(again)], again + 600.0) == [(again + 300.0, True)]


def test_readings_are_not_its_matter_and_it_watches_one_camera() -> None:
    assert told([reading("button", "press", 1.0, device="cam")], 10.0) == []
    assert (LONG_LIE_ROW.scope, LONG_LIE_ROW.observations) == (Scope.DEVICE, ("low_on_floor", "recovered"))
