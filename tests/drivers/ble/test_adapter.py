"""The driver over bleak's real BlueZ backend on a private D-Bus: what arrives, and what comes back after a fault."""

import statistics

from drivers.base import LinkState
from drivers.reading import Quality
from tests.drivers.ble.air import BUTTON, OXIMETER, STRANGER, STRAP, Air, button, oximeter, strap, subscribed
from tests.simulator.wearables import BTHOME, Button, HeartRateStrap, Oximeter
from tests.waiting import until


async def test_a_press_arrives_within_milliseconds(air: Air) -> None:
    knob = Button(air.bluez, BUTTON)
    async with air.run(button()):
        await until(lambda: air.bluez.scanning, "scan")
        late = []
        for _ in range(100):
            air.said.clear()
            pressed_at = knob.press()
            assert pressed_at is not None
            await until(lambda: air.readings("button"), "press")
            late.append(air.readings("button")[-1].at - pressed_at)
        assert statistics.median(late) < 0.02, f"median {statistics.median(late) * 1000:.1f} ms"
    press = air.readings("button")[0]
    assert (press.device, press.value, press.quality) == ("button-1", "press", Quality.GOOD)


async def test_repeats_and_remembered_payloads_are_no_presses(air: Air) -> None:
    knob = Button(air.bluez, BUTTON, packet_ids=False)
    async with air.run(button()):
        await until(lambda: air.bluez.scanning, "scan")
        knob.press()
        for _ in range(5):
            knob.repeat()
        # Signal strength alone: BlueZ calls again with the payload that it remembers.
        for rssi_dbm in (-50, -51, -52):
            air.bluez.advertise(BUTTON, rssi_dbm=rssi_dbm)
        knob.press("double")
        await until(lambda: len(air.readings("button")) >= 2, "two presses")
    assert [one.value for one in air.readings("button")] == ["press", "double"]


async def test_heart_rate_and_battery_arrive_and_come_back_after_a_lost_link(air: Air) -> None:
    belt = HeartRateStrap(air.bluez, STRAP, battery=55)
    async with air.run(strap()):
        await subscribed(belt)
        belt.rate = 81
        sent_at = belt.send()
        assert sent_at is not None
        await until(lambda: air.readings("heart_rate"), "heart rate")
        assert air.readings("heart_rate")[0].value == 81
        assert 0 <= air.readings("heart_rate")[0].at - sent_at < 1
        await until(lambda: air.readings("battery"), "battery")
        assert air.readings("battery")[0].value == 55
        belt.lose_link()
        await until(lambda: air.links("strap-1")[-1] is LinkState.SILENT, "silent")
        assert "connection lost" in str(air.link("strap-1").reason)
        belt.rate = 90
        await subscribed(belt)
        belt.send()
        await until(lambda: air.readings("heart_rate")[-1].value == 90, "heart rate after reconnect")
    assert belt.connections == 2
    assert air.links("strap-1") == [
        LinkState.SEARCHING,
        LinkState.CONNECTED,
        LinkState.SILENT,
        LinkState.CONNECTED,
    ]


async def test_several_devices_are_connected_at_once(air: Air) -> None:
    belt, finger, knob = (
        HeartRateStrap(air.bluez, STRAP),
        Oximeter(air.bluez, OXIMETER),
        Button(air.bluez, BUTTON),
    )
    belt.abort_connections(1)
    async with air.run(strap(), oximeter(), button()):
        await subscribed(belt, finger)
        finger.spo2, finger.pulse = 88.5, 66
        belt.send()
        finger.send()
        knob.press()
        await until(lambda: air.readings("heart_rate") and air.readings("spo2") and air.readings("button"), "all three")
        finger.poor_signal = True
        finger.send()
        await until(lambda: len(air.readings("spo2")) == 2, "poor signal")
    assert LinkState.SILENT not in air.links("strap-1"), "the attempt that broke off is not the connection that stands"
    good, poor = air.readings("spo2")
    assert (good.value, good.quality, poor.quality) == (88.5, Quality.GOOD, Quality.UNCERTAIN)
    assert air.readings("pulse_rate")[0].value == 66


async def test_an_unknown_device_is_shown_once_and_never_obeyed(air: Air) -> None:
    stranger = Button(air.bluez, STRANGER)
    async with air.run(button()):
        await until(lambda: air.bluez.scanning, "scan")
        for _ in range(20):
            stranger.press()
        Button(air.bluez, BUTTON).press()
        await until(lambda: air.readings("button"), "the known button")
    assert {one.device for one in air.readings("button")} == {"button-1"}
    assert air.strangers == [(STRANGER, "BUTTON")]


async def test_garbage_hurts_nothing(air: Air) -> None:
    belt, knob = HeartRateStrap(air.bluez, STRAP), Button(air.bluez, BUTTON)
    async with air.run(strap(), button()):
        await subscribed(belt)
        for garbage in (b"", b"\x40\x3a", b"\xff" * 30, b"\x41\x00"):
            air.bluez.advertise(BUTTON, {BTHOME: garbage})
        for garbage in (b"", b"\x1f", b"\x00"):
            belt.send_raw(garbage)
        knob.press()
        belt.send()
        await until(lambda: air.readings("button") and air.readings("heart_rate"), "sense after nonsense")
    assert len(air.readings("button")) == 1
    assert [one.value for one in air.readings("heart_rate") if one.quality is Quality.GOOD] == [72]
