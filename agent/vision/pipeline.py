"""Frames of one camera in, observations out. Pure: no device, file or clock; the time comes with the frame."""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import cv2
import numpy as np

from agent.detection.observations import Observation
from agent.vision.background import Background, Bytes, Floats, Foreground
from agent.vision.fallen import FallenPeople
from agent.vision.picture import PictureChecks
from agent.vision.tracker import Box, Track, Tracker
from agent.vision.window import LENGTH_S, moving, sighting_at, window
from models.fall_net import FallNet

RATE_HZ = 10.0
LONGEST = 160  # pixels of the longer side of what is looked at
_PERIOD_S = 1.0 / RATE_HZ
_LEARNING_S = 20.0
_SAMPLE_S, _SETTLE_S = 0.5, 2.0
_GAP_S = 1.0  # a longer step, or one backwards, is a cut: who was tracked before it is someone else after it
_EMPTY_FOR_S, _SEEN_FOR_S = 3.0, 0.5
_STATUE = 0.05  # a silhouette of which less moved within the window has neither fallen nor stood up
_AGREE = 2  # windows in a row: one alone is a flicker of the mask
_FLOODED = 0.6  # share of the picture that differs: the room itself looks other than learned
_FLOODED_FOR_S = 2.0
_STAYS_PERSON_S = 120.0  # how long someone who does not move at all is kept out of the background


class WindowScore(Protocol):
    """What judges a window; `models.fall_net.FallNet` and `GeometricScore` do."""

    @property
    def threshold(self) -> float:
        """From this score on it is a fall."""

    def score(self, window: Floats) -> float:
        """0..1 for a window as `agent.vision.window.window` makes it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One window of the last frame: whose, where that track is now and was at the window's start, and the score."""

    track: int
    box: Box
    first_box: Box
    window: Floats
    score: float


class Pipeline:
    """The eyes behind one camera: background, tracks, net, and what the picture says of itself.

    Observations carry `device`, the frame's own time, the score and, where there is one, the track's number.
    """

    def __init__(self, device: str, net: WindowScore) -> None:
        cv2.setNumThreads(1)  # four cameras a process: threads of one would only take from the others
        self._device = device
        self._net = net
        self._background = Background(RATE_HZ)
        self._checks = PictureChecks()
        self._told: dict[str, bool] = {}
        self._last_at: float | None = None
        self._due = 0.0
        self._learn_until: float | None = None
        self._sample_due = self._settle_due = self._flooded_since = 0.0
        self._seen_at = self._empty_at = 0.0
        self._tracker = Tracker()
        self._fallen = FallenPeople()
        self._above: dict[int, int] = {}  # track -> windows in a row over the threshold
        self.rejected = 0  # frames that were no picture
        self.judged: list[Judged] = []  # of the last frame looked at: for measuring and training

    @property
    def threshold(self) -> float:
        """The score from which on it is a fall."""
        return self._net.threshold

    @property
    def state(self) -> str:
        """`learning` or `ready`: no claim of coverage is made while learning, though falls are told."""
        return "learning" if self._told.get("learning", True) else "ready"

    def learn(self, frame_bgr: Bytes, t_s: float) -> None:
        """Take this frame as one of the room, people passing through or not; the next `feed` starts from the room."""
        if _is_picture(frame_bgr):
            self._background.sample(shrink(frame_bgr))
            self._told["learning"] = False
            self._last_at = None
        else:
            self.rejected += 1

    def feed(self, frame_bgr: Bytes, t_s: float) -> list[Observation]:
        """What this frame, taken at `t_s` seconds (CLOCK_MONOTONIC), tells; mostly nothing.

        Frames beyond ten a second are passed over, and so is what is no picture of (h, w, 3) bytes.
        """
        if not _is_picture(frame_bgr) or not np.isfinite(t_s):
            self.rejected += 1
            return []
        if self._last_at is not None and 0 <= t_s - self._last_at < _GAP_S:
            if t_s < self._due - 0.01:
                return []
            self._due = max(self._due + _PERIOD_S, t_s - _PERIOD_S)
        else:
            self._cut(t_s)
        self._last_at = t_s
        return [
            Observation(self._device, name, t_s, value, score, reasons, track)
            for name, value, score, reasons, track in self._look(shrink(frame_bgr), t_s)
        ]

    def _look(self, frame: Bytes, at: float) -> list["_Told"]:
        if self._background.shape not in (None, frame.shape[:2]):
            self._begin_learning(at)
        told: list[_Told] = []
        for name, value in self._checks.feed(frame, at):
            told += self._turn(name, value)
        foreground = self._background.feed(frame, self._protected(frame.shape[:2], at))
        told += self._learning(frame, foreground, at)
        tracks = self._tracker.feed(at, foreground)
        self.judged = []
        for track in tracks:
            told += self._judge(track, at)
        self._above = {t.number: self._above.get(t.number, 0) for t in self._tracker.tracks}
        told += [
            (name, value, 1.0, (), number) for name, value, number in self._fallen.feed(tracks, foreground.mask, at)
        ]
        told += self._presence(tracks, at)
        return told

    def _judge(self, track: Track, at: float) -> list["_Told"]:
        """A fall, when the net says so twice in a row and this person does not lie there already."""
        if moving(track.sightings, at) < _STATUE:
            self._above.pop(track.number, None)
            return []
        seen = window(track.sightings, at)
        score = self._net.score(seen)
        first = sighting_at(track.sightings, at - LENGTH_S)
        self.judged.append(Judged(track.number, track.last.box, first.box, seen, score))
        run = self._above.get(track.number, 0) + 1 if score >= self._net.threshold else 0
        self._above[track.number] = run
        if run != _AGREE or not self._fallen.begin(track, at):
            return []
        unsure = ("background_not_learned",) if self._told.get("learning", True) else ()
        return [("fall", True, score, (f"silhouette_fell {score:.2f}", *unsure), track.number)]

    def _learning(self, frame: Bytes, foreground: Foreground, at: float) -> list["_Told"]:
        if foreground.share < _FLOODED:
            self._flooded_since = at
        elif at - self._flooded_since >= _FLOODED_FOR_S:
            self._background = Background(RATE_HZ)
            self._begin_learning(at)
        if self._learn_until is None:
            return self._turn("learning", False)
        if at >= self._sample_due:
            self._background.sample(frame)
            self._sample_due = at + _SAMPLE_S
        if at >= self._settle_due:
            self._background.settle(self._fallen.protect(np.zeros(frame.shape[:2], np.uint8)))
            self._settle_due = at + _SETTLE_S
        if at >= self._learn_until:
            self._background.end_learning()
            self._learn_until = None
            return self._turn("learning", False)
        return self._turn("learning", True)

    def _begin_learning(self, at: float) -> None:
        self._learn_until = at + _LEARNING_S
        self._sample_due, self._settle_due = at, at + _SETTLE_S
        self._flooded_since = at
        self._tracker.forget()
        self._fallen = FallenPeople()

    def _cut(self, at: float) -> None:
        """The first frame, or one that does not follow the last: tracks end, the room and open falls stay."""
        if self._background.shape is None:
            self._begin_learning(at)
        elif self._learn_until is not None:
            self._learn_until = at + _LEARNING_S
        if self._last_at is None:
            self._background.settle()
            self._background.end_learning()
        self._background.forget_motion()
        self._tracker.forget()
        self._due = at + _PERIOD_S
        self._sample_due, self._settle_due, self._flooded_since = at, at + _SETTLE_S, at
        self._seen_at = self._empty_at = at

    def _protected(self, shape: tuple[int, ...], at: float) -> Bytes:
        mask = np.zeros(shape, np.uint8)
        for track in self._tracker.tracks:
            if at - track.moved_at < _STAYS_PERSON_S:
                box = track.last.box
                mask[box.y : box.bottom, box.x : box.right] |= track.last.mask
        return self._fallen.protect(mask)

    def _presence(self, tracks: list[Track], at: float) -> list["_Told"]:
        if tracks:
            self._seen_at = at
        else:
            self._empty_at = at
        if self.state == "learning" or self._checks.wrong:
            return []
        if at - self._seen_at >= _EMPTY_FOR_S:
            return self._turn("nobody_in_view", True)
        if tracks and at - self._empty_at >= _SEEN_FOR_S:
            return self._turn("nobody_in_view", False)
        return []

    def _turn(self, name: str, value: bool) -> list["_Told"]:
        if self._told.get(name, False) == value and (name in self._told or not value):
            return []
        self._told[name] = value
        return [(name, value, 1.0, (), None)]


_Told = tuple[str, bool, float, tuple[str, ...], int | None]


def open_pipeline(device: str) -> Pipeline:
    """The eyes as shipped, for the camera `device`; raises `models.errors.ModelError` that names file and cure."""
    return Pipeline(device, _shipped_net())


@cache
def _shipped_net() -> FallNet:
    """One for all cameras of a process: their frames are looked at one after the other."""
    return FallNet.open()


def _is_picture(frame: object) -> bool:
    return (
        isinstance(frame, np.ndarray)
        and frame.dtype == np.uint8
        and frame.ndim == 3
        and frame.shape[2] == 3
        and min(frame.shape[:2]) >= 16
    )


def shrink(frame: Bytes) -> Bytes:
    """The frame with its longer side at most 160 pixels."""
    height, width = frame.shape[:2]
    scale = LONGEST / max(height, width)
    if scale >= 1:
        return frame
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
