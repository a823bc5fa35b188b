"""What every driver is, and what it may say."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.reading import Reading
from drivers.trouble import Trouble


class LinkState(StrEnum):
    """The state of the way to one device."""

    SEARCHING = "searching"  # never heard since start
    CONNECTED = "connected"  # values arrive
    SILENT = "silent"  # it was asked and did not answer, or its connection was lost
    OFF = "off"  # on purpose: nobody is to miss it
    FAULT = "fault"  # the port, adapter or bus itself fails: unplugged, no Bluetooth, no rights


@dataclass(frozen=True, slots=True)
class Link:
    """The way to `device` changed its state at `at` (CLOCK_MONOTONIC seconds); `reason`: what is wrong with it."""

    device: str
    state: LinkState
    at: float
    reason: Trouble | None = None


Emit = Callable[[Reading | Link], None]
Now = Callable[[], float]


class Driver(Protocol):
    """One link to the world: a Bluetooth adapter, a serial port.

    `run` never returns by itself; it raises `drivers.errors.DriverError` when only a restart can help (the caller
    restarts it with a capped, jittered back-off) and cleans up when cancelled. Faults that it can mend (lost
    connection, bad frame) stay inside and show as `Link`.
    """

    @property
    def name(self) -> str:
        """A name for logs and supervision, such as ``ble:hci0`` or ``modbus:/dev/ttyUSB0``."""

    @property
    def devices(self) -> tuple[str, ...]:
        """Ids of the devices behind this link."""

    async def run(self) -> None:
        """Serve the link until cancelled."""
