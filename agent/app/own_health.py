"""The gateway's own disk, clock and power: looked at every ten seconds, told as parts (domain 3.5).

A disk that hangs must not hold the loop: it is asked in a thread, and not to answer is a fault in itself.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent.app.parts import Parts
from agent.clock import Clock, TimeQuality
from agent.offload import offload
from agent.rules.finding import Priority

_LOGGER = logging.getLogger(__name__)

LOOK_EACH_S = 10.0
ANSWER_S = 5.0
SUPPLIES = Path("/sys/class/power_supply")

_DISK_LOW, _DISK_MEDIUM, _DISK_BACK = 80, 90, 2  # % used
_CHARGE_MEDIUM, _CHARGE_HIGH, _CHARGE_BACK = 50, 15, 5  # % of a full battery, while the mains are gone
_CLOCKS = {
    TimeQuality.UNSET: "the clock was never set: nights and rounds cannot be told from days",
    TimeQuality.UNSYNCHRONISED: "nobody vouches for the clock: no time server answers",
    TimeQuality.SYNCHRONISED: "",
}

Fault = tuple[str, Priority]  # why (empty: none), and how grave
WELL: Fault = ("", Priority.LOW)


@dataclass(frozen=True, slots=True)
class Power:
    """What the power supplies say: `mains` None without a word on them, `charge` in %, None without a battery."""

    mains: bool | None = None
    charge: int | None = None


def disk_used(folder: Path) -> int:
    """Whole % of the file system under `folder` that we can no longer write; raises OSError."""
    disk = os.statvfs(folder)
    usable = disk.f_blocks - disk.f_bfree + disk.f_bavail
    return 100 - 100 * disk.f_bavail // usable if usable else 100


def power(supplies: Path = SUPPLIES) -> Power:
    """The mains and the emptiest battery of Linux's power supplies; one that cannot be read says nothing."""
    mains: bool | None = None
    charge: int | None = None
    for supply in sorted(supplies.glob("*")):
        if _word(supply / "scope") == "Device":  # the battery of a mouse
            continue
        kind, online, capacity = (_word(supply / name) for name in ("type", "online", "capacity"))
        if kind in ("Mains", "USB") and online in ("0", "1"):
            mains = bool(mains) or online == "1"
        elif kind in ("Battery", "UPS") and capacity.isdecimal():
            charge = int(capacity) if charge is None else min(charge, int(capacity))
    return Power(mains, charge)


def disk_fault(used: int, before: Fault) -> Fault:
    """How bad a disk is that is `used` % full; it is better again two points below a limit."""
    eased = {Priority.LOW: 0, Priority.MEDIUM: _DISK_BACK}[before[1]]
    if used >= _DISK_MEDIUM - eased:
        return f"{used} % used: nearly full; telemetry is thinned, alarms keep their reserve", Priority.MEDIUM
    if used >= _DISK_LOW - (_DISK_BACK if before[0] else 0):
        return f"{used} % used", Priority.LOW
    return WELL


def power_fault(now: Power, before: Fault) -> Fault:
    """How bad it is without mains; a battery is better again five points above a limit, and with mains all is well."""
    if now.mains is not False:
        return WELL
    rank = before[1] if before[0] else Priority.LOW
    charge = 100 if now.charge is None else now.charge
    why = "on battery" if now.charge is None else f"on battery, {now.charge} %"
    if charge <= _CHARGE_HIGH + (_CHARGE_BACK if rank is Priority.HIGH else 0):
        return why, Priority.HIGH
    if charge <= _CHARGE_MEDIUM + (_CHARGE_BACK if rank >= Priority.MEDIUM else 0):
        return why, Priority.MEDIUM
    return why, Priority.LOW


class OwnHealth:
    """Looks at disk, clock and power and tells the parts."""

    def __init__(
        self,
        parts: Parts,
        clock: Clock,
        folder: Path,
        used: Callable[[Path], int] = disk_used,
        supplies: Path = SUPPLIES,
    ) -> None:
        self._parts = parts
        self._clock = clock
        self._folder = folder
        self._used = used
        self._supplies = supplies
        self._disk = self._power = WELL
        self._asking = False  # the disk has not answered yet: it is not asked again, or hung threads would pile up

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EACH_S)

    async def look(self) -> None:
        """Once."""
        self._disk = await self._look_at_disk()
        self._power = power_fault(power(self._supplies), self._power)
        stamp = self._clock.stamp()
        self._parts.state("disk", self._disk[0], stamp.monotonic, self._disk[1])
        self._parts.state("power", self._power[0], stamp.monotonic, self._power[1])
        self._parts.state("clock", _CLOCKS[stamp.quality], stamp.monotonic)

    async def _look_at_disk(self) -> Fault:
        hangs: Fault = f"does not answer for {ANSWER_S:g} s", Priority.MEDIUM
        if self._asking:
            return hangs
        self._asking = True
        try:
            used = await offload(self._ask, ANSWER_S, "disk space")
        except TimeoutError:
            return hangs
        except OSError as error:
            _LOGGER.debug("%s: free space cannot be told: %s", self._folder, error)
            return f"free space cannot be told: {error.strerror}", Priority.MEDIUM
        return disk_fault(used, self._disk)

    def _ask(self) -> int:
        try:
            return self._used(self._folder)
        finally:
            self._asking = False


def _word(path: Path) -> str:
    """What stands in a file of one word; empty for one that is not there."""
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
