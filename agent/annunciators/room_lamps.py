"""The corridor lamp of each room: flashing while nobody has answered, steady until the alarm is closed. Pure.

The gravest open alarm of a room decides. Flashing as the tower light does (IEC 60601-1-8 table 2): 2 Hz for high,
0.5 Hz for medium; low is steady.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from agent.annunciators.speech import SiteFacts, room_of
from agent.rules.finding import Priority

HALF_PERIOD_S = MappingProxyType({Priority.HIGH: 0.25, Priority.MEDIUM: 1.0})


def room_lamps(alarms: Iterable[Mapping[str, Any]], site: SiteFacts, now: float) -> tuple[dict[str, bool], float]:
    """Whether the lamp of each room with an open alarm is lit at `now`, and until when that holds."""
    gravest: dict[str, tuple[Priority, bool]] = {}
    for alarm in alarms:
        if room := room_of(alarm, site):
            own = (Priority.of(alarm["priority"]), bool(alarm["sounding"]))
            gravest[room] = max(gravest.get(room, own), own)
    lit, until = {}, float("inf")
    for room, (priority, unanswered) in gravest.items():
        half = HALF_PERIOD_S.get(priority) if unanswered else None
        lit[room] = half is None or int(now / half) % 2 == 0
        if half is not None:
            until = min(until, (int(now / half) + 1) * half)
    return lit, until
