"""Who lives where and who works when, as the installer writes it (config/site.toml); the store keeps it as site facts.

The same document is edited by API (agent/app/site_facts.py).
"""

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MaxLen
from pydantic import TypeAdapter

from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.camera_facts import CameraFacts
from agent.moment import NIGHT, seconds_of
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, FallRisk, Resident, Site
from agent.settings.roster import DutySettings, LadderSettings, ShiftSettings, StaffSettings, roster_of
from agent.settings.site_texts import ClockText, DayText, Id, SpanText, Text, span_of

MARKS = "/"  # between the mark of site.toml and that of the cameras

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class FacilitySettings:
    """Codes under which the platform knows this home, the number at which it answers, and its time zone.

    `callback` goes into every request for a call; empty: the one of alarms.toml. `utc_offset_h` is local minus UTC.
    """

    code: str = ""
    area_code: str = ""
    callback: Text = ""
    utc_offset_h: Annotated[float, Ge(-12), Le(14)] = 8.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class ResidentSettings:
    """One ``[[resident]]``; `name` is shown on the panel only, `id` is a pseudonym. Fields as in `Resident`."""

    id: Id
    name: Id
    room: Id
    bed: Text = ""
    fall_risk: FallRisk = FallRisk.NORMAL
    spo2_scale_2: bool = False
    wander_risk: bool = False
    choking_risk: bool = False
    mobile: bool = True
    lives_alone: bool = False
    turning_min: Annotated[float, Ge(0), Le(720)] = 0.0
    round_min: Annotated[float, Ge(0), Le(720)] = 0.0
    assessed_on: DayText = ""
    visit_days: Annotated[float, Ge(0), Le(366)] = 0.0
    night: SpanText = str(NIGHT)
    limits: dict[str, float] = field(default_factory=dict)

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def to_resident(self) -> Resident:
        """As the rules use it."""
        same = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("night", "limits")}
        return Resident(**same, night=span_of(self.night), limits=tuple(self.limits.items()))


@dataclass(frozen=True, slots=True)
class PlaceSettings:
    """One ``[[place]]``: what it is for, the room that it belongs to, and its floor."""

    id: Id
    kind: PlaceKind = PlaceKind.ROOM
    room: Text = ""
    floor: Text = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class BindingSettings:
    """One ``[[binding]]``: a device belongs to a resident, a room (any place) or a member of staff."""

    device: Id
    role: DeviceRole
    resident: str = ""
    room: str = ""
    staff: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        if sum(map(bool, (self.resident, self.room, self.staff))) != 1:
            raise ValueError("give one of resident, room and staff, so that an alarm says where to go")


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """All of site.toml, and what cameras.toml says of cameras that staff may edit. `meals` are times of the day."""

    facility: FacilitySettings = FacilitySettings()
    resident: tuple[ResidentSettings, ...] = ()
    place: tuple[PlaceSettings, ...] = ()
    binding: tuple[BindingSettings, ...] = ()
    staff: tuple[StaffSettings, ...] = ()
    shift: tuple[ShiftSettings, ...] = ()
    duty: tuple[DutySettings, ...] = ()
    meals: Annotated[tuple[ClockText, ...], MaxLen(12)] = ()
    ladder: tuple[LadderSettings, ...] = ()
    camera: tuple[CameraFacts, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def to_document(self) -> dict[str, Any]:
        """As site facts in the store; `imported` tells one import from the next.

        It is taken over what was written alone, so that a version that knows more fields imports nothing anew; over
        the cameras by themselves, since they stand in another file.
        """
        written: dict[str, Any] = _ADAPTER.dump_python(self, mode="json", by_alias=True, exclude_defaults=True)
        cameras = written.pop("camera", None)
        marks = [_digest(json.dumps(written, sort_keys=True)), *([_digest(cameras)] if cameras else [])]
        document: dict[str, Any] = _ADAPTER.dump_python(self.with_ids(), mode="json", by_alias=True)
        return {**document, "imported": MARKS.join(marks)}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> "SiteSettings":
        """The settings of such a document; raises ValueError (pydantic's) when it is not one."""
        facts = {key: value for key, value in document.items() if key not in ("imported", "edited_by")}
        return _ADAPTER.validate_python(facts)

    def with_ids(self) -> "SiteSettings":
        """The same, each row of the roster and each ladder under an id by which it can be edited."""
        duties, ladders = _Ids(one.id for one in self.duty), _Ids(one.id for one in self.ladder)
        return replace(
            self,
            duty=tuple(replace(one, id=one.id or duties.new(one.member, one.shift)) for one in self.duty),
            ladder=tuple(
                replace(one, id=one.id or ladders.new(one.priority, one.kind, one.place, one.floor, one.shift))
                for one in self.ladder
            ),
        )

    def to_site(self) -> Site:
        """The look-up tables that the rules use."""
        return Site.of(
            [one.to_resident() for one in self.resident],
            [Binding(b.device, b.role, b.resident, b.room, b.staff) for b in self.binding],
            self.facility.code,
            self.facility.area_code,
            [Place(one.id, one.kind, one.room, one.floor) for one in self.place],
            roster_of(self.staff, self.shift, self.duty),
            map(seconds_of, self.meals),
        )

    def to_escalation(self, defaults: AlarmSettings) -> Escalation:
        """Ladders, roster and site as the alarm core uses them; `defaults` are those of alarms.toml."""
        if self.facility.callback:
            defaults = replace(defaults, callback=self.facility.callback)
        return Escalation(defaults, tuple(one.to_ladder() for one in self.ladder), self.to_site())


def _digest(written: Any) -> str:  # noqa: ANN401 - any JSON value
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()


class _Ids:
    """Gives ids that nobody else has."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def new(self, *parts: str) -> str:
        """One of `parts`, with a number behind it when it is taken."""
        plain = "-".join(part for part in parts if part)
        number = next(n for n in itertools.count(1) if self._named(plain, n) not in self._taken)
        self._taken.add(self._named(plain, number))
        return self._named(plain, number)

    @staticmethod
    def _named(plain: str, number: int) -> str:
        return plain if number == 1 else f"{plain}-{number}"


_ADAPTER = TypeAdapter(SiteSettings)
