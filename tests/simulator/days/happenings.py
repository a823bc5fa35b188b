"""What happens by script: each with the alarm that must come of it, and when; and what must not alarm at all."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.rules.finding import Priority
from drivers.reading import Reading
from tests.simulator.days.home import HOUR, Person
from tests.simulator.days.life import DAY, about, energy_at, water_at

MIN = 60.0
LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH


@dataclass(frozen=True, slots=True)
class Mute:
    """The ordinary words of `device` about `quantity` (empty: all) between two times are not said."""

    device: str
    quantity: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Happening:
    """`events` replace what `mutes` takes away. One of `kinds` about one of `who` must be raised within `within_s` of
    `at`, at least as `priority`; `none`: it must not be raised until then. Alarms of `also` about them are true too."""

    name: str
    at: float
    kinds: tuple[str, ...]
    who: tuple[str, ...]
    within_s: float
    priority: Priority
    events: tuple[Event, ...]
    mutes: tuple[Mute, ...] = ()
    none: bool = False
    lasts_s: float = field(default=1800.0)  # alarms of its kinds about them belong to it for so long
    also: tuple[str, ...] = ()


Play = Callable[[Person, float, random.Random], Happening]


def _device_of(person: Person, what: str) -> str:
    place = what in ("smoke", "motion", "motion-wc", "door-wc", "reader")
    return f"{what}-{person.resident.room if place else person.id}"


def once(name: str, kind: str, what: str, quantity: str, value: bool | str, device: str = "", within_s: float = 1.0,
          priority: Priority = HIGH, whose: str = "") -> Play:  # fmt: skip
    """One word of one device, and its alarm at once."""

    def play(person: Person, at: float, _: random.Random) -> Happening:
        named = device or _device_of(person, what)
        who = (whose,) if whose else (person.id, person.resident.room, named)
        events = [Reading(named, quantity, value, at)]
        if isinstance(value, bool):
            events.append(Reading(named, quantity, not value, at + 40))
        return Happening(
            name, at, (kind,), who, within_s, priority, tuple(events), (Mute(named, quantity, at, at + 60),)
        )

    return play


def level(
    name: str, kind: str, what: str, quantity: str, value: float, lasts_s: float, within_s: float,
    priority: Priority = HIGH, every: float = 30.0, ramp: Iterable[float] = (), device: str = "",
) -> Play:  # fmt: skip
    """A quantity comes to a level by `ramp` and stays there."""

    def play(person: Person, at: float, _: random.Random) -> Happening:
        named = device or _device_of(person, what)
        steps = [*ramp, *[value] * int(lasts_s // every)]
        events = [Reading(named, quantity, step, at + n * every) for n, step in enumerate(steps)]
        if what == "band":
            events.insert(0, Reading(named, "worn", True, at - 1))
        begins = at + every * len(list(ramp))
        mute = Mute(named, quantity, at - 1, at + every * len(steps))
        worn = Mute(named, "worn", at - 1, at + every * len(steps))
        who = (person.id, person.resident.room, named, "dining", "hall")
        return Happening(
            name, begins, (kind,), who, within_s, priority, tuple(events), (mute, worn), lasts_s=lasts_s + 900
        )

    return play


def belt_fall(name: str, recovers: float = 0.0, pressed: float = 0.0, from_bed: bool = False) -> Play:
    def play(person: Person, at: float, _: random.Random) -> Happening:
        events: list[Event] = [Reading(f"belt-{person.id}", "body_fall", "fall", at)]
        if from_bed:
            events.insert(0, Reading(f"bed-{person.id}", "bed_occupied", False, at - 3))
        if pressed:
            events.append(Reading(f"button-{person.id}", "button", "press", at + pressed))
        if recovers:
            events.append(Reading(f"belt-{person.id}", "body_fall", "recovered", at + recovers))
        within, priority = (1.0, MEDIUM) if recovers else (pressed + 1, HIGH) if pressed else (16.0, HIGH)
        return Happening(name, at, ("fall",), (person.id, person.resident.room), within, priority, tuple(events))

    return play


def camera_fall(name: str, score: float, lies: bool = True) -> Play:
    def play(_: Person, at: float, dice: random.Random) -> Happening:
        camera, place = dice.choice((("cam-east", "east"), ("cam-west", "west"), ("cam-hall", "hall")))
        events: list[Event] = [Observation(camera, "fall", at, score=score)]
        if lies:
            events += [
                Observation(camera, "low_on_floor", at + 6, score=0.9),
                Observation(camera, "recovered", at + 900),
            ]
        mutes = (Mute(camera, "recovered", at - 30, at + 890), Mute(camera, "fall", at - 120, at + 890))
        return Happening(name, at, ("fall", "long_lie"), (place,), 26.0, HIGH, tuple(events), mutes)

    return play


def silent(name: str, what: str, lasts_s: float, within_s: float, priority: Priority) -> Play:
    def play(person: Person, at: float, _: random.Random) -> Happening:
        named = _device_of(person, what)
        mute = Mute(named, "", at, at + lasts_s)
        return Happening(name, at, ("device_silent",), (named,), within_s, priority, (), (mute,), lasts_s=lasts_s + 900)

    return play


def not_back(person: Person, at: float, _: random.Random) -> Happening:
    bed = f"bed-{person.id}"
    events = (Reading(bed, "bed_occupied", True, at - 60), Reading(bed, "bed_occupied", False, at))
    mute = Mute(bed, "", at - 120, at + 2400)
    return Happening(
        "not back in bed", at, ("not_back_in_bed",), (person.id,), 901.0, MEDIUM, events, (mute,), lasts_s=3600
    )


def toilet(person: Person, at: float, _: random.Random) -> Happening:
    room = person.resident.room
    door, motion = f"door-wc-{room}", f"motion-wc-{room}"
    events = [
        Reading(door, "opening", True, at - 4),
        Reading(motion, "motion", True, at),
        Reading(door, "opening", False, at + 4),
        *(Reading(motion, "motion", True, at + n * 300.0) for n in range(1, 7)),
        Reading(door, "opening", True, at + 2000),
    ]
    mutes = tuple(Mute(device, "", at - 900, at + 2400) for device in (door, motion, f"bed-{person.id}"))
    who = (person.id, f"wc-{room}", room)
    return Happening(
        "long in the toilet", at, ("toilet_stay",), who, 1201.0, MEDIUM, tuple(events), mutes, lasts_s=3600
    )


def at_exit(escorted: bool) -> Play:
    def play(person: Person, at: float, dice: random.Random) -> Happening:
        gate = dice.choice(("gate", "back-door"))
        events: list[Event] = [Reading(f"tag-{person.id}", "seen_at", gate, at)]
        if escorted:
            events.append(Reading("tag-carer-2", "seen_at", gate, at + 1))
            events.append(Reading("tag-carer-2", "seen_at", "hall", at + 200))
        events.append(Reading(f"tag-{person.id}", "seen_at", "hall", at + 240))
        mute = Mute(f"tag-{person.id}", "", at - 60, at + 300)
        name = "at the exit with escort" if escorted else "at the exit alone"
        within = 240.0 if escorted else 3.0
        return Happening(name, at, ("exit_zone",), (person.id,), within, HIGH, tuple(events), (mute,), none=escorted)

    return play


def pacing(person: Person, at: float, _: random.Random) -> Happening:
    tag = f"tag-{person.id}"
    events = tuple(Reading(tag, "seen_at", ("east", "west")[n % 2], at + 60.0 * n) for n in range(25))
    mute = Mute(tag, "", at - 60, at + 1600)
    return Happening(
        "up and down the corridor", at, ("wandering",), (person.id,), 301.0, LOW, events, (mute,), lasts_s=3000
    )


def unturned(person: Person, at: float, _: random.Random) -> Happening:
    turned = Act("turned", about(person), at - 60, "carer")
    mute = Mute(person.id, "turned", at - 600, at + 4 * HOUR)
    return Happening(
        "nobody turns them", at, ("turning_due",), (person.id,), 135 * MIN, MEDIUM, (turned,), (mute,), lasts_s=5 * HOUR
    )


def still_room(person: Person, at: float, _: random.Random) -> Happening:
    room = person.resident.room
    names = (f"motion-{room}", f"motion-wc-{room}", f"door-wc-{room}", f"tag-{person.id}", f"button-{person.id}")
    bed = (Reading(f"bed-{person.id}", "bed_occupied", False, at - 5),)
    mutes = (
        *(Mute(name, "", at, at + 5 * HOUR) for name in names),
        Mute(f"bed-{person.id}", "bed_occupied", at - 10, at + 5 * HOUR),
    )
    events: tuple[Event, ...] = (
        *bed,
        *(Reading(f"bed-{person.id}", "bed_occupied", False, at + n * 120.0) for n in range(150)),
    )
    return Happening(
        "nothing moves", at, ("inactivity",), (person.id, room), 4 * HOUR + 30, MEDIUM, events, mutes, lasts_s=6 * HOUR
    )


def rail(person: Person, at: float, _: random.Random) -> Happening:
    bed = f"bed-{person.id}"
    events = (
        Reading(bed, "bed_occupied", False, at - 20),
        Reading(bed, "bed_occupied", True, at - 10),
        Reading(bed, "bed_rail_up", False, at),
        *(Reading(bed, "bed_occupied", True, at + 60.0 * n) for n in range(1, 10)),
        Reading(bed, "bed_rail_up", True, at + 600),
    )
    mutes = (Mute(bed, "bed_occupied", at - 30, at + 600), Mute(bed, "sitting_up", at - 30, at + 600))
    return Happening("rail down", at, ("bed_rail",), (person.id,), 61.0, MEDIUM, events, mutes)


def dry(out: bool) -> Play:
    def play(person: Person, at: float, _: random.Random) -> Happening:
        meter, level = f"water-{person.id}", round(water_at(at), 4)
        events: list[Event] = [Reading(meter, "water_volume", level, at + n * HOUR) for n in range(14)]
        mutes = [Mute(device, "", at - 1, at + 14 * HOUR) for device in (meter, person.id)]
        if out:
            bed = f"bed-{person.id}"
            events += [Reading(bed, "bed_occupied", False, at + 1 + n * 120.0) for n in range(14 * 30)]
            events += [
                Act("out", about(person), at, "panel:li"),
                Act("back", about(person), at + 14 * HOUR, "panel:li"),
            ]
            mutes.append(Mute(bed, "", at - 1, at + 14 * HOUR))
        name = "no water used while out" if out else "no water used"
        return Happening(
            name, at, ("no_water_use",), (person.id,), 13 * HOUR + 120, LOW, tuple(events), tuple(mutes), out, 16 * HOUR
        )

    return play


def no_power(person: Person, at: float, _: random.Random) -> Happening:
    """The kettle stays cold: from before dawn the electricity meter stands, and at noon that is known."""
    meter, level = f"power-{person.id}", round(energy_at(at), 3)
    events = tuple(Reading(meter, "electric_energy", level, at + n * HOUR) for n in range(9))
    noon_s = DAY / 2 - at % DAY
    return Happening(
        "no electricity used", at, ("no_electricity_use",), (person.id,), noon_s + HOUR + 60, LOW, events,
        (Mute(meter, "", at - 1, at + 8 * HOUR + 1),), lasts_s=14 * HOUR,
    )  # fmt: skip


def unworn(person: Person, at: float, _: random.Random) -> Happening:
    band = f"band-{person.id}"
    events = (Reading(band, "worn", False, at), Reading(band, "worn", True, at + 3000))
    mute = Mute(band, "", at - 1, at + 3001)
    return Happening("band not worn", at, ("not_worn",), (band, person.id), 1801.0, LOW, events, (mute,), lasts_s=4000)


def request(person: Person, at: float, _: random.Random) -> Happening:
    events = (Reading(f"button-{person.id}", "service", "water", at),)
    return Happening("wants a drink", at, ("sos",), (person.id,), 300.0, LOW, events, none=True)


def dark(_: Person, at: float, dice: random.Random) -> Happening:
    camera = dice.choice(("cam-east", "cam-hall"))
    events = (Observation(camera, "picture_dark", at), Observation(camera, "picture_dark", at + 900, value=False))
    return Happening("camera in the dark", at, ("camera_blind",), (camera,), 120.0, LOW, events)


def gets_up(person: Person, at: float, _: random.Random) -> Happening:
    bed = f"bed-{person.id}"
    events = (
        Reading(bed, "bed_occupied", False, at - 300),
        Reading(bed, "bed_occupied", True, at - 200),
        Reading(bed, "edge_of_bed", True, at),
        Reading(bed, "bed_occupied", False, at + 20),
        Reading(bed, "bed_occupied", True, at + 500),
    )
    mutes = (Mute(bed, "bed_occupied", at - 400, at + 520), Mute(bed, "sitting_up", at - 400, at + 520))
    return Happening("gets up at night", at, ("bed_exit",), (person.id,), 81.0, HIGH, events, mutes)


def apnoea(person: Person, at: float, _: random.Random) -> Happening:
    bed = f"bed-{person.id}"
    events = (
        Reading(bed, "bed_occupied", True, at - 1),
        *(Reading(bed, "apnoea", True, at + n * 5.0) for n in range(10)),
        Reading(bed, "apnoea", False, at + 60),
    )
    mutes = tuple(Mute(bed, quantity, at - 2, at + 70) for quantity in ("bed_occupied", "respiratory_rate"))
    return Happening("stops breathing", at, ("apnoea",), (person.id,), 41.0, HIGH, events, mutes)


def sepsis(person: Person, at: float, _: random.Random) -> Happening:
    """Fast pulse, little oxygen for ten minutes; then a round measures fever, low pressure and fast breath."""
    band = f"band-{person.id}"
    told = {"heart_rate": 124.0, "spo2": 93.0}
    measured = {"body_temperature": 39.3, "systolic": 98.0, "respiratory_rate": 24.0}
    subject = about(person)
    events: list[Event] = [Reading(band, "worn", True, at - 601)]
    events += [Reading(band, name, value, at - 600 + 30.0 * n) for n in range(26) for name, value in told.items()]
    events += [Act("consciousness", subject, at, "carer", "A"), Act("oxygen", subject, at, "carer", False)]
    events += [Reading(band, name, value, at + 1 + n) for n, (name, value) in enumerate(measured.items())]
    muted = [(band, "worn"), *((device, name) for device in (band, f"bed-{person.id}") for name in (*told, *measured))]
    mutes = tuple(Mute(*one, at - 602, at + 200) for one in muted)
    also = ("temperature_high", "systolic_low", "heart_rate_high", "spo2_low", "respiratory_rate_high")
    return Happening(
        "falls ill", at, ("news2",), (person.id,), 60.0, HIGH, tuple(events), mutes, lasts_s=3600, also=also
    )


def noise(_: Person, at: float, __: random.Random) -> Happening:
    events = tuple(Reading("noise-hall", "sound_level", 82.0, at + n * 2.0) for n in range(15))
    return Happening("shouts at night", at, ("noise",), ("hall",), 15.0, MEDIUM, events)
