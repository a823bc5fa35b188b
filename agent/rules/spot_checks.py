"""One measurement at a time: temperature, blood pressure, glucose (domain 2.3).

Only plausible, live measurements of good quality count, whatever device took them. A blood pressure at its high step is
first told as the milder one with the task to measure again: high when the next says so too, medium when there is none.
"""

import math
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from agent.detection.event import Event
from agent.memory import AT, FLAG, NUMBER, TEXT, Keeps, made, maybe, named, series
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority, Said, Task
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

AGAIN_S = 4 * 3600.0  # a measurement so much later is a happening of its own (NEWS2: 4-6-hourly)
REPEAT_LEAST_S = 20.0  # a cuff takes longer than that; sooner it is the same measurement told twice
FEVER_LEAST_S = 3600.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One row: the kind raised, the quantity, the direction. `strict`: the limit itself is still well."""

    kind: str
    quantity: str
    low: bool
    strict: bool = False
    repeat: bool = False  # the high step needs a second measurement
    fever: bool = False  # a milder one that comes again matters too

    def beyond(self, value: float, limit: float) -> bool:
        """Whether `value` has come to `limit`, or past it."""
        if value == limit:
            return not self.strict
        return value < limit if self.low else value > limit


SPOTS = (
    Spot("temperature_low", "body_temperature", low=True),
    Spot("temperature_high", "body_temperature", low=False, fever=True),
    Spot("systolic_low", "systolic", low=True, repeat=True),
    Spot("systolic_high", "systolic", low=False, repeat=True),
    Spot("diastolic_high", "diastolic", low=False),
    Spot("glucose_low", "glucose", low=True, strict=True),
    Spot("glucose_high", "glucose", low=False, strict=True),
)


MEASURED = made(
    Reading,
    device=TEXT,
    quantity=TEXT,
    value=NUMBER,
    at=AT,
    quality=named(Quality),
    stored=FLAG,
    measured_at=maybe(NUMBER),
)


class SpotCheckRule(Rule):
    """One row of `SPOTS` for one resident with all devices."""

    keeps = Keeps(
        1,
        due=AT,
        _raised=maybe(named(Priority)),
        _raised_at=AT,
        _raised_by=series(TEXT),
        _said_normal=FLAG,
        _first=maybe(MEASURED),
        _warm_at=maybe(AT),
    )

    def __init__(self, spot: Spot, ground: Ground, about: Subject) -> None:
        self._checks = ground.limits(ground.site.residents.get(about.id)).checks
        self._steps = getattr(self._checks, spot.kind)
        self._spot = spot
        self._subject = about
        self._raised: Priority | None = None
        self._raised_at = -math.inf
        self._raised_by: list[str] = []  # devices, each of which has to say that it is over
        self._said_normal = False
        self._first: Reading | None = None  # at the high step, and to be repeated
        self._warm_at: float | None = None

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """A finding when a measurement matters, when it matters more, hours later again, and when it is over."""
        if not isinstance(event, Reading) or event.quantity != self._spot.quantity or event.stored:
            return
        if event.quality is not Quality.GOOD or not QUANTITIES[event.quantity].admits(event.value):
            return
        priority, why = self._step(float(event.value))
        if self._spot.repeat:
            priority, why = yield from self._repeated(event, priority, why, now)
        if self._spot.fever:
            priority, why = self._fever(event, priority, why)
        if priority is None:
            yield from self._well(event, now)
        elif self._raised is None or priority > self._raised or event.at - self._raised_at >= AGAIN_S:
            yield self._raise(event, priority, why, now)

    def tick(self, now: Moment) -> Iterable[Said]:
        """A finding when nobody has measured again."""
        self.due = math.inf
        first, self._first = self._first, None
        if first is None:
            return
        yield self._task(now, (), active=False)
        if self._raised is Priority.LOW:
            _, why = self._step(float(first.value))
            late = because("not_measured_again", minutes=self._checks.repeat_min)
            yield self._raise(first, Priority.MEDIUM, (*why, late), now)

    def _step(self, value: float) -> tuple[Priority | None, tuple[Reason, ...]]:
        """The gravest step that `value` has come to."""
        for priority in sorted(Priority, reverse=True):
            limit: float | None = getattr(self._steps, priority.label)
            if limit is not None and self._spot.beyond(value, limit):
                return priority, (self._words(value, limit),)
        return None, ()

    def _words(self, value: float, limit: float) -> Reason:
        quantity = self._spot.quantity
        unit = QUANTITIES[quantity].unit
        code = "measured_low" if self._spot.low else "measured_high"
        return because(code, quantity=quantity, value=value, unit=unit, limit=limit)

    def _repeated(
        self, event: Reading, priority: Priority | None, why: tuple[Reason, ...], now: Moment
    ) -> Generator[Said, None, tuple[Priority | None, tuple[Reason, ...]]]:
        """Generates the task; gives back what `event` comes to beside the measurement before it."""
        first = self._first
        if first is None:
            if priority is not Priority.HIGH or self._raised is Priority.HIGH:
                return priority, why
            again = because("measure_again", minutes=self._checks.repeat_min)
            self._first, self.due = event, event.at + self._checks.repeat_min * 60.0
            yield self._task(now, (*why, again), active=True)
            return Priority.LOW, (*why, again)
        if event.at - first.at < REPEAT_LEAST_S:
            return self._raised, why  # no milder one either: it would end what it cannot have measured
        self._first, self.due = None, math.inf
        yield self._task(now, (), active=False)
        if priority is Priority.HIGH:
            why = (*why, because("measured_twice", for_s=event.at - first.at))
        return priority, why

    def _fever(
        self, event: Reading, priority: Priority | None, why: tuple[Reason, ...]
    ) -> tuple[Priority | None, tuple[Reason, ...]]:
        """A temperature that is a little high, and was an hour or more ago, is low."""
        value, checks = float(event.value), self._checks
        if value <= checks.fever_at:
            self._warm_at = None
            return priority, why
        if self._warm_at is None or event.at - self._warm_at > checks.fever_h * 3600.0:
            self._warm_at = event.at
        since = event.at - self._warm_at
        if priority is not None or since < FEVER_LEAST_S:
            return priority, why
        return Priority.LOW, (because("fever_again", value=value, limit=checks.fever_at, hours=since / 3600.0),)

    def _raise(self, event: Reading, priority: Priority, why: tuple[Reason, ...], now: Moment) -> Finding:
        later = self._raised is not None and event.at - self._raised_at >= AGAIN_S
        self._raised, self._raised_at = priority, event.at
        if event.device not in self._raised_by:
            self._raised_by.append(event.device)
        return Finding(self._spot.kind, self._subject, priority, now.monotonic, why, event.device, happening=later)

    def _well(self, event: Reading, now: Moment) -> Iterator[Finding]:
        """That all is well: at the end of a condition, and once at the first normal measurement."""
        if (self._raised is None and self._said_normal) or not self._inside(float(event.value)):
            return
        self._raised, self._said_normal = None, True
        devices, self._raised_by = self._raised_by or [event.device], []
        why = (because("back_inside", quantity=event.quantity, value=float(event.value)),)
        for device in devices:
            yield Finding(self._spot.kind, self._subject, Priority.LOW, now.monotonic, why, device, active=False)

    def _inside(self, value: float) -> bool:
        """Whether `value` lies well inside the mildest step."""
        steps = self._steps
        mildest: float = next(one for one in (steps.low, steps.medium, steps.high, math.inf) if one is not None)
        back: float = steps.back
        return value >= mildest + back if self._spot.low else value <= mildest - back

    def _task(self, now: Moment, why: tuple[Reason, ...], active: bool) -> Task:
        return Task("measure_again", self._subject, now.monotonic, why, self.due if active else None, active=active)


SPOT_ROWS = tuple(
    RuleRow(spot.kind, partial(SpotCheckRule, spot), Scope.SUBJECT, quantities=(spot.quantity,)) for spot in SPOTS
)
