"""Vital signs against their limits, with persistence and hysteresis (domain 2.3, default column).

Only plausible readings of good quality count. A doubtful one stops the clock of persistence without turning it back:
a dip under poor signal never alarms, and a true one is not forgotten because one value of it was poor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from agent.rules.settings.vitals import Limit, Limits
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

GAP_S = 30.0  # a value vouches for at most this long after it; longer silence is the silent-device rule's business


@dataclass(frozen=True, slots=True)
class Watch:
    """One row: the kind raised, the quantities judged, the direction, the settings that hold its limits."""

    kind: str
    quantities: tuple[str, ...]
    low: bool


WATCHES = (
    Watch("heart_rate_low", ("heart_rate", "pulse_rate"), low=True),
    Watch("heart_rate_high", ("heart_rate", "pulse_rate"), low=False),
    Watch("spo2_low", ("spo2",), low=True),
    Watch("respiratory_rate_low", ("respiratory_rate",), low=True),
    Watch("respiratory_rate_high", ("respiratory_rate",), low=False),
)


class _Persistence:
    """How long values have been at or beyond one limit, counted over trusted values only."""

    def __init__(self, limit: Limit, low: bool) -> None:
        self.limit = limit
        self._low = low
        self._held_s = 0.0
        self._last: float | None = None  # time of the last trusted value beyond the limit

    def beyond(self, value: float) -> bool:
        return value <= self.limit.at if self._low else value >= self.limit.at

    def doubt(self) -> None:
        """A value that cannot be trusted: the clock stands."""
        self._last = None

    def judge(self, value: float, at: float) -> bool:
        """Whether the limit has now been passed for its time."""
        if not self.beyond(value):
            self._held_s, self._last = 0.0, None
            return False
        if self._last is not None:
            self._held_s += min(max(at - self._last, 0.0), GAP_S)
        self._last = at
        return self._held_s >= self.limit.for_s


class VitalLimitRule(Rule):
    """One row of `WATCHES` for one device of one resident.

    Only values move the clock, so a silent device never raises a vital alarm.
    """

    def __init__(self, watch: Watch, ground: Ground, about: Subject) -> None:
        resident = ground.site.resident_of(about.id)
        settings = ground.limits(resident).vitals
        scale_2 = watch.kind == "spo2_low" and resident is not None and resident.spo2_scale_2
        self._limits: Limits = getattr(settings, watch.kind + "_scale_2" if scale_2 else watch.kind)
        self._watch = watch
        self._subject = ground.site.subject_of(about.id)
        self._ranks = (
            (Priority.HIGH, _Persistence(self._limits.high, watch.low)),
            (Priority.MEDIUM, _Persistence(self._limits.medium, watch.low)),
        )
        self._raised: Priority | None = None
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when a limit was passed for its time, when it gets worse, and when it is over."""
        if not isinstance(event, Reading) or event.quantity not in self._watch.quantities or event.stored:
            return
        if event.quality is not Quality.GOOD or not QUANTITIES[event.quantity].admits(event.value):
            for _, persistence in self._ranks:
                persistence.doubt()
            return
        value = float(event.value)
        passed = [rank for rank in self._ranks if rank[1].judge(value, event.at)]
        if passed and (self._raised is None or passed[0][0] > self._raised):
            priority, persistence = passed[0]
            self._raised = priority
            yield self._finding(event, priority, now, self._words(event, persistence.limit))
        elif self._over(value):
            self._raised, self._said_normal = None, True
            yield self._finding(
                event, Priority.LOW, now, because("back_inside", quantity=event.quantity, value=value), active=False
            )

    def _over(self, value: float) -> bool:
        """Whether to say that all is well: at the end of a condition, and once at the first normal value."""
        if self._raised is None and self._said_normal:
            return False
        at, back = self._limits.medium.at, self._limits.back
        return value >= at + back if self._watch.low else value <= at - back

    def _words(self, event: Reading, limit: Limit) -> Reason:
        return because(
            "at_or_below" if self._watch.low else "at_or_above",
            quantity=event.quantity,
            value=float(event.value),
            unit=QUANTITIES[event.quantity].unit,
            limit=limit.at,
            for_s=limit.for_s,
        )

    def _finding(self, event: Reading, priority: Priority, now: Moment, why: Reason, active: bool = True) -> Finding:
        return Finding(self._watch.kind, self._subject, priority, now.monotonic, (why,), event.device, active=active)


VITAL_ROWS = tuple(
    RuleRow(watch.kind, partial(VitalLimitRule, watch), Scope.DEVICE, quantities=watch.quantities) for watch in WATCHES
)
