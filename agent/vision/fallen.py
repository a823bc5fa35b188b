"""What comes after a fall: still low on the floor, or up again. And: one person who lies there has fallen once.

Who lies on the floor without a fall that was seen is one of them, too: the words for both are one state of the camera.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agent.vision.background import Bytes
from agent.vision.tracker import Box, Sighting, Track

_LIES_STILL_S = 5.0  # after the fall, before the place where the person lies is taken
_LOW_AFTER_S = 10.0
_UP_FOR_S = 1.0
_UPRIGHT = 0.75  # of the height before the fall
_VACATED = 0.3  # share of the place where the person lay that may still be foreground
_LEFT_FOR_S = 1.0  # the place empty for this long: whoever falls there now has fallen anew
_NOBODY_FOR_S = 20.0  # the place empty and the track gone: a cut, or carried out of the picture


@dataclass(slots=True)
class _Fall:
    track: int
    at: float
    height: float  # of the silhouette before the fall, pixels
    place: Box
    mask: Bytes  # of `place`: where the person lies
    low: bool = False
    up_since: float | None = None
    seen_at: float = 0.0
    empty_since: float | None = None
    left: bool = False  # the place was empty since


OnFloor = Callable[[Bytes, Box], bool]  # whether a silhouette (0/1, fills its box) rests on the floor


def _anywhere(_mask: Bytes, _box: Box) -> bool:
    return True


class FallenPeople:
    """The falls that are open on one camera."""

    def __init__(self) -> None:
        self._falls: list[_Fall] = []

    def begin(self, track: Track, at: float) -> bool:
        """Note a fall of `track`; False where it is the same person, who has not stood since."""
        if self._lies_already(track):
            return False
        before = max(sighting.box.height for sighting in track.sightings)
        self._falls.append(_Fall(track.number, at, float(before), track.last.box, track.last.mask, seen_at=at))
        return True

    def lie(self, track: Track, at: float, upright: float) -> bool:
        """Note that `track` lies on the floor, who is `upright` pixels high on his feet; False where that is known.

        From here on `feed` says when he does not lie there any more; the word that he does is the caller's.
        """
        if self._lies_already(track):
            return False
        self._falls.append(_Fall(track.number, at, upright, track.last.box, track.last.mask, low=True, seen_at=at))
        return True

    def protect(self, mask: Bytes) -> Bytes:
        """`mask` with the pixels where people lie set to 1: who lies still must not become part of the room."""
        for fall in self._falls:
            _cut(mask, fall.place)[fall.mask > 0] = 1
        return mask

    def feed(
        self, tracks: list[Track], foreground: Bytes, at: float, on_floor: OnFloor = _anywhere
    ) -> list[tuple[str, bool, int]]:
        """``(name, value, track)`` of each `low_on_floor` and `recovered` that begins or ends at `at`.

        Who fell on a bed or a sofa is not `on_floor`. While another still lies there, the end of one is not told.
        """
        told: list[tuple[str, bool, int]] = []
        by_number = {track.number: track for track in tracks}
        for fall in list(self._falls):
            track = by_number.get(fall.track) or self._taken_up(fall, tracks)
            if track is not None:
                fall.seen_at = at
                if at - fall.at <= _LIES_STILL_S and not _upright(track.last, fall.height):
                    fall.place, fall.mask = track.last.box, track.last.mask
            told += self._judge(fall, track, foreground, at, on_floor)
        return told

    def _lies_already(self, track: Track) -> bool:
        here = track.last.box
        return any(
            fall.track == track.number or (not fall.left and fall.place.overlap(here) > 0.3 * here.width * here.height)
            for fall in self._falls
        )

    def _no_more(self, fall: _Fall) -> list[tuple[str, bool, int]]:
        """`fall` is over: nobody is low, if he was the only one."""
        self._falls.remove(fall)
        others = any(other.low for other in self._falls)
        return [("low_on_floor", False, fall.track)] if fall.low and not others else []

    def _taken_up(self, fall: _Fall, tracks: list[Track]) -> Track | None:
        """The new track of someone whose own was lost while he lay still: it begins where he lies."""
        taken = {other.track for other in self._falls}
        for track in tracks:
            if not fall.left and track.number not in taken and _covers(track.last.box, fall.place):
                fall.track = track.number
                return track
        return None

    def _judge(
        self, fall: _Fall, track: Track | None, foreground: Bytes, at: float, on_floor: OnFloor
    ) -> list[tuple[str, bool, int]]:
        empty = float((_cut(foreground, fall.place) & fall.mask).sum()) <= _VACATED * float(fall.mask.sum())
        fall.empty_since = (at if fall.empty_since is None else fall.empty_since) if empty else None
        fall.left = fall.left or (fall.empty_since is not None and at - fall.empty_since >= _LEFT_FOR_S)
        upright = track is not None and _upright(track.last, fall.height)
        # Upright and the place left: a carer who stands over the fallen one, in one blob with him, is not his recovery.
        up = upright and empty
        fall.up_since = (fall.up_since if fall.up_since is not None else at) if up else None
        if fall.up_since is not None and at - fall.up_since >= _UP_FOR_S:
            return [*self._no_more(fall), ("recovered", True, fall.track)]
        lies = not fall.low and not empty and not upright and at - fall.at >= _LOW_AFTER_S
        if lies and on_floor(fall.mask, fall.place):
            fall.low = True
            return [("low_on_floor", True, fall.track)]
        if empty and track is None and at - fall.seen_at >= _NOBODY_FOR_S:
            return self._no_more(fall)
        return []


def _upright(sighting: Sighting, before: float) -> bool:
    return sighting.box.height >= _UPRIGHT * before and sighting.box.height > 1.1 * sighting.box.width


def _covers(box: Box, place: Box) -> bool:
    return box.overlap(place) > 0.5 * place.width * place.height


def _cut(mask: Bytes, box: Box) -> Bytes:
    return np.asarray(mask[box.y : box.bottom, box.x : box.right])
