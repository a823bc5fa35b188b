"""When NEWS2 matters, and how old its values may be: `[news2]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class News2Settings:
    """The chart itself is fixed; these are its triggers (RCP 2017) and the age limits (domain 2.3).

    `single_at`: points of one parameter that are medium by themselves. `fresh_min`: pulse, SpO2 and breathing;
    `spot_h`: blood pressure and temperature; `word_h`: consciousness, which only a person can tell. `over_min`: below
    the triggers for so long ends it.
    """

    single_at: Annotated[int, Ge(2), Le(3)] = 3
    medium_at: Annotated[int, Ge(3), Le(6)] = 5
    high_at: Annotated[int, Ge(5), Le(9)] = 7
    fresh_min: Annotated[float, Ge(5), Le(60)] = 15.0
    spot_h: Annotated[float, Ge(1), Le(24)] = 8.0
    word_h: Annotated[float, Ge(1), Le(24)] = 8.0
    over_min: Annotated[float, Ge(0), Le(120)] = 15.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
