"""When somebody is away from their own normal: `[baseline]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class BaselineSettings:
    """The median of `window_min` minutes against the resident's own, known from `days` days on.

    It is away when it differs by `spreads` times the usual difference, and by no less than the quantity's own `_by`
    (per minute, % of SpO2).
    """

    window_min: Annotated[float, Ge(10), Le(120)] = 30.0
    days: Annotated[float, Ge(1), Le(28)] = 3.0
    spreads: Annotated[float, Ge(2), Le(10)] = 4.0
    heart_rate_by: Annotated[float, Ge(5), Le(60)] = 20.0
    spo2_by: Annotated[float, Ge(2), Le(15)] = 4.0
    respiratory_rate_by: Annotated[float, Ge(2), Le(20)] = 5.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
