"""Two clocks and how they meet: monotonic inside, UTC at the edge only.

A gateway has no clock battery. Every record carries the boot it belongs to, the monotonic time within that boot and
how far the wall time may be trusted, so that a wall time can be corrected later and a jump of years fires no timer.
"""

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from agent.moment import CHINA_S, Moment

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BUILD_EPOCH_S = 1_763_856_000.0  # 2025-11-23: no true clock is older than the code


class TimeQuality(StrEnum):
    """How far a wall time may be trusted."""

    SYNCHRONISED = "synchronised"  # the kernel says that NTP disciplines the clock
    UNSYNCHRONISED = "unsynchronised"  # set and plausible, but nobody vouches for it
    UNSET = "unset"  # before the build date: never set since power-on


@dataclass(frozen=True, slots=True)
class Stamp:
    """One moment on both clocks: `monotonic` and `wall` in seconds (wall is UTC since 1970)."""

    boot: str
    monotonic: float
    wall: float
    quality: TimeQuality


class _Timex(ctypes.Structure):
    """struct timex, of which only the return value of adjtimex(2) is used."""

    _fields_ = (("modes", ctypes.c_uint), ("rest", ctypes.c_byte * 252))


_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised


_LIBC = ctypes.CDLL(None, use_errno=True)
ASKED_EACH_S = 1.0  # every reading is stamped; whether NTP disciplines the clock does not change with each


def _kernel_synchronised() -> bool:
    """Whether adjtimex(2) reports a disciplined clock."""
    return _LIBC.adjtimex(ctypes.byref(_Timex())) not in (_TIME_ERROR, -1)


class Clock:
    """The process's clock; tests give their own `monotonic` and `wall`."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        boot: str | None = None,
        synchronised: Callable[[], bool] = _kernel_synchronised,
    ) -> None:
        self.monotonic = monotonic
        self._wall = wall
        self._synchronised = synchronised
        self.offset_s = CHINA_S  # local time minus UTC; the site facts may say otherwise
        self._disciplined = False
        self._asked_at = float("-inf")
        self.boot = boot if boot is not None else BOOT_ID.read_text(encoding="ascii").strip()

    def stamp(self, monotonic: float | None = None) -> Stamp:
        """The moment `monotonic` (now, if None) of this boot on both clocks."""
        now = self.monotonic()
        moment = now if monotonic is None else monotonic
        wall = self._wall()
        return Stamp(self.boot, moment, wall - (now - moment), self.quality(wall))

    def moment(self) -> Moment:
        """Now, as rules and alarms get it."""
        stamp = self.stamp()
        return Moment(stamp.monotonic, stamp.wall, self.offset_s, stamp.quality is not TimeQuality.UNSET)

    def quality(self, wall: float) -> TimeQuality:
        """How far the wall time `wall` of this machine may be trusted now."""
        if wall < BUILD_EPOCH_S:
            return TimeQuality.UNSET
        now = self.monotonic()
        if not 0.0 <= now - self._asked_at < ASKED_EACH_S:
            self._disciplined, self._asked_at = self._synchronised(), now
        return TimeQuality.SYNCHRONISED if self._disciplined else TimeQuality.UNSYNCHRONISED
