"""The limits and times of the rules: the values of config/rules.toml (sources: docs/rules.md)."""

from dataclasses import dataclass, field
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
    """Both limits of one quantity in one direction; the condition ends `back` inside the medium limit."""

    medium: Limit
    high: Limit
    back: Annotated[float, Ge(0), Le(20)] = 2.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class VitalSettings:
    """Limits of the vital signs at rest (domain 2.3, default column)."""

    heart_rate_low: Limits = Limits(Limit(50, 300), Limit(40, 60))
    heart_rate_high: Limits = Limits(Limit(111, 300), Limit(131, 60))
    spo2_low: Limits = Limits(Limit(91, 180), Limit(87, 60))
    spo2_low_scale_2: Limits = Limits(Limit(85, 180), Limit(83, 60))
    respiratory_rate_low: Limits = Limits(Limit(9, 180), Limit(8, 120), 1.0)
    respiratory_rate_high: Limits = Limits(Limit(24, 180), Limit(27, 120), 1.0)

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class BedExitSettings:
    """How long a bed may be empty (domain 2.4)."""

    high_risk_high_s: Annotated[float, Ge(10), Le(600)] = 60.0
    medium_s: Annotated[float, Ge(60), Le(7200)] = 900.0
    high_s: Annotated[float, Ge(120), Le(14400)] = 1800.0
    flicker_s: Annotated[float, Ge(0), Le(30)] = 5.0  # back for less than this is the sensor, not the resident

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class FallSettings:
    """How long a fallen person has to get up before it is high (design "Fall")."""

    recovery_s: Annotated[float, Ge(10), Le(20)] = 15.0
    second_source_s: Annotated[float, Ge(5), Le(120)] = 30.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


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
    life_safety: Silence = Silence(medium_s=15, link_counts=True)
    wearable: Silence = Silence(low_s=1800)
    bed: Silence = Silence(medium_s=300, link_counts=True)
    camera: Silence = Silence(low_s=10, medium_s=60)
    environment: Silence = Silence(low_s=3600, link_counts=True)

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """All rules."""

    vitals: VitalSettings = field(default_factory=VitalSettings)
    bed_exit: BedExitSettings = field(default_factory=BedExitSettings)
    fall: FallSettings = field(default_factory=FallSettings)
    silent_device: SilentDeviceSettings = field(default_factory=SilentDeviceSettings)

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
