"""Somebody low on the floor for a while, whether or not a fall was seen: who slid down, or lay there from the start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from agent.vision.background import Bytes
from agent.vision.lying_place import on_floor
from agent.vision.people import People
from agent.vision.scene import Scene, Told
from agent.vision.tracker import Box, Track

LOW_FOR_S = 10.0
_UP_AGAIN = 0.25  # below the threshold: so far the share of `low` must fall before it counts as getting up
_UP_FOR_S = 1.0
_LIVES = 3  # seconds with movement of its own: what never stood must show that it is no thing
_SMALLEST = 0.035  # of the square of people's stature: half of what a person covers who lies head on, above a cat
_SMALLEST_UNKNOWN = 0.01  # of the picture, where nobody knows how large people look

Lies = Callable[[Track, float, float], bool]


@dataclass(slots=True)
class _Low:
    since: float
    box: Box
    up_since: float | None = None


class FloorWatch:
    """Tells `low_on_floor` of whoever is low outside beds and sofas for ten seconds.

    `lies` is told the track, the time and the height that he has upright, and says whether that is news; from then on
    it is his business to say when somebody is up again (`agent.vision.fallen.FallenPeople.lie`).
    """

    def __init__(self, people: People, lies: Lies, low_for_s: float = LOW_FOR_S) -> None:
        self._people = people
        self._lies = lies
        self._low_for_s = low_for_s
        self._low: dict[int, _Low] = {}

    def feed(self, scene: Scene) -> Iterable[Told]:
        """Who has been low for long enough, is large enough for a person, and has shown to be one."""
        self._people.feed(scene)
        numbers = {track.number for track in scene.followed}
        self._low = {number: low for number, low in self._low.items() if number in numbers}
        if scene.unclear:
            self._low = {}
            return
        for track in scene.tracks:
            low = self._follow(track, scene)
            if low is None or scene.at - low.since < self._low_for_s or self._gets_up(track):
                continue
            if self._is_person(track, low, scene):
                yield from self._tell(track, scene.at - low.since, scene)

    def protect(self, mask: Bytes) -> Bytes:
        """Who lies still has been tracked for less than the time that tracks stay people anyhow."""
        return mask

    def cut(self, at: float) -> None:
        """Whoever lies there is a new track now."""
        self._people.cut()
        self._low = {}

    def forget(self) -> None:
        """Another room."""
        self._people.forget()
        self._low = {}

    def _follow(self, track: Track, scene: Scene) -> _Low | None:
        """Since when this track is low in this place; None while it is not."""
        share, threshold = self._people.of(track).posture.low, self._people.threshold
        shape, last = scene.foreground.mask.shape, track.last
        low = self._low.get(track.number)
        lies_here = on_floor(scene.zones, self._people.walkers, last.mask, last.box, shape)
        if low is None:
            if share >= threshold and lies_here:
                low = self._low[track.number] = _Low(scene.at, last.box)
            return low
        if share >= threshold - _UP_AGAIN and lies_here:
            low.up_since = None
        elif low.up_since is None:
            low.up_since = scene.at
        if (low.up_since is not None and scene.at - low.up_since >= _UP_FOR_S) or _away(low.box, last.box):
            del self._low[track.number]
            return None
        return low

    def _gets_up(self, track: Track) -> bool:
        """Whether he is not low just now: then the next second tells."""
        return self._people.of(track).latest.low < self._people.threshold

    def _is_person(self, track: Track, low: _Low, scene: Scene) -> bool:
        known, shape = self._people.of(track), scene.foreground.mask.shape
        stature = self._people.walkers.stature_at(track.last.box, shape)
        if stature is None:
            large = track.last.area >= _SMALLEST_UNKNOWN * shape[0] * shape[1]
        else:
            large = track.last.area >= _SMALLEST * stature.height**2
        return large and (known.person or known.moved_since(low.since) >= _LIVES)

    def _tell(self, track: Track, lasts_s: float, scene: Scene) -> Iterable[Told]:
        stature = self._people.walkers.stature_at(track.last.box, scene.foreground.mask.shape)
        upright = max(sighting.box.height for sighting in track.sightings)
        if not self._lies(track, scene.at, max(float(upright), 0.0 if stature is None else stature.height)):
            return
        share = self._people.of(track).posture.low
        yield Told(
            "low_on_floor", True, share, (f"lies_low {share:.2f}", f"for_s {lasts_s:.0f}", *scene.unsure), track.number
        )


def _away(first: Box, now: Box) -> bool:
    """Whether it has gone farther than its own length: pets do, and those who crawl are told when they stop."""
    across = first.x + first.width / 2 - now.x - now.width / 2
    return float(np.hypot(across, first.bottom - now.bottom)) > max(first.width, first.height, now.width, now.height)
