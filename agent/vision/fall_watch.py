"""Falls: what a net says of each track's last seconds, told when it says so twice in a row and nobody lay there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from agent.vision.background import Bytes, Floats
from agent.vision.fallen import FallenPeople
from agent.vision.lying_place import on_soft
from agent.vision.scene import Scene, Told
from agent.vision.tracker import Box, Track
from agent.vision.window import LENGTH_S, moving, sighting_at, window

_STATUE = 0.05  # a silhouette of which less moved within the window has neither fallen nor stood up


class WindowScore(Protocol):
    """What judges a window; `models.fall_net.FallNet` and `GeometricScore` do."""

    @property
    def threshold(self) -> float:
        """From this score on it is a fall."""

    def score(self, window: Floats) -> float:
        """0..1 for a window as `agent.vision.window.window` makes it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One window of the last frame: whose, where that track is now and was at the window's start, and its score.

    `agreed` is the lower of this score and the track's last one: what stood in two windows running, since one alone
    is a flicker of the mask. A fall is told by it, a candidate counted, a clip ranked.
    """

    track: int
    box: Box
    first_box: Box
    window: Floats
    score: float
    agreed: float


class FallWatch:
    """Tells `fall`, and of the people who fell `low_on_floor` and `recovered`."""

    def __init__(self, net: WindowScore) -> None:
        self._net = net
        self._fallen = FallenPeople()
        self._last: dict[int, Judged] = {}  # by track
        self.judged: list[Judged] = []  # of the last scene: for measuring and training

    def feed(self, scene: Scene) -> Iterable[Told]:
        """A fall, when the net says so twice in a row and this person does not lie there already."""
        self.judged = [judged for track in scene.tracks if (judged := self._judge(track, scene)) is not None]
        tracks = {track.number: track for track in scene.tracks}
        for judged in self.judged:
            if self._is_new_fall(judged, scene) and self._fallen.begin(tracks[judged.track], scene.at):
                reasons = (f"silhouette_fell {judged.score:.2f}", *scene.unsure)
                yield Told("fall", True, judged.score, reasons, judged.track)
        followed = {track.number for track in scene.followed}
        self._last = {number: one for number, one in self._last.items() if number in followed}
        self._last |= {judged.track: judged for judged in self.judged}
        seen = scene.foreground.mask
        for name, value, number in self._fallen.feed(
            list(scene.tracks), seen, scene.at, lambda mask, box: not on_soft(scene.zones, mask, box, seen.shape)
        ):
            yield Told(name, value, track=number)

    def lie(self, track: Track, at: float, upright: float) -> bool:
        """Take up `track`, who lies on the floor without a fall that was seen; False where that is known.

        `upright`: how high he is on his feet, in pixels.
        """
        return self._fallen.lie(track, at, upright)

    def protect(self, mask: Bytes) -> Bytes:
        """Who lies still must not become part of the room."""
        return self._fallen.protect(mask)

    def cut(self, at: float) -> None:
        """Open falls stay open over a gap."""

    def forget(self) -> None:
        """Another room: whoever lay in the last one does not lie here."""
        self._fallen = FallenPeople()
        self._last = {}

    def _judge(self, track: Track, scene: Scene) -> Judged | None:
        if moving(track.sightings, scene.at) < _STATUE:
            self._last.pop(track.number, None)
            return None
        seen = window(track.sightings, scene.at)
        score = self._net.score(seen)
        first = sighting_at(track.sightings, scene.at - LENGTH_S)
        before = self._last.get(track.number)
        agreed = min(score, before.score) if before is not None else 0.0
        return Judged(track.number, track.last.box, first.box, seen, score, agreed)

    def _is_new_fall(self, judged: Judged, scene: Scene) -> bool:
        threshold = self._net.threshold if scene.facts.threshold is None else scene.facts.threshold
        before = self._last.get(judged.track)
        return judged.agreed >= threshold and (before is None or before.agreed < threshold)
