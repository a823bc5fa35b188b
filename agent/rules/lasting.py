"""A state that matters once it has lasted: water on the floor, a faulty pump."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from agent.detection.event import Event
from agent.memory import FLAG, HEARD, Keeps, maybe
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from agent.rules.settings import RuleSettings
from drivers.reading import Quality, Reading


@dataclass(frozen=True, slots=True)
class Lasting:
    """`quantity` true for `for_s` of the settings is an alarm of `kind`; of the device, or of whom it serves."""

    kind: str
    quantity: str
    for_s: Callable[[RuleSettings], float]
    priority: Priority = Priority.MEDIUM
    of_device: bool = False


LASTING = (
    Lasting("water_leak", "moisture", lambda settings: settings.hazards.leak_for_s),
    Lasting("pump_fault", "pump_fault", lambda settings: settings.devices.pump_fault_s, of_device=True),
)


class LastingRule(Rule):
    """One device; a doubtful reading changes nothing."""

    keeps = Keeps(
        1,
        due=HEARD,
        _since=maybe(HEARD),
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, watch: Lasting, ground: Ground, about: Subject) -> None:
        self._watch = watch
        self._for_s = watch.for_s(ground.settings)
        self._subject = about if watch.of_device else ground.site.subject_of(about.id)
        self._device = about.id
        self._since: float | None = None
        self._raised = False
        self._said_normal = False  # once at the start, so that an alarm from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when the state has ended; it begins to matter in `tick`."""
        if not isinstance(event, Reading) or event.quantity != self._watch.quantity or event.stored:
            return
        if event.quality is not Quality.GOOD:
            return
        if event.value:
            if self._since is None:
                self._since, self.due = event.at, event.at + self._for_s
            yield from self.tick(now)
            return
        self._since, self.due = None, math.inf
        if self._raised or not self._said_normal:
            self._raised, self._said_normal = False, True
            why = because("state_over", device=self._device, quantity=event.quantity)
            yield self._finding(now, why, active=False)

    def tick(self, now: Moment) -> Iterable[Finding]:
        """A finding once it has lasted."""
        if self._since is None or now.monotonic < self.due:
            return
        self.due, self._raised = math.inf, True
        for_s = now.monotonic - self._since
        why = because("state_lasts", device=self._device, quantity=self._watch.quantity, for_s=for_s)
        yield self._finding(now, why, active=True)

    def _finding(self, now: Moment, why: Reason, active: bool) -> Finding:
        watch = self._watch
        return Finding(
            watch.kind, self._subject, watch.priority, now.monotonic, (why,), self._device, active, happening=active
        )


LASTING_ROWS = tuple(
    RuleRow(watch.kind, partial(LastingRule, watch), Scope.DEVICE, quantities=(watch.quantity,)) for watch in LASTING
)
