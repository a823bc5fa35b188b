"""A resident who is turned by plan: a task before, medium when it is overdue (domain 2.2; MZ/T 132-2019)."""

import math
from collections.abc import Iterable

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import AT, FLAG, Keeps, maybe
from agent.moment import Moment
from agent.residents import Site, Subject
from agent.rules.bed_sense import BED_OBSERVATIONS, BED_QUANTITIES, BED_SENSE, BedSense
from agent.rules.finding import Finding, Priority, Said, Task
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Reading

MIN_S = 60.0


class TurningRule(Rule):
    """One resident; enough time out of bed takes the weight off and starts the interval anew."""

    keeps = Keeps(
        1,
        _bed=BED_SENSE,
        _base=maybe(AT),
        _assumed=FLAG,
        _left_at=AT,
        _rested=FLAG,
        _asked=FLAG,
        _raised=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        resident = ground.site.residents.get(about.id)
        limits = ground.limits(resident)
        self._settings = limits.bed
        self._every_s = resident.turning_min * MIN_S if resident else 0.0
        self._bed = BedSense(limits.bed_exit.flicker_s)
        self._subject = about
        self._base: float | None = None  # the interval counts from here; None: from the first look
        self._assumed = True  # nobody has said so: `_base` is only the first look
        self._left_at = math.inf  # the bed
        self._rested = False  # long enough since then
        self._asked = False
        self._raised = False
        if self._every_s > 0:
            self.due = -math.inf

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """Turned, by somebody's tap or the mattress's word; or up and down again."""
        if self._every_s <= 0:
            return
        first = self._bed.occupied is None
        if _turned(event):
            known = self._base if not self._assumed else None
            self._base, self._assumed = event.at if known is None else max(known, event.at), False
            yield from self._done(now, because("turned"))
        elif self._bed.take(event):
            yield from self._moved(now, first)
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Said]:
        """The task, and the alarm, in their time."""
        if self._bed.settle(now.monotonic):
            yield from self._moved(now)
        if self._base is None:
            self._base = now.monotonic
        if self._bed.occupied is False:
            if math.isfinite(self._bed.due):  # back, perhaps
                self.due = self._bed.due
                return
            yield from self._rest(now, now.monotonic)
            self.due = math.inf if self._rested else self._left_at + self._settings.turn_rest_min * MIN_S
            return
        at = self._base + self._every_s
        soon, late = at - self._settings.turn_soon_min * MIN_S, at + self._settings.turn_late_min * MIN_S
        why = because("turned_before", ago_min=(now.monotonic - self._base) / MIN_S, every_min=self._every_s / MIN_S)
        if now.monotonic >= soon and not self._asked:
            self._asked = True
            yield Task("turning_soon", self._subject, now.monotonic, (why,), due=at)
        if now.monotonic >= late and not self._raised:
            self._raised = True
            yield Finding("turning_due", self._subject, Priority.MEDIUM, now.monotonic, (why,))
        ahead = [one for one in (soon, late) if one > now.monotonic]
        self.due = min(*ahead, self._bed.due, math.inf)

    def _moved(self, now: Moment, first: bool = False) -> Iterable[Said]:
        """Up, or in bed again: the interval begins. The first word of all tells of no getting up."""
        back_at = self._bed.since
        if not self._bed.occupied:
            self._left_at, self._rested = back_at, False
        elif first and self._assumed:
            self._base = back_at
        elif not first:
            yield from self._rest(now, back_at)
            if self._rested:
                self._base, self._assumed = back_at, False

    def _rest(self, now: Moment, until: float) -> Iterable[Said]:
        """Out of bed until `until`: once it is long enough, nothing is due."""
        away_s = until - self._left_at
        if not self._rested and away_s >= self._settings.turn_rest_min * MIN_S:
            self._rested = True
            yield from self._done(now, because("out_of_bed", away_s=away_s))

    def _done(self, now: Moment, why: Reason) -> Iterable[Said]:
        asked, self._asked = self._asked, False
        raised, self._raised = self._raised, False
        if asked:
            yield Task("turning_soon", self._subject, now.monotonic, (why,), active=False)
        if raised or not asked:
            yield Finding("turning_due", self._subject, Priority.MEDIUM, now.monotonic, (why,), active=False)


def _turned(event: Event) -> bool:
    if isinstance(event, Act):
        return event.name == "turned"
    return isinstance(event, Reading) and event.quantity == "turned" and not event.stored


def _turned_by_plan(site: Site) -> list[Subject]:
    return [site.resident_subject(one) for one in site.residents.values() if one.turning_min > 0]


TURNING_ROW = RuleRow(
    "turning_due",
    TurningRule,
    Scope.SUBJECT,
    quantities=(*BED_QUANTITIES, "turned"),
    observations=BED_OBSERVATIONS,
    acts=("turned",),
    watches=_turned_by_plan,
)
