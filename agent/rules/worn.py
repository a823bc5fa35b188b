"""A band or belt that is not worn protects nobody (domain 2.4, 5)."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, NUMBER, Keeps, maybe
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Decline, Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading


class WornRule(Rule):
    """One wearable: off for `not_worn_s` by day. A night off, and the time on the charger, do not count."""

    keeps = Keeps(
        1,
        due=HEARD,
        _off_since=maybe(HEARD),
        _level=maybe(NUMBER),
        _charging=FLAG,
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._for_s = ground.settings.devices.not_worn_s
        self._resident = ground.site.resident_of(about.id)
        self._subject = about
        self._off_since: float | None = None
        self._level: float | None = None  # of the battery
        self._charging = False
        self._raised = False
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """A finding when it is worn again; a battery that rises says that it is being charged."""
        if not isinstance(event, Reading) or event.stored or event.quality is not Quality.GOOD:
            return
        if event.quantity == "battery":
            level = float(event.value)
            rose = self._off_since is not None and self._level is not None and level > self._level
            self._charging = rose or (self._charging and level == self._level)
            self._level = level
        elif event.value:
            self._off_since, self.due, self._charging = None, math.inf, False
            if self._raised or not self._said_normal:
                self._raised, self._said_normal = False, True
                yield self._finding(now, "worn_again", active=False)
        elif self._off_since is None:
            self._off_since, self.due = event.at, event.at + self._for_s

    def tick(self, now: Moment) -> Iterable[Said]:
        """A finding when it has been off for so long of the day."""
        if self._off_since is None or now.monotonic < self.due:
            return
        if self._charging:
            self.due = now.monotonic + self._for_s
            why = (because("charging", device=self._subject.id),)
            yield Decline("not_worn", self._subject, now.monotonic, why, self._subject.id)
        elif self._ground.ward.night(self._resident, now):
            night = self._resident.night if self._resident else None
            morning_s = night.left_s(now) if night is not None and now.wall_known else 0.0
            self.due = now.monotonic + morning_s + self._for_s
        else:
            self.due, self._raised = math.inf, True
            yield self._finding(now, "off", active=True)

    def _finding(self, now: Moment, code: str, active: bool) -> Finding:
        off_s = now.monotonic - self._off_since if self._off_since is not None else 0.0
        why = (because(code, device=self._subject.id, for_min=off_s / 60),)
        return Finding("not_worn", self._subject, Priority.LOW, now.monotonic, why, self._subject.id, active=active)


WORN_ROW = RuleRow("worn", WornRule, Scope.DEVICE, quantities=("worn", "battery"))
