"""What a device raised and can tell no more: nobody says that it goes on, or that it is over."""

import pytest

from agent.detection.event import Event
from agent.rules.finding import Finding, Priority
from agent.rules.vital_limits import WATCHES, VitalLimitRule
from drivers.reading import Quality
from tests.rules.ward import MIDNIGHT, device, ground, live, reading

NOON = MIDNIGHT + 12 * 3600
(LOW_PULSE,) = (watch for watch in WATCHES if watch.kind == "heart_rate_low")


def told(events: list[Event], until: float) -> list[tuple[float, Priority, bool, bool]]:
    rule = VitalLimitRule(LOW_PULSE, ground(), device("dev-1"))
    found: list[tuple[float, Finding]] = live(rule, sorted(events, key=lambda one: one.at), until, NOON)
    return [(when, one.priority, one.active, one.lapsed) for when, one in found]


def pulse(first: int, last: int, value: float = 38, quality: Quality = Quality.GOOD) -> list[Event]:
    return [reading("heart_rate", value, float(at), quality) for at in range(first, last + 1)]


RAISED = (61.0, Priority.HIGH, True, False)


@pytest.mark.parametrize(("until", "lapsed"), [(960.0, []), (961.0, [(961.0, Priority.LOW, False, True)])])
def test_after_a_quarter_of_an_hour_of_silence_it_lapses_once(
    until: float, lapsed: list[tuple[float, Priority, bool, bool]]
) -> None:
    assert told(pulse(1, 61), until) == [RAISED, *lapsed]
    assert told(pulse(1, 61), 9000.0) == [RAISED, (961.0, Priority.LOW, False, True)]


def test_doubtful_values_are_no_word_that_it_goes_on() -> None:
    assert told([*pulse(1, 61), *pulse(62, 1000, quality=Quality.UNCERTAIN)], 1000.0) == [
        RAISED,
        (961.0, Priority.LOW, False, True),
    ]


def test_each_value_beyond_the_limit_is() -> None:
    assert told([*pulse(1, 61), *pulse(900, 900)], 1799.0) == [RAISED]
    assert told([*pulse(1, 61), *pulse(900, 900)], 1800.0)[1:] == [(1800.0, Priority.LOW, False, True)]


def test_a_band_that_is_taken_off_lapses_at_once_and_one_that_raised_nothing_never() -> None:
    off = reading("worn", False, 70.0)
    assert told([*pulse(1, 61), off], 9000.0) == [RAISED, (70.0, Priority.LOW, False, True)]
    assert told([*pulse(1, 30), off], 9000.0) == []
    assert told([*pulse(1, 61), *pulse(62, 62, 70), off], 9000.0) == [RAISED, (62.0, Priority.LOW, False, False)]


def test_told_again_it_is_raised_again_in_its_time() -> None:
    assert told([*pulse(1, 61), *pulse(2000, 2059)], 2059.0)[2:] == []
    assert told([*pulse(1, 61), *pulse(2000, 2060)], 2060.0)[2:] == [(2060.0, Priority.HIGH, True, False)]
