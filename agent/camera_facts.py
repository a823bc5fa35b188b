"""What staff may set of a camera while it runs: zones, mode, threshold, view. One form for store, core and eyes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MaxLen, MinLen

from agent.zones import Zone, zone_from

ZONES_MOST = 8  # so that a camera's facts fit into one line of 4 KiB
THRESHOLD_LEAST, THRESHOLD_MOST = 0.05, 0.99
ID_LENGTH = 64

CameraId = Annotated[str, MinLen(1), MaxLen(ID_LENGTH)]
ZonesOfOne = Annotated[tuple[Zone, ...], MaxLen(ZONES_MOST)]
Threshold = Annotated[float, Ge(THRESHOLD_LEAST), Le(THRESHOLD_MOST)]

_SET = {"zones", "mode", "threshold", "view"}


class CameraMode(StrEnum):
    """Whether falls are told (`live`), or counted for staff to label (`shadow`)."""

    LIVE = "live"
    SHADOW = "shadow"


class CameraView(StrEnum):
    """From where the camera looks: which net judges. `auto`: by what it sees."""

    AUTO = "auto"
    WALL = "wall"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """Of the camera `id`. `threshold`: the score from which it is a fall; None: the net's own."""

    id: CameraId
    zones: ZonesOfOne = ()
    mode: CameraMode = CameraMode.LIVE
    threshold: Threshold | None = None
    view: CameraView = CameraView.AUTO

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def told(self) -> dict[str, Any]:
        """As JSON for the vision process, which hears no word that staff have typed."""
        return {
            "id": self.id,
            "zones": [zone.told() for zone in self.zones],
            "mode": self.mode.value,
            "threshold": self.threshold,
            "view": self.view.value,
        }

    @property
    def mark(self) -> str:
        """Eight letters that differ when anything in `told` does: the vision process says them back."""
        return hashlib.sha256(json.dumps(self.told(), sort_keys=True).encode()).hexdigest()[:8]


def facts_from(given: Mapping[str, Any]) -> CameraFacts:
    """The facts that `CameraFacts.told` gave, other keys passed over; raises ValueError for what they cannot be."""
    if not given.keys() >= {"id", *_SET}:
        raise ValueError(f"a camera's facts are id, {', '.join(sorted(_SET))}")
    id_, zones, threshold = given["id"], given["zones"], given["threshold"]
    if not isinstance(id_, str) or not 1 <= len(id_) <= ID_LENGTH:
        raise ValueError(f"a camera's id is a text of 1 to {ID_LENGTH} characters")
    if not isinstance(zones, list) or len(zones) > ZONES_MOST:
        raise ValueError(f"zones are a list of at most {ZONES_MOST}")
    return CameraFacts(
        id_,
        tuple(zone_from(one) for one in zones),
        CameraMode(given["mode"]),
        _threshold(threshold),
        CameraView(given["view"]),
    )


def _threshold(given: object) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not THRESHOLD_LEAST <= given <= THRESHOLD_MOST:
        raise ValueError(f"threshold is null or a number from {THRESHOLD_LEAST:g} to {THRESHOLD_MOST:g}")
    return float(given)
