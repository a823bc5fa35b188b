"""Please visit: the agreed days are over, or somebody who lives alone has not stirred (domain 1, row 30)."""

import math
from collections.abc import Iterable

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import AT, HEARD, TEXT, Keeps, maybe, members, table
from agent.moment import DAY_S, Moment
from agent.residents import Resident, Site, Subject, SubjectKind
from agent.rules.finding import Task
from agent.rules.ground import Ground
from agent.rules.reason import Reason, because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.reading import Reading

_STATES = ("motion", "presence")  # false says that nobody stirs; a change of the others says that somebody did
_STIR = (*_STATES, "opening", "bed_occupied", "button", "service")


class VisitRule(Rule):
    """One room or home: each resident there with agreed visits, or who lives alone.

    Stillness counts from the first word of a sensor that would tell: without one, nobody knows.
    """

    keeps = Keeps(
        1,
        _visited=table(TEXT, AT),
        _asked=members(TEXT),
        _stirred=maybe(HEARD),
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._still_s = ground.settings.care.still_h * 3600
        own = ground.site.residents.get(about.id)
        self._residents = {one.id: one for one in (own and (own,)) or ground.site.living_in(about.id)}
        self._visited: dict[str, float] = {}
        self._asked: set[str] = set()
        self._stirred: float | None = None
        self.due = -math.inf

    def feed(self, event: Event, now: Moment) -> Iterable[Task]:
        """The end of a task: somebody visited; whoever stirs or comes back is not still."""
        if isinstance(event, Act):
            yield from self._act(event, now)
        elif isinstance(event, Reading) and not event.stored:
            still = event.quantity in _STATES and not event.value
            if not still or self._stirred is None:
                self._stirred = event.at
        self.due = self._next(now)

    def tick(self, now: Moment) -> Iterable[Task]:
        """A task when it is time."""
        for resident in self._residents.values():
            self._visited.setdefault(resident.id, now.monotonic)
            why = self._why(resident, now)
            if why is not None and resident.id not in self._asked:
                self._asked.add(resident.id)
                yield Task("visit_due", self._ground.site.resident_subject(resident), now.monotonic, (why,))
        self.due = self._next(now)

    def _why(self, resident: Resident, now: Moment) -> Reason | None:
        if self._ground.ward.out(resident.id, now):
            return None
        ago_s = now.monotonic - self._visited[resident.id]
        if resident.visit_days and ago_s >= resident.visit_days * DAY_S:
            return because("visited_ago", days=ago_s / DAY_S)
        if resident.lives_alone and self._stirred is not None and now.monotonic - self._stirred >= self._still_s:
            return because("still_for", hours=(now.monotonic - self._stirred) / 3600)
        return None

    def _act(self, act: Act, now: Moment) -> Iterable[Task]:
        resident = self._residents.get(act.subject.id)
        if resident is None:
            return
        if act.name == "back" or act.value == "visit_due" or act.name == "visited":
            self._stirred = None if self._stirred is None else max(self._stirred, act.at)
        if act.name == "visited" or act.value == "visit_due":
            self._visited[resident.id] = max(act.at, self._visited.get(resident.id, act.at))
            self._asked.discard(resident.id)
            about = self._ground.site.resident_subject(resident)
            yield Task("visit_due", about, now.monotonic, (because("visited", by=act.actor),), active=False)

    def _next(self, now: Moment) -> float:
        if len(self._visited) < len(self._residents):
            return -math.inf
        due = math.inf
        for resident in self._residents.values():
            if resident.id in self._asked:
                continue
            out = self._ground.ward.out(resident.id, now)
            if resident.visit_days:
                due = min(due, self._visited[resident.id] + resident.visit_days * DAY_S)
            if resident.lives_alone and self._stirred is not None:
                due = min(due, self._stirred + self._still_s)
            if out is not None:
                due = max(due, out.until)
        return due


def who_is_visited(site: Site) -> Iterable[Subject]:
    """Where residents with agreed visits live, and those who live alone."""
    wanted = [one for one in site.residents.values() if one.visit_days or one.lives_alone]
    rooms = {one.room: Subject(SubjectKind.PLACE, one.room, one.room) for one in wanted if one.room}
    return [*rooms.values(), *(site.resident_subject(one) for one in wanted if not one.room)]


VISIT_ROW = RuleRow(
    "visit", VisitRule, Scope.ROOM, quantities=_STIR, acts=("visited", "back", "task_done"), watches=who_is_visited
)
