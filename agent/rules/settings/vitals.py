"""Limits of the vital signs: `[vitals]` of config/rules.toml (sources: docs/rules.md)."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Limit:
    """Values at or beyond `at` that last `for_s` seconds matter."""

    at: Annotated[float, Ge(0), Le(300)]
    for_s: Annotated[float, Ge(0), Le(3600)]

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class Limits:
    """Both limits of one quantity in one direction; the condition ends `back` inside the medium limit.

    A change of more than `jump` within two values of the device is more than a body does (0: none is). `deep`: so far
    beyond that it is high sooner, also after a jump.
    """

    medium: Limit
    high: Limit
    back: Annotated[float, Ge(0), Le(20)] = 2.0
    jump: Annotated[float, Ge(0), Le(100)] = 0.0
    deep: Limit | None = None

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class VitalSettings:
    """Limits of the vital signs at rest (domain 2.3, default column), at night or in bed, and while active."""

    heart_rate_low: Limits = Limits(Limit(50, 300), Limit(40, 60))
    heart_rate_low_night: Limits = Limits(Limit(42, 300), Limit(38, 60))
    heart_rate_high: Limits = Limits(Limit(111, 300), Limit(131, 60))
    heart_rate_high_active: Limits = Limits(Limit(131, 300), Limit(151, 60))
    spo2_low: Limits = Limits(Limit(91, 180), Limit(87, 60), jump=4.0, deep=Limit(80, 40))
    spo2_low_scale_2: Limits = Limits(Limit(85, 180), Limit(83, 60), jump=4.0, deep=Limit(76, 40))
    respiratory_rate_low: Limits = Limits(Limit(9, 180), Limit(8, 120), 1.0)
    respiratory_rate_high: Limits = Limits(Limit(24, 180), Limit(27, 120), 1.0)
    confirm_s: Annotated[float, Ge(0), Le(300)] = 120.0  # more time that a jump needs
    confirm_deep_s: Annotated[float, Ge(0), Le(300)] = 60.0  # and one as far as `deep`
    unreliable_s: Annotated[float, Ge(60), Le(86_400)] = 600.0  # nothing but doubtful values, while worn

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
