"""What buzzer and lamps should do now, from the set of open alarms. Pure: time comes in as a value.

Lamps follow IEC 60601-1-8 table 2: red flashing for high, yellow flashing for medium, yellow steady for low; they stay
while an alarm is open, seen or not. A green heartbeat lamp shows that this process lives.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agent.annunciators.patterns import TECHNICAL, Burst, Sounding, burst_for, level
from agent.annunciators.scene import BUZZER, HEARTBEAT, RED, YELLOW, Scene
from agent.rules.finding import AlarmClass, Priority

CORE_SILENT_S = 5.0  # after this long without a line from the core, the sounder speaks for itself

# Half periods: 2 Hz for high, 0.5 Hz for medium, 1 Hz for the heartbeat.
_HALF_PERIOD_S = {RED: 0.25, YELLOW: 1.0, HEARTBEAT: 0.5}


class Board:
    """The open alarms as the core told them last, and since when each of them sounds."""

    def __init__(self, now: float) -> None:
        self.alarms: tuple[Mapping[str, Any], ...] = ()
        self._since: dict[str, float] = {}
        self._burst: Burst | None = None
        self._burst_at = now
        self._core_at = now

    def heard_core(self, now: float) -> None:
        """The core said something at `now`."""
        self._core_at = now

    @property
    def sounding(self) -> bool:
        """Whether any alarm asks for the buzzer."""
        return bool(self._since)

    @property
    def urgent(self) -> bool:
        """Whether one of medium or high priority does."""
        return any(Priority.of(a["priority"]) > Priority.LOW for a in self.alarms if a["id"] in self._since)

    def show(self, alarms: Sequence[Mapping[str, Any]], now: float, night: bool) -> tuple[str, ...]:
        """Take the whole set of open alarms; gives the ids of those that begin to sound with this call.

        The burst starts anew for them unless the buzzer is on at this very moment or a graver one holds it.
        """
        self.alarms = tuple(alarms)
        wanted = {a["id"]: a for a in alarms if a["sounding"]}
        began = tuple(id_ for id_ in wanted if id_ not in self._since)
        self._since = {id_: self._since.get(id_, now) for id_ in wanted}
        burst = self._wanted_burst(now, night)
        gravest = max((Priority.of(a["priority"]) for a in wanted.values()), default=None)
        fresh = any(Priority.of(wanted[id_]["priority"]) == gravest for id_ in began)
        if burst is not self._burst or (fresh and not self._buzzer(now)[0]):
            self._start(burst, now)
        return began if burst is not None else ()

    def scene(self, now: float, night: bool) -> Scene:
        """What is to be heard and seen at `now`."""
        burst = self._wanted_burst(now, night)
        if burst is not self._burst:
            self._start(burst, now)
        buzzer, until = self._buzzer(now)
        on = {BUZZER: buzzer, **dict.fromkeys((RED, YELLOW), False)}
        until = min(until, self._core_at + CORE_SILENT_S) if now < self._core_at + CORE_SILENT_S else until
        shown = {Priority.of(a["priority"]) for a in self.alarms}
        flashing = [HEARTBEAT]
        if Priority.HIGH in shown:
            flashing.append(RED)
        if Priority.MEDIUM in shown:
            flashing.append(YELLOW)
        elif Priority.LOW in shown or self._core_gone(now):
            on[YELLOW] = True
        for lamp in flashing:
            half = _HALF_PERIOD_S[lamp]
            on[lamp] = int(now / half) % 2 == 0
            until = min(until, (int(now / half) + 1) * half)
        gone = self._core_gone(now)
        return Scene(on, until, self._burst, self._burst_at, self.alarms, core_gone=gone)

    def _core_gone(self, now: float) -> bool:
        return now - self._core_at >= CORE_SILENT_S

    def _wanted_burst(self, now: float, night: bool) -> Burst | None:
        wanted = [
            Sounding(
                Priority.of(a["priority"]),
                a["alarm_class"] == AlarmClass.TECHNICAL.value,
                now - self._since[a["id"]],
            )
            for a in self.alarms
            if a["id"] in self._since
        ]
        burst = burst_for(wanted, night)
        once = burst is None or burst.silence_ms is None  # a low one is heard once, and then nothing would be
        return TECHNICAL if once and self._core_gone(now) else burst

    def _start(self, burst: Burst | None, now: float) -> None:
        self._burst, self._burst_at = burst, now

    def _buzzer(self, now: float) -> tuple[bool, float]:
        if self._burst is None:
            return False, float("inf")
        on, remaining_ms = level(self._burst, round((now - self._burst_at) * 1000))
        return on, float("inf") if remaining_ms is None else now + remaining_ms / 1000
