"""Frames of one camera in, observations out. Pure: no device, file or clock; the time comes with the frame."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from agent.camera_facts import CameraFacts
from agent.detection.observations import Observation
from agent.vision.background import Bytes, Foreground
from agent.vision.bed_watch import BedWatch
from agent.vision.candidate_watch import CandidateWatch
from agent.vision.confirm import Detector
from agent.vision.confirmed_falls import ConfirmedFalls
from agent.vision.exit_watch import ExitWatch
from agent.vision.fall_watch import FallWatch, Judged, WindowScore
from agent.vision.floor_watch import FloorWatch
from agent.vision.kept import Kept
from agent.vision.outline import Outline, outline
from agent.vision.people import People, PostureScore
from agent.vision.picture import PictureChecks
from agent.vision.presence_watch import PresenceWatch
from agent.vision.room import Room
from agent.vision.scene import Scene, State, Told, Watcher
from agent.vision.tracker import Tracker
from agent.vision.zones import Zones
from agent.zones import ZoneKind
from models.fall_net import FallNet
from models.posture_net import PostureNet

RATE_HZ = 10.0
LONGEST = 160  # pixels of the longer side of what is looked at
_PERIOD_S = 1.0 / RATE_HZ
_GAP_S = 1.0  # a longer step, or one backwards, is a cut: who was tracked before it is someone else after it
_STAYS_PERSON_S = 120.0  # how long someone who does not move at all is kept out of the background


class Pipeline:
    """The eyes behind one camera: what the picture says of itself, the room, the tracks, and who watches them.

    Observations carry `device`, the frame's own time, the score and, where there is one, the track's number.
    """

    def __init__(
        self,
        device: str,
        net: WindowScore,
        detector: Detector | None = None,
        postures: PostureScore | None = None,
    ) -> None:
        """`net` tells falls; without `postures` nothing is told of beds, nor of who is low without a fall."""
        cv2.setNumThreads(1)  # four cameras a process: threads of one would only take from the others
        self._device = device
        self._net = net
        self._checks = PictureChecks()
        self._picture: dict[str, State] = {}
        self._room = Room(RATE_HZ)
        self._learning = State("learning")
        self._tracker = Tracker()
        self._falls = FallWatch(net)
        self._confirmed = ConfirmedFalls(self._falls, detector, net.threshold) if detector is not None else None
        candidates = CandidateWatch(lambda: self._falls.judged)
        self._watchers: tuple[Watcher, ...] = (self._confirmed or self._falls, candidates, PresenceWatch())
        self._watchers += (ExitWatch(),)
        self._postures = People(postures) if postures is not None else None
        if self._postures is not None:
            self._watchers += (BedWatch(self._postures), FloorWatch(self._postures, self._falls.lie))
        self.facts = CameraFacts(device)
        self._zones = Zones()
        self._seen: Foreground | None = None  # of the last frame
        self._last_at: float | None = None
        self._due = 0.0
        self.looked = 0  # frames
        self.scene: Scene | None = None  # of the last frame looked at: for measuring, and to draw what was seen
        self.rejected = 0  # frames that were no picture

    @property
    def threshold(self) -> float:
        """The score from which on it is a fall."""
        return self._net.threshold

    @property
    def state(self) -> str:
        """`learning`, `ready`, or `unsure` of the picture: coverage is claimed by `ready` alone, falls always told."""
        return "learning" if self._room.learning else "unsure" if self._checks.wrong else "ready"

    @property
    def judged(self) -> list[Judged]:
        """The windows of the last frame looked at: for measuring and training."""
        return self._falls.judged

    def use(self, facts: CameraFacts) -> None:
        """What staff have set of this camera, from the next frame on."""
        if facts.zones != self.facts.zones:
            self._checks.zoned = bool(facts.zones)
            self._checks.accept()
        self.facts, self._zones = facts, Zones(facts.zones)

    def outline(self) -> Outline | None:
        """The edges of the room as it was learned, never of a frame; None in its first minute."""
        room = self._room.known
        return None if room is None or self._seen is None else outline(room, self._seen.still)

    def keep(self) -> Kept | None:
        """What is known of the room and where people walk in it, without them; None while it is being learned."""
        kept = self._room.keep(self._device)
        if kept is None or self._postures is None:
            return kept
        return replace(kept, learned=self._postures.walkers.keep())

    def take_up(self, kept: Kept) -> None:
        """Begin with a room that was kept, if the first frame shows the same one; else it is learned as ever."""
        self._room.take_up(kept)
        self._learning.value = True  # as far as anybody knows: that it is known is told with the first frame

    def learn(self, frame_bgr: Bytes, t_s: float) -> None:
        """Take this frame as one of the room, people passing through or not; the next `feed` starts from the room."""
        if _is_picture(frame_bgr):
            self._room.sample(shrink(frame_bgr))
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
        self.looked += 1
        if self._confirmed is not None:
            self._confirmed.frames.keep(frame_bgr, t_s)
        return self._observations(self._look(shrink(frame_bgr), t_s), t_s)

    def overdue(self, now: float) -> list[Observation]:
        """The fall that waits for a second opinion, when no frame has come by `now` in which it could get one."""
        return [] if self._confirmed is None else self._observations(self._confirmed.overdue(now), now)

    def _observations(self, told: Iterable[Told], at: float) -> list[Observation]:
        return [
            Observation(self._device, one.name, at, one.value, one.score, one.reasons, one.track, one.bed)
            for one in told
        ]

    def _look(self, picture: Bytes, at: float) -> list[Told]:
        told: list[Told] = []
        for name, value in self._checks.feed(picture, at, self._room.known):
            told += self._picture.setdefault(name, State(name)).turn(value)
            if (name, value) == ("camera_moved", True):
                self._room.begin_anew()
        if not self._room.fits(picture):
            self._forget()
        nothing = np.zeros(picture.shape[:2], np.uint8)
        lying = self._falls.protect(nothing.copy())
        foreground = self._room.feed(picture, self._people(nothing.copy(), at), lying, at)
        if self._room.anew:
            self._forget()
        if self._room.found is not None and self._postures is not None:
            self._postures.walkers.take_up(self._room.found.learned)
        told += self._learning.turn(self._room.learning)
        self._seen = foreground
        foreground = self._looked_at(foreground)
        seen = tuple(self._tracker.feed(at, foreground))
        scene = Scene(
            at,
            picture,
            foreground,
            seen,
            tuple(self._tracker.tracks),
            self._room.learning,
            self._checks.wrong,
            self._zones,
            self.facts,
        )
        self.scene = scene
        for watcher in self._watchers:
            told += watcher.feed(scene)
        return told

    def _looked_at(self, foreground: Foreground) -> Foreground:
        """Without what lies in zones that are to be ignored: a television, a curtain, the street."""
        if not self._zones.has(ZoneKind.IGNORE):
            return foreground
        ignored = self._zones.mask(ZoneKind.IGNORE, foreground.mask.shape)
        return replace(foreground, mask=foreground.mask & (1 - ignored))

    def _people(self, mask: Bytes, at: float) -> Bytes:
        """The pixels that must not become part of the room: who is tracked and has moved lately, and who lies there."""
        for track in self._tracker.tracks:
            if at - track.moved_at < _STAYS_PERSON_S:
                box = track.last.box
                mask[box.y : box.bottom, box.x : box.right] |= track.last.mask
        for watcher in self._watchers:
            mask = watcher.protect(mask)
        return mask

    def _forget(self) -> None:
        self._tracker.forget()
        for watcher in self._watchers:
            watcher.forget()

    def _cut(self, at: float) -> None:
        """The first frame, or one that does not follow the last: tracks end, the room and open falls stay."""
        self._room.cut(at)
        self._tracker.forget()
        for watcher in self._watchers:
            watcher.cut(at)
        self._due = at + _PERIOD_S


def open_pipeline(device: str, detector: Detector | None = None) -> Pipeline:
    """The eyes as shipped, for the camera `device`, with the person detector that a home has added, if it has.

    Raises `models.errors.ModelError` that names file and cure.
    """
    return Pipeline(device, _shipped_net(), detector, _shipped_postures())


@cache
def _shipped_net() -> FallNet:
    """One for all cameras of a process: their frames are looked at one after the other."""
    return FallNet.open()


@cache
def _shipped_postures() -> PostureNet:
    return PostureNet.open()


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
