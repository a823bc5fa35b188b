"""Runs the rules so that none can silence another, and each only when it has something to judge.

A rule that fails, be it while it is built, is contained: the others still get the event, staff are told once that it is
blind and for whom, it is built anew, and the alarm ends after a minute without a further failure.
"""

import heapq
import logging
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from agent.detection.acts import Act
from agent.detection.event import DeviceEvent, Event
from agent.moment import Moment
from agent.residents import GATEWAY, Site, Subject
from agent.rules.finding import Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.registry import ROWS, RuleRow, Scope
from agent.rules.rule import Rule
from drivers.base import Link
from drivers.reading import Reading

_LOGGER = logging.getLogger(__name__)

TRUSTED_AGAIN_S = 60.0

Key = tuple[str, Subject]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one instance of a rule lives: its row, and what it watches."""

    row: RuleRow
    about: Subject


class RuleHost:
    """Every rule instance of the home, made when its first event comes, or before if its row watches on its own."""

    def __init__(self, ground: Ground, rows: Sequence[RuleRow] = ROWS, safe_mode: bool = False) -> None:
        self.ground = ground
        self._rows = sorted((r for r in rows if r.life_safety or not safe_mode), key=lambda r: not r.life_safety)
        self._rules: dict[Key, tuple[_Place, Rule]] = {}
        self._wanting: dict[tuple[type, str], tuple[RuleRow, ...]] = {}
        self._subjects: dict[tuple[Scope, str], Subject | None] = {}
        self._queue: list[tuple[float, int, _Place]] = []  # ticks that rules want
        self._queued: dict[Key, float] = {}
        self._blind: dict[tuple[str, Subject], float] = {}  # (rule, for whom) -> time of its last failure
        self._unwatched = True

    def feed(self, event: Event, now: Moment) -> list[Said]:
        """What all rules make of `event`; never raises."""
        self.ground.ward.take(event, now)
        said: list[Said] = []
        for row in self._rows_for(event):
            about = self._about(row.scope, event)
            if about is not None:
                said += self._run(_Place(row, about), now, partial(_fed, event, now))
        return said

    def tick(self, now: Moment) -> list[Said]:
        """What the rules that wanted to be asked by now make of the time, each at most once a second; never raises."""
        said = self._watch(now) if self._unwatched else []
        while self._queue and self._queue[0][0] <= now.monotonic:
            due, _, place = heapq.heappop(self._queue)
            key = (place.row.name, place.about)
            if self._queued.get(key) == due:
                del self._queued[key]
                said += self._run(place, now, partial(_due_tick, now), now.monotonic + 1.0)
        for (name, subject), failed_at in list(self._blind.items()):
            if now.monotonic - failed_at >= TRUSTED_AGAIN_S:
                del self._blind[(name, subject)]
                said.append(_blindness(name, subject, Priority.LOW, now, "", active=False))
        return said

    @property
    def due(self) -> float:
        """Monotonic time of the next tick that is needed."""
        if self._unwatched:
            return -math.inf
        trusted = min(self._blind.values(), default=math.inf) + TRUSTED_AGAIN_S
        return min(self._queue[0][0] if self._queue else math.inf, trusted)

    def use(self, site: Site) -> None:
        """Site facts have changed: rules of whom or what they changed for are built anew, the others go on."""
        before = self.ground.site
        self.ground.use(site)
        self._subjects.clear()
        self._unwatched = True
        for key, (place, _) in list(self._rules.items()):
            if _facts(before, place.about) != _facts(site, place.about):
                del self._rules[key]

    def _watch(self, now: Moment) -> list[Said]:
        self._unwatched = False
        places = [_Place(row, about) for row in self._rows for about in row.watches(self.ground.site)]
        return [one for place in places for one in self._run(place, now, lambda _: ())]

    def _rows_for(self, event: Event) -> tuple[RuleRow, ...]:
        kind = type(event)
        name = event.quantity if isinstance(event, Reading) else "" if isinstance(event, Link) else event.name
        rows = self._wanting.get((kind, name))
        if rows is None:
            rows = self._wanting[(kind, name)] = tuple(row for row in self._rows if row.wants(kind, name))
        return rows

    def _about(self, scope: Scope, event: Event) -> Subject | None:
        if scope is Scope.HOME:
            return GATEWAY
        if isinstance(event, Act):
            return event.subject if scope.takes(event.subject) else None
        return self._device_about(scope, event)

    def _device_about(self, scope: Scope, event: DeviceEvent) -> Subject | None:
        key = (scope, event.device)
        if key not in self._subjects:
            self._subjects[key] = scope.of_device(self.ground.site, event.device)
        return self._subjects[key]

    def _run(
        self, place: _Place, now: Moment, ask: Callable[[Rule], Iterable[Said]], soonest: float = -math.inf
    ) -> list[Said]:
        key = (place.row.name, place.about)
        try:
            if key not in self._rules:
                self._rules[key] = (place, place.row.build(self.ground, place.about))
            rule = self._rules[key][1]
            said = list(ask(rule))
            self._want(place, key, max(rule.due, soonest))
        except Exception as error:  # the containment of one rule: told to staff, logged whole, retried
            self._rules.pop(key, None)
            self._want(place, key, now.monotonic + 1.0)
            blind = self._failed(place, now, error)
            if blind:  # once, not each second
                _LOGGER.exception("%s: rule %s failed", place.about.id, place.row.name)
            return blind
        return said

    def _want(self, place: _Place, key: Key, due: float) -> None:
        if due < self._queued.get(key, math.inf):
            self._queued[key] = due
            heapq.heappush(self._queue, (due, id(place), place))

    def _failed(self, place: _Place, now: Moment, error: Exception) -> list[Said]:
        subject = place.row.scope.for_whom(self.ground.site, place.about)
        known = (place.row.name, subject) in self._blind
        self._blind[(place.row.name, subject)] = now.monotonic
        if known:
            return []
        priority = Priority.HIGH if place.row.life_safety else Priority.MEDIUM
        return [_blindness(place.row.name, subject, priority, now, type(error).__name__)]


def _fed(event: Event, now: Moment, rule: Rule) -> Iterable[Said]:
    return rule.feed(event, now)


def _due_tick(now: Moment, rule: Rule) -> Iterable[Said]:
    """Its tick, unless it wants to be asked later by now."""
    return rule.tick(now) if rule.due <= now.monotonic else ()


def _facts(site: Site, about: Subject) -> tuple[object, ...]:
    """The site facts that a rule about `about` was built from."""
    resident = site.residents.get(about.id) or site.resident_of(about.id)
    neighbours = site.living_in(about.room) if about.room else ()
    return resident, site.bindings.get(about.id), site.places.get(about.id), neighbours, site.subject_of(about.id)


def _blindness(rule: str, subject: Subject, priority: Priority, now: Moment, why: str, active: bool = True) -> Finding:
    about = Subject(subject.kind, f"{rule}:{subject.id}", subject.room)
    reason = because("rule_failed" if active else "rule_works", rule=rule, subject=subject.id, why=why)
    return Finding("rule_blind", about, priority, now.monotonic, (reason,), active=active)
