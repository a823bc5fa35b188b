"""Whose fall it is: of residents of one room, of a hall, of a device that is bound to nothing."""

import pytest

from agent.detection.event import Event
from agent.residents import Subject, SubjectKind
from agent.rules.fall import FALL_ROW, FallRule
from agent.rules.finding import Finding
from agent.rules.host import RuleHost
from tests.rules.fallen import (
    HIGH,
    MEDIUM,
    PLAIN,
    R3,
    R4,
    SITE,
    TWO,
    bed_left,
    fall,
    falls,
    felt,
    lived,
    press,
    sum_of,
)
from tests.rules.ward import at, ground, play, reading, said_as


def test_a_camera_of_two_residents_tells_the_place_and_a_belt_joins_it_with_a_name() -> None:
    (_, first), (_, second) = falls([fall(10.0, "cam-3"), felt(12.0, "belt-3")], room=TWO)
    assert first.subject == second.subject == TWO
    assert (second.priority, second.happening) == (HIGH, False)
    assert second.reasons[-1].to_json() == {"code": "names_resident", "resident": "r-3"}
    assert [reason.code for reason in first.reasons] == ["evidence", "certainty"]


def test_a_belt_first_names_the_resident_and_the_camera_joins() -> None:
    found = falls([felt(10.0, "belt-3"), fall(12.0, "cam-3")], room=TWO)
    assert [(f.subject, f.priority) for _, f in found] == [(R3, MEDIUM), (R3, HIGH)]


def test_a_bed_just_left_says_whose_fall_the_camera_sees() -> None:
    assert falls([*bed_left(6.0, "bed-4"), fall(10.0, "cam-3")], room=TWO)[0][1].subject == R4
    both = [*bed_left(5.0, "bed-3"), *bed_left(7.0, "bed-4"), fall(10.0, "cam-3")]
    assert falls(both, room=TWO)[0][1].subject == TWO


def test_two_residents_who_fall_are_two_falls() -> None:
    found = falls([felt(10.0, "belt-3"), felt(12.0, "belt-4")], room=TWO)
    assert [(when, f.subject, f.priority, f.happening) for when, f in found] == [
        (10.0, R3, MEDIUM, True), (12.0, R4, MEDIUM, True), (25.0, R3, HIGH, False), (27.0, R4, HIGH, False),
    ]  # fmt: skip


def test_the_button_of_a_neighbour_is_no_second_source() -> None:
    assert [f.priority for _, f in falls([felt(10.0, "belt-3"), press(12.0, "bed-4")], 20.0, TWO)] == [MEDIUM]
    assert [f.priority for _, f in falls([felt(10.0, "belt-3"), press(12.0, "bed-3")], 20.0, TWO)] == [MEDIUM, HIGH]
    assert [f.priority for _, f in falls([fall(10.0, "cam-3"), press(12.0, "bed-4")], 20.0, TWO)] == [MEDIUM, HIGH]


def test_a_neighbour_who_gets_up_lowers_nothing() -> None:
    events: list[Event] = [felt(10.0, "belt-3"), reading("body_fall", "recovered", 15.0, device="belt-4")]
    assert [(when, f.priority) for when, f in falls(events, room=TWO)] == [(10.0, MEDIUM), (25.0, HIGH)]


def test_a_hall_is_told_by_its_place_and_a_loose_device_by_its_own_name() -> None:
    host = RuleHost(ground(SITE, PLAIN), (FALL_ROW,))
    (hall,) = host.feed(fall(10.0, "cam-hall"), at(10.0))
    (loose,) = host.feed(fall(10.0, "cam-x"), at(10.0))
    assert isinstance(hall, Finding)
    assert isinstance(loose, Finding)
    assert (hall.subject.kind, hall.subject.id) == (SubjectKind.PLACE, "hall")
    assert (loose.subject.kind, loose.subject.id) == (SubjectKind.DEVICE, "cam-x")


def test_each_word_of_two_who_fall_and_of_whom_a_belt_names() -> None:
    belts: list[Event] = [felt(10.0, "belt-3"), felt(12.0, "belt-4")]
    seen: list[Event] = [fall(13.0, "cam-3"), fall(14.0, "cam-3", "low_on_floor")]
    both = sum_of(0.98, "belt belt-3 1 0", "camera cam-3 0.8 2")
    assert said_as(lived([*belts, *seen], room=TWO)) == [
        f"10 fall medium r-3, happening by belt-3: {sum_of(0.9, 'belt belt-3 1 0')}",
        f"12 fall medium r-4, happening by belt-4: {sum_of(0.9, 'belt belt-4 1 0')}",
        f"13 fall high r-4 by cam-3: {sum_of(0.98, 'camera cam-3 0.8 0', 'belt belt-4 1 1')}",
        "25 fall high r-3: no_recovery for_s=15",
    ]
    assert said_as(lived([fall(10.0, "cam-3"), felt(12.0, "belt-3")], room=TWO)) == [
        f"10 fall medium 301, happening by cam-3: {sum_of(0.8, 'camera cam-3 0.8 0')}",
        f"12 fall high 301 by belt-3: {both}, names_resident resident=r-3",
    ]


@pytest.mark.parametrize(("subject", "named"), [(R3, ""), (TWO, ", names_resident resident=r-3")])
def test_each_word_of_what_was_open_before_a_restart(subject: Subject, named: str) -> None:
    rule = FallRule(ground(SITE, PLAIN), TWO)
    rule.resume(MEDIUM, -5.0, subject)
    assert said_as(play(rule, [felt(5.0, "belt-3"), felt(7.0, "belt-4")], 100.0)) == [
        f"5 fall medium {subject.id} by belt-3: {sum_of(0.9, 'belt belt-3 1 0')}{named}",
        f"7 fall medium r-4, happening by belt-4: {sum_of(0.9, 'belt belt-4 1 0')}",
        f"10 fall high {subject.id}: no_recovery for_s=15",
        "22 fall high r-4: no_recovery for_s=15",
    ]


def test_a_neighbour_s_belt_is_no_word_of_a_fall_from_before_a_restart() -> None:
    rule = FallRule(ground(SITE, PLAIN), TWO)
    rule.resume(MEDIUM, -5.0, R3)
    assert said_as(play(rule, [felt(5.0, "belt-4")], 11.0)) == [
        f"5 fall medium r-4, happening by belt-4: {sum_of(0.9, 'belt belt-4 1 0')}",
        "10 fall high r-3: no_recovery for_s=15",
    ]


def test_a_button_strengthens_its_own_fall_and_not_the_neighbour_s_that_came_first() -> None:
    events: list[Event] = [felt(10.0, "belt-3"), felt(12.0, "belt-4"), press(14.0, "bed-4")]
    assert [(when, f.subject, f.priority) for when, f in falls(events, 20.0, TWO)][2:] == [(14.0, R4, HIGH)]
