"""The open alarms: by id, by whom and what they are about, in the order of the list, and by their next time."""

import bisect
import heapq
import math
from collections.abc import Callable

from agent.alarms.alarm import Alarm
from agent.residents import Subject

Key = tuple[Subject, str]  # whom or what, and the kind
Place = tuple[int, float, str]  # in the list


class AlarmBook:
    """A thousand of them cost a finding about one no more than a few do."""

    def __init__(self, due_of: Callable[[Alarm], float]) -> None:
        self._due_of = due_of
        self._open: dict[str, Alarm] = {}
        self._of: dict[Key, dict[str, None]] = {}
        self._due: dict[str, float] = {}
        self._queue: list[tuple[float, str]] = []
        self._places: list[Place] = []  # kept in order
        self._ordered: tuple[Alarm, ...] | None = ()

    def __contains__(self, id_: object) -> bool:
        return id_ in self._open

    def __len__(self) -> int:
        return len(self._open)

    def get(self, id_: str) -> Alarm | None:
        """The open alarm called `id_`."""
        return self._open.get(id_)

    def of(self, key: Key) -> list[Alarm]:
        """Open alarms of one kind about one subject, oldest first."""
        return [self._open[id_] for id_ in self._of.get(key, ())]

    @property
    def ordered(self) -> tuple[Alarm, ...]:
        """All, highest priority first, then oldest first."""
        if self._ordered is None:
            self._ordered = tuple(self._open[id_] for _, _, id_ in self._places)
        return self._ordered

    def put(self, alarm: Alarm) -> None:
        """`alarm` is open, or has changed."""
        known = self._open.get(alarm.id)
        if known is None or _place(known) != _place(alarm):
            self._unplace(known)
            bisect.insort(self._places, _place(alarm))
        self._open[alarm.id] = alarm
        self._of.setdefault((alarm.subject, alarm.kind), {})[alarm.id] = None
        self._ordered = None
        due = self._due_of(alarm)
        if due != self._due.get(alarm.id):
            self._due[alarm.id] = due
            if due < math.inf:
                heapq.heappush(self._queue, (due, alarm.id))

    def remove(self, alarm: Alarm) -> None:
        """`alarm` is closed."""
        self._unplace(self._open.pop(alarm.id, None))
        self._due.pop(alarm.id, None)
        ids = self._of.get((alarm.subject, alarm.kind), {})
        ids.pop(alarm.id, None)
        if not ids:
            self._of.pop((alarm.subject, alarm.kind), None)
        self._ordered = None

    @property
    def due(self) -> float:
        """When time alone changes one of them next."""
        while self._queue and self._due.get(self._queue[0][1]) != self._queue[0][0]:
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else math.inf

    def take_due(self, now: float) -> list[Alarm]:
        """Those whose time has come, gravest first; each is given once, until it is put again."""
        found = []
        while self.due <= now:
            _, id_ = heapq.heappop(self._queue)
            del self._due[id_]
            found.append(self._open[id_])
        return sorted(found, key=_place)

    def _unplace(self, known: Alarm | None) -> None:
        if known is not None:
            del self._places[bisect.bisect_left(self._places, _place(known))]


def _place(alarm: Alarm) -> Place:
    return -alarm.priority, alarm.raised_at, alarm.id
