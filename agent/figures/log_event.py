"""One event of the log as figures need it, whatever it comes from: the engine, a replay or a stored row."""

from dataclasses import dataclass

from agent.alarms.alarm import AlarmEvent
from agent.alarms.standing import Suppressed
from agent.rules.kinds import KINDS

SUPPRESSED = "suppressed"
WAS_QUIET = "let_sound"  # reason: it sounded late since a pause or a flood kept it quiet


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


def _class_of(kind: str) -> str:
    return KINDS[kind].alarm_class.value if kind in KINDS else ""
