"""The cameras' shadow in the running core: which of their words reach the rules, and what people say of the others."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from agent.alarms.alarm import AlarmEvent, Cause, Happened
from agent.camera_facts import CameraFacts, CameraMode
from agent.clock import Clock, TimeQuality
from agent.detection.observations import Observation
from agent.shadow.book import CameraBook, ShadowError
from agent.shadow.candidate import Candidate, Changes, Label
from agent.shadow.score import weighed
from agent.shadow.status import ShadowStatus, status
from agent.store.candidates import Shadowed

_LOGGER = logging.getLogger(__name__)

CANDIDATE = "fall_candidate"
FLUSH_S = 60.0  # hours are written down so often, with the readings: a card bears only so many writes
SOON_S = 5.0  # and a candidate so soon, by when it is whole
FRESH_S = 60.0  # rates change slowly: reckoned once a minute, and at each change
_ALARMS = ("fall", "long_lie")
_LABELS = {Cause.FALL.value: Label.FELL, Cause.FALSE_ALARM.value: Label.NOT}
_OF_FALLS = ("fall", "low_on_floor", "recovered")

Audit = Callable[[str, str, Mapping[str, Any], str], None]  # what was done, to which camera, with what, by whom


class CameraBoard(Protocol):
    """The facts of cameras that staff may edit."""

    def facts(self, camera: str) -> CameraFacts:
        """Those in force."""

    async def put(self, camera: str, mode: CameraMode, threshold: float | None, author: str) -> None:
        """Put these in force; raises what an edit of the site facts raises."""


class ShadowRole:
    """Fulfils `agent.panel.shadow_port.ShadowDesk`; never waits for a disk.

    `place` gives the room of a camera, `keep` takes what a store must have, by and by or at once, `audit` what a person
    did. `raise_at`: the score from which the rules raise.
    """

    def __init__(
        self,
        cameras: Iterable[str],
        board: CameraBoard,
        place: Callable[[str], str],
        clock: Clock,
        keep: Callable[[Changes, bool], None],
        audit: Audit,
        changed: Callable[[], None],
        new_id: Callable[[], str],
        raise_at: float,
    ) -> None:
        self._books = {camera: CameraBook(camera) for camera in cameras}
        self._board = board
        self._facts = {camera: board.facts(camera) for camera in self._books}
        self._place = place
        self._clock = clock
        self._keep = keep
        self._audit = audit
        self._changed = changed
        self._new_id = new_id
        self._raise_at = raise_at
        self._nets: dict[str, float] = {}  # thresholds, as the vision process tells them
        self._lying: set[str] = set()  # cameras of which the rules know that somebody is low on the floor
        self._shown: dict[str, tuple[object, ShadowStatus]] = {}
        self._flush_at = clock.monotonic() + FLUSH_S

    def take_up(self, found: Shadowed) -> None:
        """What was kept from before this life of the core."""
        for camera, book in self._books.items():
            book.take_up(
                (one for one in found.candidates if one.camera == camera),
                (one for one in found.hours if one.camera == camera),
            )

    def heard(self, told: Observation) -> Observation | None:
        """`told` as the rules may hear it; None: not at all. What could be a fall is counted in either mode."""
        if told.name != CANDIDATE and told.name not in _OF_FALLS:
            return told
        facts = self._board.facts(told.device)
        if told.value and told.name != "recovered":
            self._count(told, facts.mode)
        if told.name == CANDIDATE or (facts.mode is CameraMode.SHADOW and not self._ends(told)):
            return None
        if told.name == "low_on_floor":
            (self._lying.add if told.value else self._lying.discard)(told.device)
        if told.name != "fall":
            return told
        score = weighed(told.score, facts.threshold, self._raise_at)
        return replace(told, score=score)

    def beat(self, camera: str, sees: bool, threshold: float | None) -> None:
        """The vision process lives, and `camera` could see a fall now, or not; `threshold`: of its net, if told."""
        stamp = self._clock.stamp()
        if stamp.quality is not TimeQuality.UNSET:
            self._books[camera].beat(stamp.monotonic, stamp.wall, sees)
        if threshold is not None and self._board.facts(camera).threshold is None:
            self._nets[camera] = threshold

    def each_second(self) -> None:
        """Have written what is new."""
        if self._clock.monotonic() >= self._flush_at:
            self.flush()

    def flush(self, at_once: bool = False) -> None:
        """Have written all that is not written yet."""
        self._flush_at = self._clock.monotonic() + FLUSH_S
        for book in self._books.values():
            if changes := book.drain():
                self._keep(changes, at_once)

    # for the panel

    def statuses(self) -> tuple[ShadowStatus, ...]:
        """Every camera, by id."""
        return tuple(self._status(self._books[camera]) for camera in sorted(self._books))

    def candidates(self, camera: str) -> tuple[Candidate, ...]:
        """All that are kept of `camera`, newest first; raises `ShadowError`."""
        return tuple(reversed(self._book(camera).candidates))

    def label(self, candidate: str, label: Label, by: str) -> Candidate:
        """Somebody says what it was; raises `ShadowError`."""
        for book in self._books.values():
            if any(one.id == candidate for one in book.candidates):
                found = book.label(candidate, label, by, self._clock.stamp().wall)
                break
        else:
            raise ShadowError("unknown_candidate", f"there is no candidate {candidate!r}")
        self._said("fall_candidate_labelled", found, by)
        return found

    def decided(self, events: Iterable[AlarmEvent]) -> None:
        """Whoever closes an alarm of a fall has said what the cameras behind it saw."""
        for event in events:
            alarm = event.alarm
            label = _LABELS.get(alarm.cause)
            if label is None or event.happened is not Happened.CLOSED or alarm.kind not in _ALARMS:
                continue
            for book in (self._books[one] for one in alarm.devices if one in self._books):
                found = book.answer(alarm.raised_wall, label, alarm.closed_by, self._clock.stamp().wall)
                if found is not None:
                    self._said("fall_candidate_labelled", found, alarm.closed_by)

    def note(self, camera: str, wall: float, by: str) -> Candidate:
        """Somebody found a fall of `wall` (UTC seconds) of which `camera` told nothing; raises `ShadowError`."""
        now = self._clock.stamp().wall
        found = self._book(camera).note(self._place(camera), wall, by, now, self._new_id())
        self._said("fall_noted", found, by)
        return found

    async def switch(self, camera: str, mode: CameraMode, threshold: float | None, by: str) -> ShadowStatus:
        """A person puts `camera` into `mode` and gives its threshold (None: the net's own).

        Raises `ShadowError`, or what an edit of the site facts raises; what is so already changes nothing.
        """
        book, before = self._book(camera), self._board.facts(camera)
        if (mode, threshold) != (before.mode, before.threshold):
            await self._board.put(camera, mode, threshold, by)
        return self._status(book)

    def facts_changed(self, by: str) -> None:
        """The site facts are others now, by an edit of `by` that came whichever way; empty: they are the store's."""
        for camera, before in self._facts.items():
            after = self._facts[camera] = self._board.facts(camera)
            if by and (after.mode, after.threshold) != (before.mode, before.threshold):
                now = {"mode": after.mode.value, "threshold": after.threshold}
                was = {"mode_before": before.mode.value, "threshold_before": before.threshold}
                self._audit("camera_mode", camera, {**now, **was}, by)
                _LOGGER.info("%s: %s from now on, by a person", camera, after.mode.value)

    def _book(self, camera: str) -> CameraBook:
        book = self._books.get(camera)
        if book is None:
            raise ShadowError("unknown_camera", f"there is no camera {camera!r}", cameras=", ".join(self._books))
        return book

    def _count(self, told: Observation, mode: CameraMode) -> None:
        stamp = self._clock.stamp(told.at)
        if stamp.quality is not TimeQuality.UNSET:  # of a time that nobody knows nothing can be said later
            place = self._place(told.device)
            self._books[told.device].see(told, mode, place, stamp.wall, self._new_id())
            self._flush_at = min(self._flush_at, self._clock.monotonic() + SOON_S)
            self._changed()

    def _ends(self, told: Observation) -> bool:
        """Whether it ends what was told before the camera went into shadow: a state must not stand for ever."""
        return told.name == "low_on_floor" and not told.value and told.device in self._lying

    def _status(self, book: CameraBook) -> ShadowStatus:
        wall = self._clock.stamp().wall
        facts, net = self._board.facts(book.id), self._nets.get(book.id)
        place = self._place(book.id)
        known = (book.version, facts, net, place, wall // FRESH_S)
        if book.id not in self._shown or self._shown[book.id][0] != known:
            self._shown[book.id] = known, status(book, place, facts, net, wall)
        return self._shown[book.id][1]

    def _said(self, action: str, found: Candidate, by: str) -> None:
        told = {"candidate": found.id, "label": found.label, "wall": found.wall, "score": found.score}
        self._audit(action, found.camera, {**told, "place": found.place}, by)
        self.flush(at_once=True)  # a word that was answered survives what comes
        self._changed()
