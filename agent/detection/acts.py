"""What people do that is no answer to an alarm: the one table of acts, and the value that carries one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from agent.residents import Subject, SubjectKind

_RESIDENT, _PLACE, _DEVICE = SubjectKind.RESIDENT, SubjectKind.PLACE, SubjectKind.DEVICE


@dataclass(frozen=True, slots=True)
class ActKind:
    """One row: name, words for staff, whom it may be about.

    `standing`: the newest one of a subject stays true until the next, also over a restart; acts that share a `topic`
    replace each other (out and back).
    """

    name: str
    en: str
    zh: str
    about: tuple[SubjectKind, ...]
    standing: bool = False
    topic: str = ""


_ROWS = (
    ActKind("turned", "Turned", "已翻身", (_RESIDENT,), standing=True),
    ActKind("out", "Out of home", "外出", (_RESIDENT,), standing=True, topic="whereabouts"),  # until, UTC s
    ActKind("back", "Back home", "已返回", (_RESIDENT,), standing=True, topic="whereabouts"),
    ActKind("round", "Round done", "已巡查", (_RESIDENT, _PLACE), standing=True),
    ActKind("visited", "Visited", "已探访", (_RESIDENT,), standing=True),
    ActKind("assessed", "Assessed", "已评估", (_RESIDENT,), standing=True),
    ActKind("present", "Staff here", "员工在场", (_RESIDENT, _PLACE), standing=True, topic="presence"),
    ActKind("left", "Staff left", "员工离开", (_RESIDENT, _PLACE), standing=True, topic="presence"),
    ActKind(
        "activity", "Activity begins", "活动开始", (_RESIDENT, _PLACE), standing=True, topic="activity"
    ),  # until, s
    ActKind("rest", "Activity ends", "活动结束", (_RESIDENT, _PLACE), standing=True, topic="activity"),
    ActKind("consciousness", "Consciousness", "意识状态", (_RESIDENT,), standing=True),  # value: A, C, V, P or U
    ActKind("oxygen", "Oxygen given", "吸氧", (_RESIDENT,), standing=True),  # value: true or false
    ActKind("maintenance", "In maintenance", "维护中", (_DEVICE,), standing=True, topic="service"),  # value: until, s
    ActKind("in_service", "In service again", "恢复使用", (_DEVICE,), standing=True, topic="service"),
    ActKind("task_done", "Task done", "任务完成", (_RESIDENT, _PLACE, _DEVICE)),  # value: kind of the task
    ActKind("heard", "Buzzer heard", "已听到报警声", (_DEVICE,)),  # the daily self-test; the device is the annunciator
)


def _table(rows: Iterable[ActKind]) -> MappingProxyType[str, ActKind]:
    return MappingProxyType({row.name: row for row in rows})


ACTS = _table(_ROWS)


@dataclass(frozen=True, slots=True)
class Act:
    """A person did something at monotonic `at`; `name` is a key of `ACTS`, `actor` a login or a staff id."""

    name: str
    subject: Subject
    at: float
    actor: str
    value: str | float | bool = True

    @property
    def topic(self) -> str:
        """Acts of one topic about one subject replace each other."""
        return ACTS[self.name].topic or self.name


def act_from_json(data: Mapping[str, Any], shift_s: float = 0.0) -> Act:
    """The act of such an object (`dataclasses.asdict`), its time moved; raises KeyError, TypeError or ValueError."""
    subject, value = data["subject"], data["value"]
    if data["name"] not in ACTS or not isinstance(value, str | float | int | bool):
        raise ValueError(f"no act: {data['name']!r}")
    about = Subject(SubjectKind(subject["kind"]), str(subject["id"]), str(subject["room"]))
    return Act(str(data["name"]), about, float(data["at"]) + shift_s, str(data["actor"]), value)
