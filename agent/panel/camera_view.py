"""What the pages show of cameras, in words. Pure."""

from dataclasses import dataclass
from typing import Any

from agent.alarms.snapshot import CameraStatus, Snapshot
from agent.camera_facts import ZONES_MOST, CameraView
from agent.panel.camera_api import camera_json
from agent.panel.words import word, word_or
from agent.rules.words import VALUES
from agent.zones import CORNERS_LEAST, CORNERS_MOST, NAME_LENGTH, ZoneKind

RENEW_DAYS = 14  # before its consent ends: time to speak with whoever decides
_DOTS = {"ready": "ok", "learning": "degraded", "unsure": "degraded", "off": "off"}
_DRAWING = (
    "outline_gone",
    "zones_saved",
    "zones_held",
    "zones_unsaved",
    "zones_changed",
    "new_zone",
    *(f"zone_{kind.value}" for kind in ZoneKind),
)


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera in words. `dot` is the mark of its state: ok, degraded, off or down."""

    id: str
    room: str
    role: str
    dot: str
    state: str
    why: tuple[str, ...]
    being_set: bool
    consent: str
    consent_ends: bool
    mode: str
    shadow: bool
    zones: tuple[str, ...]


def cameras(snapshot: Snapshot, language: str) -> tuple[Camera, ...]:
    """Every camera, by id."""
    return tuple(_camera(one, language) for one in snapshot.cameras)


def drawing(status: CameraStatus, language: str) -> dict[str, Any]:
    """What the script needs to draw zones: the camera, the words that it says, and the limits."""
    limits = {"zones": ZONES_MOST, "fewest": CORNERS_LEAST, "corners": CORNERS_MOST, "name": NAME_LENGTH}
    words = {code: word(code, language) for code in _DRAWING}
    words["zone_of_bed"] = word("zone_of_bed", language, bed="#")
    words["most_zones"] = word("most_zones", language, count=ZONES_MOST)
    words["most_corners"] = word("most_corners", language, count=CORNERS_MOST)
    words["few_corners"] = word("few_corners", language, count=CORNERS_LEAST)
    return {"camera": camera_json(status), "words": words, "limits": limits}


KINDS = tuple(kind.value for kind in ZoneKind)
VIEWS = tuple(view.value for view in CameraView)


def _camera(status: CameraStatus, language: str) -> Camera:
    facts = status.facts
    consent, ends = _consent(status, language)
    own = (word("threshold_own", language, threshold=f"{facts.threshold:g}"),) if facts.threshold is not None else ()
    return Camera(
        status.id,
        status.room,
        word_or(f"place_{status.role}", language, status.role),
        _DOTS.get(status.state, "down"),
        word(f"camera_{status.state}", language),
        tuple(_fault(one, language) for one in status.faults),
        not status.holds,
        consent,
        ends,
        " · ".join((word(f"mode_{facts.mode.value}", language), *own)),
        facts.mode.value == "shadow",
        tuple(_zone(zone.kind.value, zone.name, zone.bed, language) for zone in facts.zones),
    )


def _consent(status: CameraStatus, language: str) -> tuple[str, bool]:
    """What there is to say of it, and whether somebody must see to it."""
    left, until = status.days_left, status.consent_until
    if not until:
        return "", False
    if left is not None and left < 0:
        return word("consent_ended", language, day=until), True
    if status.state == "off":
        return word("consent_begins", language, day=status.consent_from), False
    if left is not None and left <= RENEW_DAYS:
        return word("consent_ends", language, day=until, days=left), True
    return word("consent_until", language, day=until), False


def _zone(kind: str, name: str, bed: str, language: str) -> str:
    what = word("zone_of_bed", language, bed=bed) if bed else word(f"zone_{kind}", language)
    return f"{what} · {name}" if name else what


def _fault(name: str, language: str) -> str:
    return VALUES.get(("fault", name), (name, name))[language == "zh"]
