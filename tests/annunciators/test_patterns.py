"""The buzzer's patterns against the ranges of IEC 60601-1-8, table 3 and 4."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.annunciators.patterns import (
    HIGH,
    HIGH_UNANSWERED,
    LOW,
    MEDIUM,
    TECHNICAL,
    Burst,
    Sounding,
    burst_for,
    level,
)
from agent.rules.finding import Priority

ALL = (HIGH, HIGH_UNANSWERED, MEDIUM, LOW, TECHNICAL)


def spacings(burst: Burst) -> list[int]:
    return [b - a - burst.pulse_ms for a, b in itertools.pairwise(burst.starts)]


@pytest.mark.parametrize("burst", [HIGH, HIGH_UNANSWERED])
def test_high_is_two_groups_of_five(burst: Burst) -> None:
    assert len(burst.starts) == 10
    assert 75 <= burst.pulse_ms <= 200
    gaps = spacings(burst)
    x = gaps[0]
    assert 50 <= x <= 125
    assert gaps[:2] == [x, x]
    assert gaps[2] == gaps[7] == 2 * x + burst.pulse_ms
    assert 350 <= gaps[4] <= 1300
    assert burst.silence_ms is not None
    assert 2500 <= burst.silence_ms <= 15_000


def test_medium_is_three_equal_pulses() -> None:
    assert len(MEDIUM.starts) == 3
    assert 125 <= MEDIUM.pulse_ms <= 250
    assert len(set(spacings(MEDIUM))) == 1
    assert 125 <= spacings(MEDIUM)[0] <= 250
    assert MEDIUM.silence_ms is not None
    assert 2500 <= MEDIUM.silence_ms <= 30_000


def test_low_is_two_pulses_once() -> None:
    assert (len(LOW.starts), LOW.silence_ms) == (2, None)
    assert level(LOW, 10_000) == (False, None)


@pytest.mark.parametrize("burst", ALL)
def test_walking_from_change_to_change_plays_each_pulse_for_its_length(burst: Burst) -> None:
    at, rises, on_ms = 0, 0, 0
    while at < burst.length_ms:
        on, wait = level(burst, at)
        assert wait is not None
        assert wait > 0
        rises += on
        on_ms += wait * on
        at += wait
    assert (rises, on_ms) == (len(burst.starts), len(burst.starts) * burst.pulse_ms)


@given(burst=st.sampled_from(ALL), at=st.integers(0, 10**7))
def test_the_line_keeps_its_level_until_the_time_told(burst: Burst, at: int) -> None:
    on, wait = level(burst, at)
    if wait is None:
        assert not on
        return
    assert level(burst, at + wait - 1)[0] == on
    assert level(burst, at + wait)[0] != on


def sound(priority: Priority, since_s: float = 0.0, technical: bool = False) -> Sounding:
    return Sounding(priority, technical, since_s)


@pytest.mark.parametrize("night", [False, True])
def test_the_gravest_wins(night: bool) -> None:
    low, medium, high = (sound(priority) for priority in Priority)
    assert burst_for([low, medium, high], night) is HIGH
    assert burst_for([low, medium], night) is MEDIUM
    assert burst_for([], night) is None


def test_low_ones_are_silent_at_night() -> None:
    assert burst_for([sound(Priority.LOW)], night=False) is LOW
    assert burst_for([sound(Priority.LOW, technical=True)], night=False) is TECHNICAL
    assert burst_for([sound(Priority.LOW)], night=True) is None
    assert burst_for([sound(Priority.LOW, technical=True)], night=True) is None


def test_an_unanswered_high_alarm_comes_more_often() -> None:
    assert burst_for([sound(Priority.HIGH, 60.0)], night=True) is HIGH
    assert burst_for([sound(Priority.HIGH, 60.1), sound(Priority.HIGH, 1.0)], night=True) is HIGH_UNANSWERED
