"""Tasks of care: `[care]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class CareSettings:
    """Night rounds, meals, assessments and visits (domain 2.1, 2.2; GB 38600)."""

    round_min: Annotated[float, Ge(30), Le(240)] = 120.0
    round_overdue_min: Annotated[float, Ge(5), Le(120)] = 30.0
    round_missed: Literal["low", "medium"] = "low"
    meal_before_min: Annotated[float, Ge(5), Le(60)] = 15.0
    assessment_days: Annotated[float, Ge(30), Le(365)] = 180.0
    still_h: Annotated[float, Ge(6), Le(72)] = 24.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
