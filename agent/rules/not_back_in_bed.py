"""Left the bed at night and not back: medium, then high (domain 2.4 "bed exit, other"); a nap by day is none."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, Keeps, maybe, named
from agent.moment import Moment
from agent.places import PlaceKind
from agent.residents import DeviceRole, FallRisk, Subject
from agent.rules.bed_sense import BED_OBSERVATIONS, BED_QUANTITIES, BED_SENSE, BedSense
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule

EXPLAINING = (PlaceKind.DINING, PlaceKind.HALL, PlaceKind.OFFICE, PlaceKind.YARD, PlaceKind.KITCHEN)
MIN_S = 60.0


class NotBackInBedRule(Rule):
    """One resident who is not at high risk (those have a rule of their own, which is faster)."""

    keeps = Keeps(
        1,
        due=HEARD,
        _bed=BED_SENSE,
        _counts=FLAG,
        _raised=maybe(named(Priority)),
        _told=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._resident = ground.site.residents.get(about.id)
        limits = ground.limits(self._resident)
        self._settings = limits.bed
        self._bed = BedSense(limits.bed_exit.flicker_s)
        self._steps = (
            (self._settings.not_back_medium_min * MIN_S, Priority.MEDIUM),
            (self._settings.not_back_high_min * MIN_S, Priority.HIGH),
        )
        self._watched = self._resident is not None and self._resident.fall_risk is not FallRisk.HIGH
        self._subject = about
        self._counts = False  # this absence: it began in bed, at night
        self._raised: Priority | None = None
        self._told = False
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """An absence begins, or ends."""
        was = self._bed.occupied
        if not self._watched or not self._bed.take(event):
            self.due = min(self.due, self._bed.due)
            return
        if self._bed.occupied:
            yield from self._back(now)
            return
        night = self._settings.not_back_by_day or self._ground.ward.night(self._resident, now)
        self._counts, self._told = was is True and night, False
        self.due = self._next(now) if self._counts else math.inf

    def tick(self, now: Moment) -> Iterable[Said]:
        """Medium and high when the time has come, unless they were seen where people sit at night."""
        if self._bed.settle(now.monotonic):
            yield from self._back(now)
            return
        if self._counts and self._bed.occupied is False and self._bed.due == math.inf:  # else somebody comes back
            yield from self._judge(now)
        self.due = min(self._next(now) if self._counts else math.inf, self._bed.due)

    def _judge(self, now: Moment) -> Iterable[Said]:
        away_s = now.monotonic - self._bed.since
        passed = [priority for after_s, priority in self._steps if away_s >= after_s]
        if not passed or (self._raised is not None and passed[-1] <= self._raised):
            return
        if not self._settings.not_back_by_day and not self._ground.ward.night(self._resident, now):
            self._counts = False
            return
        why = because("out_of_bed", away_s=away_s)
        seen = self._seen_elsewhere(now)
        if seen is not None:
            if not self._told:
                self._told = True
                yield Decline("not_back_in_bed", self._subject, now.monotonic, (why, seen))
            return
        self._raised = passed[-1]
        yield self._finding(passed[-1], now, why)

    def _next(self, now: Moment) -> float:
        times = [self._bed.since + after_s for after_s, _ in self._steps]
        ahead = min((at for at in times if at > now.monotonic), default=math.inf)
        return min(ahead, now.monotonic + MIN_S) if self._told else ahead

    def _seen_elsewhere(self, now: Moment) -> Reason | None:
        ward, site = self._ground.ward, self._ground.site
        for binding in site.bindings.values():
            if binding.resident != self._subject.id or binding.role is not DeviceRole.TAG:
                continue
            sight = ward.seen(binding.device)
            fresh = sight is not None and now.monotonic - sight.at < self._settings.seen_min * MIN_S
            if sight is not None and fresh and site.place(sight.place).kind in EXPLAINING:
                return because("seen_elsewhere", place=sight.place)
        return None

    def _back(self, now: Moment) -> Iterable[Said]:
        self.due, self._counts = math.inf, False
        if self._raised is not None or not self._said_normal:
            self._raised, self._said_normal = None, True
            yield self._finding(Priority.LOW, now, because("back_in_bed"), active=False)

    def _finding(self, priority: Priority, now: Moment, why: Reason, active: bool = True) -> Finding:
        return Finding("not_back_in_bed", self._subject, priority, now.monotonic, (why,), active=active)


NOT_BACK_ROW = RuleRow(
    "not_back_in_bed", NotBackInBedRule, Scope.SUBJECT, quantities=BED_QUANTITIES, observations=BED_OBSERVATIONS
)
