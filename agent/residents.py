"""Who lives where, and which device belongs to whom: site facts as values, in memory at run time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class SubjectKind(StrEnum):
    """What an alarm is about."""

    RESIDENT = "resident"
    PLACE = "place"
    DEVICE = "device"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what an alarm is about; `id` is a pseudonym, never a name. Evidence merges per subject and kind."""

    kind: SubjectKind
    id: str
    room: str = ""


GATEWAY = Subject(SubjectKind.GATEWAY, "gateway")


class FallRisk(StrEnum):
    """Outcome of the resident's fall-risk assessment (MZ/T 185-2021)."""

    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Resident:
    """One resident. `name` is shown on the panel and speaker only; it never reaches a log or upstream."""

    id: str
    name: str
    room: str
    bed: str = ""
    fall_risk: FallRisk = FallRisk.NORMAL
    spo2_scale_2: bool = False  # NEWS2 scale 2, a clinician's decision: target 88-92 %


class DeviceRole(StrEnum):
    """How badly a device is missed; sets how long it may stay silent (config/rules.toml)."""

    BUTTON = "button"
    LIFE_SAFETY = "life_safety"
    WEARABLE = "wearable"
    BED = "bed"
    CAMERA = "camera"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Binding:
    """A device belongs to a resident, or else to a room."""

    device: str
    role: DeviceRole
    resident: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """All site facts in force. A device without a binding still alarms: by its own id."""

    residents: dict[str, Resident] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)
    facility: str = ""
    area_code: str = ""

    @staticmethod
    def of(
        residents: Iterable[Resident], bindings: Iterable[Binding], facility: str = "", area_code: str = ""
    ) -> "Site":
        """Build the look-up tables."""
        return Site({r.id: r for r in residents}, {b.device: b for b in bindings}, facility, area_code)

    def subject_of(self, device: str) -> Subject:
        """Whom an alarm from `device` is about: its resident, else its room, else the device itself."""
        binding = self.bindings.get(device)
        if binding is None:
            return Subject(SubjectKind.DEVICE, device)
        resident = self.residents.get(binding.resident)
        if resident is not None:
            return Subject(SubjectKind.RESIDENT, resident.id, resident.room)
        if binding.room:
            return Subject(SubjectKind.PLACE, binding.room, binding.room)
        return Subject(SubjectKind.DEVICE, device)

    def device_subject(self, device: str) -> Subject:
        """The device itself as subject of a technical alarm, with the room it serves."""
        return Subject(SubjectKind.DEVICE, device, self.subject_of(device).room)

    def resident_of(self, device: str) -> Resident | None:
        """The resident to whom `device` is bound, if any."""
        binding = self.bindings.get(device)
        return self.residents.get(binding.resident) if binding else None
