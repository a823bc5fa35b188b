"""The simulated wearables as the virtual ward lets them live: by themselves, with commands at run time."""

import asyncio

from drivers.base import LinkState
from drivers.reading import Quality
from tests.drivers.ble.air import BUTTON, OXIMETER, STRAP, Air, button, oximeter, strap
from tests.simulator.wearables import Button, HeartRateStrap, Oximeter
from tests.waiting import until


async def test_a_ward_lives_by_itself(air: Air) -> None:
    belt, finger, knob = (
        HeartRateStrap(air.bluez, STRAP, seed=1),
        Oximeter(air.bluez, OXIMETER, seed=2),
        Button(air.bluez, BUTTON, seed=3),
    )
    belt.VALUE_S = finger.VALUE_S = 0.05
    async with air.run(strap(), oximeter(), button()), asyncio.TaskGroup() as life:
        await until(lambda: air.bluez.scanning, "scan")
        lives = [life.create_task(one.run()) for one in (belt, finger, knob)]
        await until(lambda: len(air.readings("heart_rate")) > 2 and len(air.readings("spo2")) > 2, "values")
        await until(lambda: air.readings("battery", "button-1"), "the button's beacon")
        assert air.readings("button") == []
        assert knob.press() is not None
        await until(lambda: air.readings("button"), "press")
        finger.worn = False
        await until(lambda: air.readings("worn", "oximeter-1")[-1].value is False, "finger out")
        assert air.readings("spo2")[-1].quality is Quality.BAD
        belt.die()
        await until(lambda: air.link("strap-1").state is LinkState.SILENT, "strap dead")
        knob.die()
        assert knob.press() is None
        belt.come_back()
        await until(lambda: air.link("strap-1").state is LinkState.CONNECTED, "strap back")
        for task in lives:
            task.cancel()
    assert len(air.readings("button")) == 1, "the repeats of a press are no presses"
