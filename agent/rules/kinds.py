"""The one table of alarm kinds: class, latching, what may never be suppressed, and its words for staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from agent.rules.finding import AlarmClass


class Hold(StrEnum):
    """What may hold an alarm back for a while, always shown and always bounded (design "Alarm life cycle")."""

    STAFF = "staff"  # somebody is with the resident
    OUT = "out"  # the resident has signed out
    MAINTENANCE = "maintenance"  # the device is being worked on


@dataclass(frozen=True, slots=True)
class Kind:
    """One row. `latching`: stays until a person closes it. `unsuppressible`: button, smoke, gas, fall.

    `one_off`: once closed it is not raised anew by itself: nothing says that it is over, or whoever closed it has seen
    to it. `held_by`: what may hold it back. `joins`: it is evidence for an open alarm of that kind about the same
    person, and an alarm of its own only where there is none.
    """

    name: str
    zh: str
    en: str
    alarm_class: AlarmClass = AlarmClass.PHYSIOLOGICAL
    latching: bool = False
    unsuppressible: bool = False
    one_off: bool = False
    held_by: frozenset[Hold] = frozenset()
    mdc: int = 0
    joins: str = ""


def _life_safety(name: str, zh: str, en: str, mdc: int = 0, one_off: bool = False, joins: str = "") -> Kind:
    return Kind(name, zh, en, latching=True, unsuppressible=True, one_off=one_off, mdc=mdc, joins=joins)


def _behaviour(name: str, zh: str, en: str, mdc: int = 0, staff: bool = True, one_off: bool = False) -> Kind:
    held_by = frozenset({Hold.STAFF, Hold.OUT} if staff else {Hold.OUT})
    return Kind(name, zh, en, one_off=one_off, held_by=held_by, mdc=mdc)


def _device(name: str, zh: str, en: str, one_off: bool = False) -> Kind:
    return Kind(name, zh, en, _TECHNICAL, one_off=one_off, held_by=frozenset({Hold.MAINTENANCE}))


_TECHNICAL = AlarmClass.TECHNICAL
_ROWS = (
    # calls and hazards
    _life_safety("sos", "紧急呼叫", "Call for help", 8519682, one_off=True),
    _life_safety("staff_call", "员工求助", "Staff needs help", 8519682, one_off=True),
    _life_safety("smoke", "烟雾报警", "Smoke", 8519683),
    _life_safety("gas", "燃气报警", "Gas", 8519686),
    _life_safety("arc_fault", "故障电弧", "Arc fault"),
    _life_safety("fall", "跌倒", "Fall", 8519681, one_off=True),
    _life_safety("long_lie", "倒地不起", "Long lie", 8519681, joins="fall"),
    Kind("water_leak", "漏水", "Water leak", latching=True, mdc=8519685),
    Kind("scald", "水温过高", "Water too hot", mdc=8519694),
    # behaviour
    _behaviour("bed_exit", "离床", "Bed exit", 8519691, one_off=True),
    _behaviour("not_back_in_bed", "离床未归", "Not back in bed", 8519691, one_off=True),
    _behaviour("toilet_stay", "如厕过久", "Long in the toilet", 8519687, one_off=True),
    _behaviour("exit_zone", "走近出口", "At the exit without escort", 8519688, staff=False),
    _behaviour("wandering", "徘徊", "Wandering", 8519687),
    _behaviour("turning_due", "翻身超时", "Turning overdue"),
    _behaviour("bed_rail", "床栏放下", "Bed rail down", staff=False),
    _behaviour("inactivity", "长时间无活动", "No activity", 8519687, staff=False),
    _behaviour("in_bed_long", "卧床过久", "Long in bed", 8519691, staff=False),
    _behaviour("no_water_use", "长时间未用水", "No water used", staff=False, one_off=True),
    _behaviour("no_electricity_use", "用电异常", "Unusual electricity use", staff=False, one_off=True),
    Kind("round_missed", "巡查超时", "Round overdue"),
    Kind("noise", "夜间异响", "Noise at night"),
    # vital signs
    Kind("heart_rate_low", "心率过低", "Heart rate low", mdc=147842),
    Kind("heart_rate_high", "心率过高", "Heart rate high", mdc=147842),
    Kind("spo2_low", "血氧过低", "SpO2 low", mdc=150456),
    Kind("respiratory_rate_low", "呼吸过慢", "Breathing slow", mdc=151562),
    Kind("respiratory_rate_high", "呼吸过快", "Breathing fast", mdc=151562),
    Kind("apnoea", "呼吸暂停", "No breathing seen", mdc=151562),
    Kind("temperature_low", "体温过低", "Temperature low", mdc=150364, one_off=True),
    Kind("temperature_high", "体温过高", "Temperature high", mdc=150364, one_off=True),
    Kind("systolic_low", "收缩压过低", "Blood pressure low", mdc=150021, one_off=True),
    Kind("systolic_high", "收缩压过高", "Blood pressure high", mdc=150021, one_off=True),
    Kind("diastolic_high", "舒张压过高", "Diastolic pressure high", mdc=150022, one_off=True),
    Kind("glucose_low", "血糖过低", "Glucose low", mdc=160184, one_off=True),
    Kind("glucose_high", "血糖过高", "Glucose high", mdc=160184, one_off=True),
    Kind("orthostatic_drop", "体位性低血压", "Pressure drop on standing", mdc=150021, one_off=True),
    Kind("weight_loss", "体重下降", "Weight loss", mdc=188736, one_off=True),
    Kind("baseline_shift", "偏离个人常值", "Away from own normal"),
    Kind("news2", "NEWS2 评分升高", "NEWS2 raised", one_off=True),
    # devices
    _device("device_silent", "设备无信号", "Device silent"),
    _device("device_fault", "设备故障", "Device fault"),
    _device("not_worn", "设备未佩戴", "Device not worn"),
    _device("vital_unreliable", "体征数据不可靠", "Vital signs unreliable"),
    _device("battery_low", "电量低", "Battery low", one_off=True),
    _device("pump_fault", "气垫泵故障", "Mattress pump fault"),
    _device("camera_blind", "摄像头异常", "Camera cannot see"),
    Kind("device_unverified", "设备身份存疑", "Device not verified", _TECHNICAL, one_off=True),
    # our own faults
    Kind("vision_down", "视觉进程中断", "Vision process down", _TECHNICAL),
    Kind("sounder_down", "声光报警器中断", "Sounder down", _TECHNICAL),
    Kind("annunciator_fault", "报警器件故障", "Buzzer or lamp fault", _TECHNICAL),
    Kind("panel_down", "面板无法访问", "Panel not served", _TECHNICAL),
    Kind("store_failed", "事件无法保存", "Events cannot be stored", _TECHNICAL),
    Kind("readings_lost", "部分数据丢失", "Some readings are lost", _TECHNICAL, one_off=True),
    Kind("history_unreadable", "报警记录无法恢复", "An open alarm could not be restored", _TECHNICAL, one_off=True),
    Kind("upstream_down", "上级平台中断", "Platform unreachable", _TECHNICAL),
    Kind("call_failed", "外呼失败", "Call out failed", _TECHNICAL),
    Kind("rule_blind", "规则失效", "Rule blind", _TECHNICAL),
    Kind("driver_down", "驱动停止", "Driver stopped", _TECHNICAL),
    Kind("loop_slow", "网关响应迟缓", "Gateway slow", _TECHNICAL),
    Kind("safe_mode", "安全模式", "Safe mode", _TECHNICAL),
    Kind("disk_full", "磁盘将满", "Disk nearly full", _TECHNICAL),
    Kind("clock_unset", "时钟未校准", "Clock not set", _TECHNICAL),
    Kind("power_lost", "市电中断", "Mains power lost", _TECHNICAL),
    Kind("alarm_flood", "报警过多", "Alarm flood", _TECHNICAL),
    Kind("nobody_hears", "报警无人可闻", "Nobody can hear alarms", _TECHNICAL),
)


def _table(rows: Iterable[Kind]) -> MappingProxyType[str, Kind]:
    return MappingProxyType({row.name: row for row in rows})


KINDS = _table(_ROWS)
