"""How long devices may say nothing: `[silent_device]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Silence:
    """How long devices of one role may say nothing; 0: never an alarm of that priority.

    `link_counts`: the driver's word that the link is silent or at fault counts at once, as the gravest step.
    """

    low_s: Annotated[float, Ge(0), Le(172_800)] = 0.0
    medium_s: Annotated[float, Ge(0), Le(172_800)] = 0.0
    link_counts: bool = False

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class SilentDeviceSettings:
    """One row a role (domain 2.4 "Sensor silent", 3.5)."""

    button: Silence = Silence(medium_s=86_400)  # a button without check signal speaks only when pressed (EN 50134-2)
    life_safety: Silence = Silence(medium_s=300, link_counts=True)  # EN 54-25; a polled one by its link at once
    wearable: Silence = Silence(low_s=1800)
    bed: Silence = Silence(medium_s=300, link_counts=True)
    camera: Silence = Silence(low_s=10, medium_s=60)
    environment: Silence = Silence(low_s=3600, link_counts=True)
    tag: Silence = Silence(low_s=3600)  # its bearer may be where no receiver hears it
    reader: Silence = Silence(low_s=3600, link_counts=True)
    meter: Silence = Silence(low_s=7200, link_counts=True)

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """What devices need from people (domain 2.4 "Device not worn"); levels are % of a full battery.

    A bed sensor that changes more than `flutter_changes` times within `flutter_s` needs to be looked at.
    """

    not_worn_s: Annotated[float, Ge(300), Le(14_400)] = 1800.0
    charge_at: Annotated[float, Ge(15), Le(60)] = 30.0
    low_at: Annotated[float, Ge(5), Le(25)] = 10.0
    battery_back: Annotated[float, Ge(1), Le(20)] = 5.0
    pump_fault_s: Annotated[float, Ge(0), Le(600)] = 30.0
    mains_for_s: Annotated[float, Ge(0), Le(300)] = 10.0
    reserve_medium: Annotated[float, Ge(20), Le(90)] = 50.0
    reserve_high: Annotated[float, Ge(5), Le(50)] = 15.0
    flutter_changes: Annotated[int, Ge(3), Le(60)] = 6
    flutter_s: Annotated[float, Ge(10), Le(600)] = 60.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
