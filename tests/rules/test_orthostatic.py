"""Pressure that falls on standing up, at its boundaries in value and in time."""

import pytest

from agent.rules.finding import Finding, Priority
from agent.rules.orthostatic import OrthostaticRule
from drivers.reading import Quality, Reading
from tests.rules.ward import R1, ground, live, reading, said_as


def rule() -> OrthostaticRule:
    return OrthostaticRule(ground(), R1)


def measured(*values: tuple[float, float], quantity: str = "systolic", device: str = "dev-1") -> list[Reading]:
    return [reading(quantity, value, at, device=device) for value, at in values]


def told(found: list[tuple[float, Finding]]) -> list[tuple[float, bool]]:
    return [(when, one.active) for when, one in found]


@pytest.mark.parametrize(
    ("quantity", "before", "after", "seconds", "drops"),
    [
        ("systolic", 140, 120, 180, True), ("systolic", 140, 121, 180, False), ("systolic", 140, 120, 181, None),
        ("diastolic", 85, 75, 60, True), ("diastolic", 85, 76, 60, False), ("systolic", 120, 140, 60, False),
    ],
)  # fmt: skip
def test_each_boundary(quantity: str, before: float, after: float, seconds: float, drops: bool | None) -> None:
    found = live(rule(), measured((before, 1.0), (after, 1.0 + seconds), quantity=quantity))
    assert told(found) == ([] if drops is None else [(1.0 + seconds, drops)])


def test_it_is_low_and_tells_of_both() -> None:
    ((_, one),) = live(rule(), measured((140, 1.0), (115, 91.0)))
    assert (one.kind, one.subject, one.priority, one.device, one.happening) == (
        "orthostatic_drop", R1, Priority.LOW, "dev-1", True,
    )  # fmt: skip
    assert one.reasons[0].text() == "systolic pressure from 140 to 115 within 90 s"


def test_it_is_measured_beside_the_highest_of_the_last_minutes() -> None:
    assert told(live(rule(), measured((140, 1.0), (130, 61.0), (120, 121.0)))) == [(61.0, False), (121.0, True)]
    assert told(live(rule(), measured((140, 1.0), (130, 61.0), (120, 182.0)))) == [(61.0, False)]


def test_one_pair_is_told_once() -> None:
    events = [
        *measured((140, 1.0)), *measured((85, 1.0), quantity="diastolic"),
        *measured((110, 61.0)), *measured((70, 61.0), quantity="diastolic"),
        *measured((105, 241.0)), *measured((72, 241.0), quantity="diastolic"),
    ]  # fmt: skip
    assert told(live(rule(), events)) == [(61.0, True), (241.0, False)]


@pytest.mark.parametrize(("second", "times"), [(241.0, [61.0]), (241.5, [61.0, 241.5])])
def test_the_next_pair_is_a_happening_of_its_own(second: float, times: list[float]) -> None:
    found = live(rule(), measured((140, 1.0), (118, 61.0), (116, 121.0), (96, 181.0), (74, second)))
    assert [when for when, active in told(found) if active] == times


def test_it_ends_when_neither_falls_any_more_by_the_device_that_raised_it() -> None:
    events = [
        *measured((140, 1.0)), *measured((85, 1.0), quantity="diastolic"),
        *measured((110, 61.0)), *measured((70, 61.0), quantity="diastolic"),
        *measured((112, 300.0), (111, 360.0), device="other"),
        *measured((70, 300.0), (71, 360.0), quantity="diastolic", device="other"),
    ]  # fmt: skip
    found = live(rule(), sorted(events, key=lambda one: one.at))
    assert [(when, one.active, one.device, one.happening) for when, one in found] == [
        (61.0, True, "dev-1", True), (360.0, False, "dev-1", False),
    ]  # fmt: skip


def test_the_first_pair_that_holds_ends_an_alarm_from_before_a_restart() -> None:
    assert said_as(live(rule(), measured((120, 1.0), (121, 30.0), (119, 60.0)))) == [
        "30 orthostatic_drop over low r-1 by dev-1: no_pressure_drop"
    ]


def test_only_good_live_and_possible_measurements_count() -> None:
    events = [
        *measured((140, 1.0)),
        *(reading("systolic", 100, 10.0, quality) for quality in Quality if quality is not Quality.GOOD),
        Reading("dev-1", "systolic", 100, 11.0, stored=True),
        reading("systolic", 10, 12.0),
        reading("glucose", 5, 13.0),
    ]
    assert live(rule(), events) == []


def test_the_same_measurement_twice_is_no_pair() -> None:
    assert live(rule(), measured((140, 1.0), (110, 1.0))) == []
    assert told(live(rule(), measured((140, 1.0), (110, 2.0)))) == [(2.0, True)]


def test_one_pressure_that_holds_does_not_end_what_the_other_began() -> None:
    events = [
        *measured((140, 1.0)), *measured((85, 1.0), quantity="diastolic"),
        *measured((110, 61.0)), *measured((80, 61.0), quantity="diastolic"),
    ]  # fmt: skip
    assert told(live(rule(), events)) == [(61.0, True)]
