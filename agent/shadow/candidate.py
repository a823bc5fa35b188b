"""One moment at which a camera would have raised an alarm, or nearly, and what a person says it was. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from agent.camera_facts import CameraMode


class Kind(StrEnum):
    """Where a candidate comes from."""

    FALL = "fall"  # a movement that looks like a fall
    LOW = "low_on_floor"  # somebody low on the floor; has a score of another net
    NOTED = "noted"  # a fall that a person found and the camera told nothing of


class Label(StrEnum):
    """What it was, by somebody who was there. Without one it counts as unknown."""

    FELL = "fell"
    NOT = "not"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score` 0..1 (0 of one that a person noted), times in UTC seconds; no picture and no resident belongs to it.

    `mode`: in which the camera was then. `label` is None as long as nobody has said; `by` said so `labelled_at`.
    """

    id: str
    camera: str
    place: str
    wall: float
    score: float
    kind: Kind = Kind.FALL
    mode: CameraMode = CameraMode.SHADOW
    reasons: tuple[str, ...] = ()
    label: Label | None = None
    by: str = ""
    labelled_at: float = 0.0

    @property
    def fell(self) -> bool:
        """Whether a person says that somebody fell."""
        return self.label is Label.FELL


@dataclass(frozen=True, slots=True)
class WatchedHour:
    """For how many seconds of one hour (number since 1970, UTC) a camera could have seen a fall."""

    camera: str
    hour: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Changes:
    """What a store must write and delete so that a restart finds it."""

    written: tuple[Candidate, ...] = ()
    gone: tuple[str, ...] = ()  # ids
    hours: tuple[WatchedHour, ...] = ()  # none of zero seconds but those that are to be deleted

    def __bool__(self) -> bool:
        return bool(self.written or self.gone or self.hours)
