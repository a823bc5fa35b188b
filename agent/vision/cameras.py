"""One camera under watch: its newest frame goes to the pipeline, its silence is an observation too."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from agent.camera_facts import CameraFacts
from agent.detection.observations import OBSERVATIONS, Observation
from agent.vision.kept import Kept
from agent.vision.outline import Outline
from agent.vision.settings import CameraTask
from drivers.camera.capture import CaptureState
from drivers.camera.frame import Frame, Pixels
from drivers.camera.stream import Stream
from models.errors import ModelError

_LOGGER = logging.getLogger(__name__)

NO_FRAMES_S = 10.0
RATE_WINDOW_S = 10.0
REBUILD_S = 5.0
_ENOUGH = 1.2  # times `min_fps`: a rate that wavers at the limit does not come and go as a fault


class Looks(Protocol):
    """What judges frames: `agent.vision.pipeline.Pipeline`."""

    @property
    def threshold(self) -> float:
        """The score from which on it is a fall."""

    def feed(self, frame_bgr: Pixels, t_s: float) -> list[Observation]:
        """What one frame tells."""

    def overdue(self, now: float) -> list[Observation]:
        """What waits for a frame, and must not wait any longer."""

    def use(self, facts: CameraFacts) -> None:
        """What staff have set of the camera, from the next frame on."""

    def outline(self) -> Outline | None:
        """The edges of the room; None while it is not known."""

    @property
    def state(self) -> str:
        """`learning`, `ready` or `unsure`."""

    def keep(self) -> Kept | None:
        """What is known of the room; None while it is not."""

    def take_up(self, kept: Kept) -> None:
        """Begin with a room that was kept."""


class CameraWatch:
    """The camera of `task`; `build` makes its pipeline, anew after it has failed. No thread, no waiting.

    `kept` is its room as a process before us knew it.
    """

    def __init__(
        self, task: CameraTask, stream: Stream, build: Callable[[str], Looks], now: float, kept: Kept | None = None
    ) -> None:
        self.id = task.id
        self.waiting = kept  # until its first frame
        self.stream = stream
        self._min_fps = task.min_fps
        self._facts = task.facts
        self._build = build
        self._pipeline: Looks | None = None
        self._build_at = now
        self._failure = ""
        self._started_at = now
        self._frame: Frame | None = None
        self._flows_since: float | None = None  # since when the stream is not interrupted
        self._judged = False  # whether a frame was judged in this turn
        self._looked_at: deque[float] = deque()
        self._states: dict[tuple[str, str], Observation] = {}  # by name and bed

    def tick(self, now: float) -> list[Observation]:
        """What is new: from the newest frame, if there is one, and from the camera's own condition."""
        self.stream.tick()
        told: list[Observation] = []
        frame = self.stream.newest
        if self.stream.state is not CaptureState.PLAYING:
            self._flows_since = None
            self._looked_at.clear()
        elif self._flows_since is None:
            self._flows_since = now
        self._judged = False
        if frame is not None and frame is not self._frame:
            self._frame = frame
            told += self._look(frame, now)
        if self._pipeline is not None:
            told += self._pipeline.overdue(now)
        told += self._turn("no_frames", self._silence(now), now)
        told += self._turn("frame_rate_low", self._slowness(now), now)
        self._states |= {(one.name, one.bed): one for one in told if OBSERVATIONS[one.name].state}
        return told

    def states(self, now: float) -> list[Observation]:
        """Every state told so far as it is now, for a core that has just come: seen in the newest frame, or now."""
        seen_at = self._frame.at if self._frame is not None else now
        return [replace(one, at=now if _our_own(one.name) else seen_at) for one in self._states.values()]

    def health(self, now: float) -> dict[str, Any]:
        """For the beat: `state`, frames looked at a second, age of the newest one, what is in use.

        That is the threshold of a fall (None without a pipeline), and the mark of the facts.
        """
        return {
            "state": "failed" if self._failure else self.stream.state.value,
            "fps": round(self._rate(now), 1),
            "frame_age_s": None if self._frame is None else round(max(0.0, now - self._frame.at), 2),
            "threshold": None if self._pipeline is None else self._pipeline.threshold,
            "settings": self._facts.mark,
        }

    def use(self, facts: CameraFacts) -> None:
        """What staff have set of the camera by now, for this pipeline and each that is built after it."""
        self._facts = facts
        if self._pipeline is not None:
            self._pipeline.use(facts)

    def outline(self) -> Outline | None:
        """The edges of the room; None while it is not known."""
        return None if self._pipeline is None else self._pipeline.outline()

    @property
    def knows(self) -> bool:
        """Whether the room is known."""
        return self._pipeline is not None and self._pipeline.state != "learning"

    def keep(self) -> Kept | None:
        """The room, to be kept for the process that follows us; None while it is not known."""
        return None if self._pipeline is None else self._pipeline.keep()

    def close(self) -> None:
        """End the capture."""
        self.stream.close()

    def _look(self, frame: Frame, now: float) -> list[Observation]:
        try:
            if self._pipeline is None:
                if now < self._build_at:
                    return []
                self._pipeline = self._build(self.id)
                self._pipeline.use(self._facts)
                if self.waiting is not None:
                    self._pipeline.take_up(self.waiting)
                    self.waiting = None  # tried once: it may be why frames cannot be judged
            told = self._pipeline.feed(frame.pixels, frame.at)
        except Exception as error:  # the containment of one camera: told to staff, logged whole, built anew
            level = logging.DEBUG if self._failure else logging.ERROR
            _LOGGER.log(level, "%s: frame of %s cannot be judged", self.id, frame.pixels.shape, exc_info=True)
            # The text of our own error names file and cure; that of any other might carry parts of a picture.
            self._failure = (
                f"frames cannot be judged: {error if isinstance(error, ModelError) else type(error).__name__}"
            )
            self._pipeline, self._build_at = None, now + REBUILD_S
            return []
        self._failure, self._judged = "", True
        self._looked_at.append(now)
        return told

    def _silence(self, now: float) -> str | None:
        """Why nobody watches through this camera; empty when all is well, None while that is not known yet."""
        if self._failure:
            return self._failure
        if self.stream.state is CaptureState.FAULT:  # waiting does not mend it
            return self.stream.why
        if now - (self._frame.at if self._frame is not None else self._started_at) <= NO_FRAMES_S:
            return None if self._frame is None or self.stream.state is not CaptureState.PLAYING else ""
        return self.stream.why or f"no frame for {NO_FRAMES_S:g} s"

    def _slowness(self, now: float) -> str | None:
        """Why the rate is too low; judged when a frame comes: while none does, that is what there is to tell."""
        if self._flows_since is None or now - self._flows_since < RATE_WINDOW_S or not self._judged:
            return None
        rate, low = self._rate(now), self._holds("frame_rate_low")
        if rate >= self._min_fps * (_ENOUGH if low else 1.0):
            return ""
        return f"{rate:.1f} frames/s, at least {self._min_fps:g} are needed"

    def _holds(self, name: str) -> bool:
        """Whether our own state `name` was last told to hold."""
        return (name, "") in self._states and self._states[name, ""].value

    def _rate(self, now: float) -> float:
        """Frames judged a second, since the stream came up or in the last ten seconds."""
        if self._flows_since is None:
            return 0.0
        while self._looked_at and now - self._looked_at[0] > RATE_WINDOW_S:
            self._looked_at.popleft()
        return len(self._looked_at) / min(RATE_WINDOW_S, max(1.0, now - self._flows_since))

    def _turn(self, name: str, reason: str | None, now: float) -> list[Observation]:
        """The change of our own state `name`, whose `reason` is empty when it does not hold."""
        known = self._states.get((name, ""))
        if reason is None or (known is not None and known.value == bool(reason)):
            return []
        return [Observation(self.id, name, now, bool(reason), 1.0, (reason,) if reason else ())]


def _our_own(name: str) -> bool:
    """Whether the state is the watchdog's, whose evidence is the time itself."""
    return name in ("no_frames", "frame_rate_low")
