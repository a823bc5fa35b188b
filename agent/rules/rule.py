"""What every rule is."""

from collections.abc import Iterable
from typing import Protocol

from agent.detection.observations import Observation
from agent.rules.finding import Finding
from drivers.base import Link
from drivers.reading import Reading

Event = Reading | Observation | Link


class Rule(Protocol):
    """One rule watching one subject (a resident, a room, a device); pure, so `now` comes in as a value.

    Both methods give findings when a verdict changes, never one a reading: `active=True` when it starts to matter or
    matters more, `active=False` when it ends. Times are monotonic seconds.
    """

    def feed(self, event: Event, now: float) -> Iterable[Finding]:
        """Take one event about the subject."""

    def tick(self, now: float) -> Iterable[Finding]:
        """Let time pass (called each second)."""
