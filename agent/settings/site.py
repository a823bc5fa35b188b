"""Who lives where, as the installer writes it (config/site.toml); the store imports it as site facts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import MinLen
from pydantic import TypeAdapter

from agent.residents import Binding, DeviceRole, FallRisk, Resident, Site

_FORBID: dict[str, Any] = {"extra": "forbid"}
Id = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True)
class FacilitySettings:
    """Codes under which the platform knows this home."""

    code: str = ""
    area_code: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class ResidentSettings:
    """One ``[[resident]]``; `name` is shown on the panel only, `id` is a pseudonym."""

    id: Id
    name: Id
    room: Id
    bed: str = ""
    fall_risk: FallRisk = FallRisk.NORMAL
    spo2_scale_2: bool = False

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class BindingSettings:
    """One ``[[binding]]``: a device belongs to a resident, or else to a room."""

    device: Id
    role: DeviceRole
    resident: str = ""
    room: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        if bool(self.resident) == bool(self.room):
            raise ValueError("give either a resident or a room, so that an alarm says where to go")


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """All of site.toml."""

    facility: FacilitySettings = FacilitySettings()
    resident: tuple[ResidentSettings, ...] = ()
    binding: tuple[BindingSettings, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def to_document(self) -> dict[str, Any]:
        """As site facts in the store; `imported` tells one import from the next."""
        document = json.loads(json.dumps(asdict(self)))
        digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
        return {**document, "imported": digest}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> "SiteSettings":
        """The settings of such a document; raises ValueError (pydantic's) when it is not one."""
        facts = {key: value for key, value in document.items() if key != "imported"}
        return TypeAdapter(SiteSettings).validate_python(facts)

    def to_site(self) -> Site:
        """The look-up tables that the rules use."""
        return Site.of(
            [Resident(r.id, r.name, r.room, r.bed, r.fall_risk, r.spo2_scale_2) for r in self.resident],
            [Binding(b.device, b.role, b.resident, b.room) for b in self.binding],
            self.facility.code,
            self.facility.area_code,
        )
