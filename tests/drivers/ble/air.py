"""One adapter's driver on a simulated BlueZ, with everything that it said."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from drivers.base import Link, LinkState
from drivers.ble.adapter import build
from drivers.ble.settings import BleAdapterSettings, BleDeviceSettings
from drivers.reading import Reading
from tests.simulator.bluez import Bluez
from tests.simulator.system_bus import SystemBus
from tests.simulator.wearables import HeartRateStrap, Oximeter
from tests.waiting import until

BUTTON, STRAP, OXIMETER, STRANGER = (f"A4:C1:38:00:00:{number:02X}" for number in range(1, 5))


@dataclass
class Air:
    """The bus, its BlueZ, and what the driver emitted. `run` starts the driver."""

    bus: SystemBus
    bluez: Bluez
    said: list[Reading | Link] = field(default_factory=list)
    strangers: list[tuple[str, str]] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def run(self, *devices: BleDeviceSettings, silent_scan_s: float = 60.0) -> AsyncIterator[None]:
        settings = BleAdapterSettings(silent_scan_s=silent_scan_s, device=devices)
        driver = build(settings, self.said.append, time.monotonic, lambda *stranger: self.strangers.append(stranger))
        task = asyncio.create_task(driver.run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def readings(self, quantity: str, device: str = "") -> list[Reading]:
        return [
            one
            for one in self.said
            if isinstance(one, Reading) and one.quantity == quantity and device in ("", one.device)
        ]

    def links(self, device: str) -> list[LinkState]:
        return [one.state for one in self.said if isinstance(one, Link) and one.device == device]

    def link(self, device: str) -> Link:
        nothing = Link(device, LinkState.SEARCHING, 0.0)
        return [nothing, *(one for one in self.said if isinstance(one, Link) and one.device == device)][-1]


def button(key: str = "") -> BleDeviceSettings:
    return BleDeviceSettings("button-1", BUTTON, "bthome", key)


def strap() -> BleDeviceSettings:
    return BleDeviceSettings("strap-1", STRAP, "heart_rate")


def oximeter() -> BleDeviceSettings:
    return BleDeviceSettings("oximeter-1", OXIMETER, "pulse_oximeter")


async def subscribed(*wearables: HeartRateStrap | Oximeter) -> None:
    """Let each advertise until the driver has connected and subscribed."""
    for one in wearables:
        await until(lambda one=one: [one.advertise()] and one.subscribed, "subscribed")  # type: ignore[misc]
