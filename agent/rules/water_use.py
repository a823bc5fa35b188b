"""Somebody who lives alone uses no water, or water runs all day (domain 2.4)."""

from collections.abc import Iterable
from dataclasses import replace

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import AT, FLAG, TEXT, Form, Keeps, maybe, members, table, together
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.counter import Counter, counter
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading

_KEEP_S = 48 * 3600.0
_BIN_S = 1800.0  # a leak shows as use in every half-hour


def _half_hour(within_s: float) -> Form:
    """A half-hour by its number in this boot, as a moment in it: after another start the numbers are others."""
    return Form(
        lambda number: number * _BIN_S + within_s,
        lambda written, sleep, now: int(AT.read(written, sleep, now) // _BIN_S),
    )


class WaterUseRule(Rule):
    """One home with its meters; judged at each reading, since a silent meter says nothing about its resident."""

    keeps = Keeps(
        1,
        _meters=table(TEXT, counter(_KEEP_S)),
        _from=maybe(AT),
        _runs=table(TEXT, together(_half_hour(0.0), _half_hour(_BIN_S - 1))),
        _told_at=maybe(AT),
        _leaking=members(TEXT),
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._settings = ground.settings.utilities
        here = ground.site.living_in(about.id)
        self._watched = len(here) == 1 and here[0].lives_alone
        self._subject = ground.site.resident_subject(here[0]) if self._watched else about
        self._meters: dict[str, Counter] = {}
        self._from: float | None = None  # the resident is at home since, as far as is known
        self._runs: dict[str, tuple[int, int]] = {}  # meter -> first and last half-hour of a run with use
        self._told_at: float | None = None  # staff know that no water is used; told again after as long a time
        self._leaking: set[str] = set()
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when no water was used for too long, when it runs without end, and when either is over."""
        if not self._watched:
            return
        if isinstance(event, Act):
            self._from = event.at
            yield from self._end(now, because("is_back", by=event.actor))
        elif isinstance(event, Reading) and not event.stored and event.quality is Quality.GOOD:
            meter = self._meters.setdefault(event.device, Counter(_KEEP_S))
            used = meter.count(float(event.value), event.at)
            yield from self._judge(event.at, now)
            yield from self._leak(event, used, now)

    def _judge(self, at: float, now: Moment) -> Iterable[Finding]:
        dry_s = self._settings.dry_h * 3600
        used = sum(meter.used_since(at - dry_s) for meter in self._meters.values())
        if used >= self._settings.dry_below_m3:
            yield from self._end(now, because("water_used", litres=used * 1000))
            return
        since = max([self._from or 0.0, *(meter.since for meter in self._meters.values())])
        if at - max(since, self._told_at or 0.0) >= dry_s:
            again, self._told_at = self._told_at is not None, at
            why = because("no_water", hours=self._settings.dry_h, litres=used * 1000)
            yield replace(self._finding("no_water_use", now, why, "", active=True), happening=again)

    def _end(self, now: Moment, why: Reason) -> Iterable[Finding]:
        if self._told_at is not None or not self._said_normal:
            self._told_at, self._said_normal = None, True
            yield self._finding("no_water_use", now, why, "", active=False)

    def _leak(self, event: Reading, used: float, now: Moment) -> Iterable[Finding]:
        bin_ = int(event.at // _BIN_S)
        first, last = self._runs.get(event.device, (bin_, bin_))
        if bin_ > last + 1 and event.device in self._leaking:
            self._leaking.discard(event.device)
            why = because("leak_over", device=event.device)
            yield self._finding("water_leak", now, why, event.device, active=False)
        if used <= 0:
            return
        first = first if bin_ <= last + 1 else bin_
        self._runs[event.device] = first, bin_
        hours = (bin_ - first + 1) * _BIN_S / 3600
        if hours >= self._settings.leak_h and event.device not in self._leaking:
            self._leaking.add(event.device)
            why = because("water_runs", device=event.device, hours=hours)
            yield self._finding("water_leak", now, why, event.device, active=True)

    def _finding(self, kind: str, now: Moment, why: Reason, device: str, active: bool) -> Finding:
        return Finding(kind, self._subject, Priority.MEDIUM, now.monotonic, (why,), device, active)


WATER_ROW = RuleRow("water_use", WaterUseRule, Scope.ROOM, quantities=("water_volume",), acts=("back",))
