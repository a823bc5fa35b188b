"""Whether a picture lives: a sensor's noise is in every frame, and no two are alike for long.

Two ways of being dead. *Recurring*: each frame is, to the last bit, one of the last seconds' (a buffer sent again, or
one still that goes through an encoder again and again, key frame and all). *Noiseless*: nothing moves, and plain walls
flicker far less than this camera's ever did while it was alive (a still through an encoder that is not so regular).
What a camera's flicker is in a quiet room is known from quiet times that were followed by movement: those were alive.
"""

from collections import deque
from zlib import crc32

import cv2
import numpy as np

from agent.vision.background import Bytes, Floats

_REMEMBERED = 80  # frames: eight seconds, longer than the distance of key frames; film loops are longer
_THUMBNAIL = (40, 30)
_MOTION = 6.0  # grey levels of a thumbnail's pixel: an encoder's ripple stays below, a hand that moves does not
_WINDOW = 100  # frames: ten seconds
_FLAT_SHARE = 15  # per cent of the picture: its plainest parts
_KNOWN = 6  # quiet windows of a live picture that must be known
_KEPT = 360
_LESS = 0.45  # of the least flicker ever seen alive


class Stillness:
    """Feed frames of one size in order; `recurring` and `noiseless` (None while unknown) hold for the last one."""

    def __init__(self) -> None:
        self.recurring = False
        self.noiseless: bool | None = None
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)
        self._thumbnail: Bytes | None = None
        self._grey: Bytes | None = None
        self._first: Bytes | None = None  # thumbnail at the start of the window
        self._flat: Bytes | None = None
        self._flickers: list[float] = []
        self._moved = False
        self._waiting: deque[float] = deque(maxlen=_KEPT)  # quiet windows since the last movement
        self._alive: deque[float] = deque(maxlen=_KEPT)  # quiet windows before it

    def feed(self, frame: Bytes, grey: Bytes, steady: Floats) -> None:
        """`frame`, the same in `grey`, and the mean of the last seconds' grey pictures."""
        thumbnail = np.asarray(cv2.resize(grey, _THUMBNAIL, interpolation=cv2.INTER_AREA), np.uint8)
        number = crc32(frame.tobytes())
        moves = self._thumbnail is not None and cv2.norm(thumbnail, self._thumbnail, cv2.NORM_INF) > _MOTION
        self.recurring = number in self._seen and not moves
        self._seen.append(number)
        self._flicker(grey, thumbnail, steady)
        self._thumbnail, self._grey = thumbnail, grey

    def _flicker(self, grey: Bytes, thumbnail: Bytes, steady: Floats) -> None:
        if self._first is None or self._flat is None or len(self._flickers) >= _WINDOW:
            self._close_window()
            self._first, self._flat = thumbnail, _flat(steady)
        if self._grey is not None:
            self._flickers.append(cv2.mean(cv2.absdiff(grey, self._grey), self._flat)[0])
        self._moved |= cv2.norm(thumbnail, self._first, cv2.NORM_INF) > _MOTION

    def _close_window(self) -> None:
        if len(self._flickers) < _WINDOW:
            return
        flicker = float(np.mean(self._flickers))
        if self._moved:
            self._alive.extend(self._waiting)
            self._waiting.clear()
            self.noiseless = False
        else:
            known = len(self._alive) >= _KNOWN
            self.noiseless = flicker < _LESS * min(self._alive) if known else None
            self._waiting.append(flicker)
        self._flickers, self._moved = [], False


def _flat(steady: Floats) -> Bytes:
    """The plainest parts of the picture, 0/1."""
    soft = cv2.GaussianBlur(steady, (0, 0), 1.0)
    slope = cv2.absdiff(cv2.dilate(soft, np.ones((5, 5), np.uint8)), cv2.erode(soft, np.ones((5, 5), np.uint8)))
    return np.asarray(slope <= np.percentile(slope[::2, ::2], _FLAT_SHARE), np.uint8)
