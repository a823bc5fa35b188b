"""Who lives where, and which device belongs to whom: site facts as values, in memory at run time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agent.moment import NIGHT, DailySpan
from agent.places import Place, PlaceKind
from agent.staff import Roster


class SubjectKind(StrEnum):
    """What an alarm is about."""

    RESIDENT = "resident"
    PLACE = "place"
    DEVICE = "device"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what an alarm is about; `id` is a pseudonym, never a name. Evidence merges per subject and kind.

    `room` is where to go, and no part of who it is: whoever moves to another room is the same person.
    """

    kind: SubjectKind
    id: str
    room: str = field(default="", compare=False)


GATEWAY = Subject(SubjectKind.GATEWAY, "gateway")


class FallRisk(StrEnum):
    """Outcome of the resident's fall-risk assessment (MZ/T 185-2021)."""

    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Resident:
    """One resident. `name` is shown on the panel and speaker only; it never reaches a log or upstream.

    `turning_min`: to be turned each so many minutes (0: not). `round_min`: to be looked after each so many minutes at
    night (0: the home's default). `assessed_on`: ISO date of the last assessment. `limits` override the home's limits
    for this resident: (dotted name in rules.toml, value), each within its guardrails.
    """

    id: str
    name: str
    room: str
    bed: str = ""
    fall_risk: FallRisk = FallRisk.NORMAL
    spo2_scale_2: bool = False  # NEWS2 scale 2, a clinician's decision: target 88-92 %
    wander_risk: bool = False
    choking_risk: bool = False
    mobile: bool = True  # gets up alone; long stays in bed matter only then
    lives_alone: bool = False  # a family-care bed: water and electricity are watched
    turning_min: float = 0.0
    round_min: float = 0.0
    assessed_on: str = ""
    visit_days: float = 0.0
    night: DailySpan = NIGHT
    limits: tuple[tuple[str, float], ...] = ()


class DeviceRole(StrEnum):
    """How badly a device is missed; sets how long it may stay silent (config/rules.toml)."""

    BUTTON = "button"
    LIFE_SAFETY = "life_safety"
    WEARABLE = "wearable"
    BED = "bed"
    CAMERA = "camera"
    ENVIRONMENT = "environment"
    TAG = "tag"  # carried: where its bearer is
    READER = "reader"  # of cards
    METER = "meter"


@dataclass(frozen=True, slots=True)
class Binding:
    """A device belongs to a resident, or to a room (any place), or to a member of staff."""

    device: str
    role: DeviceRole
    resident: str = ""
    room: str = ""
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """All site facts in force. A device without a binding still alarms: by its own id."""

    residents: Mapping[str, Resident] = field(default_factory=dict)
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    facility: str = ""
    area_code: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)
    roster: Roster = field(default_factory=Roster)
    meals: tuple[float, ...] = ()  # seconds after local midnight

    @staticmethod
    def of(
        residents: Iterable[Resident],
        bindings: Iterable[Binding],
        facility: str = "",
        area_code: str = "",
        places: Iterable[Place] = (),
        roster: Roster | None = None,
        meals: Iterable[float] = (),
    ) -> "Site":
        """Build the look-up tables."""
        return Site(
            {r.id: r for r in residents},
            {b.device: b for b in bindings},
            facility,
            area_code,
            {p.id: p for p in places},
            roster or Roster(),
            tuple(meals),
        )

    def subject_of(self, device: str) -> Subject:
        """Whom an alarm from `device` is about: its resident, else its room, else the device itself."""
        binding = self.bindings.get(device)
        if binding is None:
            return Subject(SubjectKind.DEVICE, device)
        resident = self.residents.get(binding.resident)
        if resident is not None:
            return self.resident_subject(resident)
        if binding.room:
            return self.place_subject(binding.room)
        return Subject(SubjectKind.DEVICE, device)

    def subject_in(self, device: str, bed: str) -> Subject:
        """Whom it is about when `device` speaks of one `bed` of its room; as ever where nobody has that bed."""
        subject = self.subject_of(device)
        owners = [one for one in self.living_in(subject.room) if one.bed == bed] if subject.room else []
        return self.resident_subject(owners[0]) if owners else subject

    def place(self, place: str) -> Place:
        """The place called `place`; one that nobody described is a room of its own."""
        return self.places.get(place) or Place(place, PlaceKind.ROOM, place)

    def place_subject(self, place: str) -> Subject:
        """A place as subject; its `room` is where staff must go."""
        return Subject(SubjectKind.PLACE, place, self.place(place).room or place)

    def resident_subject(self, resident: Resident) -> Subject:
        """A resident as subject."""
        return Subject(SubjectKind.RESIDENT, resident.id, resident.room)

    def placed(self, subject: Subject) -> Subject:
        """`subject` with the room where it is by these facts; of one that they do not know it stays as it was."""
        match subject.kind:
            case SubjectKind.RESIDENT if subject.id in self.residents:
                return self.resident_subject(self.residents[subject.id])
            case SubjectKind.PLACE if subject.id in self.places:
                return self.place_subject(subject.id)
            case SubjectKind.DEVICE if subject.id in self.bindings:
                return self.device_subject(subject.id)
            case _:
                return subject

    def place_of(self, device: str) -> str:
        """The place where `device` is: its own, or its resident's room; empty for one that is carried or unknown."""
        binding = self.bindings.get(device)
        if binding is None or binding.role is DeviceRole.TAG:
            return ""
        resident = self.residents.get(binding.resident)
        return resident.room if resident else binding.room

    def living_in(self, room: str) -> tuple[Resident, ...]:
        """Residents who live in `room`."""
        return tuple(resident for resident in self.residents.values() if resident.room == room)

    def device_subject(self, device: str) -> Subject:
        """The device itself as subject of a technical alarm, with the room it serves."""
        return Subject(SubjectKind.DEVICE, device, self.subject_of(device).room)

    def resident_of(self, device: str) -> Resident | None:
        """The resident to whom `device` is bound, if any."""
        binding = self.bindings.get(device)
        return self.residents.get(binding.resident) if binding else None
