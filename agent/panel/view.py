"""What the pages show of alarms, in words: pure, templates only lay it out."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.alarms.alarm import Action, Alarm, Cause, CommandError
from agent.alarms.lifecycle import after
from agent.alarms.snapshot import CallStatus, Snapshot
from agent.panel.words import word, word_or
from agent.residents import SubjectKind
from agent.rules.finding import AlarmClass, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason
from agent.rules.tasks import TASKS

REASONS_SHOWN = 4  # the first, which raised it, and the newest
CAUSES = tuple(cause for cause in Cause if cause is not Cause.RESTORED)


@dataclass(frozen=True, slots=True)
class Card:
    """One alarm in words. `actions` are the steps that it can take now; `since` is monotonic, the script counts on."""

    id: str
    title: str
    priority: str
    priority_word: str
    state: str
    state_word: str
    since: float
    clock: str
    who: str
    reasons: tuple[str, ...]
    hidden_reasons: str
    notes: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """One room with its open alarms, gravest first."""

    name: str
    label: str
    people: tuple[str, ...]
    alarms: tuple[Alarm, ...]

    @property
    def gravest(self) -> str:
        """The priority that colours the room."""
        return max(alarm.priority for alarm in self.alarms).label


def rooms(snapshot: Snapshot, language: str) -> tuple[Room, ...]:
    """Rooms with physiological alarms; the one with the gravest, then oldest, alarm first."""
    people = {room.room: tuple(name for _, name in room.residents) for room in snapshot.rooms}
    grouped: dict[str, list[Alarm]] = {}
    for alarm in snapshot.alarms:
        if alarm.alarm_class is AlarmClass.PHYSIOLOGICAL:
            grouped.setdefault(alarm.subject.room, []).append(alarm)
    return tuple(
        Room(name, name or word("no_room", language), people.get(name, ()), tuple(alarms))
        for name, alarms in grouped.items()
    )


def technical(snapshot: Snapshot) -> tuple[Alarm, ...]:
    """Alarms about ourselves."""
    return tuple(alarm for alarm in snapshot.alarms if alarm.alarm_class is AlarmClass.TECHNICAL)


def names(snapshot: Snapshot) -> dict[str, str]:
    """Residents' names by pseudonym."""
    return {id_: name for room in snapshot.rooms for id_, name in room.residents}


def called(snapshot: Snapshot, language: str) -> dict[str, tuple[str, ...]]:
    """Whom each open alarm has called: roles of its ladder, the people behind them, and calls out; by alarm."""
    between, names_of = "、" if language == "zh" else ", ", dict(snapshot.staff)
    lines: dict[str, tuple[str, ...]] = {}
    for alarm in snapshot.alarms:
        roles = between.join(word_or(role, language, role) for role in alarm.told)
        people = between.join(names_of.get(one, one) for one in alarm.people)
        told = f"{roles} · {people}" if people else roles
        lines[alarm.id] = (word("told", language, roles=told),) if roles else ()
    for call in snapshot.calls:
        lines[call.alarm] = (*lines.get(call.alarm, ()), _call(call, language))
    return lines


def _call(call: CallStatus, language: str) -> str:
    if call.made:
        return word("call_made", language, call=call.call)
    if not call.failed:
        return word("call_too_late", language, call=call.call)
    why = call.why.text(language) if call.why else ""
    return word("call_given_up" if call.final else "call_again", language, why=why)


def card(alarm: Alarm, name: str, language: str, called: tuple[str, ...] = ()) -> Card:
    """`alarm` in words; `name` is the resident's, if it is about one, `called` says whom it has called."""
    shown, hidden = _reasons(alarm.reasons, language)
    return Card(
        id=alarm.id,
        title=title(alarm.kind, language),
        priority=alarm.priority.label,
        priority_word=word(alarm.priority.label, language),
        state=alarm.state.value,
        state_word=word(alarm.state.value, language),
        since=alarm.raised_at,
        clock=word("since", language, time=clock_time(alarm.raised_wall)),
        who=_who(alarm, name, language),
        reasons=shown,
        hidden_reasons=hidden,
        notes=_notes(alarm, language, called),
        actions=tuple(action.value for action in Action if _possible(alarm, action)),
    )


def title(kind: str, language: str) -> str:
    """What an alarm of `kind` is called."""
    row = KINDS.get(kind)
    if row is None:
        return kind
    return row.zh if language == "zh" else row.en


def task_title(kind: str, language: str) -> str:
    """What a task of `kind` is called."""
    row = TASKS.get(kind)
    if row is None:
        return kind
    return row.zh if language == "zh" else row.en


def clock_time(wall: float) -> str:
    """Hours and minutes by the gateway's local time."""
    return time.strftime("%H:%M", time.localtime(wall))


def sounding(snapshot: Snapshot) -> list[dict[str, Any]]:
    """What the browser's sound needs to know of each alarm that sounds."""
    return [
        {
            "id": alarm.id,
            "priority": alarm.priority.label,
            "technical": alarm.alarm_class is AlarmClass.TECHNICAL,
            "since": alarm.raised_at,
        }
        for alarm in snapshot.alarms
        if alarm.sounding
    ]


def counts(snapshot: Snapshot) -> dict[str, int]:
    """Open alarms by priority, gravest first, none left out."""
    priorities = [alarm.priority for alarm in snapshot.alarms]
    return {priority.label: priorities.count(priority) for priority in sorted(Priority, reverse=True)}


def actor(name: str) -> str:
    """A login without the word for where it came from; a rule is nobody, its reasons speak for it."""
    kind, _, rest = name.partition(":")
    if kind == "rule":
        return ""
    return rest if kind in ("panel", "local") and rest else name


def _reasons(reasons: Sequence[Reason], language: str) -> tuple[tuple[str, ...], str]:
    texts = [reason_text(reason, language) for reason in reasons]
    if len(texts) <= REASONS_SHOWN:
        return tuple(texts), ""
    hidden = word("more_reasons", language, count=len(texts) - REASONS_SHOWN)
    return (texts[0], *texts[1 - REASONS_SHOWN :]), hidden


def reason_text(reason: Reason, language: str) -> str:
    """`reason` in words, the codes of ours in it as well."""
    if reason.code in ("told", "told_before", "cause"):  # these carry codes of ours
        values = tuple(
            (name, ", ".join(word_or(_coded(reason, one), language, one) for one in str(given).split(", ")))
            for name, given in reason.values
        )
        return Reason(reason.code, values).text(language)
    return reason.text(language)


def _coded(reason: Reason, name: str) -> str:
    return f"cause_{name}" if reason.code == "cause" else name


def _who(alarm: Alarm, name: str, language: str) -> str:
    if name:
        return name
    if alarm.subject.kind is SubjectKind.GATEWAY:
        return word("gateway", language)
    if alarm.subject.kind is SubjectKind.DEVICE and alarm.subject.room:
        return f"{alarm.subject.room} · {alarm.subject.id}"
    return "" if alarm.subject.kind is SubjectKind.PLACE else alarm.subject.id


def _notes(alarm: Alarm, language: str, called: tuple[str, ...]) -> tuple[str, ...]:
    notes = [
        f"{word(step, language)} · {actor(who)}"
        for step, who in (("seen", alarm.seen_by), ("attended", alarm.attended_by))
        if who
    ]
    if alarm.unverified:
        notes.append(word("unverified", language))
    if not alarm.condition:
        notes.append(word("over", language))
    notes += called
    notes += [word("platform_says", language, who=note.author, text=note.text) for note in alarm.notes]
    return tuple(notes)


def _possible(alarm: Alarm, action: Action) -> bool:
    """Whether the life cycle has a cell for it that leads somewhere."""
    try:
        return after(alarm.state, action, alarm.alarm_class) is not alarm.state
    except CommandError:
        return False
