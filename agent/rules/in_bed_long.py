"""A mobile resident who does not get up: low after twelve hours in bed (domain 2.4)."""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, Keeps
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.bed_sense import BED_OBSERVATIONS, BED_QUANTITIES, BED_SENSE, BedSense
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule

HOUR_S = 3600.0


class InBedLongRule(Rule):
    """One resident."""

    keeps = Keeps(
        1,
        due=HEARD,
        _bed=BED_SENSE,
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        resident = ground.site.residents.get(about.id)
        limits = ground.limits(resident)
        self._after_s = limits.bed.long_min * 60.0
        self._bed = BedSense(limits.bed_exit.flicker_s)
        self._watched = resident is not None and resident.mobile
        self._subject = about
        self._raised = False
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """The clock starts when they lie down; getting up ends it."""
        if not self._watched:
            return
        self._bed.take(event)
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Finding]:
        """Low once it has lasted."""
        self._bed.settle(now.monotonic)
        self.due = self._bed.due
        if self._bed.occupied is False:
            if self._raised or not self._said_normal:
                self._raised, self._said_normal = False, True
                yield self._finding(now, "got_up", active=False)
        elif self._bed.occupied and not self._raised:
            due = self._bed.since + self._after_s
            if now.monotonic >= due:
                self._raised = True
                yield self._finding(now, "in_bed_for", active=True)
            else:
                self.due = min(due, self.due)

    def _finding(self, now: Moment, code: str, active: bool) -> Finding:
        why = because(code, for_h=(now.monotonic - self._bed.since) / HOUR_S) if active else because(code)
        return Finding("in_bed_long", self._subject, Priority.LOW, now.monotonic, (why,), active=active)


IN_BED_LONG_ROW = RuleRow(
    "in_bed_long", InBedLongRule, Scope.SUBJECT, quantities=BED_QUANTITIES, observations=BED_OBSERVATIONS
)
