"""A camera that is opened again and again: never stuck, never more than one frame behind.

The stream has no thread of its own: `tick` is called by its owner about ten times a second and only looks at what the
capture's thread has left. A capture that hangs in the library is left behind, and another one is opened.
"""

import logging
import time
from collections.abc import Callable

from drivers.backoff import Backoff
from drivers.camera.capture import Capture, CaptureState, Playing
from drivers.camera.frame import Frame
from drivers.camera.source import Source

_LOGGER = logging.getLogger(__name__)

OPEN_LIMIT_S = 12.0  # the library's own time-out is 4 s; frames need a key frame to begin with
READ_LIMIT_S = 5.0  # the library's own is 3 s, and has been seen to take 6
LEFT_BEHIND_LIMIT = 4
_STOP_S = 1.0


class Stream:
    """`state` and `why` tell people what happens; `grabbed` counts the frames received, handed out or not."""

    def __init__(
        self,
        source: Source,
        playing: Playing | None = None,
        now: Callable[[], float] = time.monotonic,
        backoff: Backoff | None = None,
    ) -> None:
        self.state = CaptureState.OPENING
        self.why = ""
        self._source = source
        self._playing = playing or Playing()
        self._now = now
        self._backoff = backoff or Backoff(first=0.5, cap=5.0)
        self._again_at = now()
        self._capture: Capture | None = None
        self._left_behind: list[Capture] = []
        self._newest: Frame | None = None
        self._grabbed_before = 0

    @property
    def newest(self) -> Frame | None:
        """The newest frame since the start, whatever has happened to the stream since; None before the first."""
        return self._newest

    @property
    def grabbed(self) -> int:
        """Frames received since the start."""
        return self._grabbed_before + (self._capture.grabbed if self._capture else 0)

    @property
    def stuck(self) -> bool:
        """Whether so many captures hang in the library that only a new process can help."""
        return len(self._left_behind) >= LEFT_BEHIND_LIMIT

    def tick(self) -> None:
        """Look after the capture: take its newest frame, note its end, leave it behind when it hangs, open another."""
        now = self._now()
        self._left_behind = [capture for capture in self._left_behind if capture.alive]
        capture = self._capture
        if capture is None:
            if now >= self._again_at and self.state is not CaptureState.ENDED:
                self._capture = Capture(self._source, self._playing, self._grabbed_before, self._now)
            return
        if capture.newest is not None and capture.newest is not self._newest:
            if self.state is not CaptureState.PLAYING:
                _LOGGER.info("camera %s: playing", self._source.shown)
            self._newest, self.state, self.why = capture.newest, CaptureState.PLAYING, ""
            self._backoff.reset()
        if capture.state not in (CaptureState.OPENING, CaptureState.PLAYING):
            self._ended(capture.state, capture.why)
        elif capture.moved_at is not None and now - capture.moved_at > self._limit_s(capture):
            capture.stop()
            self._left_behind.append(capture)
            self._ended(CaptureState.LOST, f"{self._source.shown}: no frame comes, the stream hangs")

    def close(self) -> None:
        """End the capture; one that hangs is left to end with the process."""
        if self._capture is not None:
            self._capture.stop(_STOP_S)
            self._capture = None

    @staticmethod
    def _limit_s(capture: Capture) -> float:
        return READ_LIMIT_S if capture.grabbed else OPEN_LIMIT_S

    def _ended(self, state: CaptureState, why: str) -> None:
        # The first failure is worth a warning; the tries that follow are not.
        level = logging.DEBUG if state is self.state else logging.WARNING
        _LOGGER.log(level, "camera %s", why)
        self.state, self.why = state, why
        self._grabbed_before = self.grabbed
        self._capture = None
        self._again_at = self._now() + self._backoff.next()
