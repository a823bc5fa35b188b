"""The mains have gone and something runs on its battery (domain 3.5): a UPS, or whatever else reports `mains`."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, NUMBER, Keeps, maybe, named
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading


class MainsRule(Rule):
    """One device: low without mains for `mains_for_s`, graver as its battery empties, over when the mains are back."""

    keeps = Keeps(
        1,
        due=HEARD,
        _since=maybe(HEARD),
        _charge=NUMBER,
        _raised=maybe(named(Priority)),
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        settings = ground.settings.devices
        self._steps = ((settings.reserve_high, Priority.HIGH), (settings.reserve_medium, Priority.MEDIUM))
        self._for_s = settings.mains_for_s
        self._subject = about
        self._since: float | None = None
        self._charge = 100.0
        self._raised: Priority | None = None
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when the battery passes a limit, and one when the mains are back."""
        if not isinstance(event, Reading) or event.stored or event.quality is not Quality.GOOD:
            return
        if event.quantity == "battery":
            self._charge = float(event.value)
        elif not event.value:
            self._since = event.at if self._since is None else self._since
        else:
            self._since = None
            if self._raised is not None or not self._said_normal:
                self._raised, self._said_normal = None, True
                why = because("mains_back", device=self._subject.id)
                yield Finding(
                    "power_lost", self._subject, Priority.LOW, now.monotonic, (why,), self._subject.id, active=False
                )
        yield from self.tick(now)

    def tick(self, now: Moment) -> Iterable[Finding]:
        """A finding when they have been gone for long enough, or it has become graver."""
        self.due = math.inf
        if self._since is None:
            return
        if now.monotonic - self._since < self._for_s:
            self.due = self._since + self._for_s
            return
        due = next((priority for at, priority in self._steps if self._charge <= at), Priority.LOW)
        if self._raised is None or due > self._raised:
            self._raised = due
            why = because("mains_gone", device=self._subject.id, level=self._charge)
            yield Finding("power_lost", self._subject, due, now.monotonic, (why,), self._subject.id)


MAINS_ROW = RuleRow("mains", MainsRule, Scope.DEVICE, quantities=("mains", "battery"))
