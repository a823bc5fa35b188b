"""Blobs to tracks: pieces of one person are joined, and what does not move along is left behind."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.vision.background import Bytes, Foreground

_SMALLEST = 0.0025  # of the picture: a person at the far end of a six-metre room covers about twice this
_MOST_PIECES = 25  # a picture full of specks (rain, night noise) costs no more than this
_JUST_MOVED, _LATELY_MOVED = 6, 15  # frames
_MOVES = 0.12  # share of a piece that just moved: it is alive
_CAME = 0.25  # share of a piece that must have moved before the rest is cut away: an arm alone is no person
_LOST_AFTER_S = 1.5
_HISTORY = 40  # sightings kept: four seconds at ten a second, more than one window


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column beyond it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row beyond it."""
        return self.y + self.height

    def overlap(self, other: "Box", margin: float = 0.0) -> float:
        """Pixels of `other` that lie in this box widened by `margin` all round."""
        across = min(self.right + margin, other.right) - max(self.x - margin, other.x)
        down = min(self.bottom + margin, other.bottom) - max(self.y - margin, other.y)
        return max(0.0, across) * max(0.0, down)

    @staticmethod
    def around(boxes: Iterable["Box"]) -> "Box":
        """The smallest box round all of them."""
        every = list(boxes)
        x, y = min(box.x for box in every), min(box.y for box in every)
        return Box(x, y, max(box.right for box in every) - x, max(box.bottom for box in every) - y)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One track in one frame: `mask` (0/1) fills `box`; `moving` is the share of it that moved lately."""

    at: float
    box: Box
    mask: Bytes
    area: int
    moving: float


@dataclass(slots=True)
class Track:
    """One person (or whatever moves) over the last seconds, oldest sighting first."""

    number: int
    sightings: deque[Sighting] = field(default_factory=lambda: deque(maxlen=_HISTORY))
    moved_at: float = 0.0

    @property
    def last(self) -> Sighting:
        """Where it was seen last."""
        return self.sightings[-1]


@dataclass(frozen=True, slots=True)
class _Piece:
    label: int
    box: Box
    area: int
    just_moved: float  # share
    lately_moved: int  # pixels


class Tracker:
    """Follows blobs through the frames of one camera; frames of one size, in order of time."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self._next = 1

    def forget(self) -> None:
        """What comes does not follow what was: all tracks end; their numbers are not given again."""
        self.tracks = []

    def feed(self, at: float, foreground: Foreground) -> list[Track]:
        """The tracks seen in this frame; those unseen for longer than 1.5 s are dropped from `tracks`."""
        labels, pieces = _pieces(foreground)
        free = {piece.label: piece for piece in pieces}
        smallest = _SMALLEST * labels.size
        for track in sorted(self.tracks, key=lambda track: -track.last.area):
            own = [piece for piece in free.values() if _belongs(piece, track.last)]
            for piece in own:
                del free[piece.label]
            kept = _alive(own, track.last, labels)
            if sum(piece.area for piece in kept) >= smallest / 2:
                _see(track, at, kept, labels)
        for piece in free.values():
            if piece.area >= smallest and piece.lately_moved > 0.03 * piece.area + 4:
                track = Track(self._next, moved_at=at)
                self._next += 1
                _see(track, at, [piece], labels)
                self.tracks.append(track)
        self.tracks = [track for track in self.tracks if at - track.last.at <= _LOST_AFTER_S]
        return [track for track in self.tracks if track.last.at == at]


def _pieces(foreground: Foreground) -> tuple[NDArray[np.int32], list[_Piece]]:
    """The label picture and the largest pieces of the foreground."""
    count, found, stats, _ = cv2.connectedComponentsWithStats(foreground.mask, connectivity=8)
    labels = np.asarray(found, np.int32)
    just = np.bincount(labels[foreground.still < _JUST_MOVED], minlength=count)
    lately = np.bincount(labels[foreground.still < _LATELY_MOVED], minlength=count)
    areas = stats[:, cv2.CC_STAT_AREA]
    order = np.argsort(-areas[1:], kind="stable")[:_MOST_PIECES] + 1
    least = _SMALLEST * labels.size / 4
    return labels, [
        _Piece(
            int(n),
            _where_it_came(labels == n, Box(*(int(value) for value in stats[n, :4])), foreground.came),
            int(areas[n]),
            float(just[n]) / float(areas[n]),
            int(lately[n]),
        )
        for n in order
        if areas[n] >= least
    ]


def _where_it_came(piece: NDArray[np.bool_], box: Box, came: Bytes) -> Box:
    """The part of a piece's box in which something moved, if that is a fair share of it, with a margin.

    The rest touches the person but is none: a door's edge after the camera was nudged, a patch of sunlight.
    """
    inside = piece[box.y : box.bottom, box.x : box.right]
    moved = inside & (came[box.y : box.bottom, box.x : box.right] > 0)
    if moved.sum() < _CAME * inside.sum():
        return box
    rows, columns = np.flatnonzero(moved.any(axis=1)), np.flatnonzero(moved.any(axis=0))
    margin = 1 + int(0.08 * max(len(rows), len(columns)))
    top, bottom = max(0, int(rows[0]) - margin), min(box.height, int(rows[-1]) + 1 + margin)
    left, right = max(0, int(columns[0]) - margin), min(box.width, int(columns[-1]) + 1 + margin)
    return Box(box.x + left, box.y + top, right - left, bottom - top)


def _belongs(piece: _Piece, last: Sighting) -> bool:
    """Whether a piece lies where the track was, or is a large piece that touches it."""
    margin = max(3.0, 0.12 * max(last.box.width, last.box.height))
    shared = last.box.overlap(piece.box, margin)
    if shared <= 0:
        return False
    return shared > 0.3 * piece.box.width * piece.box.height or piece.area > 0.3 * last.area


def _alive(pieces: Sequence[_Piece], last: Sighting, labels: NDArray[np.int32]) -> Sequence[_Piece]:
    """The pieces to keep: those that move, if that is a person's worth; else those that lie on the last mask.

    The rest is a ghost: a moved chair, or the place in the background where somebody sat when it was learned.
    """
    if len(pieces) < 2:
        return pieces
    moving = [piece for piece in pieces if piece.just_moved >= _MOVES]
    if sum(piece.area for piece in moving) >= 0.12 * last.area:
        return moving
    box = last.box
    here = labels[box.y : box.bottom, box.x : box.right]
    resting = [p for p in pieces if int(((here == p.label) & (last.mask > 0)).sum()) > 0.4 * p.area]
    return resting or pieces


def _see(track: Track, at: float, pieces: Sequence[_Piece], labels: NDArray[np.int32]) -> None:
    box = Box.around(piece.box for piece in pieces)
    inside = labels[box.y : box.bottom, box.x : box.right]
    mask = np.isin(inside, [piece.label for piece in pieces]).astype(np.uint8)
    area = int(mask.sum())
    moving = sum(piece.lately_moved for piece in pieces) / area
    if max(piece.just_moved for piece in pieces) > 0.02:
        track.moved_at = at
    track.sightings.append(Sighting(at, box, mask, area, moving))
