"""Where residents go, and how long nothing moves: `[movement]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}

Minutes = Annotated[float, Ge(1), Le(720)]


@dataclass(frozen=True, slots=True)
class MovementSettings:
    """Toilet, exits, corridors and rooms (domain 2.4); times of the toilet by day and at night.

    `toilet_leave_s`: the door was opened and nothing has moved inside since. `toilet_still_min`: nothing moved where no
    door tells. `escort_wait_s`: a member of staff may come so long after the resident; `escort_within_s`: and so long
    before. `lost_s`: a tag last heard at an exit; `door_held_s`: its door stands open beside a resident alone.
    `passes` in `pace_min` is pacing, medium after `pace_medium_min`; a tag that is back within `flap_s` has not passed.
    """

    toilet_medium_min: Minutes = 20.0
    toilet_high_min: Minutes = 30.0
    toilet_night_medium_min: Minutes = 15.0
    toilet_night_high_min: Minutes = 25.0
    toilet_leave_s: Annotated[float, Ge(10), Le(600)] = 60.0
    toilet_still_min: Minutes = 10.0
    escort_wait_s: Annotated[float, Ge(0), Le(5)] = 2.0
    escort_within_s: Annotated[float, Ge(2), Le(60)] = 15.0
    lost_s: Annotated[float, Ge(30), Le(600)] = 90.0
    door_held_s: Annotated[float, Ge(5), Le(300)] = 30.0
    passes: Annotated[int, Ge(3), Le(50)] = 6
    pace_min: Minutes = 10.0
    pace_medium_min: Minutes = 20.0
    flap_s: Annotated[float, Ge(0), Le(60)] = 20.0
    pace_by_day: bool = False
    inactive_min: Annotated[float, Ge(30), Le(1440)] = 240.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
