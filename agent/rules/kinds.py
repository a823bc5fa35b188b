"""The one table of alarm kinds: class, latching, what may never be suppressed, and its words for staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from agent.rules.finding import AlarmClass


@dataclass(frozen=True, slots=True)
class Kind:
    """One row. `latching`: stays until a person closes it. `unsuppressible`: button, smoke, gas, fall.

    `one_off`: nothing ever says that it is over, so once closed it is not raised anew by itself.
    """

    name: str
    zh: str
    en: str
    alarm_class: AlarmClass = AlarmClass.PHYSIOLOGICAL
    latching: bool = False
    unsuppressible: bool = False
    one_off: bool = False
    mdc: int = 0


_TECHNICAL = AlarmClass.TECHNICAL
_ROWS = (
    Kind("sos", "紧急呼叫", "Call for help", latching=True, unsuppressible=True, one_off=True, mdc=8519682),
    Kind("smoke", "烟雾报警", "Smoke", latching=True, unsuppressible=True, mdc=8519683),
    Kind("gas", "燃气报警", "Gas", latching=True, unsuppressible=True, mdc=8519686),
    Kind("fall", "跌倒", "Fall", latching=True, unsuppressible=True, one_off=True, mdc=8519681),
    Kind("bed_exit", "离床", "Bed exit", mdc=8519691),
    Kind("heart_rate_low", "心率过低", "Heart rate low", mdc=147842),
    Kind("heart_rate_high", "心率过高", "Heart rate high", mdc=147842),
    Kind("spo2_low", "血氧过低", "SpO2 low", mdc=150456),
    Kind("respiratory_rate_low", "呼吸过慢", "Breathing slow", mdc=151562),
    Kind("respiratory_rate_high", "呼吸过快", "Breathing fast", mdc=151562),
    Kind("apnoea", "呼吸暂停", "No breathing seen", mdc=151562),
    # our own faults
    Kind("device_silent", "设备无信号", "Device silent", _TECHNICAL),
    Kind("device_fault", "设备故障", "Device fault", _TECHNICAL),
    Kind("device_unverified", "设备身份存疑", "Device not verified", _TECHNICAL, one_off=True),
    Kind("camera_blind", "摄像头异常", "Camera cannot see", _TECHNICAL),
    Kind("vision_down", "视觉进程中断", "Vision process down", _TECHNICAL),
    Kind("sounder_down", "声光报警器中断", "Sounder down", _TECHNICAL),
    Kind("annunciator_fault", "报警器件故障", "Buzzer or lamp fault", _TECHNICAL),
    Kind("panel_down", "面板无法访问", "Panel not served", _TECHNICAL),
    Kind("store_failed", "事件无法保存", "Events cannot be stored", _TECHNICAL),
    Kind("history_unreadable", "报警记录无法恢复", "An open alarm could not be restored", _TECHNICAL, one_off=True),
    Kind("upstream_down", "上级平台中断", "Platform unreachable", _TECHNICAL),
    Kind("rule_blind", "规则失效", "Rule blind", _TECHNICAL),
    Kind("driver_down", "驱动停止", "Driver stopped", _TECHNICAL),
    Kind("loop_slow", "网关响应迟缓", "Gateway slow", _TECHNICAL),
    Kind("safe_mode", "安全模式", "Safe mode", _TECHNICAL),
)


def _table(rows: Iterable[Kind]) -> MappingProxyType[str, Kind]:
    return MappingProxyType({row.name: row for row in rows})


KINDS = _table(_ROWS)
