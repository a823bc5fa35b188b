"""Water and electricity of people who live alone, on days that are made for each limit."""

from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import DAY_S, Moment
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.counter import Counter
from agent.rules.electricity_use import ElectricityUseRule
from agent.rules.finding import Finding, Priority
from agent.rules.water_use import WaterUseRule
from drivers.reading import Quality, Reading
from tests.rules.ward import MIDNIGHT, ground, live, play, said_as

H = 3600.0
HOME = Subject(SubjectKind.PLACE, "home-1", "home-1")
R1 = Subject(SubjectKind.RESIDENT, "r-1", "home-1")


def site(lives_alone: bool = True, more: tuple[Resident, ...] = ()) -> Site:
    return Site.of(
        [Resident("r-1", "甲", "home-1", lives_alone=lives_alone), *more],
        [Binding(meter, DeviceRole.METER, room="home-1") for meter in ("dev-1", "dev-2")],
    )


def back(at: float) -> Act:
    return Act("back", R1, at, "s-1")


def told(found: list[tuple[float, Finding]]) -> list[tuple[float, str, bool]]:
    assert all(f.priority is Priority.MEDIUM and f.subject == R1 for _, f in found)
    return [(when, f.kind, f.active) for when, f in found]


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


# electricity: a reading each half-hour, kWh


def days(number: int, morning: float = 1.0, night: float = 0.05, first: int = 0) -> list[Event]:
    """`morning` kWh from 6:00 to 12:00, `night` an hour of the night, some in the afternoon."""
    events, total = list[Event](), 100.0 + first * 50
    for day in range(first, first + number):
        for half in range(48):
            hour = half / 2
            use = night / 2 if hour < 6 or hour >= 21 else morning / 12 if hour < 12 else 0.1
            total += use
            events.append(Reading("dev-1", "electric_energy", total, day * DAY_S + half * 1800 + 1.0))
    return events


def power(events: list[Event], on: Site | None = None) -> list[tuple[float, str, bool]]:
    g = ground(on or site())
    return told(live(ElectricityUseRule(g, HOME), events, on=g))


def test_usual_days_are_no_alarm_and_say_so_once() -> None:
    assert [(active, when > 7 * DAY_S) for when, _, active in power(days(20))] == [(False, True)]


def little(share: float, known: int = 8) -> list[Event]:
    """Usual days, then one with `share` of the usual morning: its 12 hours of night use count as well."""
    usual = days(known)
    morning = 0.05 * 6 + 1.0
    total = float(usual[-1].value) if isinstance(usual[-1], Reading) else 0.0
    last = []
    for half in range(25):
        total += 0.0 if half == 24 else share * morning / 24
        last.append(Reading("dev-1", "electric_energy", total, known * DAY_S + half * 1800 + 1.0))
    return [*usual, *last]


def test_a_morning_with_less_than_a_fifth_of_the_usual() -> None:
    noon = 8 * DAY_S + 12 * H + 1
    assert power(little(0.19))[1:] == [(noon, "no_electricity_use", True)]
    assert power(little(0.21))[1:] == []
    ((_, _, active),) = power(little(0.19, known=6))[-1:] or [(0.0, "", False)]
    assert not active


def test_it_ends_when_the_afternoon_makes_up_for_it_or_who_was_away_is_back() -> None:
    events = little(0.19)
    end = float(events[-1].value) if isinstance(events[-1], Reading) else 0.0
    later = 8 * DAY_S + 13 * H
    cooked = Reading("dev-1", "electric_energy", end + 0.5, later)
    assert power([*events, cooked])[2:] == [(later, "no_electricity_use", False)]
    assert power([*events, back(later)])[2:] == [(later, "no_electricity_use", False)]


def test_mornings_away_are_not_usual_ones() -> None:
    out = Act("out", R1, 2 * DAY_S, "s-1", MIDNIGHT + 6 * DAY_S)
    events = little(0.19)
    with_out = sorted([*events, out], key=lambda one: one.at)
    assert [active for _, _, active in power(with_out)] == []


def test_a_gap_in_the_morning_says_nothing() -> None:
    events = [one for one in little(0.19) if not 8 * DAY_S + 5 * H < one.at < 8 * DAY_S + 6.6 * H]
    assert power(events)[1:] == []


def night_load(times: float, known: int = 8) -> list[Event]:
    """Usual nights, then one with `times` the usual load from 21:00 on."""
    usual = [one for one in days(known + 1) if one.at < known * DAY_S + 21 * H]
    total = float(usual[-1].value) if isinstance(usual[-1], Reading) else 0.0
    last = []
    for half in range(12):
        total += times * 0.025
        last.append(Reading("dev-1", "electric_energy", total, known * DAY_S + 21 * H + half * 1800 + 1.0))
    return [*usual, *last]


def test_a_night_load_of_more_than_three_times_the_usual_for_two_hours() -> None:
    found = [one for one in power(night_load(3.2)) if one[2]]
    assert found == [(8 * DAY_S + 23 * H + 1, "no_electricity_use", True)]
    assert [one for one in power(night_load(2.9)) if one[2]] == []
    assert [one for one in power(night_load(3.2, known=6)) if one[2]] == []


def test_a_night_load_ends_with_the_night_or_with_the_load() -> None:
    events = night_load(3.2)
    total = float(events[-1].value) if isinstance(events[-1], Reading) else 0.0
    quiet = [Reading("dev-1", "electric_energy", total, 9 * DAY_S + half * 1800 + 2.0) for half in range(6, 16)]
    ended = [when for when, _, active in power([*events, *quiet]) if not active][1:]
    assert len(ended) == 1
    assert ended[0] < 9 * DAY_S + 6 * H
    loud = [Reading("dev-1", "electric_energy", total + n + 1, 9 * DAY_S + (6 + n) * 1800 + 2.0) for n in range(10)]
    assert [when for when, _, active in power([*events, *loud]) if not active][1:] == [9 * DAY_S + 6 * H + 2.0]


def test_without_a_clock_and_for_others_electricity_is_not_judged() -> None:
    rule = ElectricityUseRule(ground(site()), HOME)
    events = little(0.1)
    assert [one for e in events for one in rule.feed(e, Moment(e.at, MIDNIGHT + e.at, wall_known=False))] == []
    assert power(events, site(lives_alone=False)) == []
    doubtful = [replace(one, quality=Quality.BAD) for one in events if isinstance(one, Reading)]
    assert power([*doubtful]) == []


def test_each_word_of_water() -> None:
    dry: list[Event] = [*hourly([0.0] * 15), back(14.5 * H), *hourly([0.0] * 13, 15 * H)]
    assert said_as(play(WaterUseRule(ground(site()), HOME), dry)) == [
        "43200 no_water_use medium r-1: no_water hours=12 litres=0",
        "52200 no_water_use over medium r-1: is_back by=s-1",
        "97200 no_water_use medium r-1: no_water hours=12 litres=0",
    ]
    gone = [Reading("dev-1", "water_volume", 11.0, 10.0 + n * 1800) for n in (50, 51, 52)]
    assert said_as(play(WaterUseRule(ground(site()), HOME), [*running(48), *gone])) == [
        "9010 no_water_use over medium r-1: water_used litres=10",
        "86410 water_leak medium r-1 by dev-1: water_runs device=dev-1 hours=24",
        "90010 water_leak over medium r-1 by dev-1: leak_over device=dev-1",
    ]


def test_each_word_of_electricity() -> None:
    on = ground(site())
    assert said_as(play(ElectricityUseRule(on, HOME), [*little(0.19), back(8 * DAY_S + 13 * H)], on=on)) == [
        "687601 no_electricity_use over medium r-1: power_much used=0.1 hours=2",
        "734401 no_electricity_use medium r-1: power_little used=0.247 usual=1.3",
        "738000 no_electricity_use over medium r-1: is_back by=s-1",
    ]
    on, night = ground(site()), night_load(3.2)
    total = float(night[-1].value) if isinstance(night[-1], Reading) else 0.0
    loud = [Reading("dev-1", "electric_energy", total + n + 1, 9 * DAY_S + (6 + n) * 1800 + 2.0) for n in range(10)]
    assert said_as(play(ElectricityUseRule(on, HOME), [*night, *loud], on=on)) == [
        "687601 no_electricity_use over medium r-1: power_much used=0.1 hours=2",
        "774001 no_electricity_use medium r-1: power_much used=0.32 hours=2",
        "799202 no_electricity_use over medium r-1: night_over",
    ]
