"""Electricity of people who live alone: a reading each half-hour, kWh, on days that are made for each limit."""

from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import DAY_S, Moment
from agent.residents import Site
from agent.rules.electricity_use import ElectricityUseRule
from agent.rules.settings import RuleSettings
from drivers.reading import Quality, Reading
from tests.rules.alone import HOME, R1, back, site, told
from tests.rules.ward import MIDNIGHT, H, ground, live, play, said_as


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


def power(
    events: list[Event], on: Site | None = None, limits: tuple[tuple[str, float], ...] = ()
) -> list[tuple[float, str, bool]]:
    g = ground(on or site(), RuleSettings().overridden(limits))
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
    morning = 8 * DAY_S + 5 * H
    events = [one for one in little(0.19) if not morning < one.at < morning + 2.4 * H]
    assert power(events)[1:] == []
    one_word_of_an_hourly_meter = [one for one in little(0.19) if not morning < one.at < morning + 1.9 * H]
    assert len(power(one_word_of_an_hourly_meter)[1:]) == 1


def test_noon_is_after_the_morning_and_what_is_used_then_adds_up() -> None:
    events = [replace(one, at=one.at - 1.0) for one in little(0.19) if isinstance(one, Reading)]
    end = float(events[-1].value)
    noon = 8 * DAY_S + 12 * H
    later = [Reading("dev-1", "electric_energy", end + 0.007 * n, noon + 1800 * n) for n in (1, 2)]
    events[-1] = replace(events[-1], value=end + 0.0001)
    on = ground(site())
    assert said_as(live(ElectricityUseRule(on, HOME), [*events, *later], on=on))[1:] == [
        "734400 no_electricity_use medium r-1: power_little used=0.247 usual=1.3",
        "738000 no_electricity_use over medium r-1: power_little used=0.247 usual=1.3",
    ]


def test_as_many_days_are_remembered_as_are_asked_for() -> None:
    assert len(power(little(0.19), limits=(("utilities.days", 7),))[1:]) == 1


@pytest.mark.parametrize(("less", "raised"), [(0.0, 0), (2.0**-20, 1)])
def test_just_the_share_of_the_usual_is_enough(less: float, raised: int) -> None:
    events, total = list[Event](), 0.0
    for half in range(8 * 48 + 25):
        total += 0.0 if half == 8 * 48 + 24 else 2.0**-4 if half < 8 * 48 else 2.0**-5 - less
        events.append(Reading("dev-1", "electric_energy", total, half * 1800 + 1.0))
    found = power(events, limits=(("utilities.noon_share", 0.5),))
    assert len([active for _, _, active in found if active]) == raised


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


def test_the_night_begins_with_the_reading_at_nine() -> None:
    events = [replace(one, at=one.at - 1.0) for one in night_load(3.2, known=7) if isinstance(one, Reading)]
    nine = 7 * DAY_S + 21 * H
    gap = [one for one in events if not nine - 2.9 * H < one.at < nine]  # of this night: the one before is whole
    assert [one for one in power([*gap]) if one[2]] == [(nine + 2 * H, "no_electricity_use", True)]
    mild = [replace(one, at=one.at - 1.0) for one in night_load(2.9) if isinstance(one, Reading)]
    assert [one for one in power([*mild]) if one[2]] == []  # what was used up to nine is not of these two hours


def test_after_midnight_it_is_still_the_same_night() -> None:
    events = [replace(one, at=one.at - 2.0) for one in night_load(4.0) if isinstance(one, Reading)]
    found = power([*events], limits=(("utilities.night_for_h", 4.0),))
    assert [when for when, _, active in found if active] == [9 * DAY_S + 1.5 * H - 1]


@pytest.mark.parametrize(
    ("usual", "load", "raised"), [(2.0**-5, 2.0**-4, 0), (2.0**-5, 2.0**-4 + 2.0**-10, 1), (0.0, 2.0**-4, 0)]
)
def test_just_as_many_times_the_usual_and_a_usual_of_nothing_are_no_alarm(
    usual: float, load: float, raised: int
) -> None:
    events, total = list[Event](), 0.0
    for half in range(8 * 48, 17 * 48 + 8):
        total += load if half >= 16 * 48 + 42 else usual if half % 48 < 12 or half % 48 >= 42 else 0.125
        events.append(Reading("dev-1", "electric_energy", total, (half - 8 * 48) * 1800 + 1.0))
    found = power(events, limits=(("utilities.night_times", 2.0), ("utilities.night_for_h", 4.5)))
    assert len([active for _, _, active in found if active]) == raised


def test_it_may_begin_in_the_afternoon() -> None:
    events = [one for one in little(0.19) if one.at > 13 * H]
    assert [one for one in power(events) if one[2]] == [(8 * DAY_S + 12 * H + 1, "no_electricity_use", True)]


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
    on = ground(site())
    home_again = back(8 * DAY_S + 23.2 * H)
    heard = [one for one in night if one.at < home_again.at]
    assert said_as(play(ElectricityUseRule(on, HOME), [*heard, home_again], on=on))[1:] == [
        "774001 no_electricity_use medium r-1: power_much used=0.32 hours=2",
        "774720 no_electricity_use over medium r-1: is_back by=s-1",
    ]
