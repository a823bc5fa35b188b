"""The one table of tasks: what somebody should do and nobody is alarmed for."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class TaskKind:
    """One row: name and words for staff."""

    name: str
    en: str
    zh: str


_ROWS = (
    TaskKind("service_water", "Wants a drink", "要喝水"),
    TaskKind("service_toilet", "Wants to go to the toilet", "要如厕"),
    TaskKind("service_chat", "Wants company", "想聊天"),
    TaskKind("service_other", "Wants something", "有需要"),
    TaskKind("turning_soon", "Turn soon", "即将翻身"),
    TaskKind("round_due", "Round due", "待巡查"),
    TaskKind("meal_watch", "Meal: watch for choking", "进餐：防噎食"),
    TaskKind("assessment_due", "Assessment due", "待评估"),
    TaskKind("visit_due", "Please visit", "请探访"),
    TaskKind("measure_again", "Measure again", "请复测"),
    TaskKind("charge_device", "Charge the device", "设备待充电"),
    TaskKind("confirm_sound", "Was the buzzer heard?", "请确认听到报警声"),
)


def _table(rows: Iterable[TaskKind]) -> MappingProxyType[str, TaskKind]:
    return MappingProxyType({row.name: row for row in rows})


TASKS = _table(_ROWS)
