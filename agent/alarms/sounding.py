"""Which of the open alarms sound: the audio pause, and what a flood of alarms thins. Pure.

Lamps and lists stay as they are; a high alarm is never thinned, and nothing is withdrawn.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from agent.alarms.alarm import Alarm
from agent.alarms.settings import FloodSettings
from agent.alarms.standing import Pause
from agent.rules.finding import Priority
from agent.rules.kinds import KINDS


class Flood:
    """More alarms than anybody can answer (ISA-18.2: begins above ten in ten minutes, ends below five)."""

    def __init__(self, settings: FloodSettings) -> None:
        self._settings = settings
        self._raised: deque[float] = deque()
        self.on = False

    def raised(self, at: float) -> None:
        """An alarm was raised."""
        self._raised.append(at)
        self.look(at)

    def look(self, now: float) -> None:
        """Count what was raised lately: a flood begins or ends."""
        while self._raised and now - self._raised[0] >= self._settings.within_s:
            self._raised.popleft()
        count = len(self._raised)
        self.on = count > self._settings.begins_above or (self.on and count >= self._settings.ends_below)

    @property
    def due(self) -> float:
        """When it may end."""
        return self._raised[0] + self._settings.within_s if self.on and self._raised else float("inf")


class Thinning:
    """Gives alarms as annunciators get them; one that stays as it is stays the same object, so nobody tells it anew."""

    def __init__(self) -> None:
        self._quiet: dict[str, tuple[Alarm, Alarm]] = {}  # id -> as it is, and without its sound

    def shown(self, alarms: Iterable[Alarm], pause: Pause | None, flood: bool) -> tuple[Alarm, ...]:
        """`alarms`, of which those that must be quiet now do not sound."""
        heard: set[str] = set()  # kinds of which a medium alarm sounds already
        kept, self._quiet = self._quiet, {}
        given = []
        for alarm in alarms:
            quiet = alarm.sounding and (_paused(alarm, pause) or (flood and _thinned(alarm, heard)))
            if quiet:
                known = kept.get(alarm.id)
                pair = known if known and known[0] is alarm else (alarm, replace(alarm, sounding=False))
                self._quiet[alarm.id] = pair
                given.append(pair[1])
                continue
            if alarm.sounding and alarm.priority is Priority.MEDIUM:
                heard.add(alarm.kind)
            given.append(alarm)
        return tuple(given)


def _paused(alarm: Alarm, pause: Pause | None) -> bool:
    return pause is not None and alarm.priority <= pause.priority


def _thinned(alarm: Alarm, heard: set[str]) -> bool:
    if KINDS[alarm.kind].unsuppressible:
        return False
    return alarm.priority is Priority.LOW or (alarm.priority is Priority.MEDIUM and alarm.kind in heard)
