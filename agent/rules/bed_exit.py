"""An empty bed, for longer than its resident should be up (domain 2.4)."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import FallRisk, Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading


class BedExitRule(Rule):
    """One bed sensor. High fall risk: high after a minute. Others: medium, then high."""

    def __init__(self, ground: Ground, about: Subject) -> None:
        resident = ground.site.resident_of(about.id)
        settings = ground.limits(resident).bed_exit
        high_risk = resident is not None and resident.fall_risk is FallRisk.HIGH
        self._steps = (
            ((settings.high_risk_high_s, Priority.HIGH),)
            if high_risk
            else ((settings.high_s, Priority.HIGH), (settings.medium_s, Priority.MEDIUM))
        )
        self._flicker_s = settings.flicker_s
        self._subject = ground.site.subject_of(about.id)
        self._device = about.id
        self._left_at: float | None = None
        self._back_at: float | None = None
        self._raised: Priority | None = None
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """Take the bed's state; the verdict follows in `tick`."""
        if not isinstance(event, Reading) or event.quantity != "bed_occupied" or event.stored:
            return
        if event.quality is not Quality.GOOD:
            return
        if event.value:
            self._back_at = event.at if self._back_at is None else self._back_at
        else:
            self._back_at = None
            self._left_at = event.at if self._left_at is None else self._left_at
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Finding]:
        """A finding when the bed has been empty too long, and one when its resident is back for good."""
        yield from self._judge(now)
        self.due = self._next(now)

    def _next(self, now: Moment) -> float:
        if self._back_at is not None:
            return self._back_at + self._flicker_s if self._left_at is not None or not self._said_normal else math.inf
        if self._left_at is None:
            return math.inf
        due = [self._left_at + after_s for after_s, _ in self._steps]
        return min((at for at in due if at > now.monotonic), default=math.inf)

    def _judge(self, now: Moment) -> Iterable[Finding]:
        if self._back_at is not None:
            away = self._left_at is not None or not self._said_normal
            if away and now.monotonic - self._back_at >= self._flicker_s:
                self._left_at, self._raised, self._said_normal = None, None, True
                yield self._finding(Priority.LOW, now, because("back_in_bed"), active=False)
            return
        if self._left_at is None:
            return
        away_s = now.monotonic - self._left_at
        due = next((priority for after_s, priority in self._steps if away_s >= after_s), None)
        if due is not None and (self._raised is None or due > self._raised):
            self._raised = due
            yield self._finding(due, now, because("out_of_bed", away_s=away_s))

    def _finding(self, priority: Priority, now: Moment, why: Reason, active: bool = True) -> Finding:
        return Finding("bed_exit", self._subject, priority, now.monotonic, (why,), self._device, active=active)
