"""The home in which people move about, and what tells of it."""

from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Priority
from agent.staff import Member, Roster
from drivers.reading import Quality, Reading
from tests.rules.ward import MIDNIGHT

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
NOON = MIDNIGHT + 12 * 3600.0
HOME = Site.of(
    [
        Resident("r-1", "甲", "201", wander_risk=True),
        Resident("r-2", "乙", "202"),
        Resident("r-3", "丙", "202"),
    ],
    [
        Binding("door-1", DeviceRole.ENVIRONMENT, room="wc-201"),
        Binding("motion-1", DeviceRole.ENVIRONMENT, room="wc-201"),
        Binding("radar-2", DeviceRole.ENVIRONMENT, room="wc-202"),
        Binding("move-1", DeviceRole.ENVIRONMENT, room="201"),
        Binding("move-2", DeviceRole.ENVIRONMENT, room="202"),
        *(Binding(f"bed-{n}", DeviceRole.BED, resident=f"r-{n}") for n in (1, 2, 3)),
        Binding("gate-door", DeviceRole.ENVIRONMENT, room="gate"),
        Binding("tag-1", DeviceRole.TAG, resident="r-1"),
        Binding("tag-2", DeviceRole.TAG, resident="r-2"),
        Binding("staff-tag", DeviceRole.TAG, staff="wang"),
    ],
    places=[
        Place("wc-201", PlaceKind.TOILET, "201"),
        Place("wc-202", PlaceKind.TOILET, "202"),
        Place("gate", PlaceKind.EXIT),
        Place("hall", PlaceKind.HALL),
        Place("east", PlaceKind.CORRIDOR),
        Place("west", PlaceKind.CORRIDOR),
    ],
    roster=Roster.of([Member("wang")], [], []),
)
R1 = Subject(SubjectKind.RESIDENT, "r-1", "201")
R2 = Subject(SubjectKind.RESIDENT, "r-2", "202")


def room(number: str) -> Subject:
    return Subject(SubjectKind.PLACE, number, number)


def said_by(device: str, quantity: str, value: bool | str, at: float, quality: Quality = Quality.GOOD) -> Reading:
    return Reading(device, quantity, value, at, quality)


def tag(device: str, place: str, at: float) -> Reading:
    return said_by(device, "seen_at", place, at)
