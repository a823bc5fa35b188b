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
    on_floor: Weight = 0.6
    radar: Weight = 0.9
    belt: Weight = 0.9
    button: Weight = 0.9
    bed_left: Weight = 0.3

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class FallSettings:
    """How long a fallen person has to get up, and how sure it must be (design "Fall").

    Certainty of `raise_at` raises at once; from `ask_at` on it asks aloud where a loudspeaker is (`ask_in`: rooms), or
    waits for a second sign; below it is weighed and left. `lie_s`: on the floor for so long is an alarm of its own.
    """

    recovery_s: Annotated[float, Ge(10), Le(20)] = 15.0
    second_source_s: Annotated[float, Ge(5), Le(120)] = 30.0
    raise_at: Annotated[float, Ge(0.2), Le(0.9)] = 0.5
    ask_at: Annotated[float, Ge(0.1), Le(0.9)] = 0.25
    ask_in: tuple[str, ...] = ()
    lie_s: Annotated[float, Ge(60), Le(1800)] = 300.0
    weights: FallWeights = FallWeights()

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
