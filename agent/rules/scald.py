"""Water that comes out too hot (domain 2.2): it matters while it runs, and a hot pipe alone cools down."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, NUMBER, Keeps, maybe, named, table
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading


class ScaldRule(Rule):
    """One outlet: above the medium limit for `scald_for_s`, and at once higher above the high one after the same time.

    There is no sensor of flow: hot water shows as a value that is and stays above, and it ends `scald_back` below.
    """

    keeps = Keeps(
        1,
        beside=("_value",),
        due=HEARD,
        _value=NUMBER,
        _since=table(named(Priority), HEARD),
        _raised=maybe(named(Priority)),
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._settings = ground.settings.hazards
        self._steps = (
            (Priority.HIGH, self._settings.scald_high),
            (Priority.MEDIUM, self._settings.scald_medium),
        )
        self._subject = ground.site.subject_of(about.id)
        self._device = about.id
        self._value = 0.0
        self._since: dict[Priority, float] = {}
        self._raised: Priority | None = None
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when water has been too hot for its time, is hotter still, or is well again."""
        if not isinstance(event, Reading) or event.stored or event.quality is not Quality.GOOD:
            return
        self._value = float(event.value)
        for priority, limit in self._steps:
            if self._value > limit:
                self._since.setdefault(priority, event.at)
            else:
                self._since.pop(priority, None)
        yield from self.tick(now)
        cool = self._value <= self._settings.scald_medium - self._settings.scald_back
        if cool and (self._raised is not None or not self._said_normal):
            self._raised, self._said_normal = None, True
            why = (because("water_cool", device=self._device, value=self._value),)
            yield Finding("scald", self._subject, Priority.LOW, now.monotonic, why, self._device, active=False)

    def tick(self, now: Moment) -> Iterable[Finding]:
        """A finding when it has lasted."""
        for_s = self._settings.scald_for_s
        lasted = [(priority, limit) for priority, limit in self._steps if self._lasted(priority, now)]
        if lasted and lasted[0][0] > (self._raised or 0):
            self._raised, limit = lasted[0]
            why = (because("water_hot", device=self._device, value=self._value, limit=limit, for_s=for_s),)
            yield Finding("scald", self._subject, self._raised, now.monotonic, why, self._device, happening=True)
        waiting = [since for priority, since in self._since.items() if priority > (self._raised or 0)]
        self.due = min(waiting, default=math.inf) + for_s

    def _lasted(self, priority: Priority, now: Moment) -> bool:
        since = self._since.get(priority)
        return since is not None and now.monotonic - since >= self._settings.scald_for_s


SCALD_ROW = RuleRow("scald", ScaldRule, Scope.DEVICE, quantities=("water_temperature",))
