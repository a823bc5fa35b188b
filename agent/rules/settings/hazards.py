"""Hazards of a room, and what people who live alone use: `[hazards]` and `[utilities]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class HazardSettings:
    """Water on the floor, water that scalds, noise at night (domain 2.2). Degrees are Celsius, levels dB(A)."""

    leak_for_s: Annotated[float, Ge(0), Le(120)] = 10.0
    scald_medium: Annotated[float, Ge(40), Le(50)] = 45.0
    scald_high: Annotated[float, Ge(45), Le(55)] = 50.0
    scald_for_s: Annotated[float, Ge(0), Le(60)] = 5.0
    scald_back: Annotated[float, Ge(0), Le(5)] = 2.0
    noise_above: Annotated[float, Ge(60), Le(100)] = 75.0
    noise_for_s: Annotated[float, Ge(1), Le(120)] = 10.0
    noise_quiet_s: Annotated[float, Ge(0), Le(600)] = 60.0
    stuck_after_s: Annotated[float, Ge(3600), Le(172_800)] = 14_400.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class UtilitySettings:
    """Water and electricity of people who live alone (domain 2.4). A share or a multiple is of the usual use.

    The usual use is the median of `days` days, once there are at least `least_days`.
    """

    dry_h: Annotated[float, Ge(6), Le(48)] = 12.0
    dry_below_m3: Annotated[float, Ge(0.001), Le(0.1)] = 0.01
    leak_h: Annotated[float, Ge(12), Le(48)] = 24.0
    noon_share: Annotated[float, Ge(0), Le(0.5)] = 0.2
    night_times: Annotated[float, Ge(1.5), Le(10)] = 3.0
    night_for_h: Annotated[float, Ge(0.5), Le(6)] = 2.0
    days: Annotated[int, Ge(7), Le(28)] = 14
    least_days: Annotated[int, Ge(3), Le(14)] = 7

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
