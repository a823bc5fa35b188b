"""What is to be heard and seen now: the one value that every output is driven by."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agent.annunciators.patterns import LOW, Burst, level
from agent.annunciators.speech import SiteFacts

BUZZER, RED, YELLOW, HEARTBEAT = "buzzer", "red", "yellow", "heartbeat"
LINES = (BUZZER, RED, YELLOW, HEARTBEAT)


@dataclass(frozen=True, slots=True)
class Scene:
    """Levels of all lines, valid until monotonic `until`, and what makes them so.

    `burst` sounds since `burst_at` (None: silence) for those of `alarms` that sound; `began` are the ids of those that
    have not been sounded yet. `testing`: this is a test, for one output alone. `core_gone`: nobody judges any more.
    """

    on: Mapping[str, bool]
    until: float
    burst: Burst | None = None
    burst_at: float = 0.0
    alarms: tuple[Mapping[str, Any], ...] = ()
    began: tuple[str, ...] = ()
    testing: bool = False
    site: SiteFacts = field(default_factory=SiteFacts)
    core_gone: bool = False

    def silent(self) -> "Scene":
        """The same for an output that stands by: all lamps, no sound."""
        return replace(self, on={**self.on, BUZZER: False}, burst=None, began=())


def test_scene(now: float, begun: float) -> Scene:
    """All lamps, and the mildest pattern once."""
    on, remaining_ms = level(LOW, round((now - begun) * 1000))
    until = float("inf") if remaining_ms is None else now + remaining_ms / 1000
    return Scene({**dict.fromkeys(LINES, True), BUZZER: on}, until, LOW, begun, testing=True)
