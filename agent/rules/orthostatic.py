"""Blood pressure that falls on standing up (domain 2.3): a fall may follow."""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import AT, FLAG, NUMBER, TEXT, Keeps, maybe, members, series, table, together
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading


class OrthostaticRule(Rule):
    """One resident: each pressure beside those of the last minutes."""

    keeps = Keeps(
        1,
        _last=table(TEXT, series(together(AT, NUMBER))),
        _fallen=members(TEXT),
        _raised_at=maybe(AT),
        _raised_by=TEXT,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        checks = ground.limits(ground.site.residents.get(about.id)).checks
        self._within_s = checks.drop_min * 60.0
        self._drop = {"systolic": checks.drop_systolic, "diastolic": checks.drop_diastolic}
        self._subject = about
        self._last: dict[str, list[tuple[float, float]]] = {name: [] for name in self._drop}  # (time, value)
        self._fallen: set[str] = set()
        self._raised_at: float | None = None
        self._raised_by = ""
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when it has fallen, once a pair of measurements, and when the next pair shows that it does not."""
        if not isinstance(event, Reading) or event.stored or event.quantity not in self._drop:
            return
        if event.quality is not Quality.GOOD or not QUANTITIES[event.quantity].admits(event.value):
            return
        value = float(event.value)
        last = [one for one in self._last[event.quantity] if 0.0 < event.at - one[0] <= self._within_s]
        self._last[event.quantity] = [*last, (event.at, value)]
        if not last:
            return
        at, before = max(last, key=lambda one: one[1])
        if before - value >= self._drop[event.quantity]:
            self._fallen.add(event.quantity)
            if self._raised_at is None or event.at - self._raised_at > self._within_s:
                self._raised_at, self._raised_by = event.at, event.device
                why = because("pressure_drop", quantity=event.quantity, before=before, value=value, for_s=event.at - at)
                yield self._finding(event.device, why, now, active=True)
            return
        self._fallen.discard(event.quantity)
        if not self._fallen and (self._raised_at is not None or not self._said_normal):
            device = self._raised_by or event.device
            self._raised_at, self._said_normal = None, True
            yield self._finding(device, because("no_pressure_drop"), now, active=False)

    def _finding(self, device: str, why: Reason, now: Moment, active: bool) -> Finding:
        return Finding(
            "orthostatic_drop", self._subject, Priority.LOW, now.monotonic, (why,), device, active, happening=active
        )


ORTHOSTATIC_ROW = RuleRow("orthostatic_drop", OrthostaticRule, Scope.SUBJECT, quantities=("systolic", "diastolic"))
