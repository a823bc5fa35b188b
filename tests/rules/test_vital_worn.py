"""What a band measures that is on nobody is no vital sign."""

import pytest

from agent.detection.event import Event
from agent.rules.finding import Priority
from agent.rules.vital_limits import VITAL_ROWS, WATCHES, VitalLimitRule
from drivers.reading import Quality
from tests.rules.ward import MIDNIGHT, device, ground, live, reading

NOON = MIDNIGHT + 12 * 3600
(LOW_PULSE,) = (watch for watch in WATCHES if watch.kind == "heart_rate_low")


def raised(events: list[Event]) -> list[tuple[float, Priority]]:
    rule = VitalLimitRule(LOW_PULSE, ground(), device("dev-1"))
    found = live(rule, sorted(events, key=lambda one: one.at), wall=NOON)
    return [(when, one.priority) for when, one in found if one.active]


def pulse(first: int, last: int) -> list[Event]:
    return [reading("heart_rate", 38, float(at)) for at in range(first, last + 1)]


@pytest.mark.parametrize(
    ("value", "quality", "expected"),
    [
        (False, Quality.GOOD, []),
        (False, Quality.UNCERTAIN, [(61.0, Priority.HIGH)]),
        (True, Quality.GOOD, [(61.0, Priority.HIGH)]),
    ],
)
def test_a_pulse_of_a_band_that_is_off_is_nobody_s(
    value: bool, quality: Quality, expected: list[tuple[float, Priority]]
) -> None:
    assert raised([reading("worn", value, 0.5, quality), *pulse(1, 61)]) == expected


def test_a_pulse_counts_from_when_the_band_is_put_on() -> None:
    on = [reading("worn", False, 0.5), *pulse(1, 200), reading("worn", True, 100.5)]
    assert raised(on) == [(161.0, Priority.HIGH)]
    off_for_a_while: list[Event] = [*pulse(1, 100), reading("worn", False, 30.5), reading("worn", True, 40.5)]
    assert raised(off_for_a_while) == [(71.0, Priority.HIGH)]  # the clock stood, and did not turn back


def test_each_row_hears_of_it() -> None:
    assert all("worn" in row.quantities for row in VITAL_ROWS)
