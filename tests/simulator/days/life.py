"""An ordinary day: sleep, meals, the way to the toilet, pulse and breath, and all that sensors get wrong on the way.

Times are seconds since local midnight of the first day.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.residents import FallRisk, Subject, SubjectKind
from drivers.base import Link, LinkState
from drivers.reading import Quality, Reading
from tests.simulator.days.home import CAMERAS, CORRIDORS, HOUR, MEALS, Home, Person

DAY = 24 * HOUR
NIGHT_EVERY_S, DAY_EVERY_S = 30.0, 60.0  # a band speaks more often while its bearer sleeps
BED_WORD_S, SMOKE_WORD_S, TAG_WORD_S = 120.0, 240.0, 900.0
ARTEFACTS = (6, 10)  # motion artefacts of a night
FALSE_FALLS = (2, 4)  # false candidates of a camera and day
UNWORN = 0.05
AWAY_A_DAY, VISITS_A_DAY, DROPOUTS_A_DAY = 2, 8, 20


@dataclass(frozen=True, slots=True)
class Plan:
    """When one resident is in bed, in the toilet and at table that day: spans of seconds."""

    in_bed: tuple[tuple[float, float], ...]
    toilet: tuple[tuple[float, float], ...]
    away: tuple[tuple[float, float], ...]  # dining and hall


def ordinary(home: Home, day: int) -> list[Event]:
    """Everything that sensors say on day `day`, in order of time."""
    events: list[Event] = []
    house, start = random.Random(f"{home.seed}-{day}-routine"), day * DAY
    away = out_on(home, day)
    gaps = _gaps(home, house)
    for person in home.people:
        dice = random.Random(f"{home.seed}-{day}-{person.id}")
        plan = _plan(person, dice)
        own = [*_bed(person, plan, start, dice), *_band(person, plan, start, dice), *_others(person, plan, start, dice)]
        room = list(_room(person, plan, start, dice))
        if person.id in away:
            begin, end = start + dice.uniform(9, 10) * HOUR, start + dice.uniform(14.5, 16.5) * HOUR
            own = [event for event in own if not begin <= event.at < end]
            room = [event for event in room if not begin <= event.at < end]
            own += [
                Reading(f"bed-{person.id}", "bed_occupied", False, at)
                for at in map(float, np.arange(begin, end, BED_WORD_S))
            ]
            own += [Act("out", about(person), begin, "panel:li"), Act("back", about(person), end, "panel:li")]
        gap = gaps.get(person.id)
        events += [event for event in own if gap is None or not start + gap[0] <= event.at < start + gap[1]]
        events += room
    events += _visits(home, house, start)
    events += _house(home, day)
    return sorted(events, key=lambda event: event.at)


def out_on(home: Home, day: int) -> set[str]:
    """Who is away with the family on day `day`."""
    dice = random.Random(f"{home.seed}-{day}-out")
    return {one.id for one in dice.sample([p for p in home.people if p.resident.mobile], AWAY_A_DAY)}


def _gaps(home: Home, dice: random.Random) -> dict[str, tuple[float, float]]:
    """Whose devices drop out, and when: seconds to twenty minutes."""
    gaps = {}
    for person in dice.sample(home.people, DROPOUTS_A_DAY):
        begin = dice.uniform(0, DAY - 1300)
        gaps[person.id] = (begin, begin + dice.lognormvariate(4.5, 1.2) % 1200)
    return gaps


def _visits(home: Home, dice: random.Random, start: float) -> Iterator[Event]:
    """Visitors sit in some rooms in the afternoon; one leaves the door of the toilet open."""
    for person in dice.sample(home.people, VISITS_A_DAY):
        room, at = person.resident.room, dice.uniform(13, 16) * HOUR
        end = at + dice.uniform(1800, 5400)
        if dice.random() < 0.3:
            yield Reading(f"door-wc-{room}", "opening", True, start + at + 60)
        while (at := at + dice.expovariate(1 / 60)) < end:
            yield Reading(f"motion-{room}", "motion", True, start + at)


def _plan(person: Person, dice: random.Random) -> Plan:
    if not person.resident.mobile:
        return Plan(((0.0, DAY),), (), ())
    wake, sleep = dice.gauss(6.4 * HOUR, 900), dice.gauss(21.2 * HOUR, 1500)
    nights = sorted(dice.sample(range(600, int(min(wake, 6 * HOUR)) - 2000, 1500), dice.randint(2, 4)))
    begins = [at + dice.uniform(0, 900) for at in nights]
    exits = [(at, at + dice.uniform(200, 520)) for at in begins]
    beds, begin = [], 0.0
    for out, back in exits:
        beds.append((begin, out))
        begin = back
    beds.append((begin, wake))
    if dice.random() < 0.5:
        nap = dice.uniform(12.8, 13.5) * HOUR
        beds.append((nap, nap + dice.uniform(1800, 4500)))
    beds.append((sleep, DAY))
    meals = [(meal + dice.uniform(0, 300), meal + dice.uniform(1500, 2700)) for meal in MEALS]
    day_toilet = [
        (at, at + dice.uniform(180, 540)) for at in (dice.uniform(8, 11) * HOUR, dice.uniform(14.6, 16.5) * HOUR)
    ]
    toilet = [(out + 40, back - 40) for out, back in exits] + day_toilet
    return Plan(tuple(beds), tuple(toilet), tuple(meals))


def _inside(spans: tuple[tuple[float, float], ...], at: float) -> bool:
    return any(begin <= at < end for begin, end in spans)


def _bed(person: Person, plan: Plan, start: float, dice: random.Random) -> Iterator[Event]:
    """The bed sensor: each change, a word now and then, and a flicker at times; some edges and sitting up."""
    device = f"bed-{person.id}"
    for at in np.arange(dice.uniform(0, BED_WORD_S), DAY, BED_WORD_S):
        yield Reading(device, "bed_occupied", _inside(plan.in_bed, float(at)), start + float(at))
    for begin, end in plan.in_bed:
        if begin > 0:
            yield Reading(device, "bed_occupied", True, start + begin)
        if end < DAY:
            if person.resident.fall_risk is FallRisk.HIGH and dice.random() < 0.5:
                yield Reading(device, "sitting_up", True, start + end - 30)
                yield Reading(device, "sitting_up", False, start + end - 1)
            yield Reading(device, "bed_occupied", False, start + end)
    if dice.random() < 0.3:  # the sensor flickers while somebody turns
        at = dice.uniform(1, 5) * HOUR
        if _inside(plan.in_bed, at - 5) and _inside(plan.in_bed, at + 20):
            yield Reading(device, "bed_occupied", False, start + at)
            yield Reading(device, "bed_occupied", True, start + at + dice.uniform(1, 8))


def _band(person: Person, plan: Plan, start: float, dice: random.Random) -> Iterator[Event]:
    """Pulse, oxygen and breath: a daily course, slow noise, artefacts of motion, times unworn, a dropout."""
    device, asleep = f"band-{person.id}", plan.in_bed
    noise = np.random.default_rng(dice.getrandbits(32))
    spans = ((0.0, 6.0, NIGHT_EVERY_S), (6.0, 21.0, DAY_EVERY_S), (21.0, 24.0, NIGHT_EVERY_S))
    times = np.concatenate([np.arange(a * HOUR, b * HOUR, every) for a, b, every in spans]) + dice.uniform(0, 20)
    rest = np.array([_inside(asleep, float(at)) for at in times])
    slow = np.convolve(noise.normal(0, 1, len(times) + 39), np.ones(40) / 40, "valid") * 6
    pulse = person.heart_rate + np.where(rest, -7, 6) + slow + noise.normal(0, 1.2, len(times))
    pulse = np.clip(pulse, 43, 112)
    oxygen = np.clip(person.spo2 + np.where(rest, -0.6, 0) + slow / 12 + noise.normal(0, 0.5, len(times)), 84.0, 99)
    breath = np.clip(person.breathing + np.where(rest, -1.0, 1.0) + slow / 6 + noise.normal(0, 0.6, len(times)), 9, 25)
    dips = [_dip(dice) for _ in range(dice.randint(*ARTEFACTS))]
    begins = (dice.uniform(8, 12), dice.uniform(14, 19), dice.uniform(2, 3))
    unworn = [(at * HOUR, at * HOUR + UNWORN * DAY / 3) for at in begins]
    dropout = dice.uniform(0, DAY)
    gone = [*unworn, (dropout, dropout + dice.uniform(20, 1200))]
    for begin, end in unworn:
        yield Reading(device, "worn", False, start + begin)
        yield Reading(device, "worn", True, start + end)
    for at, hr, ox, rr, resting in zip(times, pulse, oxygen, breath, rest, strict=True):
        when = float(at)
        if when >= DAY or any(a <= when < b for a, b in gone):
            continue
        quality, value = Quality.GOOD, float(round(float(ox)))
        for begin, length, low, trusted in dips:
            if begin <= when < begin + length:
                value, quality = low, Quality.GOOD if trusted else Quality.UNCERTAIN
        yield Reading(device, "heart_rate", round(float(hr)), start + when, quality)
        yield Reading(device, "spo2", value, start + when, quality)
        if resting:
            yield Reading(f"bed-{person.id}", "respiratory_rate", round(float(rr)), start + when + 0.5)
    yield Reading(device, "battery", 90 - (int(start // DAY) * 17 + hash_of(person.id)) % 55, start + 3 * HOUR)


def _dip(dice: random.Random) -> tuple[float, float, float, bool]:
    """One motion artefact of the night: when, how long, how low, and whether the band trusts it."""
    at = dice.uniform(21 * HOUR, 30 * HOUR) % DAY
    return at, dice.uniform(5, 90), float(dice.randint(70, 88)), dice.random() < 0.25


def _room(person: Person, plan: Plan, start: float, dice: random.Random) -> Iterator[Event]:
    """Motion in the room and the toilet, and its door."""
    room = person.resident.room
    at = 6 * HOUR
    while (at := at + dice.expovariate(1 / 420)) < 21 * HOUR:
        if not _inside(plan.away, at) and not _inside(plan.toilet, at):
            yield Reading(f"motion-{room}", "motion", True, start + at)
            yield Reading(f"motion-{room}", "motion", False, start + at + 20)
    for begin, end in plan.toilet:
        door, motion = f"door-wc-{room}", f"motion-wc-{room}"
        yield Reading(f"motion-{room}", "motion", True, start + begin - 20)
        yield Reading(door, "opening", True, start + begin - 5)
        yield Reading(motion, "motion", True, start + begin)
        yield Reading(door, "opening", False, start + begin + 4)
        moves = begin
        while (moves := moves + dice.uniform(20, 120)) < end - 5:
            yield Reading(motion, "motion", True, start + moves)
        yield Reading(motion, "motion", True, start + end - 2)
        yield Reading(door, "opening", True, start + end)
        yield Reading(door, "opening", False, start + end + 6)


def _others(person: Person, plan: Plan, start: float, dice: random.Random) -> Iterator[Event]:
    """Tags, belts, pumps, meters, the button's check signal."""
    for at in np.arange(hash_of(person.id) % 14_400, DAY, 14_400.0):
        yield Reading(f"button-{person.id}", "battery", 80, start + float(at))
    if person.belt:
        for at in np.arange(dice.uniform(0, 600), DAY, 600.0):
            yield Reading(f"belt-{person.id}", "battery", 75, start + float(at))
    if person.resident.wander_risk:
        spots = [(float(at), person.resident.room) for at in np.arange(dice.uniform(0, 300), DAY, TAG_WORD_S)]
        for begin, _ in plan.away:
            spots += [(begin - 60, dice.choice(CORRIDORS)), (begin, "dining")]
        for at, place in sorted(spots):
            yield Reading(f"tag-{person.id}", "seen_at", place, start + at)
    if person.resident.turning_min:
        yield from _turns(person, start, dice)
    if person.resident.lives_alone:
        yield from _meters(person, start, dice)


def _turns(person: Person, start: float, dice: random.Random) -> Iterator[Event]:
    """Turned each two hours, sometimes late; the mattress pump says that it is well."""
    for turn in range(12):
        late = dice.uniform(0, 600) if dice.random() < 0.9 else dice.uniform(600, 800)
        at = turn * 2 * HOUR + 300 + late
        yield Act("turned", about(person), start + at, "carer")
    for at in np.arange(0, DAY, 1800.0):
        yield Reading(f"pump-{person.id}", "pump_fault", False, start + float(at))


def _meters(person: Person, start: float, dice: random.Random) -> Iterator[Event]:
    for hour in range(24):
        at = start + hour * HOUR + 60
        power = energy_at(at) + (0.02 * dice.random() if 6 <= hour <= 21 else 0.0)
        yield Reading(f"water-{person.id}", "water_volume", round(water_at(at) + 0.0001 * dice.random(), 4), at)
        yield Reading(f"power-{person.id}", "electric_energy", round(power, 3), at + 1)


def water_at(at: float) -> float:
    """What a water meter shows, in cubic metres: 120 litres a day, from six to nine in the evening."""
    return 10 + 0.12 * (at // DAY + _awake(at))


def energy_at(at: float) -> float:
    """What an electricity meter shows, in kWh: three a day, most of it from six to nine in the evening."""
    return 100 + 3.0 * (0.15 * at / DAY + 0.85 * (at // DAY + _awake(at)))


def _awake(at: float) -> float:
    """How much of the waking day is over."""
    return max(0.0, min(1.0, ((at % DAY) / HOUR - 6) / 15))


def _house(home: Home, day: int) -> Iterator[Event]:
    """What belongs to nobody: detectors, cameras, staff tags."""
    dice, start = random.Random(f"{home.seed}-{day}-house"), day * DAY
    yield from _detectors(home, start, dice)
    for camera in CAMERAS:
        yield from (Observation(camera, "nobody_in_view", start + float(at)) for at in np.arange(1, DAY, 8.0))
        for _ in range(dice.randint(*FALSE_FALLS)):
            yield from _false_fall(camera, start + dice.uniform(0, 24) * HOUR, dice)
    forgotten, room = dice.choice(home.carers), dice.choice(home.people).resident.room
    for carer in home.carers:
        for at in np.arange(dice.uniform(0, 600), DAY, 1200.0):
            place = room if carer == forgotten else dice.choice(CORRIDORS)
            yield Reading(f"tag-{carer}", "seen_at", place, start + float(at))


def _detectors(home: Home, start: float, dice: random.Random) -> Iterator[Event]:
    """Check signals of all that hangs on a wall."""
    rooms = sorted({person.resident.room for person in home.people})
    named = {"gas-kitchen": "gas", "arc-main": "arc_fault"}
    for n, device in enumerate([*(f"smoke-{room}" for room in rooms), *named]):
        for at in np.arange(n * 1.3, DAY, SMOKE_WORD_S):
            yield Reading(device, named.get(device, "smoke"), False, start + float(at))
    for device, quantity in (("water-hall", "moisture"), ("staff-button", "battery_low")):
        for at in np.arange(0, DAY, 1800.0):
            yield Reading(device, quantity, False, start + float(at))
    for room in rooms:
        for device in (f"reader-{room}", f"motion-{room}", f"door-wc-{room}", f"motion-wc-{room}"):
            yield from (Link(device, LinkState.CONNECTED, start + float(at)) for at in np.arange(7, DAY, 1800.0))
    for at in np.arange(0, DAY, 900.0):
        yield Reading("outlet-dining", "water_temperature", round(38 + dice.uniform(-1, 2), 1), start + float(at))
    for at in np.arange(0, DAY, 300.0):
        yield Reading("noise-hall", "sound_level", round(dice.uniform(35, 60)), start + float(at))


def _false_fall(camera: str, at: float, dice: random.Random) -> Iterator[Event]:
    """Somebody bends, a curtain moves: seven of ten are seen upright again at once."""
    yield Observation(camera, "fall", at, score=round(dice.uniform(0.2, 0.8), 2))
    if dice.random() < 0.7:
        yield Observation(camera, "recovered", at + dice.uniform(2, 8))


def about(person: Person) -> Subject:
    """The person as a subject."""
    return Subject(SubjectKind.RESIDENT, person.id, person.resident.room)


def hash_of(text: str) -> int:
    """A number that is the same in every run."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))
