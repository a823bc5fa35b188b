"""Runs the rules so that none can silence another, and each only when it has something to judge.

A rule that fails, be it while it is built, is contained: the others still get the event, staff are told once that it is
blind and for whom, it is built anew, and the alarm ends after a minute without a further failure.
"""

import heapq
import logging
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.detection.ward import Ward
from agent.memory import AWAKE, Sleep
from agent.moment import Moment
from agent.residents import GATEWAY, Site, Subject
from agent.rules.finding import Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.memories import WARD, Memories, Memory, whose
from agent.rules.reason import because
from agent.rules.registry import ROWS, UNJUDGED_ROWS, RuleRow, Scope
from agent.rules.rule import Rule
from drivers.base import Link
from drivers.reading import Reading

_LOGGER = logging.getLogger(__name__)

TRUSTED_AGAIN_S = 60.0
BLIND = "rule_blind"
# What a person does or measures: whoever heard it remembers it at once.
_BY_HAND = frozenset({"card", "turned", "weight", "systolic", "diastolic", "body_temperature", "glucose"})


@dataclass(slots=True)
class _Place:
    """One instance of a rule: its row, what it watches, the rule once it is built, and when it is asked next."""

    row: RuleRow
    about: Subject
    rule: Rule | None = None
    queued: float = math.inf
    known_at: float = -math.inf  # it remembers all that happened before
    gone: bool = False  # the site facts that it was made for are no more


Route = tuple[type, str, str | Subject, str]


class RuleHost:
    """Every rule instance of the home, made when its first event comes, or before if its row watches on its own."""

    def __init__(self, ground: Ground, rows: Sequence[RuleRow] = ROWS, safe_mode: bool = False) -> None:
        self.ground = ground
        if safe_mode:
            rows = (*(row for row in rows if row.life_safety), *UNJUDGED_ROWS)
        self._rows = sorted(rows, key=lambda row: not row.life_safety)
        self._places: dict[tuple[str, Subject], _Place] = {}
        self._routes: dict[Route, tuple[_Place, ...]] = {}  # who hears an event; found once, since readings are many
        self._queue: list[tuple[float, int, _Place]] = []  # ticks that rules want
        self._pushed = 0
        self._blind: dict[tuple[str, Subject], float] = {}  # (rule, for whom) -> time of its last failure
        self._unwatched = True
        self._memories = Memories()
        self._ward_known_at = -math.inf

    def feed(self, event: Event, now: Moment) -> list[Said]:
        """What all rules make of `event`; never raises."""
        self.ground.ward.take(event, now)
        by_hand = isinstance(event, Act) or (isinstance(event, Reading) and event.quantity in _BY_HAND)
        if by_hand:
            self._memories.stir((WARD, GATEWAY))
        said: list[Said] = []
        for place in self._hearing(event):
            said += self._run(place, now, partial(_fed, event, now))
            if by_hand:
                self._memories.stir((place.row.name, place.about))
        return said

    def retell(self, act: Act, now: Moment) -> list[Said]:
        """What rules make of an act from before a restart: only who does not remember it is told."""
        if self._ward_known_at < act.at:
            self.ground.ward.take(act, now)
        forgetful = [place for place in self._hearing(act) if place.known_at < act.at]
        return [one for place in forgetful for one in self._run(place, now, partial(_fed, act, now))]

    def tick(self, now: Moment) -> list[Said]:
        """What the rules that wanted to be asked by now make of the time, each at most once a second; never raises."""
        said = self._watch(now) if self._unwatched else []
        while self._queue and self._queue[0][0] <= now.monotonic:
            due, _, place = heapq.heappop(self._queue)
            if place.queued == due and not place.gone:
                place.queued = math.inf
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
        """Site facts have changed: rules of whom or what they changed for are built anew, the others go on.

        A new rule takes up what the old one remembered, unless others are there now; a fall goes on in any case.
        """
        before = self.ground.site
        self.ground.use(site)
        self._routes.clear()
        self._unwatched = True
        for key, place in list(self._places.items()):
            if _facts(before, place.about) != _facts(site, place.about):
                place.gone = True
                del self._places[key]
                if not self._succeeded(key, place, before):
                    self._memories.forget(key)
                if (heir := self._places.get(key)) is not None:
                    self._memories.stir((place.row.name, heir.about))

    def resume(self, kind: str, subject: Subject, priority: Priority, at: float, now: Moment) -> None:
        """An alarm that a rule raised at monotonic `at` was open before a restart: its judgement goes on.

        A rule that was blind is trusted again after a minute, as ever; nobody else would say that it works.
        """
        if kind == BLIND:
            name, _, id_ = subject.id.partition(":")
            self._blind.setdefault((name, replace(subject, id=id_)), now.monotonic)
        for row in self._rows:
            about = row.scope.of_act(subject) if kind in row.resumes else None
            if about is not None:
                self._run(self._place(row, about), now, partial(_resumed, priority, at, subject))

    def __len__(self) -> int:
        """How many instances there are."""
        return len(self._places)

    def memories(self, looks: int) -> list[Memory]:
        """What is to be written down: of rules where something happened, and what changed in `looks` others."""
        rules = {key: place.rule for key, place in self._places.items()}
        return self._memories.due({(WARD, GATEWAY): self.ground.ward, **rules}, self.ground.site, looks)

    def known(self) -> list[Memory]:
        """What rules remember now, written down or not, for a host that takes over; the ward is of their ground."""
        everything = Memories()
        everything.claims = self._memories.claims
        return everything.due({key: one.rule for key, one in self._places.items()}, self.ground.site, len(self))

    def has(self, rule: str) -> bool:
        """Whether it runs a rule of this name."""
        return any(row.name == rule for row in self._rows)

    def remember(self, memory: Memory, sleep: Sleep, at: float) -> str:
        """Have a rule take up what it remembered at monotonic `at`, before a restart; gives why not, empty if it did.

        To be asked before anything else is told.
        """
        about, keeper = memory.about, (memory.rule, memory.about)
        if memory.whose != whose(self.ground.site, about):
            return "the site facts have changed"
        if keeper == (WARD, GATEWAY):
            return self._remembered(self.ground.ward, memory, sleep) or self._knows_ward(at)
        row = next((one for one in self._rows if one.name == memory.rule), None)
        if row is None:
            return "there is no such rule"
        try:
            rule = row.build(self.ground, about)
        except Exception:  # as in `_run`, where it will be told to staff
            _LOGGER.exception("%s: rule %s failed", about.id, row.name)
            return "it cannot be built"
        if why := self._remembered(rule, memory, sleep):
            return why
        place = self._place(row, about)
        place.rule, place.known_at = rule, at
        self._memories.claims.take_up(keeper, memory.claims)
        self._want(place, rule.due)
        return ""

    def settle(self, going_on: Iterable[Finding]) -> None:
        """What stood before a restart is restored: no rule may count on an alarm that is none, or miss that one is.

        We may have died between a rule's word and its memory. Who claims what nobody knows of begins anew; who may
        have raised what nobody claims says once more that all is well.
        """
        unfounded, unclaimed = self._memories.claims.compared(going_on)
        for key in unfounded:
            _LOGGER.warning("%s of %s: what it remembered is dropped: no such alarm is open", key[0], key[1].id)
            self._memories.forget(key)
            if (place := self._places.pop(key, None)) is not None:
                place.gone = self._unwatched = True
                self._routes.clear()
        concerned = {name for one in unclaimed for name in (one.subject.id, one.subject.room, one.device)}
        for place in self._places.values():
            if place.rule is not None and place.known_at > -math.inf and place.about.id in concerned:
                place.rule.unsure()

    def _succeeded(self, key: tuple[str, Subject], old: _Place, before: Site) -> bool:
        """Whether what `old` remembered still holds; a rule that cannot be built is told of when it is asked."""
        belongs = whose(self.ground.site, old.about)
        if old.rule is None:
            return False
        same = old.rule.keeps is not None and belongs is not None and belongs == whose(before, old.about)
        if not (same or old.rule.goes_on):
            return False
        about = self.ground.site.placed(old.about)
        try:
            heir = old.row.build(self.ground, about)
            heir.remember(old.rule.memory(), AWAKE)
        except Exception:  # the containment of one rule, as in `_run`
            _LOGGER.exception("%s: rule %s failed", about.id, old.row.name)
            return False
        place = self._places[key[0], about] = _Place(old.row, about, heir, known_at=old.known_at)
        self._want(place, heir.due)
        return same

    def _watch(self, now: Moment) -> list[Said]:
        self._unwatched = False
        said: list[Said] = []
        for row in self._rows:
            for about in row.watches(self.ground.site):
                said += self._run(self._place(row, about), now, lambda _: ())
        return said

    def _hearing(self, event: Event) -> tuple[_Place, ...]:
        name = event.quantity if isinstance(event, Reading) else "" if isinstance(event, Link) else event.name
        route: Route = (type(event), name, event.subject if isinstance(event, Act) else event.device, self._bed(event))
        places = self._routes.get(route)
        if places is None:
            rows = [row for row in self._rows if row.wants(type(event), name)]
            found = [(row, self._about(row.scope, event)) for row in rows]
            places = self._routes[route] = tuple(self._place(row, about) for row, about in found if about is not None)
        return places

    def _about(self, scope: Scope, event: Event) -> Subject | None:
        if scope is Scope.HOME:
            return GATEWAY
        if isinstance(event, Act):
            return scope.of_act(event.subject)
        return scope.of_device(self.ground.site, event.device, self._bed(event))

    def _bed(self, event: Event) -> str:
        """The bed that is meant, where a device sees several; none where nobody has it, so that routes stay few."""
        bed = event.bed if isinstance(event, Observation) else ""
        return bed if bed and any(one.bed == bed for one in self.ground.site.residents.values()) else ""

    def _place(self, row: RuleRow, about: Subject) -> _Place:
        key = (row.name, about)
        if key not in self._places:
            self._places[key] = _Place(row, about)
        return self._places[key]

    def _run(
        self, place: _Place, now: Moment, ask: Callable[[Rule], Iterable[Said]], soonest: float = -math.inf
    ) -> list[Said]:
        try:
            if place.rule is None:
                place.rule = place.row.build(self.ground, place.about)
            said = list(ask(place.rule))
            if said:
                self._memories.stir((place.row.name, place.about), said)
            self._want(place, max(place.rule.due, soonest))
        except Exception as error:  # the containment of one rule: told to staff, logged whole, retried
            place.rule = None
            self._want(place, now.monotonic + 1.0)
            blind = self._failed(place, now, error)
            if blind:  # once, not each second
                _LOGGER.exception("%s: rule %s failed", place.about.id, place.row.name)
            return blind
        return said

    def _want(self, place: _Place, due: float) -> None:
        if due < place.queued:
            place.queued = due
            self._pushed += 1
            heapq.heappush(self._queue, (due, self._pushed, place))

    def _knows_ward(self, at: float) -> str:
        self._ward_known_at = at
        return ""

    @staticmethod
    def _remembered(keeper: Rule | Ward, memory: Memory, sleep: Sleep) -> str:
        if keeper.keeps is None or keeper.keeps.version != memory.version:
            return f"form {memory.version} is not read any more"
        try:
            keeper.remember(memory.facts, sleep)
        except (AttributeError, ArithmeticError, LookupError, TypeError, ValueError) as error:  # whatever is written
            return str(error)
        return ""

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


def _resumed(priority: Priority, at: float, subject: Subject, rule: Rule) -> Iterable[Said]:
    rule.resume(priority, at, subject)
    return ()


def _facts(site: Site, about: Subject) -> tuple[object, ...]:
    """The site facts that a rule about `about` was built from."""
    resident = site.residents.get(about.id) or site.resident_of(about.id)
    neighbours = site.living_in(about.room) if about.room else ()
    subject = site.subject_of(about.id)
    return resident, site.bindings.get(about.id), site.places.get(about.id), neighbours, subject, subject.room


def _blindness(rule: str, subject: Subject, priority: Priority, now: Moment, why: str, active: bool = True) -> Finding:
    about = Subject(subject.kind, f"{rule}:{subject.id}", subject.room)
    reason = because("rule_failed" if active else "rule_works", rule=rule, subject=subject.id, why=why)
    return Finding(BLIND, about, priority, now.monotonic, (reason,), active=active)
