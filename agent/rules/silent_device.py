"""A device that says nothing: silence is itself an alarm (domain 2.4, 3.5)."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import DeviceRole, Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because, of_trouble
from agent.rules.rule import Rule
from drivers.base import Link, LinkState

_BROKEN = (LinkState.SILENT, LinkState.FAULT)
_NOT_MISSED = (LinkState.CONNECTED, LinkState.OFF)


class SilentDeviceRule(Rule):
    """One device by its role; one never heard counts from the first tick."""

    def __init__(self, ground: Ground, about: Subject) -> None:
        binding = ground.site.bindings.get(about.id)
        role = binding.role if binding else DeviceRole.ENVIRONMENT
        self._silence = getattr(ground.settings.silent_device, role.value)
        self._steps = tuple(
            (after_s, priority)
            for after_s, priority in ((self._silence.medium_s, Priority.MEDIUM), (self._silence.low_s, Priority.LOW))
            if after_s > 0
        )
        self._subject = about
        self._device = about.id
        self.due = -math.inf  # one never heard counts from the first tick
        self._heard_at: float | None = None
        self._broken: Reason | None = None  # why, while its link is broken
        self._raised: Priority | None = None
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when the device speaks again or is switched off on purpose, or when its link is broken."""
        if isinstance(event, Link):
            if event.state in _BROKEN and self._silence.link_counts:
                self._broken = self._why(event)
                return self.tick(now)
            if event.state not in _NOT_MISSED:
                return ()
        self._heard_at, self._broken = now.monotonic, None
        well = self._raised is None and self._said_normal
        self._raised, self._said_normal = None, True
        self._wait()
        if well:
            return ()
        off = isinstance(event, Link) and event.state is LinkState.OFF
        why = because("link_off" if off else "heard_again", device=self._device)
        return (self._finding(Priority.LOW, now, why, active=False),)

    def tick(self, now: Moment) -> Iterable[Finding]:
        """A finding when it has been silent too long, and when that gets worse."""
        if self._heard_at is None:
            self._heard_at = now.monotonic
        silent_s = now.monotonic - self._heard_at
        if self._broken and self._steps:
            due, why = self._steps[0][1], self._broken
        else:
            passed = [step for step in self._steps if silent_s >= step[0]]
            if not passed:
                self._wait()
                return ()
            due, why = passed[0][1], because("silent", device=self._device, silent_s=silent_s)
        if self._raised is not None and due <= self._raised:
            self._wait()
            return ()
        self._raised = due
        self._wait()
        return (self._finding(due, now, why),)

    def _why(self, link: Link) -> Reason:
        if link.reason is not None:
            return of_trouble(link.reason)
        return because("link_broken", device=self._device, why=link.state.value)

    def _wait(self) -> None:
        """Until the next step of silence that is not told yet."""
        ahead = [after_s for after_s, priority in self._steps if self._raised is None or priority > self._raised]
        self.due = (self._heard_at or 0.0) + min(ahead) if ahead and self._heard_at is not None else math.inf

    def _finding(self, priority: Priority, now: Moment, why: Reason, active: bool = True) -> Finding:
        return Finding("device_silent", self._subject, priority, now.monotonic, (why,), self._device, active=active)
