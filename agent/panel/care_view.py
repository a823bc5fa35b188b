"""What the pages show beside the alarms, in words: tasks, what is quiet or held back, and the residents. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.alarms.snapshot import ResidentStatus, Snapshot
from agent.alarms.standing import OpenTask, Shelf, Suppressed
from agent.panel import view
from agent.panel.words import word
from agent.rules.finding import Priority


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task: whom to go to, what to do, since when, and the keys that its button sends."""

    title: str
    room: str
    who: str
    about: str  # resident, place or device
    id: str
    kind: str
    since: float
    why: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One alarm that is held back or shelved: why, by whom, and how long it still may be."""

    title: str
    room: str
    who: str
    why: str
    until: float


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One shelf, with the id by which it is ended."""

    id: str
    title: str
    subject: str
    by: str
    reason: str
    until: float


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One resident with the acts that make sense now."""

    id: str
    name: str
    room: str
    acts: tuple[str, ...]
    out: str


def tasks(snapshot: Snapshot, language: str) -> tuple[TaskRow, ...]:
    """Open tasks, those that are due first come first."""
    names = view.names(snapshot)
    return tuple(_task(task, names, language) for task in snapshot.tasks)


def held(snapshot: Snapshot, language: str) -> tuple[HeldRow, ...]:
    """What would be an alarm, and why it is none now."""
    names = view.names(snapshot)
    return tuple(_held(one, names, language) for one in snapshot.suppressed)


def shelves(snapshot: Snapshot, language: str) -> tuple[ShelfRow, ...]:
    """What is shelved."""
    names = view.names(snapshot)
    return tuple(_shelf(shelf, names, language) for shelf in snapshot.shelves)


def people(snapshot: Snapshot, language: str) -> tuple[PersonRow, ...]:
    """All residents by room."""
    return tuple(_person(one, language) for one in snapshot.care)


def can_pause(snapshot: Snapshot) -> bool:
    """Whether there is a sound to pause."""
    return snapshot.paused is None and any(
        alarm.sounding and alarm.priority is not Priority.LOW for alarm in snapshot.alarms
    )


def _task(task: OpenTask, names: Mapping[str, str], language: str) -> TaskRow:
    subject = task.subject
    return TaskRow(
        view.task_title(task.kind, language),
        subject.room or subject.id,
        names.get(subject.id, ""),
        subject.kind.value,
        subject.id,
        task.kind,
        task.since,
        "; ".join(reason.text(language) for reason in task.reasons),
    )


def _held(one: Suppressed, names: Mapping[str, str], language: str) -> HeldRow:
    why = view.reason_text(one.reasons[0], language) if one.reasons else ""
    name = names.get(one.subject.id, "")
    return HeldRow(view.title(one.kind, language), one.subject.room, name, why, one.until)


def _shelf(shelf: Shelf, names: Mapping[str, str], language: str) -> ShelfRow:
    who = names.get(shelf.subject, shelf.subject)
    return ShelfRow(shelf.id, view.title(shelf.kind, language), who, view.actor(shelf.by), shelf.reason, shelf.until)


def _person(one: ResidentStatus, language: str) -> PersonRow:
    acts = ("back",) if one.out_by else ("out", "visited", *(("turned",) if one.turning else ()))
    out = word("out_by", language, who=view.actor(one.out_by)) if one.out_by else ""
    return PersonRow(one.id, one.name, one.room, acts, out)
