"""One event of the log as figures need it, whatever it comes from: the engine, a replay or a stored row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.alarms.alarm import AlarmEvent
from agent.alarms.standing import Suppressed
from agent.rules.kinds import KINDS

SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class LogEvent:
    """Something happened to an alarm at `at_wall` (UTC seconds); the fields tell the alarm after it.

    `happened` is a word of `Happened`, or ``suppressed`` for an alarm that was held back (it has no id). `subject` is a
    pseudonym, `reasons` are codes.
    """

    at_wall: float
    happened: str
    alarm: str
    kind: str
    priority: str
    alarm_class: str
    subject: str
    room: str = ""
    sounding: bool = False
    actor: str = ""
    cause: str = ""
    reasons: tuple[str, ...] = ()


def of_event(event: AlarmEvent, at_wall: float) -> LogEvent:
    """An event of the engine."""
    alarm = event.alarm
    return LogEvent(
        at_wall,
        event.happened.value,
        alarm.id,
        alarm.kind,
        alarm.priority.label,
        alarm.alarm_class.value,
        alarm.subject.id,
        alarm.subject.room,
        alarm.sounding,
        event.actor,
        alarm.cause,
        tuple(reason.code for reason in event.reasons),
    )


def of_suppressed(held: Suppressed, at_wall: float) -> LogEvent:
    """An alarm that would have been raised and was held back."""
    return LogEvent(
        at_wall,
        SUPPRESSED,
        "",
        held.kind,
        held.priority.label,
        _class_of(held.kind),
        held.subject.id,
        held.subject.room,
        actor=held.by,
        reasons=tuple(reason.code for reason in held.reasons),
    )


def of_alarm_row(at_wall: float, actor: str, data: Mapping[str, Any]) -> LogEvent:
    """A stored row of an alarm; raises KeyError or TypeError when `data` is not what such a row holds."""
    alarm = data["alarm"]
    return LogEvent(
        at_wall,
        str(data["happened"]),
        str(alarm["id"]),
        str(alarm["kind"]),
        str(alarm["priority"]),
        str(alarm["alarm_class"]),
        str(alarm["subject"]["id"]),
        str(alarm["subject"]["room"]),
        bool(alarm["sounding"]),
        actor,
        str(alarm["cause"]),
        _codes(data),
    )


def of_suppressed_row(at_wall: float, subject: str, data: Mapping[str, Any]) -> LogEvent:
    """A stored decision to hold an alarm back; raises KeyError or TypeError as above."""
    kind = str(data["kind"])
    return LogEvent(
        at_wall,
        SUPPRESSED,
        "",
        kind,
        str(data["priority"]),
        _class_of(kind),
        subject,
        actor=str(data["by"]),
        reasons=_codes(data),
    )


def _codes(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(reason["code"]) for reason in data.get("reasons", ()))


def _class_of(kind: str) -> str:
    return KINDS[kind].alarm_class.value if kind in KINDS else ""
