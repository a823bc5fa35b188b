"""A few pictures of the last seconds of one camera, in memory only: what a detector is shown after a trigger."""

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np

from agent.vision.background import Bytes

LONGEST = 320  # pixels of the longer side: a person across a room still has a hundred
KEPT = 3
APART_S = 0.8  # so that the oldest of them lies 1.6 s to 2.4 s back: before any fall that is told now

_EARLY_S = 0.02  # frames come a little before their time too


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """One picture (h, w, 3; BGR) and when it was taken; the picture is never printed."""

    at: float
    picture: Bytes = field(repr=False)


class RecentFrames:
    """Three copies at most, 690 kB, and the newest frame as it came, which is held until the next one comes."""

    def __init__(self) -> None:
        self._kept: deque[Taken] = deque(maxlen=KEPT)
        self._newest: Taken | None = None
        self._small: Bytes | None = None

    def keep(self, frame: Bytes, at: float) -> None:
        """Take in the newest frame; one in eight tenths of a second is copied. Time goes forward, or it is a cut."""
        if self._newest is not None and at <= self._newest.at:
            self.forget()
        self._newest, self._small = Taken(at, frame), None
        if not self._kept or at - self._kept[-1].at >= APART_S - _EARLY_S:
            self._kept.append(Taken(at, self._shrunk().copy()))

    def now(self) -> Taken | None:
        """The newest frame, small; None before the first."""
        return None if self._newest is None else Taken(self._newest.at, self._shrunk())

    def since(self, at: float) -> tuple[Taken, ...]:
        """Those that were taken at `at` or later, the oldest first, without the newest frame."""
        newest = self._newest.at if self._newest is not None else at
        return tuple(kept for kept in self._kept if at <= kept.at < newest)

    def forget(self) -> None:
        """What comes does not follow what was."""
        self._kept.clear()
        self._newest, self._small = None, None

    def _shrunk(self) -> Bytes:
        assert self._newest is not None
        if self._small is None:
            frame = self._newest.picture
            height, width = frame.shape[:2]
            scale = LONGEST / max(height, width)
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            shrunk = frame if scale >= 1 else cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
            self._small = np.asarray(shrunk, np.uint8)
        return self._small
