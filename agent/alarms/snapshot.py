"""All that the panel and the API show of now: one frozen value, made by the engine, never read from the disk."""

from dataclasses import dataclass, field

from agent.alarms.alarm import Alarm
from agent.alarms.standing import OpenTask, Pause, Shelf, Suppressed
from agent.camera_facts import CameraFacts
from agent.rules.reason import Reason
from agent.shadow.status import ShadowStatus
from drivers.base import LinkState


@dataclass(frozen=True, slots=True)
class LatestReading:
    """The newest value of one quantity of a device; `age_s` at the time of the snapshot."""

    quantity: str
    unit: str
    value: float | bool | str
    quality: str
    age_s: float


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """One device as the panel lists it."""

    id: str
    role: str
    room: str
    link: LinkState
    reason: Reason | None
    age_s: float | None  # since anything was heard; None: never
    readings: tuple[LatestReading, ...] = ()


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One part of ourselves (store, sounder, vision, upstream): `state` is ok, degraded or down."""

    name: str
    state: str
    detail: str = ""
    reason: Reason | None = None  # the same in words of both languages, where there are any


@dataclass(frozen=True, slots=True)
class CallStatus:
    """A call out for an open alarm: `failed` tries, the last of them for `why`; `final`: there will be no other."""

    alarm: str
    call: str  # as upstream.toml names it
    made: bool
    failed: int
    why: Reason | None
    final: bool


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """One camera as staff see it.

    `state`: ready, learning, unsure (`faults` say why), no_picture, down (the vision process is not there) or off (no
    consent today). `facts` are in force; `holds`: the vision process uses them. The consent is valid from and until
    ISO dates, empty where none is needed; `days_left` until it ends, None while that is not known. `beds` of its room.
    """

    id: str
    role: str
    room: str
    state: str
    faults: tuple[str, ...]
    facts: CameraFacts
    holds: bool
    consent_from: str = ""
    consent_until: str = ""
    days_left: int | None = None
    beds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomStatus:
    """One room with the residents who live there (name and id)."""

    room: str
    residents: tuple[tuple[str, str], ...]  # (id, name)


@dataclass(frozen=True, slots=True)
class ResidentStatus:
    """One resident on the care page; `out_until` is monotonic (None: at home), `turning`: turned by plan."""

    id: str
    name: str
    room: str
    turning: bool = False
    out_by: str = ""
    out_until: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything open and alive at monotonic time `at` (`wall` is UTC seconds, for display).

    `alarms` are the open ones, highest priority first, then oldest first. `version` rises with every change.
    """

    version: int
    at: float
    wall: float
    alarms: tuple[Alarm, ...] = ()
    devices: tuple[DeviceStatus, ...] = ()
    rooms: tuple[RoomStatus, ...] = ()
    parts: tuple[PartStatus, ...] = ()
    unknown_devices: tuple[str, ...] = field(default=())  # heard, never adopted: shown, never obeyed
    paused: Pause | None = None
    shelves: tuple[Shelf, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()  # held back or shelved: what would be an alarm
    tasks: tuple[OpenTask, ...] = ()
    flood: bool = False
    care: tuple[ResidentStatus, ...] = ()
    staff: tuple[tuple[str, str], ...] = ()  # (id, name) of the roster
    calls: tuple[CallStatus, ...] = ()
    cameras: tuple[CameraStatus, ...] = ()
    shadows: tuple[ShadowStatus, ...] = ()  # what cameras would have raised, in either mode
