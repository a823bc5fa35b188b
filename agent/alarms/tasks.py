"""The list of tasks: what somebody should do and nobody is alarmed for. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from agent.alarms.standing import Noted, OpenTask, StandingEvent
from agent.moment import Moment
from agent.residents import Site, Subject
from agent.rules.finding import Task
from agent.rules.reason import because


class TaskBook:
    """Open tasks, one a kind and subject."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._open: dict[tuple[str, Subject], OpenTask] = {}

    @property
    def open(self) -> tuple[OpenTask, ...]:
        """Those that are due first come first."""
        return tuple(sorted(self._open.values(), key=lambda task: (task.due, task.id)))

    def take(self, tasks: Iterable[Task], moment: Moment) -> list[StandingEvent]:
        """What rules say: a task that is open already stays as it is, one that is over goes."""
        return [event for task in tasks if (event := self._take(task, moment))]

    def done(self, kind: str, subject: Subject, actor: str, moment: Moment) -> StandingEvent | None:
        """Somebody did it; None when it was not open."""
        task = self._open.pop((kind, subject), None)
        return self._event(Noted.TASK_DONE, replace(task, done_by=actor), moment, actor) if task else None

    def restore(self, task: OpenTask) -> None:
        """From before a restart."""
        self._open.setdefault((task.kind, task.subject), task)

    def go_along(self, site: Site, moment: Moment) -> Iterator[StandingEvent]:
        """Site facts were edited: a task is where its subject is now."""
        for key, task in list(self._open.items()):
            subject = site.placed(task.subject)
            if subject.room != task.subject.room:
                self._open[key] = placed = replace(task, subject=subject)
                why = (because("now_in_room", room=subject.room),)
                yield StandingEvent(self._new_id(), Noted.TASK_OPENED, placed, True, moment.monotonic, "system", why)

    def _take(self, task: Task, moment: Moment) -> StandingEvent | None:
        key = (task.kind, task.subject)
        if not task.active:
            return self.done(*key, f"rule:{task.kind}", moment)
        if key in self._open:
            return None
        due = moment.monotonic if task.due is None else task.due
        opened = OpenTask(self._new_id(), *key, moment.monotonic, due, task.reasons, task.device)
        self._open[key] = opened
        return self._event(Noted.TASK_OPENED, opened, moment, f"rule:{task.kind}")

    def _event(self, noted: Noted, task: OpenTask, moment: Moment, actor: str) -> StandingEvent:
        return StandingEvent(
            self._new_id(), noted, task, noted is Noted.TASK_OPENED, moment.monotonic, actor, task.reasons
        )
