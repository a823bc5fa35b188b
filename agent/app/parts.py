"""The parts of ourselves: whether each works, what the panel shows of it, and which alarm its failure is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

from agent.alarms.alarm import Alarm
from agent.alarms.snapshot import PartStatus
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason, because

PROVEN_S = 30.0  # after a restart; the slowest part, vision, is killed and told of when it has not come by then


@dataclass(frozen=True, slots=True)
class PartRow:
    """The alarm that staff get when a part fails for `after_s` seconds; names ending in ``:`` match by prefix."""

    kind: str
    priority: Priority
    after_s: float = 0.0


# Domain 3.5; a store that cannot keep alarms or a silent sounder is as bad as a deaf gateway.
ROWS: MappingProxyType[str, PartRow] = MappingProxyType(
    {
        # Restarted within a second when it was merely killed; its first start takes some on a slow card.
        "sounder": PartRow("sounder_down", Priority.HIGH, 5.0),
        "annunciator:": PartRow("annunciator_fault", Priority.HIGH),
        "sound test:": PartRow("annunciator_fault", Priority.MEDIUM),  # it may sound all the same
        "vision": PartRow("vision_down", Priority.MEDIUM),
        "camera:": PartRow("camera_blind", Priority.MEDIUM),
        "alarms.db": PartRow("store_failed", Priority.HIGH),
        "telemetry.db": PartRow("store_failed", Priority.MEDIUM),
        "readings": PartRow("readings_lost", Priority.LOW),  # and what rules had learned from them
        "site": PartRow("history_unreadable", Priority.HIGH),
        "open alarms": PartRow("history_unreadable", Priority.HIGH),
        "call:": PartRow("call_failed", Priority.MEDIUM, 5.0),
        "upstream": PartRow("upstream_down", Priority.LOW, 300.0),
        "driver:": PartRow("driver_down", Priority.MEDIUM),
        "panel": PartRow("panel_down", Priority.MEDIUM),
        "core.sock": PartRow("driver_down", Priority.MEDIUM),
        "disk": PartRow("disk_full", Priority.LOW, 60.0),
        "clock": PartRow("clock_unset", Priority.LOW, 300.0),  # a time server takes its minutes after a start
        "own health": PartRow("driver_down", Priority.MEDIUM),
        "power": PartRow("power_lost", Priority.LOW),
        "loop": PartRow("loop_slow", Priority.MEDIUM),
        "safe mode": PartRow("safe_mode", Priority.MEDIUM),
    }
)


@dataclass(slots=True)
class _Part:
    detail: str = ""  # why it fails; empty: it works
    reason: Reason | None = None  # why, in words
    note: str = ""  # what the panel shows while it works
    failed_at: float = 0.0
    raised: bool = False
    priority: Priority = Priority.LOW  # of the fault as it is now
    told: Priority = Priority.LOW  # as staff know it


def row_of(name: str) -> PartRow:
    """The row of part `name`; raises KeyError for a part that nobody described."""
    return ROWS.get(name) or ROWS[name.partition(":")[0] + ":"]


def _kind_of(name: str) -> str:
    """The kind of alarm that is raised about part `name`; empty for one that nobody described."""
    try:
        return row_of(name).kind
    except KeyError:
        return ""


class Parts:
    """Takes the word of every part, gives findings once a fault has lasted, and the list for the panel."""

    def __init__(self, report: Callable[[list[Finding]], None], changed: Callable[[], None]) -> None:
        self._report = report
        self._changed = changed
        self._parts: dict[str, _Part] = {}
        self._inherited: dict[str, float] = {}  # part with an alarm from before the restart -> since when

    def expect(self, name: str, note: str = "") -> None:
        """Show part `name` from the start, as one that works."""
        row_of(name)
        self._parts.setdefault(name, _Part(note=note))

    def inherit(self, alarms: Iterable[Alarm | Finding], now: float) -> None:
        """Some of `alarms` are about parts, from before a restart: such a part has `PROVEN_S` to fail again or be well.

        Without that its alarm would sound until a person closed it, since nobody else remembers that it failed; what
        was closed though it went on, a finding by now, would come back each time.
        """
        for alarm in alarms:
            name, ours = alarm.subject.id, alarm.subject.kind is SubjectKind.GATEWAY
            if ours and alarm.kind == _kind_of(name) and not KINDS[alarm.kind].one_off:
                self._inherited.setdefault(name, now)

    def note(self, name: str, note: str) -> None:
        """What the panel shows beside a part that works."""
        part = self._parts.setdefault(name, _Part())
        if part.note != note:
            part.note = note
            self._changed()

    def state(
        self, name: str, why: str, now: float, priority: Priority | None = None, reason: Reason | None = None
    ) -> None:
        """Part `name` fails because of `why`, or works (`why` empty).

        `priority` where it is not that of its row; `reason` where there is more to say than part and `why`.
        """
        row = row_of(name)
        part = self._parts.setdefault(name, _Part())
        if bool(part.detail) != bool(why):
            part.failed_at = now
        part.priority = priority or row.priority
        graver = part.raised and bool(why) and part.priority > part.told
        if (part.detail, part.reason) == (why, reason) and not graver:
            return
        part.detail, part.reason = why, reason
        part.raised = part.raised and not graver  # told anew
        if why:
            self.tick(now)
        elif part.raised:
            part.raised = False
            self._report([_finding(name, row, now, "")])
        self._changed()

    def tick(self, now: float) -> None:
        """Raise what has failed for its time, end what is well again since a restart; called each second."""
        for name, part in self._parts.items():
            row = row_of(name)
            if part.detail and not part.raised and now - part.failed_at >= row.after_s:
                part.raised, part.told = True, part.priority
                self._report([_finding(name, row, now, part.detail, part.priority, part.reason)])
        for name, since in list(self._inherited.items()):
            known = self._parts.get(name)
            if known is not None and known.detail:
                known.raised = True  # already: its end is told as that of any other
                del self._inherited[name]
            elif now - since >= PROVEN_S:
                del self._inherited[name]
                self._report([_finding(name, row_of(name), now, "")])

    def statuses(self) -> tuple[PartStatus, ...]:
        """Each part as the panel lists it."""
        return tuple(
            PartStatus(
                name,
                "down" if part.raised else "degraded" if part.detail else "ok",
                part.detail or part.note,
                part.reason,
            )
            for name, part in self._parts.items()
        )


def _finding(
    name: str, row: PartRow, now: float, why: str, priority: Priority | None = None, reason: Reason | None = None
) -> Finding:
    if reason is None:
        reason = because("part_failed", part=name, why=why) if why else because("part_works", part=name)
    grave = priority or row.priority
    return Finding(row.kind, Subject(SubjectKind.GATEWAY, name), grave, now, (reason,), name, active=bool(why))
