"""A resident away from their own normal, though no limit is passed: something to look at, low (domain 2.3).

It only adds: no limit is ever wider for who is always near it. Nights and days have normals of their own. What was
learned does not outlive a restart; until it is learned again nothing is said but that.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from agent.detection.event import Event
from agent.memory import FLAG, TEXT, Keeps, members, table, together
from agent.moment import DAY_S, Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.own_normal import NORMAL, SPAN, OwnNormal, Span
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

OVER_AT = 0.75  # of the difference that matters: no longer away


@dataclass(frozen=True, slots=True)
class Watched:
    """One quantity; `up`: more of it matters too."""

    name: str
    up: bool = True


WATCHED: MappingProxyType[str, Watched] = MappingProxyType(
    {
        "heart_rate": Watched("heart_rate"),
        "pulse_rate": Watched("heart_rate"),
        "spo2": Watched("spo2", up=False),
        "respiratory_rate": Watched("respiratory_rate"),
    }
)


class BaselineRule(Rule):
    """One resident with all devices."""

    keeps = Keeps(
        1,
        _spans=table(TEXT, SPAN),
        _normals=table(together(TEXT, FLAG), NORMAL),
        _away=members(TEXT),
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._resident = ground.site.residents.get(about.id) if about.kind is SubjectKind.RESIDENT else None
        self._settings = ground.limits(self._resident).baseline
        self._ground = ground
        self._subject = about
        self._spans: dict[str, Span] = {}
        self._normals: dict[tuple[str, bool], OwnNormal] = {}  # (quantity, by night)
        self._away: set[str] = set()
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when the median of a span is away from the resident's own, and when none is any more."""
        if self._resident is None or not isinstance(event, Reading) or event.stored or not now.wall_known:
            return ()
        watched = WATCHED.get(event.quantity)
        if watched is None or event.quality is not Quality.GOOD:
            return ()
        if not QUANTITIES[event.quantity].admits(event.value) or not event.value:
            return ()  # no breath counted is no rate
        span = self._spans.get(watched.name)
        if span is not None and event.at - span.since < self._settings.window_min * 60.0:
            span.take(float(event.value))
            return ()
        night = self._ground.ward.night(self._resident, now)
        begun = self._spans[watched.name] = Span(event.at, night)
        begun.take(float(event.value))
        if span is None or span.night is not night or self._ground.ward.active(self._resident, now) is not None:
            return ()  # half of it was another part of the day, or no rest
        return self._judge(watched, span, now)

    def _judge(self, watched: Watched, span: Span, now: Moment) -> Iterable[Finding]:
        median = span.median()
        if median is None:
            return
        name = watched.name
        normal = self._normals.setdefault((name, span.night), OwnNormal())
        if not normal.known(now.monotonic, self._settings.days * DAY_S):
            normal.learn(median, span.since, math.inf)
            if not self._said_normal:
                self._said_normal = True
                yield self._over(now, "normal_unknown")
            return
        matters = max(self._settings.spreads * normal.spread, getattr(self._settings, f"{name}_by"))
        away = median - normal.mean if watched.up else min(median - normal.mean, 0.0)
        usual = normal.mean
        normal.learn(median, span.since, matters)
        if abs(away) >= matters:
            first = not self._away
            self._away.add(name)
            if first:
                why = (
                    because(
                        "away_from_normal",
                        quantity=name,
                        value=median,
                        unit=QUANTITIES[name].unit,
                        for_min=self._settings.window_min,
                        usual=round(usual, 1),
                        by=round(matters, 1),
                    ),
                )
                yield Finding("baseline_shift", self._subject, Priority.LOW, now.monotonic, why)
        elif name in self._away and abs(away) < OVER_AT * matters:
            self._away.discard(name)
            if not self._away:
                yield self._over(now, "near_normal")

    def _over(self, now: Moment, code: str) -> Finding:
        return Finding("baseline_shift", self._subject, Priority.LOW, now.monotonic, (because(code),), active=False)


BASELINE_ROW = RuleRow("baseline", BaselineRule, Scope.SUBJECT, quantities=tuple(WATCHED))
