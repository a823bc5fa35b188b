"""One alarm and what happens to it: values only."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from agent.alarms.standing import finding_of, finding_to_json
from agent.residents import Subject, SubjectKind
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason


class State(StrEnum):
    """Where an alarm is in its life (design: raised, seen, attended, closed)."""

    RAISED = "raised"
    SEEN = "seen"
    ATTENDED = "attended"
    CLOSED = "closed"


class Action(StrEnum):
    """What staff can do to an alarm."""

    SEE = "seen"
    ATTEND = "attended"
    CLOSE = "closed"


class Cause(StrEnum):
    """Why an alarm could be closed: at most eight big buttons (domain 3.6); `RESTORED` is the system's own."""

    FALL = "fall"
    TOILET = "toilet"
    FALSE_ALARM = "false_alarm"
    ASSISTED = "assisted"
    DEVICE = "device"
    TEST = "test"
    OTHER = "other"
    RESTORED = "restored"  # a technical condition ended by itself


@dataclass(frozen=True, slots=True)
class CallRequest:
    """What an existing video or voice system needs to take an alarm up: `role` is called, `callback` answers here."""

    role: str
    room: str
    subject: str  # a pseudonym
    kind: str
    callback: str
    asked_wall: float


@dataclass(frozen=True, slots=True)
class Note:
    """A word from the platform: shown, and nothing else."""

    text: str
    author: str
    wall: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm, whole: what the panel shows, the sounder holds and the store keeps.

    Times are monotonic seconds of this boot (those of `restored` ones are moved to it); `…_wall` are UTC seconds, for
    display and figures. `sounding` is the engine's verdict; `step` is the rung of the ladder, 0 the first; `revision`
    rises with each change, so that of two copies the newer one is known.
    """

    id: str
    kind: str
    alarm_class: AlarmClass
    priority: Priority
    subject: Subject
    state: State
    raised_at: float
    raised_wall: float
    changed_at: float  # of the last life-cycle step
    reasons: tuple[Reason, ...]
    devices: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()  # devices by which the condition still holds ("": not one device's word)
    latching: bool = False
    unverified: bool = False
    sounding: bool = True
    step: int = 0
    rung_at: float = 0.0  # since when its rung waits: another press is a change, and holds no ladder up
    chattering: bool = False  # the condition comes and goes: it sounds on until somebody has seen it
    onsets: tuple[float, ...] = ()  # when it began lately, before this alarm too
    well_at: float = 0.0  # since when it has been over, if it is
    also: tuple[Finding, ...] = ()  # of another kind, and going on: the long lie after a fall
    told: tuple[str, ...] = ()  # the roles that the ladder has called so far
    people: tuple[str, ...] = ()  # ids of the staff behind them
    call: CallRequest | None = None
    notes: tuple[Note, ...] = ()
    paused_by: str = ""  # who last paused the sound of a call or hazard, until somebody has seen it
    paused_until: float = 0.0  # 0: nobody has
    seen_by: str = ""  # of each step: by whom (empty: not yet), and when by both clocks
    seen_at: float = 0.0
    seen_wall: float = 0.0
    attended_by: str = ""
    attended_at: float = 0.0
    attended_wall: float = 0.0
    closed_by: str = ""
    closed_at: float = 0.0
    closed_wall: float = 0.0
    cause: str = ""
    revision: int = 0

    @property
    def condition(self) -> bool:
        """Whether what raised it still holds."""
        return bool(self.holding)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object, for the store, the sounder, the API and upstream."""
        return {
            **asdict(self),
            "priority": self.priority.label,
            "reasons": [reason.to_json() for reason in self.reasons],
            "also": [finding_to_json(one) for one in self.also],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Alarm":
        """The alarm of such an object; raises KeyError, TypeError or ValueError when it is not one.

        What it gives can be lived with: a file that was damaged, or written by another version, must not end the
        engine at each start.
        """
        subject = data["subject"]
        alarm = Alarm(
            **{
                **data,
                "alarm_class": AlarmClass(data["alarm_class"]),
                "priority": Priority.of(str(data["priority"])),
                "subject": Subject(SubjectKind(subject["kind"]), str(subject["id"]), str(subject["room"])),
                "state": State(data["state"]),
                "reasons": tuple(Reason.from_json(reason) for reason in data["reasons"]),
                "devices": tuple(data["devices"]),
                "told": tuple(data["told"]),
                "people": tuple(data.get("people", ())),
                "call": CallRequest(**data["call"]) if data.get("call") else None,
                "notes": tuple(Note(**note) for note in data.get("notes", ())),
                "holding": tuple(data["holding"]),
                "raised_at": float(data["raised_at"]),
                "changed_at": float(data["changed_at"]),
                "rung_at": float(data.get("rung_at", data["changed_at"])),
                "onsets": tuple(map(float, data.get("onsets", ()))),
                "well_at": float(data.get("well_at", data["changed_at"])),
                "paused_until": float(data.get("paused_until", 0.0)),
                "also": tuple(finding_of(one, 0.0) for one in data.get("also", ())),
                "raised_wall": float(data["raised_wall"]),
            }
        )
        if wrong := [name for name, holds in _SOUND.items() if not holds(alarm)]:
            raise ValueError(f"cannot be used: {', '.join(wrong)}")
        return alarm


def _texts(*values: Any) -> bool:  # noqa: ANN401 - any JSON value
    return all(isinstance(value, str) for value in values)


# What an alarm from outside must fulfil besides having every field: name of the field -> whether it does.
_SOUND: MappingProxyType[str, Callable[[Alarm], bool]] = MappingProxyType(
    {
        "id": lambda a: _texts(a.id) and bool(a.id),
        "kind": lambda a: a.kind in KINDS,
        "times": lambda a: all(
            map(
                math.isfinite,
                (
                    *(a.raised_at, a.seen_at, a.attended_at, a.closed_at, a.changed_at, a.rung_at, a.well_at),
                    *(*a.onsets, a.paused_until),
                    *(a.raised_wall, a.seen_wall, a.attended_wall, a.closed_wall),
                ),
            )
        ),
        "reasons": lambda a: all(isinstance(v, str | int | float) for reason in a.reasons for _, v in reason.values),
        "devices": lambda a: _texts(*a.devices, *a.holding),
        "told": lambda a: _texts(*a.told, *a.people),
        "latching, unverified, sounding or chattering": lambda a: (
            {type(a.latching), type(a.unverified), type(a.sounding), type(a.chattering)} == {bool}
        ),
        "step or revision": lambda a: all(type(n) is int and n >= 0 for n in (a.step, a.revision)),
        "call": lambda a: (
            a.call is None or _texts(a.call.role, a.call.room, a.call.subject, a.call.kind, a.call.callback)
        ),
        "notes": lambda a: all(_texts(note.text, note.author) for note in a.notes),
        "names": lambda a: _texts(a.paused_by, a.seen_by, a.attended_by, a.closed_by, a.cause),
    }
)


class Happened(StrEnum):
    """What an alarm event tells."""

    RAISED = "raised"
    CHANGED = "changed"  # priority, evidence or condition changed; the reasons say how
    SOUNDED = "sounded"  # the sounder reports the first line change
    ESCALATED = "escalated"
    SOUNDED_AGAIN = "sounded_again"  # seen, but not attended in time
    SEEN = "seen"
    ATTENDED = "attended"
    CLOSED = "closed"
    NOTED = "noted"  # the platform said something; nothing else changed
    RESTORED = "restored"  # after a restart


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """Something happened to an alarm; `alarm` is the alarm after it. `actor` is ``rule:…``, ``system`` or a login."""

    id: str
    happened: Happened
    alarm: Alarm
    at: float
    actor: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asks for, from panel, terminal or command line; `cause` is needed to close."""

    action: Action
    alarm: str
    actor: str
    cause: Cause | None = None


class CommandError(Exception):
    """The command cannot be carried out: unknown alarm, not in this state, no cause. Nothing was changed."""

    def __init__(self, code: str, text: str, **values: str) -> None:
        """`code` is a stable word for programs, `text` is for people, `values` for words in another language."""
        super().__init__(text)
        self.code = code
        self.values = values
