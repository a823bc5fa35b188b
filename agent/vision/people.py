"""What is known of each track beyond its outline: posture, whether it lives, whether it was ever seen on its feet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from agent.vision.background import Floats
from agent.vision.posture_crop import posture_crop
from agent.vision.scene import Scene
from agent.vision.tracker import Track
from agent.vision.walkers import Walkers
from models.posture_net import Posture

_LOOK_S = 0.19  # every second frame: nobody changes his posture faster
_SMOOTH = 0.25  # weight of the newest look: about a second of them
_SETTLED_S = 1.5  # after it was first seen: until then a thing that was put down may still rock
_ON_FEET_S = 1.0
_STANDS = 0.5
_BESIDE = 0.25  # of its size, round a track, in which a new one is a part that came off


class PostureScore(Protocol):
    """What judges a crop; `models.posture_net.PostureNet` does."""

    @property
    def threshold(self) -> float:
        """From this share of `low` on somebody is low."""

    def posture(self, crop: Floats) -> Posture:
        """The posture in a crop as `agent.vision.posture_crop` makes it."""


@dataclass(slots=True)
class Known:
    """Of one track: `posture` smoothed over about a second, `latest` as it is, and what speaks for a living person.

    `moved` are the seconds (whole, of the camera's clock) in which it moved of its own; `person`: it was seen on its
    feet, and nothing has come off it since that might have been the person.
    """

    since: float
    posture: Posture
    latest: Posture
    looked_at: float
    moved: list[int] = field(default_factory=list)
    on_feet_s: float = 0.0
    person: bool = False

    def moved_since(self, at: float) -> int:
        """In how many seconds it moved since `at`."""
        return sum(second >= int(at) for second in self.moved)


class People:
    """The tracks of one camera, as far as they are known; `walkers` is what they teach of the room."""

    def __init__(self, net: PostureScore) -> None:
        self._net = net
        self.walkers = Walkers()
        self._known: dict[int, Known] = {}
        self._fed: float | None = None

    @property
    def threshold(self) -> float:
        """From this share of `low` on somebody is low."""
        return self._net.threshold

    def feed(self, scene: Scene) -> None:
        """Look at everybody in `scene`; a second call with the same scene does nothing."""
        if scene.at == self._fed:
            return
        self._fed = scene.at
        self.walkers.feed(scene)
        for track in scene.tracks:
            known = self._known.get(track.number)
            if known is None:
                self._doubt(track, scene.followed)
                first = self._look(track, scene)
                self._known[track.number] = Known(scene.at, first, first, scene.at)
            else:
                self._follow(known, track, scene)
        numbers = {track.number for track in scene.followed}
        self._known = {number: known for number, known in self._known.items() if number in numbers}

    def of(self, track: Track) -> Known:
        """What is known of a track of the scene that was fed."""
        return self._known[track.number]

    def forget(self) -> None:
        """Another room."""
        self._known, self._fed = {}, None
        self.walkers = Walkers()

    def cut(self) -> None:
        """Whoever was tracked is someone else now; the room is the same."""
        self._known, self._fed = {}, None

    def _follow(self, known: Known, track: Track, scene: Scene) -> None:
        if track.moved_at == scene.at and scene.at - known.since >= _SETTLED_S:
            second = int(scene.at)
            if not known.moved or known.moved[-1] != second:
                known.moved = [*known.moved[-59:], second]
        if scene.at - known.looked_at < _LOOK_S:
            return
        known.latest, before = self._look(track, scene), known.posture
        known.posture = Posture(*(_mixed(*pair) for pair in zip(_shares(before), _shares(known.latest), strict=True)))
        if known.posture.upright >= _STANDS and track.last.moving > 0:
            known.on_feet_s += scene.at - known.looked_at
            known.person = known.person or known.on_feet_s >= _ON_FEET_S
        known.looked_at = scene.at

    def _look(self, track: Track, scene: Scene) -> Posture:
        shape = scene.foreground.mask.shape
        stature = self.walkers.stature_at(track.last.box, shape)
        return self._net.posture(posture_crop(track.sightings, scene.at, shape, stature))

    def _doubt(self, new: Track, followed: Iterable[Track]) -> None:
        """What a new track came off may be what that one carried, and the new one the person."""
        for track in followed:
            if track is not new and (known := self._known.get(track.number)) is not None:
                box = track.last.box
                if box.overlap(new.last.box, _BESIDE * max(box.width, box.height)) > 0:
                    known.person, known.on_feet_s, known.moved = False, 0.0, []


def _shares(posture: Posture) -> tuple[float, float, float]:
    return posture.upright, posture.middle, posture.low


def _mixed(before: float, now: float) -> float:
    return before + _SMOOTH * (now - before)
