"""A drink, the toilet, some company: somebody's task, and never an alarm (domain 1, "紧急呼叫")."""

from collections.abc import Iterable

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import Task
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Reading


class ServiceRequestRule(Rule):
    """One button or terminal; a request that is open already stays one task."""

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._subject = ground.site.subject_of(about.id)

    def feed(self, event: Event, now: Moment) -> Iterable[Task]:
        """One task a request."""
        if isinstance(event, Reading) and not event.stored:
            why = (because("requested", device=event.device, service=event.value),)
            yield Task(f"service_{event.value}", self._subject, now.monotonic, why, device=event.device)


SERVICE_ROW = RuleRow("service_request", ServiceRequestRule, Scope.DEVICE, quantities=("service",))
