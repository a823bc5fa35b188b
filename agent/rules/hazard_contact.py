"""Smoke, gas and arc contacts: high, at once, latched, whatever the quality."""

import math
from collections.abc import Iterable
from types import MappingProxyType

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading

KIND_OF = MappingProxyType({"smoke": "smoke", "gas": "gas", "carbon_monoxide": "gas", "arc_fault": "arc_fault"})


class HazardContactRule(Rule):
    """One detector: its first true after false is a happening of its own; one that never opens again may be stuck.

    Its first word says it too when the contact is open: an alarm from before a restart may still count it as closed.
    """

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._subject = ground.site.subject_of(about.id)
        self._device_subject = about
        self._stuck_after_s = ground.settings.hazards.stuck_after_s
        self._heard: set[str] = set()  # quantities
        self._on: dict[str, float] = {}  # quantity -> closed since
        self._stuck: set[str] = set()

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when a contact closes, and one when the last of its kind opens (the alarm stays: it latches)."""
        if not isinstance(event, Reading) or event.stored or (kind := KIND_OF.get(event.quantity)) is None:
            return
        active, first = bool(event.value), event.quantity not in self._heard
        if active == (event.quantity in self._on) and not first:
            return
        self._heard.add(event.quantity)
        if active:
            self._on[event.quantity] = now.monotonic
        else:
            self._on.pop(event.quantity, None)
        why = because("contact_closed" if active else "contact_open", device=event.device, quantity=event.quantity)
        if active or kind not in {KIND_OF[quantity] for quantity in self._on}:
            yield Finding(
                kind,
                self._subject,
                Priority.HIGH,
                now.monotonic,
                (why,),
                event.device,
                active=active,
                happening=active,
                unverified=active and event.quality is not Quality.GOOD,
            )
        was_stuck = event.quantity in self._stuck
        self._stuck.discard(event.quantity)
        if not active and (was_stuck or first) and not self._stuck:
            yield self._fault(Priority.LOW, now, why)
        self._wait()

    def tick(self, now: Moment) -> Iterable[Finding]:
        """A technical finding when a contact has been closed for hours, as no fire is."""
        for quantity, since in self._on.items():
            for_s = now.monotonic - since
            if quantity not in self._stuck and for_s >= self._stuck_after_s:
                self._stuck.add(quantity)
                why = because("contact_stuck", device=self._device_subject.id, quantity=quantity, for_h=for_s / 3600)
                yield self._fault(Priority.MEDIUM, now, why)
        self._wait()

    def _wait(self) -> None:
        waiting = [since for quantity, since in self._on.items() if quantity not in self._stuck]
        self.due = min(waiting, default=math.inf) + self._stuck_after_s

    def _fault(self, priority: Priority, now: Moment, why: Reason) -> Finding:
        about = self._device_subject
        active = priority is not Priority.LOW
        return Finding("device_fault", about, priority, now.monotonic, (why,), about.id, active=active)
