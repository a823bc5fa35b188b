"""How readings are grouped and how many are kept: table `store` of the gateway's settings."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """A commit of readings takes `group_rows` or `group_s`, whichever comes first; alarms never wait for one.

    `memory_rows`: readings that may wait for a disk that does not answer. `telemetry_rows`: readings kept on disk
    (about 350 bytes each); beyond, the oldest go and a gap is reported.
    """

    group_s: Annotated[float, Ge(0.05), Le(10)] = 2.0
    group_rows: Annotated[int, Ge(1), Le(1000)] = 100
    memory_rows: Annotated[int, Ge(100), Le(1_000_000)] = 20_000
    telemetry_rows: Annotated[int, Ge(1000), Le(100_000_000)] = 5_000_000

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
