"""Vital signs against their limits, with persistence, hysteresis and rejection of artefacts (domain 2.3).

Only plausible readings of good quality count. A doubtful one stops the clock of persistence without turning it back:
a dip under poor signal never alarms, and a true one is not forgotten because one value of it was poor. A value of good
quality that jumps further than a body does is motion, until it has lasted `confirm_s` longer than its limit asks for;
far beyond, at the `deep` limit, less will do: no hand shakes for so long, and a body has not long.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from agent.detection.event import Event
from agent.memory import AT, FLAG, HEARD, NUMBER, Keeps, maybe, named, series, together
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.cadence import CADENCE, Cadence
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.persistence import FORGOTTEN_S, PERSISTENCE, Dip, Persistence
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from agent.rules.settings.vitals import Limit, Limits
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

WORN = "worn"
DECLINE_EVERY_S = 60.0  # a hand that keeps shaking is one happening


@dataclass(frozen=True, slots=True)
class Watch:
    """One row: the kind raised, the quantities judged, the direction, and which other limits of `[vitals]` may hold."""

    kind: str
    quantities: tuple[str, ...]
    low: bool
    night: bool = False
    active: bool = False
    scale_2: bool = False


WATCHES = (
    Watch("heart_rate_low", ("heart_rate", "pulse_rate"), low=True, night=True),
    Watch("heart_rate_high", ("heart_rate", "pulse_rate"), low=False, active=True),
    Watch("spo2_low", ("spo2",), low=True, scale_2=True),
    Watch("respiratory_rate_low", ("respiratory_rate",), low=True),
    Watch("respiratory_rate_high", ("respiratory_rate",), low=False),
)


class VitalLimitRule(Rule):
    """One row of `WATCHES` for one device of one resident.

    Only values move the clock, so a silent device never raises a vital alarm. What it has raised lapses when its
    device is taken off, or has told nothing to be trusted for `FORGOTTEN_S`.
    """

    keeps = Keeps(
        3,
        beside=("_cadence", "_before", "due"),
        due=HEARD,
        _cadence=CADENCE,
        _high=PERSISTENCE,
        _medium=PERSISTENCE,
        _deep=PERSISTENCE,
        _before=series(together(NUMBER, HEARD)),
        _raised=maybe(named(Priority)),
        _said_normal=FLAG,
        _quiet=FLAG,
        _off=FLAG,
        _declined_at=maybe(AT),
    )

    def __init__(self, watch: Watch, ground: Ground, about: Subject) -> None:
        self._resident = ground.site.resident_of(about.id)
        settings = ground.limits(self._resident).vitals
        scale_2 = watch.scale_2 and self._resident is not None and self._resident.spo2_scale_2
        self._limits: Limits = getattr(settings, watch.kind + "_scale_2" if scale_2 else watch.kind)
        self._other: Limits | None = None
        if watch.night or watch.active:
            self._other = getattr(settings, watch.kind + ("_night" if watch.night else "_active"))
        self._jumps = any(limits.jump for limits in (self._limits, self._other) if limits is not None)
        self._ground = ground
        self._watch = watch
        self._subject = ground.site.subject_of(about.id)
        self._device = about.id
        self._cadence = Cadence()
        self._high = Persistence(watch.low, settings.confirm_s)
        self._medium = Persistence(watch.low, settings.confirm_s)
        self._deep = Persistence(watch.low, settings.confirm_deep_s)
        self._before: tuple[tuple[float, float], ...] = ()  # the last two trusted values: (value, time)
        self._raised: Priority | None = None
        self._said_normal = False
        self._quiet = False  # nothing is raised or beyond a limit
        self._off = False  # by its own word it is on nobody: what it measures is the table it lies on
        self._declined_at: float | None = None

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """A finding when a limit was passed for its time, when it gets worse, and when it is over."""
        if not isinstance(event, Reading) or event.stored:
            return ()
        good = event.quality is Quality.GOOD
        if event.quantity not in self._watch.quantities:
            if good and event.quantity == WORN:
                self._off = not event.value
                return self._lapse("taken_off", now) if self._off else ()
            return ()
        if self._off or not good or not QUANTITIES[event.quantity].admits(event.value) or not event.value:
            return self._doubt(event)  # no breath counted may be an empty bed: that is the apnoea rule's business
        return self._judge(event, float(event.value), now)

    def tick(self, now: Moment) -> Iterable[Said]:
        """Nothing was told for too long."""
        return self._lapse("no_more_values", now) if now.monotonic >= self.due else ()

    def unsure(self) -> None:
        """A normal value is weighed again."""
        super().unsure()
        self._quiet = False

    def _lapse(self, code: str, now: Moment) -> Iterable[Said]:
        """Whether what was raised goes on, nobody can say: the next values are judged as the first ones."""
        raised, self._raised, self.due = self._raised, None, math.inf
        if raised is None:
            return ()
        why = (because(code, device=self._device, quantity=self._watch.quantities[0]),)
        about, at = self._subject, now.monotonic
        return [Finding(self._watch.kind, about, Priority.LOW, at, why, self._device, active=False, lapsed=True)]

    def _doubt(self, event: Reading) -> Iterable[Said]:
        gap = self._cadence.vouches_s
        self._high.doubt(event.at, gap)
        self._medium.doubt(event.at, gap)
        self._deep.doubt(event.at, gap)
        self._before = tuple((value, event.at) for value, _ in self._before)  # what it was before the doubt
        self._cadence.note(event.at)
        return ()

    def _judge(self, event: Reading, value: float, now: Moment) -> Iterable[Said]:
        well = value > self._limits.medium.at if self._watch.low else value < self._limits.medium.at
        said: Iterable[Said] = ()
        if not (well and self._quiet):  # by far the most values need no weighing: the other limits are the wider ones
            said = self._weigh(event, value, self._limits_at(now), now)
            self._quiet = self._medium.idle and self._high.idle and self._said_normal and self._raised is None
            self.due = math.inf if self._raised is None else event.at + FORGOTTEN_S
        self._cadence.note(event.at)
        if self._jumps:
            self._before = (*self._before[-1:], (value, event.at))
        return said

    def _limits_at(self, now: Moment) -> Limits:
        """The limits that hold: by day and at rest, unless it is known that somebody sleeps, or is active."""
        resident, ward = self._resident, self._ground.ward
        if self._other is None or resident is None:
            return self._limits
        if self._watch.night:
            holds = ward.in_bed(resident, now) or (now.wall_known and ward.night(resident, now))
        else:
            holds = ward.active(resident, now) is not None
        return self._other if holds else self._limits

    def _weigh(self, event: Reading, value: float, limits: Limits, now: Moment) -> list[Said]:
        dip = self._dip_ended(value, limits)
        medium, high = self._passed_for_long(value, event.at, limits)
        if high is not None and self._raised is not Priority.HIGH:
            return [self._passed(event, Priority.HIGH, high, now)]
        if medium and high is None and self._raised is None:
            return [self._passed(event, Priority.MEDIUM, limits.medium, now)]
        said = self._said_over(event, value, limits, now)
        if dip and (self._declined_at is None or event.at - self._declined_at >= DECLINE_EVERY_S):
            self._declined_at = event.at
            why = because(
                "sudden_dip", quantity=event.quantity, before=dip.before, value=dip.worst, for_s=event.at - dip.since
            )
            said.append(Decline(self._watch.kind, self._subject, now.monotonic, (why,), event.device))
        return said

    def _dip_ended(self, value: float, limits: Limits) -> Dip | None:
        """The jump that `value` ends before anybody was told of it."""
        if self._raised is Priority.HIGH:
            return None
        dip = self._medium.ended(limits.medium, value)
        if not self._medium.jumped:
            dip = self._high.ended(limits.high, value)  # low before, and further down for a moment
        return dip

    def _passed_for_long(self, value: float, at: float, limits: Limits) -> tuple[bool, Limit | None]:
        """Whether the medium limit has been passed for its time, and which of those that are high."""
        gap = self._cadence.vouches_s
        jumped_from = self._jumped_from(value, at, limits)
        medium = self._medium.judge(limits.medium, value, at, gap, jumped_from)
        if jumped_from is None:
            jumped_from = self._medium.doubted_since(limits.medium)
        high = limits.high if self._high.judge(limits.high, value, at, gap, jumped_from) else None
        if jumped_from is None:
            jumped_from = self._high.doubted_since(limits.high)
        if limits.deep is not None and self._deep.judge(limits.deep, value, at, gap, jumped_from):
            high = limits.deep
        return medium, high

    def _jumped_from(self, value: float, at: float, limits: Limits) -> float | None:
        """The trusted value of just before from which no body comes to `value`; None: it can be."""
        if not limits.jump:
            return None
        soon = self._cadence.soon_s
        sign = 1.0 if self._watch.low else -1.0
        for before, when in self._before:
            if at - when <= soon and sign * (before - value) > limits.jump:
                return before
        return None

    def _passed(self, event: Reading, priority: Priority, limit: Limit, now: Moment) -> Finding:
        self._raised = priority
        why = because(
            "at_or_below" if self._watch.low else "at_or_above",
            quantity=event.quantity,
            value=float(event.value),
            unit=QUANTITIES[event.quantity].unit,
            limit=limit.at,
            for_s=limit.for_s,
        )
        return Finding(self._watch.kind, self._subject, priority, now.monotonic, (why,), event.device)

    def _said_over(self, event: Reading, value: float, limits: Limits, now: Moment) -> list[Said]:
        """That all is well: at the end of a condition, and once at the first normal value."""
        if self._raised is None and self._said_normal:
            return []
        at, back = limits.medium.at, limits.back
        if value < at + back if self._watch.low else value > at - back:
            return []
        self._raised, self._said_normal = None, True
        why = (because("back_inside", quantity=event.quantity, value=value),)
        return [Finding(self._watch.kind, self._subject, Priority.LOW, now.monotonic, why, event.device, active=False)]


VITAL_ROWS = tuple(
    RuleRow(watch.kind, partial(VitalLimitRule, watch), Scope.DEVICE, quantities=(*watch.quantities, WORN))
    for watch in WATCHES
)
