"""Since when each open alarm may be heard: a pause, a flood or an answer keeps it quiet for a while. Pure."""

import math
from collections.abc import Iterable

from agent.alarms.alarm import Alarm


class LetSound:
    """What annunciators were told to sound, and since when."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._sounding: set[str] = set()

    def note(self, alarms: Iterable[Alarm], at: float) -> None:
        """All `alarms` as annunciators get them, at monotonic `at`."""
        before, self._sounding = self._sounding, set()
        known, self._since = self._since, {}
        for alarm in alarms:
            begins = alarm.sounding and alarm.id not in before
            if alarm.sounding:
                self._sounding.add(alarm.id)
            self._since[alarm.id] = at if begins else known.get(alarm.id, -math.inf)

    def since(self, alarm: str) -> float:
        """When it began to be let sound last, whether or not it is so still; -inf: never."""
        return self._since.get(alarm, -math.inf)
