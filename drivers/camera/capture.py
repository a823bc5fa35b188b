"""One capture from its opening to its end, in a thread of its own that may be left behind when the library hangs."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np

from drivers.camera.frame import Frame
from drivers.camera.source import Source, SourceKind

_LOGGER = logging.getLogger(__name__)

KNOCK_S = 3.0
OPEN_TIMEOUT_MS = 4000
READ_TIMEOUT_MS = 3000
DEFAULT_FPS = 25.0
_BEHIND_S = 1.0  # a file player that was held up longer than this goes on from where it is

# OpenCV opens one FFmpeg capture at a time in a process, whoever waits for whom. Our own lock makes that visible:
# a thread that waits here is not one that hangs.
_OPENING = threading.Lock()


class CaptureState(StrEnum):
    """How far it got, and how it ended."""

    OPENING = "opening"
    PLAYING = "playing"
    LOST = "lost"  # broken off, or no answer: worth another try
    FAULT = "fault"  # only a person can mend it: no such file, not a video, no such device
    ENDED = "ended"  # the file was played to its end


@dataclass(frozen=True, slots=True)
class Playing:
    """How to play: frames are handed out every `interval_s` at most, `loop` is for files."""

    interval_s: float = 0.1
    loop: bool = False


class _OverError(Exception):
    """The capture ended: `state` and why, for people."""

    def __init__(self, state: CaptureState, why: str) -> None:
        super().__init__(why)
        self.state = state


class Capture:
    """One try. Read from any thread: `newest`, `grabbed`, `state`, `why`, `moved_at`. Only its thread writes."""

    def __init__(self, source: Source, playing: Playing, first: int, now: Callable[[], float] = time.monotonic) -> None:
        """`first` is the number of its first frame."""
        self.newest: Frame | None = None
        self.grabbed = 0
        self.state = CaptureState.OPENING
        self.why = ""
        self.moved_at: float | None = None  # its last sign of life; None while it waits for another to open
        self._source = source
        self._playing = playing
        self._first = first
        self._now = now
        self._due = now()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"camera {source.shown}", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether its thread still runs."""
        return self._thread.is_alive()

    def stop(self, wait_s: float = 0.0) -> None:
        """Ask it to end, and wait at most `wait_s` seconds for that."""
        self._stop.set()
        if wait_s:
            self._thread.join(wait_s)

    def _run(self) -> None:
        video = cv2.VideoCapture()
        try:
            self._open(video)
            if self._source.kind is SourceKind.FILE:
                self._play_file(video)
            else:
                self._play_live(video)
        except _OverError as over:
            self._end(over.state, str(over))
        except Exception as error:  # the end of a supervised thread: the stream opens another capture
            _LOGGER.exception("camera %s: capture failed", self._source.shown)
            self._end(CaptureState.LOST, f"{type(error).__name__} in the capture library")
        finally:
            video.release()

    def _end(self, state: CaptureState, why: str) -> None:
        self.why = f"{self._source.shown}: {why}"
        self.state = state

    def _open(self, video: cv2.VideoCapture) -> None:
        _CHECKS[self._source.kind](self._source)
        with _OPENING:
            if self._stop.is_set():
                raise _OverError(CaptureState.LOST, "closed")
            self.moved_at = self._now()
            _set_up_library()
            opened = _open_video(video, self._source)
        self.moved_at = self._now()
        if not opened:
            raise _OverError(*_NOT_OPENED[self._source.kind])

    def _play_live(self, video: cv2.VideoCapture) -> None:
        while not self._stop.is_set():
            if not video.grab():
                raise _OverError(CaptureState.LOST, "the stream broke off")
            self._take(video, self._now())

    def _play_file(self, video: cv2.VideoCapture) -> None:
        rate = video.get(cv2.CAP_PROP_FPS)
        step = 1 / (rate if 1 <= rate <= 120 else DEFAULT_FPS)
        due = self._now()
        while not self._stop.wait(max(0.0, due - self._now())):
            if not video.grab():
                self._rewind(video)
                continue
            self._take(video, self._now())
            due = due + step if self._now() - due < _BEHIND_S else self._now() + step

    def _rewind(self, video: cv2.VideoCapture) -> None:
        if not self.grabbed:
            raise _OverError(CaptureState.FAULT, "is not a video that can be played; record or copy it again")
        if not self._playing.loop:
            raise _OverError(CaptureState.ENDED, "played to its end")
        if not video.set(cv2.CAP_PROP_POS_FRAMES, 0) or not video.grab():
            raise _OverError(CaptureState.LOST, "cannot be played again from its start")
        self._take(video, self._now())

    def _take(self, video: cv2.VideoCapture, at: float) -> None:
        """Note the frame just grabbed; hand it out unless the last one is too near."""
        self.moved_at = at
        self.grabbed += 1
        interval_s = self._playing.interval_s
        # By a schedule, not by the last frame's age: of 15 frames a second 10 are taken, not every other one. A tenth
        # early, so that a stream at exactly our rate loses none to jitter.
        if at >= self._due - 0.1 * interval_s:
            self._due = max(self._due + interval_s, at)
            good, pixels = video.retrieve()
            if good and pixels is not None:
                self.newest = Frame(np.asarray(pixels, np.uint8), at, self._first + self.grabbed - 1)
                self.state = CaptureState.PLAYING


def _set_up_library() -> None:
    """OpenCV and FFmpeg print what they like, addresses with passwords included: forbid both to print.

    For V4L2 it knows no read time-out but this one, which it takes from here before the first frame; ten seconds long
    otherwise, in which the device would stay busy for the next try.
    """
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(READ_TIMEOUT_MS // 1000))
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def _open_video(video: cv2.VideoCapture, source: Source) -> bool:
    if source.kind is SourceKind.DEVICE:
        return bool(video.open(source.address, cv2.CAP_V4L2))
    # One decoding thread: more of them only queue frames, which makes each of them older.
    wishes = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS]
    return bool(video.open(source.address, cv2.CAP_FFMPEG, [*wishes, cv2.CAP_PROP_N_THREADS, 1]))


def _check_file(source: Source) -> None:
    path = Path(source.address)
    if not path.exists():
        raise _OverError(CaptureState.FAULT, "no such file; correct `source` or put the clip there")
    if not path.is_file() or not os.access(path, os.R_OK):
        raise _OverError(CaptureState.FAULT, "is not a file that we may read; correct `source` or its rights")


def _check_device(source: Source) -> None:
    path = Path(source.address)
    if not path.exists():
        raise _OverError(CaptureState.FAULT, "no such device; plug the camera in or correct `source`")
    if not os.access(path, os.R_OK | os.W_OK):
        raise _OverError(CaptureState.FAULT, "may not be opened; add our user to the group `video`")


def _check_network(source: Source) -> None:
    """Knock first: a host that is down or unknown then costs nobody else's time (see `_OPENING`)."""
    try:
        socket.create_connection((source.host, source.port), KNOCK_S).close()
    except OSError as error:
        why = error.strerror or str(error) or "no answer"
        raise _OverError(CaptureState.LOST, f"{why}; check that the camera has power and network") from error


_CHECKS = {SourceKind.FILE: _check_file, SourceKind.DEVICE: _check_device, SourceKind.NETWORK: _check_network}
_NOT_OPENED = {
    SourceKind.FILE: (CaptureState.FAULT, "is not a video that can be played; record or copy it again"),
    SourceKind.DEVICE: (CaptureState.LOST, "gives no picture; close other programs that use the camera"),
    SourceKind.NETWORK: (CaptureState.LOST, "gives no picture; check its user, password and path"),
}
