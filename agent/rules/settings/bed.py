"""How long a bed may be empty, or full: `[bed_exit]` and `[bed]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}

Minutes = Annotated[float, Ge(1), Le(720)]


@dataclass(frozen=True, slots=True)
class BedExitSettings:
    """A resident at high risk of falling who gets up (domain 2.4), in three stages.

    Sitting up is only noted; at the edge raises medium, out of bed high after `high_risk_high_s`; at night, and by day
    with `by_day`. Back for less than `flicker_s` is the sensor, not the resident.
    """

    high_risk_high_s: Annotated[float, Ge(10), Le(600)] = 60.0
    by_day: bool = False
    flicker_s: Annotated[float, Ge(0), Le(30)] = 5.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class BedSettings:
    """Everybody else's night, long stays, turning and rails (domain 2.2, 2.4).

    `not_back_*`: left at night and not back. `seen_min`: seen elsewhere in so many minutes explains it. `long_min`: a
    mobile resident in bed. `turn_soon_min`, `turn_late_min`: before and after a turn is due. `turn_rest_min`: so long
    out of bed is as good as a turn. `rail_s`: the rail down at night, nobody there.
    """

    not_back_medium_min: Minutes = 15.0
    not_back_high_min: Minutes = 30.0
    not_back_by_day: bool = False
    seen_min: Minutes = 10.0
    long_min: Annotated[float, Ge(240), Le(1440)] = 720.0
    turn_soon_min: Annotated[float, Ge(0), Le(60)] = 10.0
    turn_late_min: Annotated[float, Ge(0), Le(120)] = 15.0
    turn_rest_min: Annotated[float, Ge(1), Le(60)] = 5.0
    rail_s: Annotated[float, Ge(10), Le(1800)] = 60.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
