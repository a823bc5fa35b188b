"""A video file as the eyes are shown it: ten pictures a second at most, each with its time on the clip's own clock.

Files are read by FFmpeg alone, as cameras are: OpenCV's other readers take `room1.jpg` for a whole series of pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from agent.vision.background import Bytes
from agent.vision.file_error import FileError, check_readable

EVERY_S = 0.1
DEFAULT_FPS = 25.0
_EARLY = 0.1  # of the interval: as `drivers.camera.capture` takes frames, so that none is lost to jitter


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture (h, w, 3; BGR), `at` seconds after the clip's first one."""

    at: float
    picture: Bytes = field(repr=False)


class Clip:
    """The video in the file `path`, read once from its start; raises FileError where that cannot be done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.frames = 0  # decoded so far, shown or not
        self._last_at = 0.0
        self._video = _open(path)
        rate = self._video.get(cv2.CAP_PROP_FPS)
        self._rate = rate if 1 <= rate <= 1000 else DEFAULT_FPS
        self._first_ms: float | None = None
        self._waiting = self._next(0.0)
        if self._waiting is None:
            self._video.release()
            raise FileError(path, "no_video")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its first picture, as it is seen upright."""
        assert self._waiting is not None
        height, width = self._waiting.picture.shape[:2]
        return width, height

    @property
    def length_s(self) -> float:
        """How long it says it is; 0 where it does not say."""
        count = self._video.get(cv2.CAP_PROP_FRAME_COUNT)
        return float(count / self._rate) if count > 0 else 0.0

    @property
    def fps(self) -> float:
        """Frames a second: over those decoded so far, or as it says while that is one."""
        return (self.frames - 1) / self._last_at if self._last_at > 0 else self._rate

    def shots(self) -> Iterator[Shot]:
        """Its pictures in order, ten a second at most; to be asked for once."""
        due = 0.0
        shot = self._waiting
        try:
            while shot is not None:
                yield shot
                # By a schedule, not by the last picture's age: of 15 frames a second 10 are shown, not every other one.
                due = due + EVERY_S if due + EVERY_S > shot.at else shot.at + EVERY_S
                shot = self._next(due - _EARLY * EVERY_S)
        finally:
            self._video.release()

    def close(self) -> None:
        """Let go of the file, for whoever asks for no pictures."""
        self._video.release()

    def _next(self, due: float) -> Shot | None:
        """The first picture not before `due`."""
        while self._video.grab():
            at = self._time()
            self.frames += 1
            self._last_at = at
            if at >= due:
                good, picture = self._video.retrieve()
                if good and picture is not None:
                    return Shot(at, np.asarray(picture, np.uint8))
        return None

    def _time(self) -> float:
        """Seconds of the frame just grabbed: as the container has it, by count where it has none."""
        told_ms = self._video.get(cv2.CAP_PROP_POS_MSEC)
        if self._first_ms is None:
            self._first_ms = told_ms
            return 0.0
        at = (told_ms - self._first_ms) / 1000
        return at if at > self._last_at else self._last_at + 1 / self._rate


def _open(path: Path) -> cv2.VideoCapture:
    check_readable(path)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    video = cv2.VideoCapture(str(path.resolve()), cv2.CAP_FFMPEG)
    if not video.isOpened():
        raise FileError(path, "no_video")
    return video
