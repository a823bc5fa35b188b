"""Somebody lies on the floor and nobody has come: an alarm of its own, also when the fall was seen long ago."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.memory import FLAG, HEARD, Keeps, maybe
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.fall import GOES_ON_S
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule


class LongLieRule(Rule):
    """One camera or radar: on the floor for `lie_s` is high, unless staff have come since."""

    keeps = Keeps(
        1,
        due=HEARD,
        _since=maybe(HEARD),
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._lie_s = ground.settings.fall.lie_s
        self._device = about.id
        self._subject = ground.site.subject_of(about.id)
        self._since: float | None = None
        self._raised = False
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """The clock starts when somebody lies, and ends when nobody does."""
        if not isinstance(event, Observation):
            return
        if event.name == "low_on_floor" and event.value:
            # The end of the last time may never have been told: its camera was switched off, or its process died.
            if self._since is None or event.at - self._since >= GOES_ON_S:
                self._since, self.due = event.at, event.at + self._lie_s
            return
        self._since, self.due = None, math.inf
        if self._raised or not self._said_normal:
            self._raised, self._said_normal = False, True
            why = (because("off_the_floor"),)
            yield Finding("long_lie", self._subject, Priority.HIGH, now.monotonic, why, self._device, active=False)

    def tick(self, now: Moment) -> Iterable[Said]:
        """High when it has lasted."""
        if self._since is None or now.monotonic < self.due:
            return
        self.due = math.inf
        lasts_s = now.monotonic - self._since
        why = because("on_floor_for", for_s=lasts_s)
        staff = self._ground.ward.presence(self._subject.room, now)
        if staff is not None and staff.since >= self._since:
            yield Decline("long_lie", self._subject, now.monotonic, (why, because("staff_there", by=staff.by)))
            return
        self._raised = True
        at, priority = now.monotonic, Priority.HIGH
        yield Finding("long_lie", self._subject, priority, at, (why,), self._device, happening=True, lasts_s=lasts_s)


LONG_LIE_ROW = RuleRow("long_lie", LongLieRule, Scope.DEVICE, observations=("low_on_floor", "recovered"))
