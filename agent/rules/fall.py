"""A fall: medium at once, high without recovery, low "near fall" with it, never withdrawn (design "Fall")."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.rule import Rule
from drivers.reading import Reading

_SIGNS = ("fall", "low_on_floor")


class FallRule(Rule):
    """All evidence of one resident (or room): cameras, radars, and the resident's own button as second source."""

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._subject = about
        self._settings = ground.settings.fall
        self._seen: dict[str, float] = {}  # source -> time of its last evidence
        self._fallen_at: float | None = None
        self._priority: Priority | None = None  # of the fall that is open for judgement

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding for each fall, each turn to high, and each recovery."""
        if isinstance(event, Reading):
            yield from self._pressed(event, now)
        elif isinstance(event, Observation) and event.name in _SIGNS and event.value:
            yield from self._sign(event, now)
        elif isinstance(event, Observation) and event.name == "recovered":
            in_time, self._priority = self._priority is Priority.MEDIUM, None
            if in_time:
                yield self._finding(
                    Priority.LOW,
                    now,
                    because("recovered", after_s=now.monotonic - (self._fallen_at or now.monotonic)),
                    event.device,
                )

    def tick(self, now: Moment) -> Iterable[Finding]:
        """High when nobody stood up in time."""
        waited = now.monotonic - self._fallen_at if self._fallen_at is not None else 0.0
        if self._priority is Priority.MEDIUM and waited >= self._settings.recovery_s:
            self._priority, self.due = Priority.HIGH, math.inf
            yield self._finding(Priority.HIGH, now, because("no_recovery", for_s=self._settings.recovery_s), "")

    def _sign(self, event: Observation, now: Moment) -> Iterable[Finding]:
        second = self._another_source(event.device, event.at)
        self._seen[event.device] = event.at
        why = because("fall_seen", device=event.device, sign=event.name, score=event.score)
        if event.name == "low_on_floor" and self._priority is not None and not second:
            return
        if self._priority is None or event.name == "fall":
            self._fallen_at = event.at
            self.due = event.at + self._settings.recovery_s
            if self._priority is not Priority.HIGH:
                self._priority = Priority.HIGH if second else Priority.MEDIUM
            yield self._finding(self._priority, now, why, event.device, happening=True)
        elif self._priority is Priority.MEDIUM:
            self._priority = Priority.HIGH
            yield self._second(now, event.device)

    def _pressed(self, event: Reading, now: Moment) -> Iterable[Finding]:
        if event.quantity != "button" or event.stored or event.value == "release":
            return
        self._seen[event.device] = event.at
        if self._priority is Priority.MEDIUM:
            self._priority = Priority.HIGH
            yield self._second(now, event.device)

    def _another_source(self, device: str, at: float) -> bool:
        window = self._settings.second_source_s
        return any(other != device and abs(at - seen) <= window for other, seen in self._seen.items())

    def _second(self, now: Moment, device: str) -> Finding:
        why = because("second_source", device=device, within_s=self._settings.second_source_s)
        return self._finding(Priority.HIGH, now, why, device)

    def _finding(self, priority: Priority, now: Moment, why: Reason, device: str, happening: bool = False) -> Finding:
        return Finding("fall", self._subject, priority, now.monotonic, (why,), device, happening=happening)
