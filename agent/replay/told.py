"""What a replay tells: one JSON object an event of an alarm (docs/replay.md). Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from agent.alarms.alarm import Alarm, AlarmEvent, Happened
from agent.residents import Subject, SubjectKind
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason

# what happened -> the word of the file; all others are told by `_changed` or not at all
WORDS: MappingProxyType[Happened, str] = MappingProxyType(
    {
        Happened.RAISED: "raised",
        Happened.SEEN: "seen",
        Happened.ATTENDED: "attended",
        Happened.CLOSED: "closed",
        Happened.ESCALATED: "escalated",
        Happened.SOUNDED_AGAIN: "escalated",
        Happened.SOUNDED: "sounded",
    }
)


def utc(wall: float) -> str:
    """RFC 3339 with milliseconds."""
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def line(t: float, event: str, alarm: Alarm, reasons: Iterable[Reason], by: str) -> dict[str, Any]:
    """One line about an alarm."""
    return {
        **_head(t, alarm.id, event, alarm.kind, alarm.priority.label, alarm.alarm_class.value, alarm.subject),
        "reasons": _reasons(reasons),
        "by": by,
    }


def left_alone(t: float, kind: str, priority: str, subject: Subject, reasons: Iterable[Reason]) -> dict[str, Any]:
    """A line about what was weighed and not raised, or held back."""
    known = KINDS.get(kind)
    alarm_class = known.alarm_class.value if known else ""
    return {**_head(t, None, "suppressed", kind, priority, alarm_class, subject), "reasons": _reasons(reasons)}


def _head(
    t: float, alarm: str | None, event: str, kind: str, priority: str, alarm_class: str, subject: Subject
) -> dict[str, Any]:
    return {
        "t": utc(t),
        "alarm": alarm,
        "event": event,
        "kind": kind,
        "priority": priority,
        "class": alarm_class,
        "resident": subject.id if subject.kind is SubjectKind.RESIDENT else None,
        "place": subject.room or (subject.id if subject.kind is SubjectKind.PLACE else ""),
        "subject": subject.id,
    }


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{**reason.to_json(), "text": reason.text()} for reason in reasons]


class Teller:
    """Turns alarm events into lines; remembers what each alarm was like, to tell when it got worse or sounds."""

    def __init__(self) -> None:
        self._before: dict[str, Alarm] = {}

    def tell(self, event: AlarmEvent, t: float) -> Iterator[dict[str, Any]]:
        """The lines of one event: none for mere evidence; `escalated` when it got worse, `suppressed` when milder."""
        alarm, before = event.alarm, self._before.get(event.alarm.id)
        if alarm.id in self._before and event.happened is Happened.CLOSED:
            del self._before[alarm.id]
        elif event.happened is not Happened.CLOSED:
            self._before[alarm.id] = alarm
        word = WORDS.get(event.happened)
        if word is None and before is not None and alarm.priority != before.priority:
            word = "escalated" if alarm.priority > before.priority else "suppressed"  # milder: no more is made of it
        if word is not None:
            yield line(t, word, alarm, event.reasons, event.actor)
