"""How a fall is judged: `[fall]` of config/rules.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

_FORBID: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class FallSettings:
    """How long a fallen person has to get up before it is high (design "Fall")."""

    recovery_s: Annotated[float, Ge(10), Le(20)] = 15.0
    second_source_s: Annotated[float, Ge(5), Le(120)] = 30.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
