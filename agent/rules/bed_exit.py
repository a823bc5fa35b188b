"""A resident at high risk of falling gets up: sits, at the edge, out of bed (domain 2.4, three stages)."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.memory import FLAG, HEARD, Keeps, maybe, named
from agent.moment import Moment
from agent.residents import FallRisk, Subject
from agent.rules.bed_sense import BED_OBSERVATIONS, BED_QUANTITIES, BED_SENSE, BedSense
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading

STAGES = ("sitting_up", "edge_of_bed")


class BedExitRule(Rule):
    """One resident; of those at normal risk it only hears."""

    keeps = Keeps(
        1,
        due=HEARD,
        _bed=BED_SENSE,
        _raised=maybe(named(Priority)),
        _counts=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._resident = ground.site.residents.get(about.id)
        self._settings = ground.limits(self._resident).bed_exit
        self._watched = self._resident is not None and self._resident.fall_risk is FallRisk.HIGH
        self._bed = BedSense(self._settings.flicker_s)
        self._subject = about
        self._raised: Priority | None = None
        self._counts = False  # this absence
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """Medium at the edge, and the end of it all when they lie again; out of bed follows in `tick`."""
        if not self._watched:
            return
        if self._bed.take(event):
            if self._bed.occupied:
                yield from self._back(now)
            else:
                yield from self._left(now)
        else:
            yield from self._stage(event, now)
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Said]:
        """High when they have been out of bed for too long."""
        if self._bed.settle(now.monotonic):
            yield from self._back(now)
        self.due = self._bed.due
        if not self._counts or self._raised is Priority.HIGH:
            return
        due = self._bed.since + self._settings.high_risk_high_s
        if now.monotonic < due:
            self.due = min(due, self.due)
            return
        if self._bed.due < math.inf:
            return  # somebody comes back: judged when that turns out to be flicker
        self._raised = Priority.HIGH
        yield self._finding(Priority.HIGH, now, because("out_of_bed", away_s=now.monotonic - self._bed.since))

    def _left(self, now: Moment) -> Iterable[Said]:
        """The bed is empty: what counts is whether it was left at night, not whether night has come since."""
        leaves = None if self._raised is not None else self._leaves(now)
        self._counts = leaves is None
        if leaves is not None:
            why = (because("out_of_bed", away_s=0.0), leaves)
            yield Decline("bed_exit", self._subject, now.monotonic, why)

    def _leaves(self, now: Moment) -> Reason | None:
        """Why an empty bed is left: it is day, or the bed was empty from the start on, by day."""
        if not self._judged_now(now):
            return because("by_day")
        seen = self._bed.left or self._ground.ward.night(self._resident, now)
        return None if seen else because("empty_at_start")

    def _judged_now(self, now: Moment) -> bool:
        """By day residents are up and about, unless the home wants to know all the same."""
        return self._settings.by_day or self._ground.ward.night(self._resident, now)

    def _stage(self, event: Event, now: Moment) -> Iterable[Said]:
        told = _stage_of(event)
        if told is None or self._bed.occupied is False:
            return
        stage, holds = told
        if stage == "sitting_up":
            if holds:
                yield Decline("bed_exit", self._subject, now.monotonic, (because("sitting_up"),))
        elif not holds:
            if self._raised is Priority.MEDIUM:
                yield from self._back(now)
        elif self._raised is None:
            if self._judged_now(now):
                self._raised = Priority.MEDIUM
                yield self._finding(Priority.MEDIUM, now, because("edge_of_bed"))
            else:
                yield Decline("bed_exit", self._subject, now.monotonic, (because("edge_of_bed"), because("by_day")))

    def _back(self, now: Moment) -> Iterable[Said]:
        self.due, self._counts = math.inf, False
        if self._raised is not None or not self._said_normal:
            self._raised, self._said_normal = None, True
            yield self._finding(Priority.LOW, now, because("back_in_bed"), active=False)

    def _finding(self, priority: Priority, now: Moment, why: Reason, active: bool = True) -> Finding:
        return Finding("bed_exit", self._subject, priority, now.monotonic, (why,), active=active)


def _stage_of(event: Event) -> tuple[str, bool] | None:
    """The stage of getting up that `event` tells of, and whether it holds."""
    if isinstance(event, Reading):
        name = event.quantity if event.quality is Quality.GOOD and not event.stored else ""
    elif isinstance(event, Observation):
        name = event.name
    else:
        return None
    return (name, bool(event.value)) if name in STAGES else None


BED_EXIT_ROW = RuleRow(
    "bed_exit",
    BedExitRule,
    Scope.SUBJECT,
    quantities=(*BED_QUANTITIES, *STAGES),
    observations=(*BED_OBSERVATIONS, "edge_of_bed"),
)
