"""Which happening befalls whom, at which hours, and which of them come on which day."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from agent.residents import FallRisk
from agent.rules.finding import Priority
from tests.simulator.days.happenings import (
    Happening,
    Play,
    apnoea,
    at_exit,
    belt_fall,
    camera_fall,
    dark,
    dry,
    gets_up,
    level,
    no_power,
    noise,
    not_back,
    once,
    pacing,
    rail,
    request,
    sepsis,
    silent,
    still_room,
    toilet,
    unturned,
    unworn,
)
from tests.simulator.days.home import HOUR, Home, Person
from tests.simulator.days.life import DAY, out_on

LOW, MEDIUM = Priority.LOW, Priority.MEDIUM
Choose = Callable[[Home], list[Person]]


@dataclass(frozen=True, slots=True)
class Script:
    """A happening that can befall some, at some hours of the day (local); not before `first_day`."""

    choose: Choose
    hours: tuple[float, float]
    play: Play
    first_day: int = 0


def _everybody(home: Home) -> list[Person]:
    return list(home.people)


def _usual_oxygen(home: Home) -> list[Person]:
    return [one for one in home.people if not one.resident.spo2_scale_2]


def _mobile(home: Home) -> list[Person]:
    return [one for one in home.people if one.resident.mobile and not one.resident.lives_alone]


def _steady(home: Home) -> list[Person]:
    return [one for one in _mobile(home) if one.resident.fall_risk is FallRisk.NORMAL]


def _alone(home: Home) -> list[Person]:
    """Mobile, at normal risk, in a room of their own."""
    return [one for one in _steady(home) if len(home.site.living_in(one.resident.room)) == 1]


def _frail(home: Home) -> list[Person]:
    return [one for one in _mobile(home) if one.resident.fall_risk is FallRisk.HIGH]


def _belted(home: Home) -> list[Person]:
    return [one for one in home.people if one.belt]


def _wanderers(home: Home) -> list[Person]:
    return [one for one in home.people if one.resident.wander_risk]


def _turned(home: Home) -> list[Person]:
    return [one for one in home.people if one.resident.turning_min]


def _metered(home: Home) -> list[Person]:
    return [one for one in home.people if one.resident.lives_alone]


NIGHT, DAYTIME, ANY, EVENING = (22.5, 29.0), (8.5, 18.0), (0.5, 23.5), (21.5, 27.0)
SCRIPTS: tuple[Script, ...] = (
    Script(_everybody, ANY, once("button", "sos", "button", "button", "press")),
    Script(
        _everybody, ANY, once("staff button", "staff_call", "", "button", "press", "staff-button", whose="staff-button")
    ),
    Script(_everybody, ANY, once("smoke", "smoke", "smoke", "smoke", True)),
    Script(_everybody, DAYTIME, once("gas", "gas", "", "gas", True, "gas-kitchen", whose="dining")),
    Script(_everybody, ANY, once("arc fault", "arc_fault", "", "arc_fault", True, "arc-main", whose="hall")),
    Script(_everybody, ANY, once("water leak", "water_leak", "", "moisture", True, "water-hall", 15.0, MEDIUM, "hall")),
    Script(_belted, DAYTIME, belt_fall("belt: fall")),
    Script(_belted, DAYTIME, belt_fall("belt: near fall", recovers=8)),
    Script(_belted, ANY, belt_fall("belt and button", pressed=6)),
    Script(_belted, EVENING, belt_fall("out of bed", from_bed=True)),
    Script(_mobile, DAYTIME, camera_fall("camera: fall", 0.9)),
    Script(_mobile, DAYTIME, camera_fall("camera: doubtful fall", 0.4)),
    Script(
        _usual_oxygen,
        NIGHT,
        level("oxygen falls", "spo2_low", "band", "spo2", 84.0, 480, 120, ramp=(95, 93, 91, 89, 87.5)),
    ),
    Script(
        _usual_oxygen,
        NIGHT,
        level("oxygen low", "spo2_low", "band", "spo2", 90.0, 1200, 300, MEDIUM, ramp=(94, 93, 92)),
    ),
    Script(
        _everybody,
        NIGHT,
        level("racing heart", "heart_rate_high", "band", "heart_rate", 142.0, 600, 120, ramp=(100, 115, 128)),
    ),
    Script(
        _everybody,
        NIGHT,
        level("fast heart", "heart_rate_high", "band", "heart_rate", 118.0, 1200, 420, MEDIUM, ramp=(95, 105)),
    ),
    Script(
        _everybody,
        NIGHT,
        level("slow heart", "heart_rate_low", "band", "heart_rate", 36.0, 600, 120, ramp=(55, 48, 42)),
    ),
    Script(
        _everybody,
        (23.5, 28.0),
        level("breathes fast", "respiratory_rate_high", "bed", "respiratory_rate", 30.0, 900, 240),
    ),
    Script(
        _everybody,
        (23.5, 28.0),
        level("breathes slowly", "respiratory_rate_low", "bed", "respiratory_rate", 7.0, 900, 240),
    ),
    Script(
        _everybody,
        DAYTIME,
        level("scald", "scald", "", "water_temperature", 54.0, 300, 60, every=5.0, device="outlet-dining"),
    ),
    Script(_steady, (23.0, 28.0), not_back),
    Script(_alone, DAYTIME, toilet),
    Script(_wanderers, (6.5, 21.5), at_exit(escorted=False)),
    Script(_wanderers, DAYTIME, at_exit(escorted=True)),
    Script(_wanderers, NIGHT, pacing),
    Script(_turned, ANY, unturned),
    Script(_alone, (8.0, 9.0), still_room),
    Script(_frail, NIGHT, rail),
    Script(_turned, ANY, level("pump fault", "pump_fault", "pump", "pump_fault", True, 600, 60, MEDIUM)),
    Script(_metered, (7.0, 9.0), dry(out=False)),
    Script(_metered, (7.0, 9.0), dry(out=True)),
    Script(_everybody, ANY, silent("dead bed sensor", "bed", 1800, 430, MEDIUM)),
    Script(_everybody, ANY, silent("dead smoke detector", "smoke", 3600, 545, MEDIUM)),
    Script(_steady, DAYTIME, silent("dead band", "band", 5400, 1870, LOW)),
    Script(_everybody, (9.0, 16.0), unworn),
    Script(_everybody, ANY, level("flat battery", "battery_low", "button", "battery", 6.0, 60, 10, LOW)),
    Script(_everybody, DAYTIME, dark),
    Script(_frail, (23.0, 28.0), gets_up),
    Script(_everybody, (23.5, 28.0), apnoea),
    Script(_everybody, DAYTIME, sepsis),
    Script(_metered, (4.0, 5.0), no_power, first_day=9),  # of whole days it takes seven to know what is usual
    Script(_everybody, NIGHT, noise),
    Script(_everybody, ANY, request),
)


def of_day(home: Home, day: int, count: int) -> list[Happening]:
    """`count` happenings of day `day`: the scripts by turns, from a place of the seed's own.

    Each befalls a resident who is at home and has no other that day.
    """
    dice = random.Random(f"{home.seed}-{day}-happenings")
    order = [SCRIPTS[(home.seed * 7 + day * count + n) % len(SCRIPTS)] for n in range(count)]
    taken = out_on(home, day)
    happenings = []
    for script in order:
        free = [one for one in script.choose(home) if one.id not in taken]
        if not free or day < script.first_day:
            continue
        person = dice.choice(free)
        taken |= {one.id for one in home.people if one.resident.room == person.resident.room}
        hour = dice.uniform(*script.hours)
        happenings.append(script.play(person, day * DAY + hour * HOUR, dice))
    return sorted(happenings, key=lambda one: one.at)
