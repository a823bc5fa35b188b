"""What a rule says: it matters, it does not matter any more, it was weighed and left, ask aloud, or somebody's task."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from agent.residents import Subject
from agent.rules.reason import Reason


class Priority(IntEnum):
    """IEC 60601-1-8 priorities, ordered."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        """The word used in files and on the wire: low, medium or high."""
        return self.name.lower()

    @staticmethod
    def of(label: str) -> "Priority":
        """The priority called `label`; raises KeyError."""
        return Priority[label.upper()]


class AlarmClass(StrEnum):
    """Physiological: a person needs help. Technical: our own eyes, ears or memory do."""

    PHYSIOLOGICAL = "physiological"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict of one rule.

    `kind` is a key of `agent.rules.kinds.KINDS`. `active` False says that the condition has ended: latching alarms
    stay, others stop sounding. `lapsed`, of one that is not active: nobody can say any more whether it goes on, so a
    person must look, and it is not raised anew until it is told again. `happening` marks a new event in itself
    (another press), which is a new alarm once staff have attended to the last one. `at` is the monotonic time of the
    evidence, `lasts_s` how long it has lasted by then.
    """

    kind: str
    subject: Subject
    priority: Priority
    at: float
    reasons: tuple[Reason, ...]
    device: str = ""
    active: bool = True
    happening: bool = False
    unverified: bool = False
    lasts_s: float = 0.0
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Decline:
    """A rule weighed something and decided against an alarm of `kind`; the reasons say why. Logged, never sounded."""

    kind: str
    subject: Subject
    at: float
    reasons: tuple[Reason, ...]
    device: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Ask aloud about `subject` in `room`: `text` is a key of `agent.rules.prompts.PROMPTS`."""

    text: str
    subject: Subject
    at: float
    reasons: tuple[Reason, ...] = ()
    room: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that somebody should do, and no alarm: it stands in the list and never sounds.

    `kind` is a key of `agent.rules.tasks.TASKS`; `due` is monotonic seconds (None: now). `active` False: it is done or
    no longer wanted.
    """

    kind: str
    subject: Subject
    at: float
    reasons: tuple[Reason, ...]
    due: float | None = None
    device: str = ""
    active: bool = True


Said = Finding | Decline | Prompt | Task
