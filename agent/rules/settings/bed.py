"""How long a bed may be empty: `[bed_exit]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class BedExitSettings:
    """How long a bed may be empty (domain 2.4)."""

    high_risk_high_s: Annotated[float, Ge(10), Le(600)] = 60.0
    medium_s: Annotated[float, Ge(60), Le(7200)] = 900.0
    high_s: Annotated[float, Ge(120), Le(14400)] = 1800.0
    flicker_s: Annotated[float, Ge(0), Le(30)] = 5.0  # back for less than this is the sensor, not the resident

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
