"""Scenes made by hand: people as boxes, so that what a watcher makes of them can be told in a line."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from agent.camera_facts import CameraFacts
from agent.vision.background import Bytes, Floats, Foreground
from agent.vision.scene import Scene, Told, Watcher
from agent.vision.tracker import Box, Sighting, Track
from agent.vision.zones import Zones
from agent.zones import Zone
from models.posture_net import Posture

SHAPE = (120, 160)
RATE = 10.0


class ShapePosture:
    """Judges the crop by its outline alone: wide is low, tall is upright, as broad as high is middle."""

    threshold = 0.6

    def posture(self, crop: Floats) -> Posture:
        """All of it on one of the three."""
        seen = crop[0] > 0.5
        high, wide = np.count_nonzero(seen.any(axis=1)), np.count_nonzero(seen.any(axis=0))
        if wide > 1.5 * high:
            return Posture(0.0, 0.0, 1.0)
        return Posture(1.0, 0.0, 0.0) if high > 1.5 * wide else Posture(0.0, 1.0, 0.0)


@dataclass(slots=True)
class Stage:
    """Plays boxes to a watcher, ten a second, from 0 s on."""

    watcher: Watcher
    zones: tuple[Zone, ...] = ()
    at: float = 0.0
    learning: bool = False
    unclear: bool = False
    told: list[tuple[float, Told]] = field(default_factory=list)
    _tracks: dict[int, Track] = field(default_factory=dict)

    def play(self, seconds: float, *people: "Player") -> list[tuple[str, bool]]:
        """What is told while `people` play their parts for so long; those left out are gone."""
        zones, begun, first = Zones(self.zones), self.at, len(self.told)
        self._tracks = {p.number: self._tracks.get(p.number) or Track(p.number, deque(maxlen=40)) for p in people}
        for step in range(round(seconds * RATE)):
            self.at = begun + step / RATE
            mask = np.zeros(SHAPE, np.uint8)
            for one in people:
                _see(self._tracks[one.number], one, self.at, self.at - begun, mask)
            tracks = tuple(self._tracks.values())
            still = Foreground(mask, np.zeros(SHAPE, np.int16), mask, float(mask.mean()))
            picture = np.zeros((*SHAPE, 3), np.uint8)
            scene = Scene(
                self.at,
                picture,
                still,
                tracks,
                tracks,
                self.learning,
                self.unclear,
                zones,
                CameraFacts("c", self.zones),
            )
            self.told += [(self.at, one) for one in self.watcher.feed(scene)]
        self.at = begun + round(seconds * RATE) / RATE
        return [(one.name, one.value) for _, one in self.told[first:]]


@dataclass(frozen=True, slots=True)
class Player:
    """Track `number` in the box that `where` gives for the seconds since it came on; `moves`: it lives."""

    number: int
    where: Callable[[float], Box]
    moves: bool = True


def stays(number: int, box: Box, moves: bool = True) -> Player:
    """Somebody in one place."""
    return Player(number, lambda _: box, moves)


def goes(number: int, first: Box, last: Box, seconds: float) -> Player:
    """Somebody on the way from one place to another, evenly."""

    def where(since: float) -> Box:
        share = min(1.0, since / seconds)
        pairs = zip(
            (first.x, first.y, first.width, first.height), (last.x, last.y, last.width, last.height), strict=True
        )
        return Box(*(round(a + (b - a) * share) for a, b in pairs))

    return Player(number, where)


def names(told: Iterable[Told]) -> list[tuple[str, bool]]:
    """Names and values."""
    return [(one.name, one.value) for one in told]


def _see(track: Track, player: Player, at: float, since: float, mask: Bytes) -> None:
    box = player.where(since)
    own: Bytes = np.ones((box.height, box.width), np.uint8)
    mask[box.y : box.bottom, box.x : box.right] = 1
    if player.moves or not track.sightings:
        track.moved_at = at
    track.sightings.append(Sighting(at, box, own, box.width * box.height, 0.5 if player.moves else 0.0))
