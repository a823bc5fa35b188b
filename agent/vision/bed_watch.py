"""Who lies in a bed, sits at its edge or has left it, by the bed's zone. What is not known is not told.

A sleeper becomes part of the room; so a bed stays occupied until somebody is seen to come out of it. Somebody who came
to an occupied bed from outside is a visitor: that he goes again says nothing of the resident.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from agent.vision.background import Bytes
from agent.vision.lying_place import base_share
from agent.vision.people import People
from agent.vision.scene import Scene, Told
from agent.vision.tracker import Sighting, Track
from agent.zones import Zone, ZoneKind

_IN_SHARE = 0.6  # of the silhouette, and of its lower edge, in the zone: he lies or sits in bed
_AT_SHARE = 0.15  # of it in the zone: he sits at the edge, or stands before the bed
_AWAY_SHARE = 0.08
_BORN_SHARE = 0.5  # who is first seen like that has been in bed before
_IN_FOR_S, _EDGE_FOR_S, _AWAY_FOR_S = 5.0, 1.5, 1.0
_LIVES = 2  # seconds with movement of its own: bed linen that was thrown back lies still
_SITS = 0.45  # share of the posture `middle`
_STAYS_S, _STAYS = 1.0, 0.15  # who sits does not go farther than this share of his size in that time
_EDGE_GONE_S = 10.0  # nobody tracked at the edge for this long: the word of it ends


@dataclass(slots=True)
class _Visit:
    """One track and one bed: since when it lies there, sits at the edge, or is away; and how it came."""

    since: float
    born_in: bool
    in_since: float | None = None
    edge_since: float | None = None
    away_since: float | None = None
    resident: bool = False
    visitor: bool = False
    lives: bool = False


@dataclass(slots=True)
class _Bed:
    occupied: bool | None = None
    edge: bool = False
    edge_at: float = 0.0
    visits: dict[int, _Visit] = field(default_factory=dict)


class BedWatch:
    """Tells `in_bed` and `edge_of_bed` of each zone of kind bed, with the bed that the zone names."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._beds: dict[Zone, _Bed] = {}

    def feed(self, scene: Scene) -> Iterable[Told]:
        """What has changed about each bed; nothing while the room is being learned or the picture is at fault."""
        self._people.feed(scene)
        zones = scene.zones.of(ZoneKind.BED)
        self._beds = {zone: self._beds.get(zone) or _Bed() for zone in zones}
        if scene.learning or scene.unclear:
            return
        numbers = {track.number for track in scene.followed}
        for zone, bed in self._beds.items():
            bed.visits = {number: visit for number, visit in bed.visits.items() if number in numbers}
            for track in scene.tracks:
                self._see(bed, zone, track, scene)
            yield from self._judge(bed, zone, scene)

    def protect(self, mask: Bytes) -> Bytes:
        """A sleeper may become part of the room."""
        return mask

    def cut(self, at: float) -> None:
        """Who was tracked is somebody else now; who lay in bed may have left it unseen."""
        for bed in self._beds.values():
            bed.visits = {}

    def forget(self) -> None:
        """Another room, or the same with somebody in bed: nothing is known."""
        self._beds = {}

    def _see(self, bed: _Bed, zone: Zone, track: Track, scene: Scene) -> None:
        """Note where `track` is in this scene, as seen from the bed."""
        over, rests = _shares(zone, track.last, scene)
        visit = bed.visits.get(track.number)
        if visit is None:
            visit = bed.visits[track.number] = _Visit(scene.at, min(over, rests) >= _BORN_SHARE)
        lies = over >= _IN_SHARE and rests >= _IN_SHARE
        sits = not lies and over >= _AT_SHARE and self._people.of(track).posture.middle >= _SITS and _stays(track)
        visit.in_since = _since(lies, visit.in_since, scene.at)
        visit.edge_since = _since(sits, visit.edge_since, scene.at)
        visit.away_since = _since(over < _AWAY_SHARE, visit.away_since, scene.at)
        if over >= _AT_SHARE and not visit.born_in and bed.occupied and not visit.resident:
            visit.visitor = True
        visit.lives = self._people.of(track).moved_since(visit.since) >= _LIVES
        if not visit.visitor and (visit.born_in or _for(visit.in_since, scene.at) >= _IN_FOR_S):
            visit.resident = True

    def _judge(self, bed: _Bed, zone: Zone, scene: Scene) -> Iterable[Told]:
        tracks = {track.number: track for track in scene.tracks}
        here = [(tracks[number], visit) for number, visit in bed.visits.items() if number in tracks]
        own = [(track, visit) for track, visit in here if visit.resident and visit.lives]
        lying = [(t, v) for t, v in own if _for(v.in_since, scene.at) >= _IN_FOR_S]
        left = [(t, v) for t, v in own if _for(v.away_since, scene.at) >= _AWAY_FOR_S]
        if lying and not bed.occupied:
            bed.occupied = True
            over = _shares(zone, lying[0][0].last, scene)[0]
            yield Told("in_bed", True, over, (f"lies_in_bed {over:.2f}",), lying[0][0].number, zone.bed)
        for track, visit in left:
            visit.resident = False
            if bed.occupied is not False and not lying:
                bed.occupied = False
                yield Told("in_bed", False, 1.0, ("left_the_bed",), track.number, zone.bed)
        yield from self._judge_edge(bed, zone, here, bool(lying), scene.at)

    @staticmethod
    def _judge_edge(bed: _Bed, zone: Zone, here: list[tuple[Track, _Visit]], lying: bool, at: float) -> Iterable[Told]:
        """The edge, once somebody who is no visitor has sat there for a moment; its end when he lies or has gone."""
        sitting = [t for t, v in here if not v.visitor and _for(v.edge_since, at) >= _EDGE_FOR_S]
        if sitting:
            bed.edge_at = at
            if not bed.edge:
                bed.edge = True
                yield Told("edge_of_bed", True, 1.0, ("sits_at_edge",), sitting[0].number, zone.bed)
        elif bed.edge and (lying or bed.occupied is False or at - bed.edge_at >= _EDGE_GONE_S):
            bed.edge = False
            yield Told("edge_of_bed", False, 1.0, ("not_at_edge",), bed=zone.bed)


def _shares(zone: Zone, sighting: Sighting, scene: Scene) -> tuple[float, float]:
    """The share of the silhouette, and that of its lower edge, in the zone."""
    shape = scene.foreground.mask.shape
    over = scene.zones.share_in(zone, sighting.mask, sighting.box, shape)
    return over, base_share(scene.zones.mask(zone, shape), sighting.mask, sighting.box)


def _since(holds: bool, since: float | None, at: float) -> float | None:
    return None if not holds else at if since is None else since


def _for(since: float | None, at: float) -> float:
    return -1.0 if since is None else at - since


def _stays(track: Track) -> bool:
    """Whether the silhouette's middle has stayed where it is."""
    centres = [
        (s.box.x + s.box.width / 2, s.box.y + s.box.height / 2)
        for s in track.sightings
        if s.at > track.last.at - _STAYS_S
    ]
    return float(np.ptp(np.array(centres), axis=0).max()) <= _STAYS * max(track.last.box.width, track.last.box.height)
