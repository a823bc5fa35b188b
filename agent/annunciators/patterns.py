"""Buzzer patterns, modelled on IEC 60601-1-8 (a piezo has no harmonics, so it cannot conform). Pure.

A burst is a row of pulses; after it comes a silence, then the next burst. Times are milliseconds. Whoever drives the
line asks `level` what it should be now, and how long that holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.rules.finding import Priority


@dataclass(frozen=True, slots=True)
class Burst:
    """`starts` of pulses of `pulse_ms`; the next burst begins `silence_ms` after the last pulse ends (None: never)."""

    starts: tuple[int, ...]
    pulse_ms: int
    silence_ms: int | None

    @property
    def length_ms(self) -> int:
        """From the first rise to the last fall."""
        return self.starts[-1] + self.pulse_ms


_HIGH_STARTS = (0, 250, 500, 1000, 1250, 1900, 2150, 2400, 2900, 3150)
HIGH = Burst(_HIGH_STARTS, 150, 5000)
HIGH_UNANSWERED = Burst(_HIGH_STARTS, 150, 2500)
MEDIUM = Burst((0, 400, 800), 200, 15_000)
LOW = Burst((0, 400), 200, None)
TECHNICAL = Burst((0, 400), 200, 60_000)  # also when the core is gone: the sounder's own voice

UNANSWERED_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Sounding:
    """What an open alarm asks of the buzzer; `since_s` seconds since it began to sound."""

    priority: Priority
    technical: bool
    since_s: float


def burst_for(sounding: Iterable[Sounding], night: bool) -> Burst | None:
    """The burst of the gravest of the alarms that sound; None for silence. Low ones are silent at night."""
    gravest = max(sounding, key=lambda s: (s.priority, s.since_s), default=None)
    if gravest is None or (gravest.priority is Priority.LOW and night):
        return None
    if gravest.priority is Priority.HIGH:
        return HIGH_UNANSWERED if gravest.since_s > UNANSWERED_AFTER_S else HIGH
    if gravest.priority is Priority.MEDIUM:
        return MEDIUM
    return TECHNICAL if gravest.technical else LOW


def level(burst: Burst, elapsed_ms: int) -> tuple[bool, int | None]:
    """Whether the line is on `elapsed_ms` after the burst's first rise, and for how many ms more (None: for good)."""
    if burst.silence_ms is None:
        within = elapsed_ms
        if within >= burst.length_ms:
            return False, None
    else:
        within = elapsed_ms % (burst.length_ms + burst.silence_ms)
    for start in burst.starts:
        if within < start:
            return False, start - within
        if within < start + burst.pulse_ms:
            return True, start + burst.pulse_ms - within
    return False, burst.length_ms + (burst.silence_ms or 0) - within
