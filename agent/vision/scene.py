"""What one frame shows, and what a watcher makes of it: the seam between seeing and judging."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from agent.camera_facts import CameraFacts
from agent.vision.background import Bytes, Foreground
from agent.vision.tracker import Track
from agent.vision.zones import Zones

UNSET = CameraFacts("unset")


@dataclass(frozen=True, slots=True)
class Scene:
    """One frame, looked at.

    `picture` is the small picture (h, w, 3; BGR) that all masks and boxes refer to. `tracks` are seen in it;
    `followed` also holds those unseen for a moment. `learning`: the room is not known yet. `unclear`: the picture
    itself is at fault (dark, covered), so that nobody can be said to be in or out of view. `facts` are what staff have
    set of this camera, `zones` the same zones as masks of the picture; those to be ignored are foreground no more.
    """

    at: float
    picture: Bytes
    foreground: Foreground
    tracks: tuple[Track, ...]
    followed: tuple[Track, ...]
    learning: bool
    unclear: bool
    zones: Zones = field(default_factory=Zones)
    facts: CameraFacts = UNSET

    @property
    def unsure(self) -> tuple[str, ...]:
        """The reason that goes with whatever is told while the room is not known."""
        return ("background_not_learned",) if self.learning else ()


@dataclass(frozen=True, slots=True)
class Told:
    """An observation in the making: `name` is a key of `agent.detection.observations.OBSERVATIONS`."""

    name: str
    value: bool = True
    score: float = 1.0
    reasons: tuple[str, ...] = ()
    track: int | None = None
    bed: str = ""


class Watcher(Protocol):
    """One question asked of every scene."""

    def feed(self, scene: Scene) -> Iterable[Told]:
        """What this scene tells; mostly nothing."""

    def protect(self, mask: Bytes) -> Bytes:
        """`mask` (h, w; 0/1) with the pixels set that must not become part of the room."""

    def cut(self, at: float) -> None:
        """The next frame does not follow the last one; the room is the same."""

    def forget(self) -> None:
        """The room is learned anew: nothing that was seen in it holds."""


class State:
    """A state that is told when it changes; the first word may be left out where it is False."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.value = False
        self._known = False

    def turn(self, value: bool) -> list[Told]:
        """The change to `value`, if it is one."""
        if value == self.value and (self._known or not value):
            return []
        self.value, self._known = value, True
        return [Told(self._name, value)]
