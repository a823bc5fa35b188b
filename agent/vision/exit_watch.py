"""Somebody steps into an exit zone: told once a passage, and not of whoever comes in from outside."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.vision.background import Bytes
from agent.vision.scene import Scene, Told
from agent.vision.tracker import Sighting
from agent.vision.zones import Zones
from agent.zones import Zone, ZoneKind

_IN_FOR_S = 0.3  # feet that are in for this long: edges of silhouettes flicker
_FROM_OUTSIDE_S = 0.5  # seen outside for this long: whoever appears at the door has come in by it
_NEXT_S = 3.0  # outside for this long since the last passage before there can be another


@dataclass(slots=True)
class _Passage:
    """One track and one zone: whether its next step into the zone counts."""

    outside_since: float | None = None
    inside_since: float | None = None
    armed: bool = False
    again: bool = False  # there was a passage

    def step(self, inside: bool, at: float) -> bool:
        """Whether this is the moment at which a passage into the zone is sure."""
        if not inside:
            self.inside_since = None
            self.outside_since = at if self.outside_since is None else self.outside_since
            self.armed |= at - self.outside_since >= (_NEXT_S if self.again else _FROM_OUTSIDE_S)
            return False
        self.outside_since = None
        self.inside_since = at if self.inside_since is None else self.inside_since
        if not self.armed or at - self.inside_since < _IN_FOR_S:
            return False
        self.armed, self.again = False, True
        return True


class ExitWatch:
    """Tells `exit_zone_entered` with the track that did."""

    def __init__(self) -> None:
        self._passages: dict[tuple[int, Zone], _Passage] = {}

    def feed(self, scene: Scene) -> Iterable[Told]:
        """Whose feet have been in an exit zone for a moment, after they were outside it."""
        numbers = {track.number for track in scene.followed}
        self._passages = {key: one for key, one in self._passages.items() if key[0] in numbers}
        for place, zone in enumerate(scene.zones.of(ZoneKind.EXIT), start=1):
            for track in scene.tracks:
                passage = self._passages.setdefault((track.number, zone), _Passage())
                if passage.step(_stands_in(scene.zones, zone, track.last, scene.foreground.mask), scene.at):
                    yield Told("exit_zone_entered", True, 1.0, (f"feet_in_exit {place}", *scene.unsure), track.number)

    def protect(self, mask: Bytes) -> Bytes:
        """Nothing of its own."""
        return mask

    def cut(self, at: float) -> None:
        """Whoever was on the way is another track now."""
        self._passages = {}

    def forget(self) -> None:
        """Another room."""
        self._passages = {}


def _stands_in(zones: Zones, zone: Zone, sighting: Sighting, picture: Bytes) -> bool:
    """Whether the feet are in the zone: the middle of the lowest row of the silhouette."""
    box, lowest = sighting.box, sighting.mask[-1].nonzero()[0]
    middle = box.x + (int(lowest.mean()) if len(lowest) else box.width // 2)
    return bool(zones.mask(zone, picture.shape)[box.bottom - 1, middle])
