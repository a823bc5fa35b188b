"""The one table of quantities: the only names that readings, profiles, events and mappings may use.

LOINC and MDC codes are those of the IEEE 11073-10101 / 10471 nomenclature and the HL7 vital-signs set; MDC codes of
the independent-living sensors (10471) are 8519680 + n. Units are UCUM.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Shape(StrEnum):
    """How a quantity behaves in time, which decides how it is kept."""

    CONTINUOUS = "continuous"  # a number that drifts: kept on change, or as one-minute min/mean/max
    STATE = "state"  # true or false until the next reading: kept on change
    EVENT = "event"  # each reading is a happening of its own: always kept


@dataclass(frozen=True, slots=True)
class Quantity:
    """One row: name, its words for staff, UCUM unit, shape, plausible range, smallest change worth keeping, and codes.

    `low` and `high` bound what a working sensor can mean; a value outside is a fault of the device, not of the
    resident. `choices` lists the words of an event (none: any text, an id). `life_safety` quantities act at any quality
    and are never thinned.
    """

    name: str
    en: str
    zh: str
    unit: str
    shape: Shape
    low: float = 0.0
    high: float = 1.0
    step: float = 0.0
    choices: tuple[str, ...] = ()
    life_safety: bool = False
    loinc: str = ""
    mdc: int = 0

    def admits(self, value: float | bool | str) -> bool:
        """Whether a working sensor can have said this."""
        if self.shape is Shape.EVENT:
            return value in self.choices if self.choices else isinstance(value, str) and value != ""
        if self.shape is Shape.STATE:
            return isinstance(value, bool)
        return not isinstance(value, bool | str) and self.low <= value <= self.high


PRESSES = ("press", "double", "triple", "long", "long_double", "long_triple", "hold", "release")

_CONTINUOUS, _STATE, _EVENT = Shape.CONTINUOUS, Shape.STATE, Shape.EVENT
_ROWS = (
    # vital signs
    Quantity("heart_rate", "heart rate", "心率", "/min", _CONTINUOUS, 20, 300, 1, loinc="8867-4", mdc=147842),
    Quantity("spo2", "SpO2", "血氧", "%", _CONTINUOUS, 40, 100, 1, loinc="59408-5", mdc=150456),
    Quantity("pulse_rate", "pulse", "脉率", "/min", _CONTINUOUS, 20, 300, 1, loinc="8867-4", mdc=149530),
    Quantity(
        "respiratory_rate", "breathing rate", "呼吸频率", "/min", _CONTINUOUS, 0, 60, 1, loinc="9279-1", mdc=151562
    ),
    Quantity(
        "body_temperature", "body temperature", "体温", "Cel", _CONTINUOUS, 25, 45, 0.1, loinc="8310-5", mdc=150364
    ),
    Quantity("systolic", "systolic pressure", "收缩压", "mm[Hg]", _CONTINUOUS, 40, 300, 1, loinc="8480-6", mdc=150021),
    Quantity(
        "diastolic", "diastolic pressure", "舒张压", "mm[Hg]", _CONTINUOUS, 20, 200, 1, loinc="8462-4", mdc=150022
    ),
    Quantity("glucose", "glucose", "血糖", "mmol/L", _CONTINUOUS, 0.5, 40, 0.1, loinc="15074-8", mdc=160184),
    Quantity("weight", "weight", "体重", "kg", _CONTINUOUS, 20, 250, 0.1, loinc="29463-7", mdc=188736),
    Quantity("apnoea", "no breathing", "呼吸暂停", "", _STATE, mdc=151562),
    # calls and life-safety contacts
    Quantity("button", "button", "按钮", "", _EVENT, choices=PRESSES, life_safety=True, mdc=8519682),
    Quantity("smoke", "smoke", "烟雾", "", _STATE, life_safety=True, mdc=8519683),
    Quantity("carbon_monoxide", "carbon monoxide", "一氧化碳", "", _STATE, life_safety=True, mdc=8519684),
    Quantity("gas", "gas", "燃气", "", _STATE, life_safety=True, mdc=8519686),
    Quantity("arc_fault", "arc fault", "故障电弧", "", _STATE, life_safety=True),
    Quantity("service", "request", "服务请求", "", _EVENT, choices=("water", "toilet", "chat", "other")),
    Quantity("body_fall", "fall", "跌倒", "", _EVENT, choices=("fall", "recovered"), life_safety=True, mdc=8519681),
    # people and where they are
    Quantity("seen_at", "seen at", "出现在", "", _EVENT),  # a tag was heard by the receiver of a place
    Quantity("card", "card", "刷卡", "", _EVENT),  # a card was held to a reader
    # bed and room
    Quantity("bed_occupied", "bed occupied", "在床", "", _STATE, mdc=8519691),
    Quantity("sitting_up", "sitting up", "坐起", "", _STATE, mdc=8519691),
    Quantity("edge_of_bed", "at the edge of the bed", "床边", "", _STATE, mdc=8519691),
    Quantity("bed_rail_up", "bed rail up", "床栏升起", "", _STATE),
    Quantity("pump_fault", "pump fault", "气垫泵故障", "", _STATE),
    Quantity("turned", "turned", "翻身", "", _EVENT, choices=("left", "right", "back", "turned")),
    Quantity("presence", "presence", "有人", "", _STATE, mdc=8519687),
    Quantity("motion", "motion", "活动", "", _STATE, mdc=8519687),
    Quantity("opening", "open", "开启", "", _STATE, mdc=8519690),
    Quantity("moisture", "water", "水浸", "", _STATE, mdc=8519685),
    Quantity("body_movement", "body movement", "体动", "%", _CONTINUOUS, 0, 100, 5),
    Quantity("distance", "distance", "距离", "cm", _CONTINUOUS, 0, 1000, 10),
    Quantity("air_temperature", "air temperature", "室温", "Cel", _CONTINUOUS, -40, 85, 0.2, mdc=8519694),
    Quantity("humidity", "humidity", "湿度", "%", _CONTINUOUS, 0, 100, 1),
    Quantity("illuminance", "light", "照度", "lx", _CONTINUOUS, 0, 200_000, 10),
    Quantity("water_temperature", "water temperature", "水温", "Cel", _CONTINUOUS, 0, 100, 0.5, mdc=8519694),
    Quantity("sound_level", "noise", "声级", "dB[SPL]", _CONTINUOUS, 0, 140, 3),
    Quantity("water_volume", "water used", "用水量", "m3", _CONTINUOUS, 0, 1e6, 0.001),  # a counter
    Quantity("electric_energy", "electricity used", "用电量", "kW.h", _CONTINUOUS, 0, 1e7, 0.01),  # a counter
    Quantity("mains", "mains power", "市电", "", _STATE),
    # the device itself
    Quantity("battery", "battery", "电量", "%", _CONTINUOUS, 0, 100, 1),
    Quantity("battery_low", "battery low", "电量低", "", _STATE),
    Quantity("worn", "worn", "佩戴", "", _STATE),
    Quantity("rssi", "signal strength", "信号强度", "dB[mW]", _CONTINUOUS, -127, 20, 10),
)


def _table(rows: Iterable[Quantity]) -> MappingProxyType[str, Quantity]:
    return MappingProxyType({row.name: row for row in rows})


QUANTITIES = _table(_ROWS)
