"""The fall paragraph of the design, sentence by sentence."""

import math
from dataclasses import replace

import pytest

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.rules.fall import FallRule
from agent.rules.finding import Finding
from tests.rules.fallen import (
    HIGH,
    LOW,
    MEDIUM,
    ONE,
    PLAIN,
    R1,
    SITE,
    bed_left,
    fall,
    falls,
    felt,
    lived,
    press,
    sum_of,
    up,
    verdicts,
)
from tests.rules.ward import MIDNIGHT, at, ground, live, reading, said_as


def test_medium_at_once_and_high_without_recovery() -> None:
    assert verdicts([fall(10.0)], 24.0) == [(10.0, MEDIUM, True)]
    assert verdicts([fall(10.0)]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


def test_recovery_in_time_lowers_it_and_the_next_fall_is_judged_anew() -> None:
    assert verdicts([fall(10.0), up(20.0), fall(60.0)]) == [
        (10.0, MEDIUM, True), (20.0, LOW, False), (60.0, MEDIUM, True), (75.0, HIGH, False),
    ]  # fmt: skip
    assert falls([fall(10.0), up(20.0)])[1][1].reasons[0].to_json() == {"code": "recovered", "after_s": 10.0}
    assert verdicts([felt(10.0), reading("body_fall", "recovered", 20.0, device="belt-1")])[1] == (20.0, LOW, False)


def test_recovery_too_late_lowers_nothing() -> None:
    assert verdicts([fall(10.0), up(40.0), fall(90.0)]) == [
        (10.0, MEDIUM, True), (25.0, HIGH, False), (90.0, MEDIUM, True), (105.0, HIGH, False),
    ]  # fmt: skip


def test_only_what_saw_the_fall_can_see_the_recovery() -> None:
    assert verdicts([fall(10.0), up(20.0, "cam-2")]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


@pytest.mark.parametrize(
    "second", [fall(14.0, "radar-1"), fall(14.0, "cam-2", "low_on_floor"), felt(14.0), press(14.0), fall(14.0, "cam-2")]
)
def test_a_second_source_makes_it_high_at_once_in_either_order(second: Event) -> None:
    assert verdicts([fall(10.0), second]) == [(10.0, MEDIUM, True), (14.0, HIGH, False)]
    first = replace(second, at=5.0)
    assert verdicts([first, fall(10.0)])[-1][:2] == (10.0, HIGH)


def test_a_source_long_ago_is_none() -> None:
    assert verdicts([press(5.0), fall(35.0)])[0] == (35.0, HIGH, True)
    assert verdicts([press(5.0), fall(35.1)])[0] == (35.1, MEDIUM, True)


def test_a_person_on_the_floor_raises_without_a_fall_seen() -> None:
    assert verdicts([fall(10.0, name="low_on_floor", score=0.9)])[0] == (10.0, MEDIUM, True)
    assert verdicts([Observation("cam-1", "low_on_floor", 10.0, value=False)]) == []


def test_the_same_camera_seeing_them_lie_is_no_second_source_however_late() -> None:
    for when in (13.0, 100.0):
        lies = fall(when, name="low_on_floor")
        assert verdicts([fall(10.0), lies]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


def test_a_second_fall_is_a_happening_and_never_lower_until_an_hour_later() -> None:
    assert verdicts([fall(10.0), fall(40.0)])[-1] == (40.0, HIGH, True)
    assert verdicts([fall(10.0), fall(15.0)])[1] == (15.0, MEDIUM, True)
    assert verdicts([felt(10.0), felt(40.0)])[-1] == (40.0, HIGH, True)
    assert verdicts([fall(10.0), fall(3609.0)], 3700)[-1] == (3609.0, HIGH, True)
    assert verdicts([fall(10.0), fall(3610.0)], 3620)[-1] == (3610.0, MEDIUM, True)


def test_a_new_fall_has_its_own_time_to_get_up() -> None:
    assert verdicts([fall(10.0), fall(20.0)]) == [(10.0, MEDIUM, True), (20.0, MEDIUM, True), (35.0, HIGH, False)]


def test_of_two_copies_of_a_fall_the_one_taken_up_last_goes_on() -> None:
    rule = FallRule(ground(), R1)
    rule.resume(MEDIUM, 100.0, R1)
    rule.resume(LOW, 110.0, R1)
    assert rule.due == math.inf
    rule.resume(MEDIUM, 100.0, R1)
    rule.resume(HIGH, 100.0, R1)
    assert rule.due == math.inf


def test_a_fall_goes_on_after_a_restart() -> None:
    rule = FallRule(ground(SITE, PLAIN), ONE)
    rule.resume(MEDIUM, 100.0, R1)
    assert rule.due == 115.0
    assert [f.priority for f in rule.tick(at(115.0)) if isinstance(f, Finding)] == [HIGH]
    rule = FallRule(ground(SITE, PLAIN), ONE)
    rule.resume(MEDIUM, 100.0, R1)
    (near,) = rule.feed(up(105.0), at(105.0))
    assert isinstance(near, Finding)
    assert (near.priority, near.subject) == (LOW, R1)
    rule = FallRule(ground(SITE, PLAIN), ONE)
    rule.resume(LOW, 100.0, R1)
    assert rule.due == float("inf")
    rule.resume(HIGH, 100.0, R1)
    assert rule.due == float("inf")
    (again,) = rule.feed(fall(150.0), at(150.0))
    assert isinstance(again, Finding)
    assert again.priority is HIGH


def test_each_word_of_three_falls_of_one_resident() -> None:
    first: list[Event] = [*bed_left(6.0), fall(10.0, score=0.75), reading("motion", False, 14.0, device="pir-1")]
    later: list[Event] = [up(20.0), fall(60.0), up(70.0), fall(100.0), press(105.0)]
    still = sum_of(0.8775, "stillness pir-1 1 0", "camera cam-1 0.75 4", "bed_left dev-1 1 8")
    assert said_as(lived([*first, *later])) == [
        f"10 fall medium r-1, happening by cam-1: {sum_of(0.825, 'camera cam-1 0.75 0', 'bed_left dev-1 1 4')}",
        f"14 fall high r-1 by pir-1: {still}",
        f"60 fall medium r-1, happening by cam-1: {sum_of(0.8, 'camera cam-1 0.8 0')}",
        "70 fall low r-1 by cam-1: recovered after_s=10",
        f"100 fall medium r-1, happening by cam-1: {sum_of(0.8, 'camera cam-1 0.8 0')}",
        f"105 fall high r-1 by dev-1: {sum_of(0.98, 'button dev-1 1 0', 'camera cam-1 0.8 5')}",
    ]


def test_a_whole_fall_at_night() -> None:
    on = ground(SITE, PLAIN)
    found = live(FallRule(on, ONE), [*bed_left(5.0), fall(9.0, score=0.95), up(12.0)], 100.0, MIDNIGHT, on)
    assert [(when, f.priority) for when, f in found] == [(9.0, HIGH)]
