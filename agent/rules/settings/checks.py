"""Measurements that are taken now and then, breathing that stops, weight: `[checks]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}

At = Annotated[float, Ge(0), Le(300)]


@dataclass(frozen=True, slots=True)
class Steps:
    """From which value on one measurement matters, and how much; it is over `back` inside the mildest of them."""

    low: At | None = None
    medium: At | None = None
    high: At | None = None
    back: Annotated[float, Ge(0), Le(20)] = 0.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Domain 2.3; degrees Celsius, mmHg, mmol/L, kg. Glucose matters beyond its limits, the others at them.

    A blood pressure at its high step needs another within `repeat_min`. Temperatures above `fever_at` that come again
    after an hour, within `fever_h`, are a fever too. `drop_*`: pressure falls so far within `drop_min` of the last one.
    `apnoea_s`: no breath. `loss_month`, `loss_half_year`: % of the weight within 30 and 180 days.
    """

    temperature_low: Steps = Steps(high=35.0, back=0.3)
    temperature_high: Steps = Steps(low=37.8, medium=38.1, high=39.1, back=0.3)
    systolic_low: Steps = Steps(low=100, high=90, back=5)
    systolic_high: Steps = Steps(low=160, high=180, back=5)
    diastolic_high: Steps = Steps(medium=110, back=5)
    glucose_low: Steps = Steps(medium=3.9, high=3.0, back=0.3)
    glucose_high: Steps = Steps(low=13.9, medium=16.7, back=0.5)
    repeat_min: Annotated[float, Ge(1), Le(30)] = 5.0
    fever_at: Annotated[float, Ge(36.8), Le(37.8)] = 37.2
    fever_h: Annotated[float, Ge(4), Le(72)] = 24.0
    drop_systolic: Annotated[float, Ge(10), Le(60)] = 20.0
    drop_diastolic: Annotated[float, Ge(5), Le(40)] = 10.0
    drop_min: Annotated[float, Ge(1), Le(10)] = 3.0
    apnoea_s: Annotated[float, Ge(10), Le(60)] = 30.0
    loss_month: Annotated[float, Ge(2), Le(15)] = 5.0
    loss_half_year: Annotated[float, Ge(4), Le(25)] = 10.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
