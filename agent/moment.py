"""One moment on both clocks, as rules and alarms get it: a value, never asked of a clock."""

from dataclasses import dataclass

CHINA_S = 8 * 3600.0  # UTC+8, one zone and no daylight saving
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment: `monotonic` seconds for every timer, `wall` UTC seconds for display and for the time of day.

    `offset_s` is local time minus UTC. `wall_known` False: the clock was never set, so the time of day means nothing.
    """

    monotonic: float
    wall: float
    offset_s: float = CHINA_S
    wall_known: bool = True

    @property
    def time_of_day_s(self) -> float:
        """Seconds since local midnight."""
        return (self.wall + self.offset_s) % DAY_S

    @property
    def day(self) -> int:
        """Local days since 1970-01-01."""
        return int((self.wall + self.offset_s) // DAY_S)

    @property
    def weekday(self) -> int:
        """Local day of the week, Monday 0."""
        return (self.day + 3) % 7

    def monotonic_of(self, wall: float) -> float:
        """Monotonic time of the wall time `wall`, as far as this moment knows."""
        return self.monotonic + (wall - self.wall)


@dataclass(frozen=True, slots=True)
class DailySpan:
    """From `start_s` to `end_s` seconds after local midnight, past midnight when the end is earlier; the end is out."""

    start_s: float
    end_s: float

    def holds(self, moment: Moment) -> bool:
        """Whether `moment` lies in it; equal ends mean the whole day."""
        now = moment.time_of_day_s
        if self.start_s < self.end_s:
            return self.start_s <= now < self.end_s
        return now >= self.start_s or now < self.end_s

    def left_s(self, moment: Moment) -> float:
        """Seconds from `moment`, which lies in it, to its end."""
        return (self.end_s - moment.time_of_day_s) % DAY_S or DAY_S

    def next_start_s(self, moment: Moment) -> float:
        """Seconds from `moment` to its next start."""
        return (self.start_s - moment.time_of_day_s) % DAY_S or DAY_S

    def __str__(self) -> str:
        return f"{clock_text(self.start_s)}-{clock_text(self.end_s)}"


NIGHT = DailySpan(21 * 3600.0, 6 * 3600.0)  # domain 2.4


def seconds_of(clock: str) -> float:
    """Seconds after midnight of ``"21:30"``; raises ValueError for anything else."""
    hours, colon, minutes = clock.partition(":")
    if not colon or not hours.isdecimal() or not minutes.isdecimal() or int(hours) > 23 or int(minutes) > 59:
        raise ValueError(f"{clock!r} is no time of day; write it as 21:30")
    return int(hours) * 3600.0 + int(minutes) * 60.0


def clock_text(seconds: float) -> str:
    """``21:30`` of seconds after midnight."""
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}"
