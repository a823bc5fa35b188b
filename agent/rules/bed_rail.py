"""The rail of a bed is down at night, its resident, who may fall, in it and nobody there (domain 2.2)."""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, Keeps, maybe
from agent.moment import Moment
from agent.residents import FallRisk, Subject
from agent.rules.bed_sense import BED_OBSERVATIONS, BED_QUANTITIES, BED_SENSE, BedSense
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading


class BedRailRule(Rule):
    """One resident at high risk of falling."""

    keeps = Keeps(
        1,
        due=HEARD,
        _bed=BED_SENSE,
        _up=FLAG,
        _down=maybe(HEARD),
        _raised=FLAG,
        _told=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._resident = ground.site.residents.get(about.id)
        limits = ground.limits(self._resident)
        self._rail_s = limits.bed.rail_s
        self._bed = BedSense(limits.bed_exit.flicker_s)
        self._watched = self._resident is not None and self._resident.fall_risk is FallRisk.HIGH
        self._subject = about
        self._up = False  # the rail has said so
        self._down: float | None = None
        self._raised = False
        self._told = False
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """The rail moves, or the bed fills or empties."""
        if not self._watched:
            return
        self._bed.take(event)
        if isinstance(event, Reading) and event.quantity == "bed_rail_up" and not event.stored:
            if event.quality is not Quality.GOOD:
                return
            self._up = bool(event.value)
            if self._up:
                self._down = None
            elif self._down is None:
                self._down, self._told = event.at, False
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Said]:
        """Medium once it has lasted and nobody is there."""
        self._bed.settle(now.monotonic)
        self.due = self._bed.due
        if self._down is None or not self._bed.occupied:
            safe = self._up or self._bed.occupied is False
            if self._raised or (safe and not self._said_normal):
                self._raised, self._said_normal = False, True
                yield self._finding(now, "rail_safe", active=False)
            return
        due = max(self._down, self._bed.since) + self._rail_s
        if self._raised or not self._ground.ward.night(self._resident, now):
            return
        if now.monotonic < due:
            self.due = min(self.due, due)
            return
        staff = self._ground.ward.presence(self._subject.room, now)
        if staff is not None:
            self.due = min(self.due, staff.until)
            if not self._told:
                self._told = True
                yield Decline("bed_rail", self._subject, now.monotonic, (because("staff_there", by=staff.by),))
            return
        self._raised = True
        yield self._finding(now, "rail_down")

    def _finding(self, now: Moment, code: str, active: bool = True) -> Finding:
        return Finding("bed_rail", self._subject, Priority.MEDIUM, now.monotonic, (because(code),), active=active)


BED_RAIL_ROW = RuleRow(
    "bed_rail", BedRailRule, Scope.SUBJECT, quantities=(*BED_QUANTITIES, "bed_rail_up"), observations=BED_OBSERVATIONS
)
