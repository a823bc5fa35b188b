"""What stands beside the alarms and survives a restart: shelves, the audio pause, tasks. Values only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from agent.residents import Subject, SubjectKind
from agent.rules.finding import Priority
from agent.rules.reason import Reason


class Noted(StrEnum):
    """What happened to a standing record."""

    PAUSED = "paused"
    RESUMED = "resumed"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    TASK_OPENED = "task_opened"
    TASK_DONE = "task_done"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Pause:
    """Audio paused by `by` until monotonic `until`, for alarms up to `priority`; timed, shown, ends by itself."""

    id: str
    by: str
    since: float
    until: float
    priority: Priority


@dataclass(frozen=True, slots=True)
class Shelf:
    """Alarms of `kind` about `subject` are put aside by `by` for `reason` until monotonic `until`."""

    id: str
    kind: str
    subject: str
    by: str
    reason: str
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task in the list: `due` monotonic seconds, `done_by` empty while it is open."""

    id: str
    kind: str
    subject: Subject
    since: float
    due: float
    reasons: tuple[Reason, ...]
    device: str = ""
    done_by: str = ""


Standing = Pause | Shelf | OpenTask
_NAMES = {Pause: "pause", Shelf: "shelf", OpenTask: "task"}


@dataclass(frozen=True, slots=True)
class StandingEvent:
    """Something happened to `record`; `open`: it stands after it."""

    id: str
    noted: Noted
    record: Standing
    open: bool
    at: float
    actor: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An alarm that would have been raised and is held back: by whom or what, why, and until when (monotonic)."""

    kind: str
    subject: Subject
    priority: Priority
    since: float
    until: float
    by: str
    reasons: tuple[Reason, ...]
    device: str = ""


def to_json(record: Standing) -> dict[str, Any]:
    """The record as a JSON object; `record` tells which it is."""
    data = {"record": _NAMES[type(record)], **asdict(record)}
    if isinstance(record, Pause):
        data["priority"] = record.priority.label
    if isinstance(record, OpenTask):
        data["reasons"] = [reason.to_json() for reason in record.reasons]
    return data


def from_json(data: Mapping[str, Any], shift_s: float) -> Standing:
    """The record of such an object, its times moved by `shift_s`; raises KeyError, TypeError or ValueError."""
    fields = {key: value for key, value in data.items() if key != "record"}
    for name in ("since", "until", "due"):
        if name in fields:
            fields[name] = float(fields[name]) + shift_s
    match data["record"]:
        case "pause":
            return Pause(**{**fields, "priority": Priority.of(str(fields["priority"]))})
        case "shelf":
            return Shelf(**fields)
        case "task":
            subject = fields["subject"]
            about = Subject(SubjectKind(subject["kind"]), str(subject["id"]), str(subject["room"]))
            reasons = tuple(Reason.from_json(reason) for reason in fields["reasons"])
            return OpenTask(**{**fields, "subject": about, "reasons": reasons})
        case other:
            raise ValueError(f"{other!r} is no record that stands")
