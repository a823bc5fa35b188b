"""Falls of one room by all their evidence (design "Fall").

Medium at once, high without recovery or with a second source, never withdrawn. A weak sign alone asks aloud where a
loudspeaker works; without an answer it is raised, and so it is as soon as the question cannot be heard.

A room is judged as a whole, since its camera knows nobody while belts and beds belong to somebody. What is told apart
is whose fall it is: evidence of another resident is a fall of its own, evidence of nobody joins the fall that is there.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.memory import FLAG, HEARD, SUBJECT, TEXT, Keeps, Sleep, made, maybe, members, named, series
from agent.moment import Moment
from agent.residents import DeviceRole, Subject, SubjectKind
from agent.rules.fall_evidence import BUTTON, Piece, Weighed, Weight, weigh
from agent.rules.finding import Decline, Finding, Priority, Prompt, Said
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from agent.rules.settings.fall import FallSettings
from drivers.reading import Quality, Reading

GOES_ON_S = 3600.0  # what is seen an hour after a fall that nobody got up from is another one
_LOOK_S = 1.0  # how often somebody is asked for whom no loudspeaker may be left
_SEEN = {"fall": "camera", "low_on_floor": "on_floor"}


@dataclass(slots=True)
class _Fall:
    """One fall that is being judged: about whom, whose if it is known, since when, and how grave so far."""

    subject: Subject
    resident: str
    at: float  # of its last sign that somebody fell
    devices: set[str] = field(default_factory=set)  # with a sign of it; none: from before a restart
    priority: Priority | None = None  # None: the room is being asked
    asked_in: str = ""
    asked_at: float = 0.0
    looked_at: float = 0.0  # whether the question can be heard
    recovered: bool = False  # while the room was being asked

    def ask(self, room: str, now: float) -> None:
        """The question is put in `room`, at `now`."""
        self.asked_in, self.asked_at, self.looked_at = room, now, now

    def due(self, settings: FallSettings) -> float:
        """When time alone changes it."""
        if self.priority is None:
            return min(self.asked_at + settings.answer_s, self.looked_at + _LOOK_S)
        return self.at + settings.recovery_s if self.priority is Priority.MEDIUM else math.inf


_FALL = made(
    _Fall,
    subject=SUBJECT,
    resident=TEXT,
    at=HEARD,
    devices=members(TEXT),
    priority=maybe(named(Priority)),
    asked_in=TEXT,
    asked_at=HEARD,
    looked_at=HEARD,
    recovered=FLAG,
)


class FallRule(Rule):
    """All evidence of one room: cameras, radars, belts, beds, and the buttons of those who live there."""

    keeps = Keeps(1, _falls=series(_FALL))
    goes_on = True

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._about = about
        self._settings = ground.settings.fall
        self._pieces: list[Piece] = []
        self._falls: list[_Fall] = []
        self._unworn: set[str] = set()
        self._in_bed: set[str] = set()

    def remember(self, facts: Mapping[str, Any], sleep: Sleep) -> None:
        """Take up the falls from before a restart; a question that nobody heard ends at the next look."""
        super().remember(facts, sleep)
        self.due = self._next()

    def resume(self, priority: Priority, at: float, subject: Subject) -> None:
        """A fall that was open before a restart goes on where it was; one that somebody got up from is over.

        The sounder's copy comes after the store's, and may be the newer: the last one counts. Whoever is being asked
        has fallen anew.
        """
        self._falls = [fall for fall in self._falls if fall.subject != subject or fall.priority is None]
        if priority is not Priority.LOW:
            whose = subject.id if subject.kind is SubjectKind.RESIDENT else ""
            self._falls.append(_Fall(subject, whose, at, priority=priority))
        self.due = self._next()

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """A finding for each fall, each turn to high, and each recovery; a prompt where a weak sign asks."""
        if isinstance(event, Reading):
            if not event.stored:
                yield from self._read(event, now)
        elif isinstance(event, Observation):
            if event.name == "recovered":
                yield from self._recovered(event.device, now)
            elif event.value:
                piece = self._piece(event, _SEEN[event.name], event.score)
                yield from self._sign(piece, now, another=event.name == "fall")
        self.due = self._next()

    def tick(self, now: Moment) -> Iterable[Said]:
        """Nobody answered, or nobody stood up in time."""
        for fall in list(self._falls):
            if now.monotonic < fall.due(self._settings):
                continue
            if fall.priority is None:
                yield from self._asking(fall, now)
            else:
                fall.priority = Priority.HIGH
                yield self._finding(fall, now, (because("no_recovery", for_s=self._settings.recovery_s),))
        self.due = self._next()

    def _read(self, event: Reading, now: Moment) -> Iterable[Said]:
        match event.quantity, event.value:
            case "body_fall", "recovered":
                yield from self._recovered(event.device, now)
            case "body_fall", _:
                yield from self._felt(event, now)
            case "button", press if press != "release":
                yield from self._strengthen(self._piece(event, BUTTON), now)
            case "bed_occupied", bool(occupied) if event.quality is Quality.GOOD:
                left = event.device in self._in_bed and not occupied
                (self._in_bed.add if occupied else self._in_bed.discard)(event.device)
                if left:
                    yield from self._strengthen(self._piece(event, "bed_left"), now)
            case "motion" | "presence", False if self._falls and event.quality is Quality.GOOD:
                yield from self._strengthen(self._piece(event, "stillness"), now)
            case "worn", bool(worn) if event.quality is Quality.GOOD:
                (self._unworn.discard if worn else self._unworn.add)(event.device)

    def _felt(self, event: Reading, now: Moment) -> Iterable[Said]:
        """A belt or a radar says that somebody fell; what cannot prove itself counts all the same, and is marked."""
        binding = self._ground.site.bindings.get(event.device)
        worn = binding is not None and binding.role is DeviceRole.WEARABLE
        kind = "unworn" if event.device in self._unworn else "belt" if worn else "radar"
        unverified = event.quality is not Quality.GOOD
        yield from self._sign(self._piece(event, kind), now, another=True, unverified=unverified)
        if unverified:
            why = (because("not_verified", device=event.device, quality=event.quality.value),)
            about = self._ground.site.device_subject(event.device)
            yield Finding("device_unverified", about, Priority.MEDIUM, now.monotonic, why, event.device)

    def _piece(self, event: Reading | Observation, kind: str, score: float = 1.0) -> Piece:
        resident = self._ground.site.resident_of(event.device)
        return Piece(kind, event.device, event.at, score, resident.id if resident else "")

    def _sign(self, piece: Piece, now: Moment, another: bool, unverified: bool = False) -> Iterable[Said]:
        """Somebody fell or lies there; `another`: the word of a source that has spoken already is another fall."""
        self._add(piece)
        self._falls = [one for one in self._falls if piece.at - one.at < GOES_ON_S]
        fall = self._joined(piece, for_ever=not another)
        known = fall is not None and piece.device in fall.devices
        if known and not another:
            return
        fresh = known or fall is None
        fall = fall or self._fallen(piece)
        weighed = self._weigh(fall)
        if weighed.weight is Weight.NOTHING:
            why = (*self._reasons(fall, weighed, now), because("too_weak", needed=self._settings.ask_at))
            yield Decline("fall", fall.subject, now.monotonic, why, piece.device)
            return
        fall.resident = fall.resident or piece.resident
        fall.devices.add(piece.device)
        begins = fall not in self._falls
        if begins:
            self._falls.append(fall)
        if fall.priority is None and weighed.weight is Weight.ASK:
            if not begins:
                return
            if room := self._where_to_ask(piece.device):
                fall.ask(room, now.monotonic)
                why = self._reasons(fall, weighed, now)
                yield Prompt("are_you_all_right", fall.subject, now.monotonic, why, room)
                return
        fresh = fresh or fall.priority is None
        self._rise(fall, weighed, piece.at, fresh)
        yield self._finding(fall, now, self._reasons(fall, weighed, now), piece.device, fresh, unverified)

    def _strengthen(self, piece: Piece, now: Moment) -> Iterable[Said]:
        """Something that is no sign of a fall by itself, but makes one more likely."""
        self._add(piece)
        for fall in self._falls:
            weighed, before = self._weigh(fall), fall.priority
            if not _belongs(piece, fall) or weighed.weight <= Weight.ASK:
                continue
            self._rise(fall, weighed, piece.at, fresh=before is None)
            if fall.priority is not before:
                why = self._reasons(fall, weighed, now)
                yield self._finding(fall, now, why, piece.device, happening=before is None)

    def _rise(self, fall: _Fall, weighed: Weighed, at: float, fresh: bool) -> None:
        """To what the evidence says, never lower; a fresh fall has its time to get up from `at` on."""
        if fresh:
            fall.at = at
        rises = Priority.HIGH if weighed.weight is Weight.HIGH else Priority.MEDIUM
        fall.priority = max(fall.priority or rises, rises)

    def _asking(self, fall: _Fall, now: Moment) -> Iterable[Said]:
        """The time to answer goes on, or is over; what cannot be heard has no time to be answered."""
        asked_for_s = now.monotonic - fall.asked_at
        if not self._ground.voices.can_answer(fall.asked_in, fall.asked_at):
            yield from self._unanswered(fall, now, because("not_asked", room=fall.asked_in))
        elif asked_for_s >= self._settings.answer_s:
            yield from self._unanswered(fall, now, because("not_answered", for_s=self._settings.answer_s))
        else:
            fall.looked_at = now.monotonic

    def _unanswered(self, fall: _Fall, now: Moment, asked: Reason, rises: Priority = Priority.MEDIUM) -> Iterable[Said]:
        """Nobody can answer any more; only staff who came since end it; who got up is looked after too."""
        if came := self._came(fall, now):
            self._falls.remove(fall)
            yield Decline("fall", fall.subject, now.monotonic, (because("staff_there", by=came),))
            return
        why = (asked, *self._reasons(fall, self._weigh(fall), now))
        if fall.recovered:
            self._falls.remove(fall)
        fall.priority, fall.at = Priority.LOW if fall.recovered else rises, now.monotonic
        yield self._finding(fall, now, why, happening=True)

    def _recovered(self, device: str, now: Moment) -> Iterable[Said]:
        """Whoever fell stands again, says a source of that fall."""
        for fall in [one for one in self._falls if device in one.devices or not one.devices]:
            if fall.priority is None:
                fall.recovered = True  # told when the time to answer is over
                continue
            self._falls.remove(fall)
            if fall.priority is Priority.MEDIUM:
                fall.priority = Priority.LOW
                yield self._finding(fall, now, (because("recovered", after_s=now.monotonic - fall.at),), device)

    def _next(self) -> float:
        return min((fall.due(self._settings) for fall in self._falls), default=math.inf)

    def _add(self, piece: Piece) -> None:
        """Only what lies within the window of the newest word, which may be a late one, is weighed with it."""
        window = self._settings.second_source_s
        self._pieces = [*(one for one in self._pieces if abs(one.at - piece.at) <= window), piece]

    def _joined(self, piece: Piece, for_ever: bool) -> _Fall | None:
        """The fall that `piece` is about: one that is not long ago and may be its resident's."""
        window = math.inf if for_ever else self._settings.second_source_s
        near = [one for one in self._falls if _belongs(piece, one) and abs(piece.at - one.at) <= window]
        return max(near, key=lambda one: (one.resident == piece.resident, one.at), default=None)

    def _fallen(self, piece: Piece) -> _Fall:
        """Another fall: of the resident whom something personal names, or who lives alone there, else of the place.

        One that nobody got up from is no second one, but goes on, so that the next can never be milder.
        """
        site = self._ground.site
        named = {piece.resident} - {""} or {one.resident for one in self._pieces} - {""}
        whose = named if len(named) == 1 else {one.id for one in site.living_in(self._about.room)}
        resident = site.residents[next(iter(whose))] if len(whose) == 1 else None
        subject = site.resident_subject(resident) if resident else site.subject_of(piece.device)
        goes_on = next((one for one in self._falls if one.subject == subject), None)
        return goes_on or _Fall(subject, resident.id if resident else "", piece.at)

    def _weigh(self, fall: _Fall) -> Weighed:
        return weigh((one for one in self._pieces if _belongs(one, fall)), self._settings)

    def _where_to_ask(self, device: str) -> str:
        """The place of `device`, else the room, if a loudspeaker works there; empty: nobody can be asked."""
        places = (self._ground.site.place_of(device), self._about.room)
        return next((place for place in places if place in self._ground.voices.rooms), "")

    def _came(self, fall: _Fall, now: Moment) -> str:
        """Whoever of staff came since; who was there before proves nothing about what happened then."""
        place = fall.subject.id if fall.subject.kind is SubjectKind.PLACE else fall.subject.room
        proof = self._ground.ward.presence(place, now)
        return proof.by if proof is not None and proof.since > fall.at else ""

    def _reasons(self, fall: _Fall, weighed: Weighed, now: Moment) -> tuple[Reason, ...]:
        """Each piece with its numbers, newest first, what they come to, and whose fall it is if the place is told."""
        own = sorted((one for one in self._pieces if _belongs(one, fall)), key=lambda one: (-one.at, one.device))
        reasons = [one.why(now.monotonic) for one in own]
        if own:  # else it was weighed before a restart
            reasons.append(because("certainty", certainty=weighed.certainty))
        if fall.resident and fall.subject.id != fall.resident:
            reasons.append(because("names_resident", resident=fall.resident))
        return tuple(reasons)

    def _finding(
        self,
        fall: _Fall,
        now: Moment,
        why: tuple[Reason, ...],
        device: str = "",
        happening: bool = False,
        unverified: bool = False,
    ) -> Finding:
        priority = fall.priority or Priority.MEDIUM
        return Finding(
            "fall", fall.subject, priority, now.monotonic, why, device, happening=happening, unverified=unverified
        )


def _belongs(piece: Piece, fall: _Fall) -> bool:
    """Whether `piece` may be about `fall`: it is nobody's, or the fall is, or both are the same resident's."""
    return not piece.resident or not fall.resident or piece.resident == fall.resident


FALL_ROW = RuleRow(
    "fall",
    FallRule,
    Scope.ROOM,
    quantities=("body_fall", "button", "bed_occupied", "motion", "presence", "worn"),
    observations=("fall", "low_on_floor", "recovered"),
    resumes=("fall",),
)
