"""A second opinion on a fall: whether somebody was there, nobody stands there now, and somebody lies there.

Pure: frames come from `RecentFrames`, the time with the scene. A detector is asked at most once a frame and three times
in all, and the answer is there within half a second. It weighs; it never decides: see `Verdict.weighed`.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from agent.camera_facts import CameraView
from agent.vision.background import Bytes
from agent.vision.mosaic import View, apart, mosaic
from agent.vision.recent_frames import RecentFrames
from agent.vision.scene import Scene
from agent.vision.tracker import Box, Track
from agent.vision.window import LENGTH_S, sighting_at
from models.person_detector import Person, Region

_LOGGER = logging.getLogger(__name__)

WITHIN_S = 0.5  # no fall waits longer
_LOOKS_S = (0.0, 0.2, 0.4)  # at once, in case he lies already; then once he does; and the whole frame last
_EARLY_S = 0.02  # frames come a little before their time too
_NO_MORE_S = 0.41  # the next frame of ten a second would come too late
_BEFORE_S = 0.7  # a fall takes about a second, and is told half a second after its end at the earliest
_LEAST = 0.3  # how sure the detector must be of somebody
_HERE = 0.3  # of somebody's box must lie where the track is
_STANDS = 0.75  # of the height before: nobody who lies is as high, unless he lies away from the camera
_LOW = 0.6  # of the height before
_WIDE = 1.1  # times as wide as high: who lies across the picture

# What a verdict makes of a score; the reasons stand in docs/decisions.md.
_DOUBT_LEFT = 0.5
_UNCONFIRMED_WEIGHT = 0.9
_STANDS_WEIGHT = 0.7


class Detector(Protocol):
    """What finds people; `models.person_detector.PersonDetector` does."""

    def find(self, picture_bgr: Bytes, least: float) -> Sequence[Person]:
        """Everybody of whom it is at least `least` sure."""


class Outcome(Enum):
    """What the detector makes of a fall."""

    CONFIRMED = "confirmed"  # somebody was there and lies there
    STANDS = "stands"  # doubted: somebody as high as before stands there, and nobody lies
    UNCONFIRMED = "unconfirmed"  # looked three times, and saw neither
    UNKNOWN = "unknown"  # could not look, or not long enough


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer about the fall of `track`, with how sure it was of whom."""

    track: int
    outcome: Outcome
    reasons: tuple[str, ...] = ()

    def weighed(self, score: float, threshold: float) -> float:
        """What the `score` of a fall becomes, told from `threshold` on. It is never nothing.

        Confirmed, half of the doubt goes. Doubted, it is worth less than the least fall that is told: unconfirmed a
        little, so that the rule still asks or raises, since a detector misses many who lie; and where somebody stands,
        so much that it takes a second sensor.
        """
        match self.outcome:
            case Outcome.CONFIRMED:
                return 1.0 - (1.0 - score) * _DOUBT_LEFT
            case Outcome.UNCONFIRMED:
                return min(score, threshold) * _UNCONFIRMED_WEIGHT
            case Outcome.STANDS:
                return min(score, threshold) * _STANDS_WEIGHT
            case _:
                return score


@dataclass(slots=True)
class _Case:
    """One fall under question: places in pixels of the frames kept, and the surest person of each kind so far."""

    track: int
    begun: float
    before: tuple[View, ...]  # the oldest first
    looks: int = 0
    shown: int = 0  # how often there was something to look at
    height: float = 0.0  # before the fall, of whom was seen there then; 0: nobody was
    stands: float = 0.0
    upright: float = 0.0  # of whoever does not lie, in the last look alone: he may still be falling
    lies: float = 0.0
    anybody: float = 0.0


class Confirmation:
    """Asks `detector` about one fall at a time, with the frames of the same camera."""

    def __init__(self, detector: Detector, frames: RecentFrames) -> None:
        self._detector = detector
        self._frames = frames
        self._case: _Case | None = None
        self._failed = False

    def begin(self, track: Track, scene: Scene) -> bool:
        """Take up the fall that `track` has just had; False where it cannot be asked about: then it stands as it is.

        From above nobody is high or low, and detectors know few people from there.
        """
        now = self._frames.now()
        if (
            self._case is not None
            or self._failed
            or scene.unclear
            or scene.facts.view is CameraView.CEILING
            or now is None
        ):
            return False
        scale = now.picture.shape[1] / scene.picture.shape[1]
        self._case = _Case(
            track.number,
            scene.at,
            tuple(
                View(kept.picture, _region(sighting_at(track.sightings, kept.at).box, scale))
                for kept in self._frames.since(scene.at - LENGTH_S)
                if kept.at <= scene.at - _BEFORE_S
            ),
        )
        return True

    def step(self, scene: Scene) -> Verdict | None:
        """One run of the detector, if one is due, and the verdict once there is one. Call it once a scene."""
        case = self._case
        if case is None:
            return None
        waited = scene.at - case.begun
        if waited < 0 or waited > WITHIN_S:
            return self.give_up("detector_late")
        if case.looks < len(_LOOKS_S) and waited >= _LOOKS_S[case.looks] - _EARLY_S:
            try:
                self._look(case, scene)
            except Exception:  # whatever fails in a second opinion must not cost the first one
                _LOGGER.exception("the person detector fails; falls are told without it: nightlamp models verify --run")
                self._failed = True
                return self.give_up("detector_failed")
        if _confirmed(case) or case.looks == len(_LOOKS_S) or waited >= _NO_MORE_S:
            self._case = None
            return _judge(case)
        return None

    def give_up(self, why: str) -> Verdict | None:
        """The fall that is open stands as it is; None where none is open."""
        case, self._case = self._case, None
        return None if case is None else Verdict(case.track, Outcome.UNKNOWN, (why,))

    def _look(self, case: _Case, scene: Scene) -> None:
        now, track = self._frames.now(), next((t for t in scene.followed if t.number == case.track), None)
        case.looks += 1
        if now is None or track is None:
            return
        case.shown += 1
        case.upright = 0.0
        place = _region(track.last.box, now.picture.shape[1] / scene.picture.shape[1])
        if case.looks == len(_LOOKS_S):
            self._note(case, self._detector.find(now.picture, _LEAST), place, settled=True)
            return
        views = [View(now.picture, place, quarters) for quarters in (0, 1, -1)]
        before = case.before[case.shown - 1 : case.shown]  # each look has its own, should the first not show him
        found = apart(self._detector.find(mosaic([*views, *before]), _LEAST), [*views, *before])
        for view, people in zip(before, found[len(views) :], strict=True):
            self._note_before(case, people, view.region)
        for people in found[: len(views)]:
            self._note(case, people, place, settled=case.looks > 1)

    def _note_before(self, case: _Case, people: Sequence[Person], place: Region) -> None:
        here = [person for person in people if _is_at(person, place)]
        if here and not case.height:
            case.height = max(here, key=lambda person: person.score).height

    def _note(self, case: _Case, people: Sequence[Person], place: Region, settled: bool) -> None:
        """`settled`: long enough after the fall for whoever still stands to have stayed up."""
        for person in people:
            if not _is_at(person, place):
                continue
            case.anybody = max(case.anybody, person.score)
            if person.width >= _WIDE * person.height or person.height <= _LOW * case.height:
                case.lies = max(case.lies, person.score)
                continue
            case.upright = max(case.upright, person.score)
            if settled and 0 < _STANDS * case.height <= person.height and person.height > person.width:
                case.stands = max(case.stands, person.score)


def _judge(case: _Case) -> Verdict:
    if _confirmed(case):
        return Verdict(case.track, Outcome.CONFIRMED, (f"detector_lies {case.lies:.2f}",))
    # Whoever stands beside somebody who lies there has come to help: that takes nothing back.
    if case.stands and not case.lies:
        return Verdict(case.track, Outcome.STANDS, (f"detector_stands {case.stands:.2f}",))
    seen = "detector_unsure" if case.height or case.anybody else "detector_nobody"
    # Where there is no picture of before, nothing could have been confirmed.
    looked = case.before and case.shown == len(_LOOKS_S)
    return Verdict(case.track, Outcome.UNCONFIRMED if looked else Outcome.UNKNOWN, (seen,))


def _confirmed(case: _Case) -> bool:
    return case.height > 0 and case.lies > max(case.stands, case.upright)


def _region(box: Box, scale: float) -> Region:
    return Region(box.x * scale, box.y * scale, box.right * scale, box.bottom * scale)


def _is_at(person: Person, place: Region) -> bool:
    return place.shared(person) >= _HERE * min(person.width * person.height, place.width * place.height)
