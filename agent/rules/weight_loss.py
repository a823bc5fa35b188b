"""A resident loses weight (domain 2.3): 5 % in a month or 10 % in half a year."""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import COUNT, FLAG, NUMBER, TEXT, Keeps, table
from agent.moment import DAY_S, Moment
from agent.residents import Subject
from agent.rules.finding import Finding, Priority
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

MONTH, HALF_YEAR = 30, 180  # days


class WeightLossRule(Rule):
    """One resident, the last weight of each day; it needs a clock.

    A stored weighing with its own time (out of a scale, or of our own records after a restart) is remembered and raises
    nothing.
    """

    keeps = Keeps(
        1,
        _weights=table(COUNT, NUMBER),
        _raised=FLAG,
        _raised_by=TEXT,
        _said_normal=FLAG,
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        checks = ground.limits(ground.site.residents.get(about.id)).checks
        self._losses = ((MONTH, checks.loss_month), (HALF_YEAR, checks.loss_half_year))
        self._subject = about
        self._weights: dict[int, float] = {}  # local day -> kg
        self._raised = False
        self._raised_by = ""
        self._said_normal = False

    def feed(self, event: Event, now: Moment) -> Iterable[Finding]:
        """A finding when too much is lost, and when it is not any more."""
        if not isinstance(event, Reading) or event.quantity != "weight" or not now.wall_known:
            return
        if event.quality is not Quality.GOOD or not QUANTITIES["weight"].admits(event.value):
            return
        if event.stored:
            if event.measured_at is not None:
                day = int((event.measured_at + now.offset_s) // DAY_S)
                self._weights.setdefault(day, float(event.value))
            return
        self._weights[now.day] = float(event.value)
        self._weights = {day: kg for day, kg in self._weights.items() if now.day - HALF_YEAR <= day <= now.day}
        why = self._lost(now.day, float(event.value))
        if why is not None and not self._raised:
            self._raised, self._raised_by = True, event.device
            yield self._finding(event.device, why, now, active=True)
        elif why is None and (self._raised or not self._said_normal):
            device = self._raised_by or event.device
            self._raised, self._said_normal = False, True
            yield self._finding(device, because("weight_kept", value=float(event.value)), now, active=False)

    def _lost(self, today: int, value: float) -> Reason | None:
        """The loss that matters; beside the highest weight but one, where there are three, so one mistake is none."""
        for days, percent in self._losses:
            before = sorted(kg for day, kg in self._weights.items() if today - days <= day < today)
            if not before:
                continue
            usual = before[-2] if len(before) >= 3 else before[-1]
            lost = (usual - value) / usual * 100.0
            if lost >= percent:
                return because("weight_lost", value=value, percent=lost, before=usual, days=days)
        return None

    def _finding(self, device: str, why: Reason, now: Moment, active: bool) -> Finding:
        return Finding("weight_loss", self._subject, Priority.LOW, now.monotonic, (why,), device, active=active)


WEIGHT_ROW = RuleRow("weight_loss", WeightLossRule, Scope.SUBJECT, quantities=("weight",))
