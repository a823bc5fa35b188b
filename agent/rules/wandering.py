"""Pacing: up and down the corridor at night (domain 2.4): low, medium when it goes on."""

import math
from collections import deque
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import AT, FLAG, TEXT, Keeps, maybe, named, series
from agent.moment import Moment
from agent.places import PlaceKind
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Reading

MIN_S = 60.0


class WanderingRule(Rule):
    """The tag of one resident; each arrival at another part of the corridor is a pass, unless it is back at once."""

    keeps = Keeps(
        1,
        due=AT,
        _place=TEXT,
        _before=TEXT,
        _left_at=AT,
        _passes=series(AT),
        _since=maybe(AT),
        _raised=maybe(named(Priority)),
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._resident = ground.site.residents.get(about.id)
        self._settings = ground.limits(self._resident).movement
        self._subject = about
        self._place = self._before = ""
        self._left_at = -math.inf  # the place before
        self._passes: deque[float] = deque(maxlen=self._settings.passes)
        self._since: float | None = None  # of the pacing
        self._raised: Priority | None = None
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A pass more, and what it comes to."""
        if self._resident is None or not isinstance(event, Reading) or event.quantity != "seen_at" or event.stored:
            return
        place = str(event.value)
        if place == self._place:
            return
        flaps = place == self._before and event.at - self._left_at < self._settings.flap_s
        if flaps and self._passes and self._passes[-1] == self._left_at:
            self._passes.pop()  # between two receivers: it has not gone there either
        self._before, self._place, self._left_at = self._place, place, event.at
        if flaps or self._ground.site.place(place).kind is not PlaceKind.CORRIDOR or not self._counts(now):
            return
        self._passes.append(event.at)
        if self._paces(event.at) and self._since is None:
            self._since = self._passes[0]
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Finding]:
        """Low, medium once it has gone on, and its end when the passes have stopped."""
        if self._since is None:
            if not self._said_normal and self._passes:
                self._said_normal = True
                yield self._finding(Priority.LOW, now, active=False)
            return
        over_at = self._passes[-1] + self._settings.pace_min * MIN_S
        if now.monotonic >= over_at:
            self._since, self._raised, self._said_normal, self.due = None, None, True, math.inf
            self._passes.clear()
            yield self._finding(Priority.LOW, now, active=False)
            return
        lasted_s = now.monotonic - self._since
        priority = Priority.MEDIUM if lasted_s >= self._settings.pace_medium_min * MIN_S else Priority.LOW
        if self._raised is None or priority > self._raised:
            self._raised = priority
            yield self._finding(priority, now)
        self.due = over_at

    def _counts(self, now: Moment) -> bool:
        by_day = self._settings.pace_by_day and self._resident is not None and self._resident.wander_risk
        return by_day or self._ground.ward.night(self._resident, now)

    def _paces(self, at: float) -> bool:
        full = len(self._passes) == self._settings.passes
        return full and at - self._passes[0] <= self._settings.pace_min * MIN_S

    def _finding(self, priority: Priority, now: Moment, active: bool = True) -> Finding:
        why = because("pacing", passes=self._settings.passes) if active else because("pacing_over")
        return Finding("wandering", self._subject, priority, now.monotonic, (why,), active=active)


WANDERING_ROW = RuleRow("wandering", WanderingRule, Scope.SUBJECT, quantities=("seen_at",))
