"""What those who walk through a room teach of it: where the floor is, and how large people look there."""

import cv2
import numpy as np

from agent.vision.background import Bytes
from agent.vision.kept import Learned
from agent.vision.posture_crop import Stature
from agent.vision.scene import Scene
from agent.vision.tracker import Box, Sighting, Track
from agent.vision.window import sighting_at

_ROWS, _COLUMNS = 12, 16  # cells: as large as a foot is far away, a step near by
_PACE_S = 1.5
_FAR = 0.6  # of its own size that a silhouette must have come in that time: who falls or turns does not come so far
_ALIKE = 0.7  # smallest part of its height and width that it keeps on the way: who falls or sits down does not
_FEET = 3  # sightings of feet that make a cell floor
_SURE = 5  # sightings before a row's stature counts
_NEAR_ROWS = 2
_QUANTILE, _STEP = 0.7, 0.015  # children, pets and wheelchairs pass too: the stature is that of the taller ones
_MOVES = 0.1
_COUNTS, _SIZES = np.dtype(np.int32), np.dtype(np.float64)
_FORMS = {"feet": ((_ROWS, _COLUMNS), _COUNTS), "seen": ((_ROWS,), _COUNTS)} | dict.fromkeys(
    ("height", "width"), ((_ROWS,), _SIZES)
)
_MOST = 2**30  # sightings, or pixels


class Walkers:
    """Learned from the tracks of one camera; nothing is known before anybody has walked."""

    def __init__(self) -> None:
        self._feet = np.zeros((_ROWS, _COLUMNS), np.int32)
        self._seen = np.zeros(_ROWS, np.int32)
        self._height, self._width = np.zeros(_ROWS), np.zeros(_ROWS)

    def feed(self, scene: Scene) -> None:
        """Learn from whoever walks in this scene."""
        shape = scene.foreground.mask.shape
        for track in scene.tracks:
            if _walks(track, shape):
                self._learn(track.last.box, shape)

    def stature_at(self, box: Box, shape: tuple[int, ...]) -> Stature | None:
        """How large somebody upright looks at the foot of `box` in a picture of `shape`; None: nobody knows yet."""
        row = _cell(box.bottom - 1, shape[0], _ROWS)
        sure = np.flatnonzero(self._seen >= _SURE)
        if not len(sure):
            return None
        nearest = int(sure[np.argmin(np.abs(sure - row))])
        if abs(nearest - row) > _NEAR_ROWS:
            return None
        return Stature(float(self._width[nearest]), float(self._height[nearest]))

    def floor(self, shape: tuple[int, ...]) -> Bytes:
        """(h, w) bytes: 1 where feet have walked, or a cell beside it."""
        trodden = cv2.dilate((self._feet >= _FEET).astype(np.uint8), np.ones((3, 3), np.uint8))
        return np.asarray(cv2.resize(trodden, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST), np.uint8)

    def keep(self) -> Learned:
        """What was learned, for `take_up` in the process that follows this one: counts and sizes, nobody's own."""
        return {
            "feet": self._feet.copy(),
            "seen": self._seen.copy(),
            "height": self._height.copy(),
            "width": self._width.copy(),
        }

    def take_up(self, learned: Learned) -> bool:
        """Begin with what `keep` gave; False, and nothing is taken up, where it cannot be that."""
        if not _FORMS.keys() <= learned.keys():
            return False
        for name, form in _FORMS.items():
            part = learned[name]
            if (part.shape, part.dtype) != form or not 0 <= part.min() <= part.max() <= _MOST:
                return False
        self._feet, self._seen = learned["feet"].copy(), learned["seen"].copy()
        self._height, self._width = learned["height"].copy(), learned["width"].copy()
        return True

    def _learn(self, box: Box, shape: tuple[int, ...]) -> None:
        row, column = _cell(box.bottom - 1, shape[0], _ROWS), _cell(box.x + box.width // 2, shape[1], _COLUMNS)
        self._feet[row, column] += 1
        for known, size in ((self._height, box.height), (self._width, box.width)):
            if not self._seen[row]:
                known[row] = size
            known[row] *= 1 + _STEP * (_QUANTILE if size > known[row] else _QUANTILE - 1)
        self._seen[row] += 1


def _walks(track: Track, shape: tuple[int, ...]) -> bool:
    """Whether somebody whole in the picture has come a good way without changing his shape."""
    now, then = track.last, sighting_at(track.sightings, track.last.at - _PACE_S)
    if now.at - then.at < _PACE_S * 0.8 or now.moving < _MOVES or _cut_off(now, shape) or _cut_off(then, shape):
        return False
    size = float(np.sqrt(now.box.width * now.box.height))
    return _way(now.box, then.box) >= _FAR * size and all(
        min(first, second) >= _ALIKE * max(first, second)
        for first, second in ((now.box.height, then.box.height), (now.box.width + 4, then.box.width + 4))
    )


def _way(now: Box, then: Box) -> float:
    across = now.x + now.width / 2 - then.x - then.width / 2
    return float(np.hypot(across, now.bottom - then.bottom))


def _cut_off(sighting: Sighting, shape: tuple[int, ...]) -> bool:
    box = sighting.box
    return box.x <= 0 or box.y <= 0 or box.right >= shape[1] or box.bottom >= shape[0]


def _cell(pixel: int, length: int, cells: int) -> int:
    return min(cells - 1, max(0, pixel * cells // length))
