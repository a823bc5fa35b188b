"""The home: sixty residents, their rooms and devices, the staff and their shifts."""

import random
from dataclasses import dataclass

from agent.moment import DailySpan
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, FallRisk, Resident, Site
from agent.staff import Duty, Member, Roster, Shift

RESIDENTS = 60
ROOMS = 40  # twenty of one bed, twenty of two
CAMERAS = ("cam-east", "cam-west", "cam-dining", "cam-hall")
CORRIDORS = ("east", "west")
EXITS = ("gate", "back-door")
MEALS = (7 * 3600.0, 11.5 * 3600.0, 17 * 3600.0)
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Person:
    """What the sensors of a resident are about: their own normal, and what they wear."""

    resident: Resident
    heart_rate: float
    spo2: float
    breathing: float
    belt: bool

    @property
    def id(self) -> str:
        """Pseudonym."""
        return self.resident.id


@dataclass(frozen=True, slots=True)
class Home:
    """Site facts and the people in them."""

    seed: int
    site: Site
    people: tuple[Person, ...]
    carers: tuple[str, ...]


def home(seed: int) -> Home:
    """The home of `seed`."""
    dice = random.Random(seed)
    rooms = [str(201 + n) for n in range(ROOMS)]
    beds = [*rooms, *rooms[:20]]
    people = tuple(_person(n, beds[n], dice) for n in range(RESIDENTS))
    bindings = [one for person in people for one in _worn(person)] + [one for room in rooms for one in _fixed(room)]
    places = [
        *(Place(room, PlaceKind.ROOM, room, "2") for room in rooms),
        *(Place(f"wc-{room}", PlaceKind.TOILET, room, "2") for room in rooms),
        *(Place(name, PlaceKind.CORRIDOR, floor="2") for name in CORRIDORS),
        *(Place(name, PlaceKind.EXIT, floor="2") for name in EXITS),
        Place("dining", PlaceKind.DINING, floor="2"),
        Place("hall", PlaceKind.HALL, floor="2"),
    ]
    carers = tuple(f"carer-{n}" for n in range(1, 9))
    site = Site.of(
        [person.resident for person in people],
        [*bindings, *_common(), *(Binding(f"tag-{carer}", DeviceRole.TAG, staff=carer) for carer in carers)],
        "home",
        "330800",
        places,
        _roster(carers),
        MEALS,
    )
    return Home(seed, site, people, carers)


# What a charge nurse sets for those whose heart beats slowly while they sleep.
SLOW = (("vitals.heart_rate_low.medium.at", 40.0), ("vitals.heart_rate_low.high.at", 36.0))


def _person(number: int, room: str, dice: random.Random) -> Person:
    heart_rate = dice.gauss(67, 6)
    immobile = number % 10 == 9
    high = number % 10 in (0, 3, 6)  # three of ten
    resident = Resident(
        f"r-{number:02d}",
        f"R{number}",
        room,
        bed=str(number),
        fall_risk=FallRisk.HIGH if high else FallRisk.NORMAL,
        wander_risk=number % 7 == 2 and not immobile,
        choking_risk=number % 10 == 4,
        mobile=not immobile,
        lives_alone=number in (28, 35),
        turning_min=120.0 if immobile else 0.0,
        assessed_on="2026-12-01",
        spo2_scale_2=number in (11, 41),
        night=DailySpan(21 * HOUR, 6 * HOUR),
        limits=SLOW if heart_rate < 62 else (),
    )
    return Person(
        resident,
        heart_rate=heart_rate,
        spo2=dice.uniform(89.5, 91.5) if number in (11, 41) else dice.uniform(95.0, 97.5),
        breathing=dice.uniform(14, 18),
        belt=high and number % 20 < 10,
    )


def _worn(person: Person) -> list[Binding]:
    resident = person.id
    worn = [
        Binding(f"bed-{resident}", DeviceRole.BED, resident=resident),
        Binding(f"band-{resident}", DeviceRole.WEARABLE, resident=resident),
        Binding(f"button-{resident}", DeviceRole.BUTTON, resident=resident),
    ]
    if person.belt:
        worn.append(Binding(f"belt-{resident}", DeviceRole.WEARABLE, resident=resident))
    if person.resident.wander_risk:
        worn.append(Binding(f"tag-{resident}", DeviceRole.TAG, resident=resident))
    if person.resident.turning_min:
        worn.append(Binding(f"pump-{resident}", DeviceRole.ENVIRONMENT, resident=resident))
    if person.resident.lives_alone:
        worn += [Binding(f"{what}-{resident}", DeviceRole.METER, resident=resident) for what in ("water", "power")]
    return worn


def _fixed(room: str) -> list[Binding]:
    return [
        Binding(f"smoke-{room}", DeviceRole.LIFE_SAFETY, room=room),
        Binding(f"motion-{room}", DeviceRole.ENVIRONMENT, room=room),
        Binding(f"reader-{room}", DeviceRole.READER, room=room),
        Binding(f"door-wc-{room}", DeviceRole.ENVIRONMENT, room=f"wc-{room}"),
        Binding(f"motion-wc-{room}", DeviceRole.ENVIRONMENT, room=f"wc-{room}"),
    ]


def _common() -> list[Binding]:
    places = ("east", "west", "dining", "hall")
    return [
        *(Binding(camera, DeviceRole.CAMERA, room=place) for camera, place in zip(CAMERAS, places, strict=True)),
        Binding("gas-kitchen", DeviceRole.LIFE_SAFETY, room="dining"),
        Binding("arc-main", DeviceRole.LIFE_SAFETY, room="hall"),
        Binding("water-hall", DeviceRole.ENVIRONMENT, room="hall"),
        Binding("noise-hall", DeviceRole.ENVIRONMENT, room="hall"),
        Binding("outlet-dining", DeviceRole.ENVIRONMENT, room="dining"),
        Binding("staff-button", DeviceRole.BUTTON, staff="carer-1"),
    ]


def _roster(carers: tuple[str, ...]) -> Roster:
    """Four by day, three in the evening; at night two on four days of seven, else one: 1.57 on average."""
    shifts = [
        Shift("day", DailySpan(6 * HOUR, 14 * HOUR)),
        Shift("evening", DailySpan(14 * HOUR, 22 * HOUR)),
        Shift("night", DailySpan(22 * HOUR, 6 * HOUR)),
    ]
    duties = [
        *(Duty(carer, "day") for carer in carers[:4]),
        *(Duty(carer, "evening") for carer in carers[4:7]),
        Duty(carers[7], "night"),
        Duty(carers[0], "night", days=(0, 2, 4, 6)),
        *(Duty("nurse", shift.id, "charge_nurse") for shift in shifts),
        *(Duty("manager", shift.id, "duty_manager") for shift in shifts),
    ]
    members = [Member(name, card=f"card-{name}") for name in (*carers, "nurse", "manager")]
    return Roster.of(members, shifts, duties)
