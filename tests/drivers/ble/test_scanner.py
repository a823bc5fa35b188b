"""What of an advertisement was sent, and what BlueZ only remembers beside it."""

import asyncio
import contextlib
import time

from drivers.ble.advertisement import Advertisement
from drivers.ble.scanner import Scanner
from tests.drivers.ble.air import BUTTON, STRAP, Air
from tests.simulator.wearables import BTHOME, HeartRateStrap
from tests.waiting import until


async def test_service_data_is_fresh_only_when_it_was_sent(air: Air) -> None:
    heard: list[Advertisement] = []
    scanner = Scanner("hci0", 60, time.monotonic, lambda advertisement, _: heard.append(advertisement), lambda _: None)
    task = asyncio.create_task(scanner.run())
    await until(lambda: air.bluez.scanning, "scan")
    sent_at = air.bluez.advertise(BUTTON, {BTHOME: b"\x44\x3a\x01"}, name="B")
    air.bluez.advertise(BUTTON, {BTHOME: b"\x44\x3a\x01"})
    air.bluez.advertise(BUTTON, rssi_dbm=-40)
    air.bluez.advertise(BUTTON, name="B2")
    air.bluez.advertise(BUTTON, {BTHOME: b"\x44\x3a\x01"})
    await until(lambda: len(heard) == 5, "all five")
    assert [one.fresh for one in heard] == [True, True, False, False, True]
    assert {one.service_data[BTHOME] for one in heard} == {b"\x44\x3a\x01"}
    assert (heard[0].address, heard[0].name, heard[2].rssi_dbm) == (BUTTON, "B", -40)
    assert sent_at is not None
    assert 0 <= heard[0].at - sent_at < 1
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_change_of_connection_is_no_advertisement(air: Air) -> None:
    heard: list[Advertisement] = []
    scanner = Scanner("hci0", 60, time.monotonic, lambda advertisement, _: heard.append(advertisement), lambda _: None)
    task = asyncio.create_task(scanner.run())
    await until(lambda: air.bluez.scanning, "scan")
    HeartRateStrap(air.bluez, STRAP)
    air.bluez.advertise(STRAP, {BTHOME: b"\x44\x3a\x01"})
    air.bluez.force_connection(STRAP)
    air.bluez.drop(STRAP)
    air.bluez.advertise(STRAP, {BTHOME: b"\x44\x3a\x02"})
    await until(lambda: heard and heard[-1].service_data[BTHOME][-1] == 2, "the last")
    assert [one.service_data[BTHOME][-1] for one in heard if one.fresh] == [1, 2]
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
