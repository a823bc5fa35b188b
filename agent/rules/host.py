"""Runs the rules so that none can silence another.

A rule that fails, be it while it is built, is contained: the others still get the event, staff are told once that it is
blind and for whom, it is built anew, and the alarm ends after a minute without a further failure.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.residents import Site, Subject
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.rules.registry import ROWS, RuleRow
from agent.rules.rule import Event, Rule
from agent.rules.settings import RuleSettings

_LOGGER = logging.getLogger(__name__)

TRUSTED_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one instance of a rule lives: the row, and the device or subject that it watches."""

    row: RuleRow
    scope: str | Subject
    device: str  # the device that it was built for


class RuleHost:
    """Every rule instance of the home, made when its first event comes, or at the first tick if it watches a device."""

    def __init__(
        self, site: Site, settings: RuleSettings, rows: Sequence[RuleRow] = ROWS, safe_mode: bool = False
    ) -> None:
        self._site = site
        self._settings = settings
        self._rows = sorted((r for r in rows if r.life_safety or not safe_mode), key=lambda r: not r.life_safety)
        self._rules: dict[tuple[str, str | Subject], tuple[_Place, Rule]] = {}
        self._watched = {
            (row.name, device): _Place(row, device, device)
            for row in self._rows
            if row.all_devices
            for device in site.bindings
        }
        self._blind: dict[tuple[str, Subject], float] = {}  # (rule, for whom) -> time of its last failure

    def feed(self, event: Event, now: float) -> list[Finding]:
        """What all rules make of `event`; never raises."""
        findings: list[Finding] = []
        for row in self._rows:
            if row.wants(event):
                place = _Place(
                    row, self._site.subject_of(event.device) if row.per_subject else event.device, event.device
                )
                findings += self._run(place, now, lambda rule: rule.feed(event, now))
        return findings

    def tick(self, now: float) -> list[Finding]:
        """What all rules make of the time; called each second; never raises."""
        places = self._watched | {key: place for key, (place, _) in self._rules.items()}
        findings = [f for place in places.values() for f in self._run(place, now, lambda rule: rule.tick(now))]
        for (name, subject), failed_at in list(self._blind.items()):
            if now - failed_at >= TRUSTED_AGAIN_S:
                del self._blind[(name, subject)]
                findings.append(_blindness(name, subject, Priority.LOW, now, "", active=False))
        return findings

    def _run(self, place: _Place, now: float, ask: Callable[[Rule], Iterable[Finding]]) -> list[Finding]:
        key = (place.row.name, place.scope)
        try:
            if key not in self._rules:
                self._rules[key] = (place, place.row.build(self._site, place.device, self._settings))
            return list(ask(self._rules[key][1]))
        except Exception as error:  # the containment of one rule: told to staff, logged whole, retried
            self._rules.pop(key, None)
            blind = self._failed(place, now, error)
            if blind:  # once, not each second
                _LOGGER.exception("%s: rule %s failed", place.device, place.row.name)
            return blind

    def _failed(self, place: _Place, now: float, error: Exception) -> list[Finding]:
        subject = self._site.subject_of(place.device)
        known = (place.row.name, subject) in self._blind
        self._blind[(place.row.name, subject)] = now
        if known:
            return []
        priority = Priority.HIGH if place.row.life_safety else Priority.MEDIUM
        return [_blindness(place.row.name, subject, priority, now, type(error).__name__)]


def _blindness(rule: str, subject: Subject, priority: Priority, now: float, why: str, active: bool = True) -> Finding:
    about = Subject(subject.kind, f"{rule}:{subject.id}", subject.room)
    reason = because("rule_failed" if active else "rule_works", rule=rule, subject=subject.id, why=why)
    return Finding("rule_blind", about, priority, now, (reason,), active=active)
