"""A fall by evidence: medium at once, high without recovery or with a second source, never withdrawn (design "Fall").

Weak evidence alone asks aloud where a loudspeaker is, or waits for a second sign; it never delays anything stronger.
"""

import math
from collections.abc import Iterable
from enum import Enum

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.fall_evidence import Piece, certainty, piece_of, said_to_recover, sources
from agent.rules.finding import Decline, Finding, Priority, Prompt, Said
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule

STRONG = ("camera", "radar", "belt", "on_floor")  # a button or an empty bed alone is no fall


class Stage(Enum):
    """How far the judgement of one fall is."""

    NOTHING = "nothing"
    WEAK = "weak"  # asked, or waiting for a second sign
    MEDIUM = "medium"  # raised; high unless they get up in time
    HIGH = "high"


class FallRule(Rule):
    """All evidence of one room: cameras, radars, belts, beds, and the buttons of those who live there."""

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._room = about
        self._settings = ground.settings.fall
        self._pieces: dict[tuple[str, str], Piece] = {}
        self._stage = Stage.NOTHING
        self._since = 0.0  # of the weak evidence, or of the fall
        self._whom = about

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """What each piece of evidence, and each recovery, comes to."""
        if said_to_recover(event):
            yield from self._recovered(now)
            return
        piece = piece_of(event, self._ground.site)
        if piece is None:
            return
        known = self._known(piece)
        self._pieces[(piece.device, piece.kind)] = piece
        if known and self._stage in (Stage.MEDIUM, Stage.HIGH):
            return
        if piece.kind in STRONG or self._stage is not Stage.NOTHING:
            yield from self._judge(piece, now)

    def tick(self, now: Moment) -> Iterable[Said]:
        """High when nobody stood up in time; weak evidence raises when nobody answered, and goes when nothing came."""
        if now.monotonic < self.due:
            return
        self.due = math.inf
        if self._stage is Stage.MEDIUM:
            self._stage = Stage.HIGH
            yield self._finding(Priority.HIGH, now, (because("no_recovery", for_s=self._settings.recovery_s),), "")
        elif self._stage is Stage.WEAK:
            yield from self._no_answer(now)

    def resume(self, priority: Priority, at: float, subject: Subject) -> None:
        """A fall that was open before a restart goes on where it was."""
        self._whom, self._since = subject, at
        if priority is Priority.MEDIUM:
            self._stage, self.due = Stage.MEDIUM, at + self._settings.recovery_s
        elif priority is Priority.HIGH:
            self._stage = Stage.HIGH

    def _known(self, piece: Piece) -> bool:
        """Whether the same camera only goes on seeing them lie."""
        return piece.kind == "on_floor" and any(
            one.device == piece.device for one in self._fresh(piece.at) if one.kind in ("camera", "on_floor")
        )

    def _fresh(self, at: float) -> list[Piece]:
        window = self._settings.second_source_s
        fresh = {key: one for key, one in self._pieces.items() if abs(at - one.at) <= window}
        self._pieces = fresh
        return sorted(fresh.values(), key=lambda one: (one.at, one.kind, one.device))

    def _judge(self, piece: Piece, now: Moment) -> Iterable[Said]:
        pieces = self._fresh(piece.at)
        sure = certainty(pieces, self._settings.weights)
        why = (*(one.reason(piece.at) for one in pieces), because("certainty", certainty=sure))
        if self._stage in (Stage.MEDIUM, Stage.HIGH):
            yield from self._more(piece, pieces, why, now)
        elif sure >= self._settings.raise_at:
            self._begin(piece)
            second = sources(pieces) >= 2
            self._stage = Stage.HIGH if second else Stage.MEDIUM
            self.due = math.inf if second else piece.at + self._settings.recovery_s
            priority = Priority.HIGH if second else Priority.MEDIUM
            yield self._finding(priority, now, why, piece.device, happening=True)
        elif sure >= self._settings.ask_at:
            yield from self._weak(piece, why, now)
        else:
            self._begin(piece)
            self._stage = Stage.NOTHING
            yield self._decline(now, (*why, because("too_weak", needed=self._settings.ask_at)))

    def _more(self, piece: Piece, pieces: list[Piece], why: tuple[Reason, ...], now: Moment) -> Iterable[Said]:
        """Another fall, or a second source for the one that is judged."""
        again = piece.kind in ("camera", "radar", "belt")
        if self._stage is Stage.MEDIUM and sources(pieces) >= 2:
            self._stage, self.due = Stage.HIGH, math.inf
            second = because("second_source", device=piece.device, within_s=self._settings.second_source_s)
            yield self._finding(Priority.HIGH, now, (second, *why), piece.device, happening=again)
        elif again:
            if self._stage is Stage.MEDIUM:
                self.due = piece.at + self._settings.recovery_s
            self._since = piece.at
            priority = Priority.HIGH if self._stage is Stage.HIGH else Priority.MEDIUM
            yield self._finding(priority, now, why, piece.device, happening=True)

    def _weak(self, piece: Piece, why: tuple[Reason, ...], now: Moment) -> Iterable[Said]:
        if self._stage is Stage.WEAK:
            return
        self._begin(piece)
        self._stage, self.due = Stage.WEAK, piece.at + self._settings.recovery_s
        if self._room.room in self._settings.ask_in:
            yield Prompt("are_you_all_right", self._whom, now.monotonic, why)

    def _no_answer(self, now: Moment) -> Iterable[Said]:
        pieces = self._fresh(self._since)
        why = tuple(one.reason(self._since) for one in pieces)
        staff = self._ground.ward.presence(self._room.room, now)
        if staff is not None and staff.since >= self._since:
            self._stage = Stage.NOTHING
            yield self._decline(now, (*why, because("staff_there", by=staff.by)))
        elif self._room.room in self._settings.ask_in:
            self._stage, self._since = Stage.MEDIUM, now.monotonic
            self.due = now.monotonic + self._settings.recovery_s
            asked = because("no_answer", for_s=self._settings.recovery_s)
            device = pieces[-1].device if pieces else ""
            yield self._finding(Priority.MEDIUM, now, (*why, asked), device, happening=True)
        else:
            self._stage = Stage.NOTHING
            yield self._decline(now, (*why, because("no_second_sign", within_s=self._settings.recovery_s)))

    def _recovered(self, now: Moment) -> Iterable[Said]:
        stage, self._stage, self.due = self._stage, Stage.NOTHING, math.inf
        why = (because("recovered", after_s=now.monotonic - self._since),)
        self._pieces.clear()
        if stage is Stage.MEDIUM:
            yield self._finding(Priority.LOW, now, why, "")
        elif stage is Stage.WEAK:
            yield self._decline(now, why)

    def _begin(self, piece: Piece) -> None:
        self._since = piece.at
        self._whom = self._about(piece.device)

    def _about(self, device: str) -> Subject:
        """Whose fall it is: the bearer's, else that of the only one who lives there, else the place's."""
        site = self._ground.site
        resident = site.resident_of(device)
        if resident is not None:
            return site.resident_subject(resident)
        living = site.living_in(self._room.room)
        return site.resident_subject(living[0]) if len(living) == 1 else self._room

    def _finding(
        self, priority: Priority, now: Moment, why: tuple[Reason, ...], device: str, happening: bool = False
    ) -> Finding:
        return Finding("fall", self._whom, priority, now.monotonic, why, device, happening=happening)

    def _decline(self, now: Moment, why: tuple[Reason, ...]) -> Decline:
        return Decline("fall", self._whom, now.monotonic, why)


FALL_ROW = RuleRow(
    "fall",
    FallRule,
    Scope.ROOM,
    quantities=("button", "body_fall", "bed_occupied"),
    observations=("fall", "low_on_floor", "recovered"),
    resumes=("fall",),
)
