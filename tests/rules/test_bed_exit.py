"""An empty bed."""

import pytest

from agent.rules.bed_exit import BedExitRule
from agent.rules.finding import Priority
from drivers.reading import Quality
from tests.rules.ward import device, ground, live, reading


def rule(name: str) -> BedExitRule:
    return BedExitRule(ground(), device(name))


@pytest.mark.parametrize(
    ("bed", "expected"),
    [("dev-1", [(70.0, Priority.HIGH)]), ("dev-2", [(910.0, Priority.MEDIUM), (1810.0, Priority.HIGH)])],
)
def test_times_by_fall_risk(bed: str, expected: list[tuple[float, Priority]]) -> None:
    found = live(rule(bed), [reading("bed_occupied", False, 10.0)], until=4000)
    assert [(at, f.priority) for at, f in found if f.active] == expected


def test_a_flicker_of_the_sensor_does_not_restart_the_clock() -> None:
    events = [(False, 10.0), (True, 40.0), (False, 44.0)]
    found = live(rule("dev-1"), [reading("bed_occupied", value, at) for value, at in events], until=100)
    assert [(at, f.active) for at, f in found] == [(70.0, True)]


def test_back_in_bed_ends_it_and_the_next_exit_counts_anew() -> None:
    events = [(False, 10.0), (True, 80.0), (True, 82.0), (False, 100.0)]
    found = live(rule("dev-1"), [reading("bed_occupied", value, at) for value, at in events], until=170)
    assert [(at, f.active) for at, f in found] == [(70.0, True), (85.0, False), (160.0, True)]


def test_doubtful_readings_are_left_out() -> None:
    doubtful = reading("bed_occupied", False, 10.0, Quality.UNCERTAIN)
    assert live(rule("dev-1"), [doubtful], until=300) == []
