"""Smoke, gas and arc contacts: high, at once, latched, whatever the quality."""

from collections.abc import Iterable
from types import MappingProxyType

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading

KIND_OF = MappingProxyType({"smoke": "smoke", "gas": "gas", "carbon_monoxide": "gas", "arc_fault": "arc_fault"})


class HazardContactRule(Rule):
    """One detector: its first true after false is a happening of its own."""

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._subject = ground.site.subject_of(about.id)
        self._on: set[str] = set()

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when a contact closes, and one when it opens again (the alarm stays: it latches)."""
        if not isinstance(event, Reading) or event.stored or (kind := KIND_OF.get(event.quantity)) is None:
            return
        active = bool(event.value)
        if active == (event.quantity in self._on):
            return
        (self._on.add if active else self._on.discard)(event.quantity)
        yield Finding(
            kind,
            self._subject,
            Priority.HIGH,
            now.monotonic,
            (because("contact_closed" if active else "contact_open", device=event.device, quantity=event.quantity),),
            event.device,
            active=active,
            happening=active,
            unverified=active and event.quality is not Quality.GOOD,
        )
