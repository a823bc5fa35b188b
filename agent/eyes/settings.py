"""Which cameras there are: the values of config/cameras.toml. A bath or toilet camera cannot be written down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, MaxLen, MinLen

from agent.camera_facts import CameraFacts, CameraMode, CameraView, Threshold, ZonesOfOne

_FORBID: dict[str, Any] = {"extra": "forbid"}

CAMERA_LIMIT = 4  # a process; decoding and judging four streams is what a Raspberry Pi 4 can do

Role = Literal["corridor", "hall", "dining", "entrance", "bedroom"]
Id = Annotated[str, MinLen(1), MaxLen(64)]
_NETWORK = re.compile(r"(rtsps?|https?)://[^/\s]+")


@dataclass(frozen=True, slots=True)
class ConsentSettings:
    """Who (a resident's id, or that of the person who may decide) agreed to what, and from when to when."""

    who: Annotated[str, MinLen(1)]
    scope: Annotated[str, MinLen(1)]
    valid_from: date
    valid_to: date

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        if self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")

    def covers(self, day: date) -> bool:
        """Whether the consent holds on `day`, both ends included."""
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """One camera. `source`: a file, /dev/videoN, or an rtsp://, rtsps://, http:// or https:// address.

    When fewer than `min_fps` frames a second (ten at most) can be looked at, that is
    a fault. `loop` plays a file again and again. `view`, `mode`, `threshold` and the ``[[camera.zone]]`` are site
    facts: staff may edit them beside the file.
    """

    id: Id
    source: Annotated[str, MinLen(1), MaxLen(500)]
    role: Role
    consent: ConsentSettings | None = None
    min_fps: Annotated[float, Ge(1), Le(9)] = 5.0
    loop: bool = False
    view: CameraView = CameraView.AUTO
    mode: CameraMode = CameraMode.LIVE
    threshold: Threshold | None = None
    zone: ZonesOfOne = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        if self.role == "bedroom" and self.consent is None:
            raise ValueError("a camera in a bedroom needs a [camera.consent] with who, scope, valid_from and valid_to")
        if "://" in self.source and not _NETWORK.match(self.source):
            raise ValueError("source: not an rtsp://, rtsps://, http:// or https:// address with a host")

    def will_run(self, day: date | None) -> bool:
        """Whether it may look on `day` or on a later one."""
        return self.may_run(day) or (day is not None and self.consent is not None and day <= self.consent.valid_to)

    @property
    def facts(self) -> CameraFacts:
        """What the file says of it that staff may edit."""
        return CameraFacts(self.id, self.zone, self.mode, self.threshold, self.view)

    def may_run(self, day: date | None) -> bool:
        """Whether the camera may look on `day`; None, while the clock is not set, trusts the record."""
        return self.role != "bedroom" or day is None or (self.consent is not None and self.consent.covers(day))


@dataclass(frozen=True, slots=True)
class CamerasSettings:
    """All cameras, and the most memory that their process may take."""

    camera: Annotated[tuple[CameraSettings, ...], MaxLen(CAMERA_LIMIT)] = ()
    memory_mib: Annotated[int, Ge(512), Le(4096)] = 768

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def __post_init__(self) -> None:
        ids = [camera.id for camera in self.camera]
        for id_ in ids:
            if ids.count(id_) > 1:
                raise ValueError(f"two cameras are called {id_!r}; each needs an id of its own")

    def running(self, day: date | None) -> tuple[CameraSettings, ...]:
        """The cameras that may look on `day` (see `CameraSettings.may_run`)."""
        return tuple(camera for camera in self.camera if camera.may_run(day))

    @property
    def facts(self) -> tuple[CameraFacts, ...]:
        """What the file sets beside the defaults, as site facts to import."""
        return tuple(one.facts for one in self.camera if one.facts != CameraFacts(one.id))


def vision_config(
    settings: CamerasSettings,
    core_socket: Path,
    day: date | None,
    facts: Mapping[str, CameraFacts] | None = None,
    models: Path | None = None,
) -> dict[str, Any]:
    """What the vision process is told, as JSON values: each camera, whether it may look, and nothing about residents.

    `facts` are the site facts in force; without them those of the file. `models`: the folder of those that were added.
    """
    known = {one.id: one.facts for one in settings.camera} if facts is None else facts
    return {
        "socket": str(core_socket),
        "memory_mib": settings.memory_mib,
        "models": None if models is None else str(models),
        "kept": None,  # whoever holds a memory file for it says which descriptor
        "cameras": [
            {
                **known.get(one.id, CameraFacts(one.id)).told(),
                "source": one.source,
                "min_fps": one.min_fps,
                "loop": one.loop,
                "watch": one.may_run(day),
            }
            for one in settings.camera
        ],
    }
