"""A battery that runs low: first a task, then an alarm (domain 2.4)."""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import FLAG, NUMBER, Keeps, maybe
from agent.moment import Moment
from agent.residents import DeviceRole, Subject
from agent.rules.finding import Finding, Priority, Said, Task
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Quality, Reading

_VITAL = (DeviceRole.BUTTON, DeviceRole.LIFE_SAFETY, DeviceRole.WEARABLE)  # somebody's call for help hangs on it


class BatteryRule(Rule):
    """One device: its level, and its own word that the battery is low."""

    keeps = Keeps(
        1,
        _level=maybe(NUMBER),
        _says_low=FLAG,
        _asked=FLAG,
        _raised=FLAG,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        binding = ground.site.bindings.get(about.id)
        vital = binding is None or binding.role in _VITAL
        self._priority = Priority.MEDIUM if vital else Priority.LOW
        self._settings = ground.settings.devices
        self._subject = about
        self._level: float | None = None
        self._says_low = False
        self._asked = self._raised = False
        self._said_normal = False  # once at the start, so that an alarm or a task from before a restart can end

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        """A task to charge it, an alarm when it is nearly empty, and the end of both."""
        if not isinstance(event, Reading) or event.stored or event.quality is not Quality.GOOD:
            return
        if event.quantity == "battery":
            self._level = float(event.value)
        else:
            self._says_low = bool(event.value)
        settings, level = self._settings, 100.0 if self._level is None else self._level
        full = level >= settings.charge_at + settings.battery_back and not self._says_low
        if not self._asked and (level <= settings.charge_at or self._says_low):
            self._asked = True
            yield self._task(level, now, active=True)
        if not self._raised and (level <= settings.low_at or self._says_low):
            self._raised = True
            yield self._finding(level, now, active=True)
        elif self._raised and level >= settings.low_at + settings.battery_back and not self._says_low:
            self._raised = False
            yield self._finding(level, now, active=False)
        if full and (self._asked or not self._said_normal):
            self._asked = False
            yield self._task(level, now, active=False)
            if not self._said_normal:
                yield self._finding(level, now, active=False)
            self._said_normal = True

    def _task(self, level: float, now: Moment, active: bool) -> Task:
        why = (because("battery_at", device=self._subject.id, level=level),)
        return Task("charge_device", self._subject, now.monotonic, why, device=self._subject.id, active=active)

    def _finding(self, level: float, now: Moment, active: bool) -> Finding:
        code = "battery_says_low" if active and self._says_low else "battery_at"
        why = (because(code, device=self._subject.id, level=level),)
        return Finding(
            "battery_low", self._subject, self._priority, now.monotonic, why, self._subject.id, active=active
        )


BATTERY_ROW = RuleRow("battery", BatteryRule, Scope.DEVICE, quantities=("battery", "battery_low"))
