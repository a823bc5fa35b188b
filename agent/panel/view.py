"""What the pages show of a snapshot, in words: pure, templates only lay it out."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.alarms.alarm import Action, Alarm, Cause, CommandError
from agent.alarms.lifecycle import after
from agent.alarms.snapshot import DeviceStatus, LatestReading, PartStatus, Snapshot
from agent.panel.words import quantity, unit, value, word, word_or
from agent.residents import SubjectKind
from agent.rules.finding import AlarmClass, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason

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


def card(alarm: Alarm, name: str, language: str) -> Card:
    """`alarm` in words; `name` is the resident's, if it is about one."""
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
        notes=_notes(alarm, language),
        actions=tuple(action.value for action in Action if _possible(alarm, action)),
    )


def title(kind: str, language: str) -> str:
    """What an alarm of `kind` is called."""
    row = KINDS.get(kind)
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


@dataclass(frozen=True, slots=True)
class Value:
    """One reading in words."""

    label: str
    text: str
    unit: str
    quality: str
    doubtful: bool
    at: float


@dataclass(frozen=True, slots=True)
class Device:
    """One device in words; `heard` is monotonic, None when it never was."""

    id: str
    role: str
    link: str
    link_word: str
    reason: str
    heard: float | None
    values: tuple[Value, ...]


def devices(snapshot: Snapshot, language: str) -> tuple[tuple[str, tuple[Device, ...]], ...]:
    """Devices by room, rooms by name."""
    grouped: dict[str, list[Device]] = {}
    for status in snapshot.devices:
        grouped.setdefault(status.room, []).append(_device(status, snapshot.at, language))
    return tuple(
        (room or word("no_room", language), tuple(grouped[room])) for room in sorted(grouped, key=lambda r: (not r, r))
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of ourselves in words."""

    name: str
    label: str
    state: str
    state_word: str
    detail: str


def parts(snapshot: Snapshot, language: str) -> tuple[Part, ...]:
    """Every part, in the order in which the core names them."""
    return tuple(_part(status, language) for status in snapshot.parts)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the history."""

    time: str
    happened: str
    title: str
    priority: str
    priority_word: str
    room: str
    actor: str
    reasons: tuple[str, ...]


def history(rows: Iterable[Mapping[str, Any]], language: str) -> tuple[Row, ...]:
    """Rows of the alarm log in words; what a row lacks is left empty."""
    return tuple(_row(row, language) for row in rows)


def actor(name: str) -> str:
    """A login without the word for where it came from; a rule is nobody, its reasons speak for it."""
    kind, _, rest = name.partition(":")
    if kind == "rule":
        return ""
    return rest if kind in ("panel", "local") and rest else name


def _reasons(reasons: Sequence[Reason], language: str) -> tuple[tuple[str, ...], str]:
    texts = [_reason(reason, language) for reason in reasons]
    if len(texts) <= REASONS_SHOWN:
        return tuple(texts), ""
    hidden = word("more_reasons", language, count=len(texts) - REASONS_SHOWN)
    return (texts[0], *texts[1 - REASONS_SHOWN :]), hidden


def _reason(reason: Reason, language: str) -> str:
    if reason.code in ("told", "cause"):  # these carry codes of ours
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


def _notes(alarm: Alarm, language: str) -> tuple[str, ...]:
    notes = [
        f"{word(step, language)} · {actor(who)}"
        for step, who in (("seen", alarm.seen_by), ("attended", alarm.attended_by))
        if who
    ]
    if alarm.unverified:
        notes.append(word("unverified", language))
    if not alarm.condition:
        notes.append(word("over", language))
    if alarm.step:
        roles = "、" if language == "zh" else ", "
        notes.append(word("told", language, roles=roles.join(word_or(role, language, role) for role in alarm.told)))
    return tuple(notes)


def _possible(alarm: Alarm, action: Action) -> bool:
    """Whether the life cycle has a cell for it that leads somewhere."""
    try:
        return after(alarm.state, action, alarm.alarm_class) is not alarm.state
    except CommandError:
        return False


def _device(status: DeviceStatus, at: float, language: str) -> Device:
    return Device(
        id=status.id,
        role=word_or(f"role_{status.role}", language, status.role),
        link=status.link.value,
        link_word=word_or(f"link_{status.link.value}", language, status.link.value),
        reason=status.reason,
        heard=None if status.age_s is None else float(round(at - status.age_s)),
        values=tuple(_value(reading, at, language) for reading in status.readings),
    )


def _value(reading: LatestReading, at: float, language: str) -> Value:
    return Value(
        label=quantity(reading.quantity, language),
        text=value(reading.value, language),
        unit=unit(reading.unit, language),
        quality=word_or(f"quality_{reading.quality}", language, reading.quality),
        doubtful=reading.quality != "good",
        at=float(round(at - reading.age_s)),
    )


def _part(status: PartStatus, language: str) -> Part:
    return Part(
        name=status.name,
        label=word_or(f"part_{status.name}", language, status.name),
        state=status.state,
        state_word=word_or(f"state_{status.state}", language, status.state),
        detail=status.detail,
    )


def _row(row: Mapping[str, Any], language: str) -> Row:
    """One stored row; what an older version wrote otherwise is left empty rather than hide the rest."""
    data = _mapping(row.get("data"))
    alarm = _mapping(data.get("alarm"))
    happened, reasons = _happened(str(row.get("type", ""))), data.get("reasons")
    return Row(
        time=_date_time(row.get("wall")),
        happened=word_or(f"happened_{happened}", language, happened),
        title=title(str(alarm.get("kind", "")), language),
        priority=str(alarm.get("priority", "")),
        priority_word=word_or(str(alarm.get("priority", "")), language, ""),
        room=str(_mapping(alarm.get("subject")).get("room", "")),
        actor=actor(str(row.get("actor", ""))),
        reasons=tuple(_stored_reason(one, language) for one in (reasons if isinstance(reasons, list) else ())),
    )


def _happened(event_type: str) -> str:
    """``raised`` of ``nightlamp.alarm.raised.v1``; any other type as it is."""
    parts = event_type.split(".")
    return parts[2] if parts[:2] == ["nightlamp", "alarm"] and len(parts) == 4 else event_type


def _stored_reason(stored: object, language: str) -> str:
    try:
        return _reason(Reason.from_json(_mapping(stored)), language)
    except KeyError:
        return str(stored)


def _mapping(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _date_time(wall: object) -> str:
    try:
        return time.strftime("%m-%d %H:%M:%S", time.localtime(wall)) if isinstance(wall, int | float) else ""
    except (ValueError, OverflowError, OSError):  # no such day
        return ""
