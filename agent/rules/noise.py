"""Loud noise at night: somebody may be hurt, or hurt others (domain 2.2)."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, Keeps, maybe
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading


class NoiseRule(Rule):
    """One sound level meter. Only what is heard counts: a level vouches for the time until the next one."""

    keeps = Keeps(
        1,
        due=HEARD,
        _loud_since=maybe(HEARD),
        _quiet_since=maybe(HEARD),
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._settings = ground.settings.hazards
        self._resident = ground.site.resident_of(about.id)
        self._subject = ground.site.subject_of(about.id)
        self._device = about.id
        self._loud_since: float | None = None
        self._quiet_since: float | None = None
        self._raised = False
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when it has been loud for its time at night, and when it has been quiet again."""
        if not isinstance(event, Reading) or event.stored or event.quality is not Quality.GOOD:
            return
        loud = float(event.value) > self._settings.noise_above and self._ground.ward.night(self._resident, now)
        if loud:
            self._quiet_since = None
            self._loud_since = event.at if self._loud_since is None else self._loud_since
            for_s = event.at - self._loud_since
            if for_s >= self._settings.noise_for_s and not self._raised:
                self._raised = True
                why = because("loud", device=self._device, value=float(event.value), for_s=for_s)
                yield Finding(
                    "noise", self._subject, Priority.MEDIUM, now.monotonic, (why,), self._device, happening=True
                )
        else:
            self._loud_since = None
            self._quiet_since = event.at if self._quiet_since is None else self._quiet_since
            yield from self.tick(now)
        waits = self._raised or not self._said_normal
        told_at = math.inf if self._quiet_since is None else self._quiet_since + self._settings.noise_quiet_s
        self.due = told_at if waits else math.inf

    def tick(self, now: Moment) -> Iterable[Finding]:
        """A finding when it has been quiet again for long enough."""
        told = not self._raised and self._said_normal
        if told or self._quiet_since is None or now.monotonic - self._quiet_since < self._settings.noise_quiet_s:
            return
        self._raised, self._said_normal, self.due = False, True, math.inf
        why = (because("quiet_again", device=self._device),)
        yield Finding("noise", self._subject, Priority.LOW, now.monotonic, why, self._device, active=False)


NOISE_ROW = RuleRow("noise", NoiseRule, Scope.DEVICE, quantities=("sound_level",))
