"""Water of people who live alone, on days that are made for each limit."""

from dataclasses import replace

import pytest

from agent.detection.event import Event
from agent.residents import Resident, Site
from agent.rules.counter import Counter
from agent.rules.water_use import WaterUseRule
from drivers.reading import Quality, Reading
from tests.rules.alone import HOME, back, site, told
from tests.rules.ward import H, ground, live, play, said_as


def test_a_counter_gives_use_and_bears_an_exchange() -> None:
    counter = Counter(100.0)
    assert [counter.count(value, at) for value, at in [(5.0, 1.0), (5.5, 2.0), (0.1, 3.0), (0.4, 4.0)]] == [
        0.0, 0.5, 0.0, pytest.approx(0.3),
    ]  # fmt: skip
    assert (counter.since, counter.heard_at) == (1.0, 4.0)
    assert [counter.used_since(start) for start in (1.0, 2.0, 4.0)] == [0.8, 0.3, 0.0]
    counter.count(0.4, 102.0)
    assert counter.used_since(0.0) == 0.3


# water


def hourly(
    values: list[float], start: float = 0.0, quantity: str = "water_volume", device: str = "dev-1"
) -> list[Event]:
    """A reading each hour, each adding to the one before."""
    total, events = 10.0, list[Event]()
    for hour, used in enumerate(values):
        total += used
        events.append(Reading(device, "water_volume", total, start + hour * H))
    return events


def water(events: list[Event], on: Site | None = None) -> list[tuple[float, str, bool]]:
    return told(live(WaterUseRule(ground(on or site()), HOME), events))


def test_twelve_hours_with_less_than_ten_litres() -> None:
    assert water(hourly([0.0] * 12)) == []
    assert water(hourly([0.0] * 14)) == [(12 * H, "no_water_use", True)]
    assert water(hourly([0.0] * 6 + [0.0099] + [0.0] * 6)) == [(12 * H, "no_water_use", True)]
    assert water(hourly([0.0] * 6 + [0.01] + [0.0] * 6))[0] == (6 * H, "no_water_use", False)
    assert len(water(hourly([0.0] * 6 + [0.01] + [0.0] * 6))) == 1


def test_each_further_twelve_hours_are_a_happening() -> None:
    said = live(WaterUseRule(ground(site()), HOME), hourly([0.0] * 50))
    assert [(when, one.happening) for when, one in said] == [
        (12 * H, False),
        (24 * H, True),
        (36 * H, True),
        (48 * H, True),
    ]


def test_after_water_the_next_twelve_hours_are_the_first_again() -> None:
    said = live(WaterUseRule(ground(site()), HOME), hourly([0.0] * 13 + [0.02] + [0.0] * 12))
    assert [(when, one.active, one.happening) for when, one in said] == [
        (12 * H, True, False),
        (13 * H, False, False),
        (25 * H, True, False),
    ]


def test_the_clock_runs_from_the_last_use_and_use_ends_it() -> None:
    day = [0.0, 0.02] + [0.0] * 13 + [0.004, 0.006]
    assert water(hourly(day)) == [
        (1 * H, "no_water_use", False),
        (13 * H, "no_water_use", True),
        (16 * H, "no_water_use", False),
    ]


def test_back_home_counts_anew() -> None:
    events = [*hourly([0.0] * 15), back(14.5 * H), *hourly([0.0] * 12, 15 * H)]
    assert water(events) == [(12 * H, "no_water_use", True), (14.5 * H, "no_water_use", False)]
    later = [*events, *hourly([0.0], 27 * H)]
    assert water(later)[2:] == [(27 * H, "no_water_use", True)]


def test_any_tap_of_the_home_counts() -> None:
    events = [*hourly([0.0] * 3), *hourly([0.0, 0.0, 0.02], 3 * H, device="dev-2"), *hourly([0.0] * 6, 10 * H)]
    assert water(events) == [(5 * H, "no_water_use", False)]


def test_who_does_not_live_alone_and_a_doubtful_meter_are_not_judged() -> None:
    assert water(hourly([0.0] * 14), site(lives_alone=False)) == []
    assert water(hourly([0.0] * 14), site(more=(Resident("r-2", "乙", "home-1", lives_alone=True),))) == []
    doubtful = [replace(one, quality=Quality.UNCERTAIN) for one in hourly([0.0] * 14) if isinstance(one, Reading)]
    stored = [replace(one, stored=True) for one in hourly([0.0] * 14) if isinstance(one, Reading)]
    assert water([*doubtful, *stored]) == []


def running(bins: int, used: float = 0.002) -> list[Event]:
    return [Reading("dev-1", "water_volume", 10 + n * used, 10.0 + n * 1800) for n in range(bins + 1)]


def test_water_in_every_half_hour_of_a_day_is_a_leak() -> None:
    assert [one for one in water(running(47)) if one[1] == "water_leak"] == []
    assert [one for one in water(running(50)) if one[1] == "water_leak"] == [(10.0 + 48 * 1800, "water_leak", True)]


def test_one_half_hour_without_ends_a_leak_and_begins_the_count_anew() -> None:
    events = running(47)
    pause = [Reading("dev-1", "water_volume", 20 + n * 0.002, 10.0 + (49 + n) * 1800) for n in range(47)]
    assert [one for one in water([*events, *pause]) if one[1] == "water_leak"] == []
    gone = [Reading("dev-1", "water_volume", 11.0, 10.0 + n * 1800) for n in (50, 51, 52)]
    leaks = [one for one in water([*running(48), *gone]) if one[1] == "water_leak"]
    assert leaks == [(10.0 + 48 * 1800, "water_leak", True), (10.0 + 50 * 1800, "water_leak", False)]
    again = [Reading("dev-1", "water_volume", 11 + n * 0.002, 10.0 + (49 + n) * 1800) for n in range(3)]
    assert [one for one in water([*running(48), *again]) if one[1] == "water_leak"] == leaks[:1]


def test_each_word_of_water() -> None:
    dry: list[Event] = [*hourly([0.0, 0.005, *[0.0] * 13]), back(14.5 * H), *hourly([0.0] * 13, 15 * H)]
    assert said_as(play(WaterUseRule(ground(site()), HOME), dry)) == [
        "43200 no_water_use medium r-1: no_water hours=12 litres=5",
        "52200 no_water_use over medium r-1: is_back by=s-1",
        "97200 no_water_use medium r-1: no_water hours=12 litres=0",
    ]
    gone = [Reading("dev-1", "water_volume", 11.0, 10.0 + n * 1800) for n in (50, 51, 52)]
    assert said_as(play(WaterUseRule(ground(site()), HOME), [*running(48), *gone])) == [
        "9010 no_water_use over medium r-1: water_used litres=10",
        "86410 water_leak medium r-1 by dev-1: water_runs device=dev-1 hours=24",
        "90010 water_leak over medium r-1 by dev-1: leak_over device=dev-1",
    ]
