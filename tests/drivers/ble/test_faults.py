"""What goes wrong below the driver, for real: adapter, bluetoothd, bus, device. It is told, and it heals."""

import asyncio
from dataclasses import replace

import pytest

from drivers.base import LinkState
from drivers.ble import adapter, connection
from drivers.ble.devices.heart_rate import HEART_RATE
from tests.drivers.ble.air import BUTTON, OXIMETER, STRAP, Air, button, oximeter, strap, subscribed
from tests.simulator.wearables import Button, HeartRateStrap, Oximeter
from tests.waiting import until


async def _press_until_heard(air: Air, knob: Button) -> None:
    before = len(air.readings("button"))
    await until(lambda: air.bluez.scanning, "scan")
    knob.press()
    await until(lambda: len(air.readings("button")) > before, "a press after the fault")


async def test_a_scan_that_went_deaf_without_a_word_is_started_anew(air: Air) -> None:
    knob = Button(air.bluez, BUTTON)
    async with air.run(button(), silent_scan_s=1):
        await _press_until_heard(air, knob)
        air.bluez.deafen()
        assert knob.press() is None
        await _press_until_heard(air, knob)


async def test_an_adapter_switched_off_and_on_is_told_and_hears_again_at_once(air: Air) -> None:
    knob = Button(air.bluez, BUTTON)
    async with air.run(button()):
        await _press_until_heard(air, knob)
        air.bluez.power(False)
        await until(lambda: air.link("button-1").state is LinkState.FAULT, "fault")
        assert "bluetoothctl power on" in str(air.link("button-1").reason)
        air.bluez.power(True)
        await _press_until_heard(air, knob)
    assert air.link("button-1").state is LinkState.CONNECTED


async def test_an_adapter_pulled_out_and_in_again(air: Air) -> None:
    belt = HeartRateStrap(air.bluez, STRAP)
    async with air.run(strap()):
        await subscribed(belt)
        belt.send()
        await until(lambda: air.link("strap-1").state is LinkState.CONNECTED, "connected")
        air.bluez.remove_adapter()
        await until(lambda: air.link("strap-1").state is LinkState.FAULT, "fault")
        assert "no such Bluetooth adapter" in str(air.link("strap-1").reason)
        air.bluez.add_adapter()
        await subscribed(belt)
        belt.send()
        await until(lambda: air.link("strap-1").state is LinkState.CONNECTED, "connected anew")


async def test_bluetoothd_dies_and_comes_back(air: Air) -> None:
    knob, belt = Button(air.bluez, BUTTON), HeartRateStrap(air.bluez, STRAP)
    async with air.run(button(), strap()):
        await _press_until_heard(air, knob)
        await subscribed(belt)
        belt.send()
        await until(lambda: air.link("strap-1").state is LinkState.CONNECTED, "connected")
        await air.bluez.stop()
        await until(lambda: air.link("button-1").state is LinkState.FAULT, "fault")
        assert "systemctl enable --now bluetooth" in str(air.link("button-1").reason)
        await air.bluez.start()
        await _press_until_heard(air, knob)
        before = len(air.readings("heart_rate"))
        await subscribed(belt)
        belt.send()
        await until(lambda: len(air.readings("heart_rate")) > before, "heart rate anew")


async def test_the_bus_dies_and_comes_back(air: Air) -> None:
    knob, belt = Button(air.bluez, BUTTON), HeartRateStrap(air.bluez, STRAP)
    async with air.run(button(), strap()):
        await _press_until_heard(air, knob)
        await subscribed(belt)
        belt.send()
        await until(lambda: air.link("strap-1").state is LinkState.CONNECTED, "connected")
        await air.bus.kill()
        await until(lambda: air.link("button-1").state is LinkState.FAULT, "fault of the button")
        await until(lambda: air.link("strap-1").state is LinkState.FAULT, "fault of the strap")
        assert "D-Bus" in str(air.link("button-1").reason)
        await air.bluez.stop()
        await air.bus.start()
        await air.bluez.start()
        await _press_until_heard(air, knob)
        await subscribed(belt)
        belt.send()
        await until(lambda: air.link("strap-1").state is LinkState.CONNECTED, "connected anew")


async def test_without_bluetoothd_at_the_start_it_waits(air: Air) -> None:
    await air.bluez.stop()
    knob = Button(air.bluez, BUTTON)
    async with air.run(button()):
        await until(lambda: air.link("button-1").state is LinkState.FAULT, "fault")
        await air.bluez.start()
        await _press_until_heard(air, knob)
    assert air.links("button-1")[0] is LinkState.SEARCHING


async def test_a_device_that_dies_is_silent_until_it_comes_back(air: Air) -> None:
    belt = HeartRateStrap(air.bluez, STRAP)
    async with air.run(strap()):
        await subscribed(belt)
        belt.send()
        await until(lambda: air.links("strap-1")[-1] is LinkState.CONNECTED, "connected")
        belt.die()
        await until(lambda: air.links("strap-1")[-1] is LinkState.SILENT, "silent")
        belt.come_back()
        await subscribed(belt)
        belt.send()
        await until(lambda: air.links("strap-1")[-1] is LinkState.CONNECTED, "connected anew")


async def test_a_connection_left_over_from_before_our_start_is_taken_up(air: Air) -> None:
    belt = HeartRateStrap(air.bluez, STRAP)
    async with air.run(strap()):
        await subscribed(belt)
    assert not air.bluez.connected(STRAP), "our end hangs up"
    belt.advertise()
    air.bluez.force_connection(STRAP)
    air.said.clear()
    async with air.run(strap()):
        await until(lambda: belt.subscribed, "subscribed without an advertisement")
        belt.send()
        await until(lambda: air.readings("heart_rate"), "heart rate")


async def test_stopping_takes_its_time_only_whatever_hangs(air: Air) -> None:
    belt = HeartRateStrap(air.bluez, STRAP)
    async with air.run(button(), strap()):
        await subscribed(belt)
        air.bluez.hang(True)
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 4.5
    air.bluez.hang(False)


async def test_an_adapter_that_hears_nothing_at_all_is_told_until_it_hears(air: Air) -> None:
    async with air.run(button(), silent_scan_s=1):
        await until(lambda: air.link("button-1").state is LinkState.FAULT, "fault")
        assert "no Bluetooth device at all heard in 3 scans" in str(air.link("button-1").reason)
        assert air.links("button-1") == [LinkState.SEARCHING, LinkState.FAULT]
        await until(
            lambda: air.bluez.advertise("66:00:00:00:00:01") and air.link("button-1").state is LinkState.SEARCHING,
            "hearing again",
        )


async def test_a_link_that_brings_nothing_is_made_anew(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "PRODUCTS", {"heart_rate": replace(HEART_RATE, quiet_s=0.3)})
    belt = HeartRateStrap(air.bluez, STRAP)
    async with air.run(strap()):
        await subscribed(belt)
        await until(lambda: air.link("strap-1").state is LinkState.SILENT, "silent")
        assert "has sent nothing for 0.3 s" in str(air.link("strap-1").reason)
        await subscribed(belt)
        belt.send()
        await until(lambda: air.link("strap-1").state is LinkState.CONNECTED, "connected")


async def test_a_device_of_another_product_is_told(air: Air) -> None:
    finger = Oximeter(air.bluez, STRAP)
    async with air.run(strap()):
        await until(lambda: [finger.advertise()] and air.link("strap-1").state is LinkState.SILENT, "silent")
        assert "correct `product` in devices.toml" in str(air.link("strap-1").reason)


async def test_one_device_at_a_time_is_connected_and_a_slow_one_gives_way(
    air: Air, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CONNECT_S", 0.3)
    belt, finger = HeartRateStrap(air.bluez, STRAP), Oximeter(air.bluez, OXIMETER)
    belt.take_long_to_connect(60)
    async with air.run(strap(), oximeter()):
        await until(lambda: [belt.advertise()] and air.bluez.connecting, "first attempt")
        await subscribed(finger)
        await until(lambda: air.link("strap-1").state is LinkState.SILENT, "the slow one")
        assert "cannot be connected" in str(air.link("strap-1").reason)
        belt.take_long_to_connect(0)
        await subscribed(belt)
    assert air.bluez.most_connecting == 1


async def test_a_crowd_of_strangers_neither_floods_the_display_nor_drowns_a_press(air: Air) -> None:
    async with air.run(button()):
        await until(lambda: air.bluez.scanning, "scan")
        for number in range(1000):
            air.bluez.advertise(f"66:00:00:00:{number >> 8:02X}:{number & 255:02X}")
        await _press_until_heard(air, Button(air.bluez, BUTTON))
    assert 0 < len(air.strangers) < 20
