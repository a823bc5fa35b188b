"""How a fall is judged: `[fall]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}

Weight = Annotated[float, Ge(0), Le(1)]


@dataclass(frozen=True, slots=True)
class FallWeights:
    """How much each kind of evidence is worth, times its own score; together they make 1 - (1 - a)(1 - b)."""

    camera: Weight = 1.0
    on_floor: Weight = 0.9
    radar: Weight = 0.9
    belt: Weight = 0.9
    unworn: Weight = 0.1  # the same word from a belt that says it is not worn
    button: Weight = 0.9
    bed_left: Weight = 0.3
    stillness: Weight = 0.3  # the room has gone still since

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class FallSettings:
    """How long a fallen person has to get up, and how sure it must be (design "Fall").

    Certainty of `raise_at` raises at once; from `high_at` on with two sources it is high at once; below `ask_at` it is
    weighed and left. What lies between asks aloud where a loudspeaker works (`rooms` of annunciators.toml) and is
    raised when nobody has come within `answer_s`; everywhere else it raises at once. `lie_s`: on the floor for so long
    is an alarm of its own.
    """

    recovery_s: Annotated[float, Ge(10), Le(20)] = 15.0
    second_source_s: Annotated[float, Ge(5), Le(120)] = 30.0
    answer_s: Annotated[float, Ge(5), Le(30)] = 15.0
    high_at: Annotated[float, Ge(0.5), Le(0.95)] = 0.9
    raise_at: Annotated[float, Ge(0.2), Le(0.9)] = 0.85
    ask_at: Annotated[float, Ge(0.1), Le(0.9)] = 0.75
    lie_s: Annotated[float, Ge(60), Le(1800)] = 300.0
    weights: FallWeights = FallWeights()

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
