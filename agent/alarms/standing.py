"""What stands beside the alarms and survives a restart: shelves, the audio pause, tasks. Values only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason


class Noted(StrEnum):
    """What happened to a standing record."""

    PAUSED = "paused"
    RESUMED = "resumed"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    TASK_OPENED = "task_opened"
    TASK_DONE = "task_done"
    HELD = "held"
    RELEASED = "released"
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
class ShelveOrder:
    """What a person asks for: alarms of `kind` about `subject` (a resident, place or device) aside for `seconds`."""

    kind: str
    subject: str
    by: str
    reason: str
    seconds: float


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


@dataclass(frozen=True, slots=True)
class Held:
    """Findings about one subject that are no alarm since monotonic `since`, one a device; changed last `at`.

    Held back or shelved; or `closed` by a person although they go on.
    """

    id: str
    since: float
    at: float
    findings: tuple[Finding, ...]
    closed: bool = False


def held_id(kind: str, subject: Subject, *, closed: bool) -> str:
    """The id of the one record of its sort that there can be."""
    return f"{'closed' if closed else 'held'}:{kind}:{subject.kind.value}:{subject.id}"


Standing = Pause | Shelf | OpenTask | Held
_NAMES = {Pause: "pause", Shelf: "shelf", OpenTask: "task", Held: "held"}


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


def subject_of(record: Standing) -> str:
    """The id of whom or what `record` is about; empty for a pause, which is about the whole home."""
    match record:
        case Shelf():
            return record.subject
        case OpenTask():
            return record.subject.id
        case Held():
            return record.findings[0].subject.id
        case Pause():
            return ""


def to_json(record: Standing) -> dict[str, Any]:
    """The record as a JSON object; `record` tells which it is."""
    data = {"record": _NAMES[type(record)], **asdict(record)}
    if isinstance(record, Pause):
        data["priority"] = record.priority.label
    if isinstance(record, OpenTask):
        data["reasons"] = [reason.to_json() for reason in record.reasons]
    if isinstance(record, Held):
        data["findings"] = [finding_to_json(finding) for finding in record.findings]
    return data


def from_json(data: Mapping[str, Any], shift_s: float) -> Standing:
    """The record of such an object, its times moved by `shift_s`; raises KeyError, TypeError or ValueError."""
    fields = {key: value for key, value in data.items() if key != "record"}
    for name in ("since", "at", "until", "due"):
        if name in fields:
            fields[name] = float(fields[name]) + shift_s
    match data["record"]:
        case "pause":
            return Pause(**{**fields, "priority": Priority.of(str(fields["priority"]))})
        case "shelf":
            return Shelf(**fields)
        case "task":
            about = _subject(fields["subject"])
            reasons = tuple(Reason.from_json(reason) for reason in fields["reasons"])
            return OpenTask(**{**fields, "subject": about, "reasons": reasons})
        case "held":
            findings = tuple(finding_of(finding, shift_s) for finding in fields["findings"])
            if not findings:
                raise ValueError("nothing is held")
            return Held(**{**fields, "findings": findings})
        case other:
            raise ValueError(f"{other!r} is no record that stands")


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """The finding as a JSON object."""
    reasons = [reason.to_json() for reason in finding.reasons]
    return {**asdict(finding), "priority": finding.priority.label, "reasons": reasons}


def finding_of(data: Mapping[str, Any], shift_s: float) -> Finding:
    """The finding of such an object, its time moved by `shift_s`; raises KeyError, TypeError or ValueError."""
    if data["kind"] not in KINDS:
        raise ValueError(f"no kind of alarm: {data['kind']!r}")
    fields = {
        "priority": Priority.of(str(data["priority"])),
        "subject": _subject(data["subject"]),
        "reasons": tuple(Reason.from_json(reason) for reason in data["reasons"]),
        "at": float(data["at"]) + shift_s,
    }
    return Finding(**{**data, **fields})


def _subject(data: Mapping[str, Any]) -> Subject:
    return Subject(SubjectKind(data["kind"]), str(data["id"]), str(data["room"]))
