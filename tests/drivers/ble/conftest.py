"""A private bus with a BlueZ on it. Both end inside the test's loop, so that bleak's own watch on the bus ends too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.drivers.ble.air import Air
from tests.simulator.bluez import Bluez
from tests.simulator.system_bus import VARIABLE, SystemBus


@pytest.fixture
async def air(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Air]:
    async with SystemBus(run_folder) as bus:
        monkeypatch.setenv(VARIABLE, bus.address)
        bluez = Bluez(bus.address)
        await bluez.start()
        yield Air(bus, bluez)
        await bluez.stop()
