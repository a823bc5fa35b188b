"""The reference load (design): a home of 60 residents whose devices speak on a real D-Bus, ptys and an RS-485 line.

load = Load(folder, seed=1)
async with load:                     # bus, BlueZ, radars and the line are there; configure and start the daemon
    await load.begin()               # waits until somebody scans, then every device lives; quiet: about 13 readings/s
    at = load.press(17)              # a call button: CLOCK_MONOTONIC just before its first byte, None: nobody scans
    await load.burst(1.0)            # 5,000 readings/s for a second

Quiet: a call button each (beacon with battery, 30 s), a climate sensor in each of 20 rooms (battery, temperature and
humidity, 30 s), four bed radars at their own pace (2.2 readings/s each), smoke contacts and a climate sensor on Modbus.
A burst is what ptys and D-Bus can honestly carry: each radar streams 1,000 frames/s (10.3 kB/s, under the 11.5 kB/s of
its 115,200 baud), the sensors advertise together 334 times a second with three readings each.
"""

import asyncio
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.simulator.bluez import Bluez
from tests.simulator.modbus_board import InputBoard, ModbusLine, XyMd02
from tests.simulator.radar import Radar, frame
from tests.simulator.system_bus import SystemBus
from tests.simulator.wearables import BTHOME, Button
from tests.waiting import until

RESIDENTS, SENSORS, RADARS, CONTACTS = 60, 20, 4, 8
BURST_PER_S = 5000
_SLICE_S = 0.01  # a burst goes out in slices this far apart
_ADVERTISED_SHARE = 0.2  # of the readings of a burst; one adapter hears a few hundred advertisements a second
_SENSOR_READINGS = 3  # an advertisement of a sensor carries
_SENSOR_S = 30.0
_RADAR_NUMBERS = frozenset({"body_movement", "distance", "respiratory_rate", "heart_rate"})
_RADAR_STATES = frozenset({"motion", "answer"})  # its other frames carry no reading


def button_id(number: int) -> str:
    """The site's id of a resident's call button."""
    return f"button-{number:02d}"


def resident_id(number: int) -> str:
    """The pseudonym of resident `number`."""
    return f"r-{number:02d}"


def button_address(number: int) -> str:
    """Its Bluetooth address."""
    return f"54:48:E6:8F:80:{number:02X}"


def sensor_address(number: int) -> str:
    """The Bluetooth address of a room's climate sensor."""
    return f"54:48:E6:8F:81:{number:02X}"


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst: monotonic begin and end, and how many readings its bytes carried."""

    begin: float
    end: float
    readings: int

    @property
    def per_s(self) -> float:
        """Readings a second that were really sent."""
        return self.readings / (self.end - self.begin)


class Sensor:
    """A BTHome v2 sensor for temperature and humidity that lives on its battery."""

    def __init__(self, bluez: Bluez, address: str, dice: random.Random) -> None:
        self.address = address
        self._bluez = bluez
        self._dice = dice
        self._packet = dice.randrange(256)

    def advertise(self) -> float | None:
        """Send battery, temperature and humidity, a little different each time: the time, None if nobody scans."""
        return self.send(100, self._dice.randrange(2000, 2500), self._dice.randrange(4000, 5500))

    def send(self, battery: int, temperature: int, humidity: int) -> float | None:
        """Send these: per cent, hundredths of a degree Celsius, hundredths of a per cent."""
        self._packet = (self._packet + 1) % 256
        values = b"\x02" + temperature.to_bytes(2, "little") + b"\x03" + humidity.to_bytes(2, "little")
        packet = b"\x40\x00" + bytes((self._packet,)) + b"\x01" + bytes((battery,)) + values
        return self._bluez.advertise(self.address, {BTHOME: packet}, "CLIMATE")


class Load:
    """An async context around the whole load; `told` counts the readings that it sent outside of bursts.

    Keys of `told`: ``number`` (what bursts consist of: the numbers of radars and sensors), ``state``, ``button``.
    """

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self.folder = folder
        self.bus = SystemBus(folder)
        self.bluez = Bluez(self.bus.address)
        self.board, self.climate = InputBoard(1, CONTACTS), XyMd02(2)
        self.line = ModbusLine(folder / "rs485", self.board, self.climate, seed=seed)
        self.radars = [
            Radar(folder / f"radar-{number}", self._radar_told, seed=seed + number) for number in range(RADARS)
        ]
        self.told: Counter[str] = Counter()
        self.bursts: list[Burst] = []
        self._dice = random.Random(seed)
        self._buttons = [
            _Button(self.bluez, button_address(number), self.told, seed=seed + number) for number in range(RESIDENTS)
        ]
        self._sensors = [Sensor(self.bluez, sensor_address(number), self._dice) for number in range(SENSORS)]
        self._stack = AsyncExitStack()
        self._lives: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.bus)
        await self.bluez.start()
        self._stack.push_async_callback(self.bluez.stop)
        await self._stack.enter_async_context(self.line)
        for radar in self.radars:
            await self._stack.enter_async_context(radar)
        self._stack.push_async_callback(self._end_lives)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def begin(self, within_s: float = 20.0) -> None:
        """Wait for a scan, then let every Bluetooth device live; fails when nobody scans."""
        await until(lambda: self.bluez.scanning, "somebody scans", within_s)
        self._lives = [asyncio.create_task(one.run()) for one in self._buttons]
        self._lives += [asyncio.create_task(self._sensor_life(one)) for one in self._sensors]

    def press(self, number: int) -> float | None:
        """Resident `number` presses the call button."""
        return self._buttons[number].press()

    async def burst(self, for_s: float, per_s: int = BURST_PER_S) -> Burst:
        """Send `per_s` readings a second for `for_s` seconds; what falls behind is caught up in the next slice.

        Advertisements that nobody could hear are not counted.
        """
        begin = end = time.monotonic()
        sent = heard = advertised = streamed = 0
        while (elapsed := time.monotonic() - begin) < for_s or sent < for_s * per_s:
            due = min(elapsed + _SLICE_S, for_s) * per_s
            while advertised < due * _ADVERTISED_SHARE:
                at = self._dice.choice(self._sensors).advertise()
                advertised += _SENSOR_READINGS
                heard += 0 if at is None else _SENSOR_READINGS
            each = max(0, round((due * (1 - _ADVERTISED_SHARE) - streamed) / RADARS))
            for radar in self.radars:
                radar.tty.write(b"".join(self._radar_frame() for _ in range(each)))
            streamed += each * RADARS
            sent, end = advertised + streamed, time.monotonic()
            await asyncio.sleep(_SLICE_S - (time.monotonic() - begin) % _SLICE_S)
        burst = Burst(begin, end, heard + streamed)
        self.bursts.append(burst)
        return burst

    def settle(self) -> int:
        """Send every number far enough from the last that it is kept, with all that was thinned; gives how many."""
        for radar in self.radars:
            for control, command, width, _, _, last in _REPORTS:
                radar.tty.write(frame(control, command, last.to_bytes(width, "big")))
        for sensor in self._sensors:
            sensor.send(99, 2600, 5700)
        return len(self.radars) * len(_REPORTS) + len(self._sensors) * _SENSOR_READINGS

    def _radar_frame(self) -> bytes:
        """One report of somebody who sleeps; the values move, so that most of them are worth keeping."""
        control, command, width, low, beyond, _ = self._dice.choice(_REPORTS)
        return frame(control, command, self._dice.randrange(low, beyond).to_bytes(width, "big"))

    def _radar_told(self, what: str, value: int, at: float) -> None:
        self.told["number"] += what in _RADAR_NUMBERS
        self.told["state"] += what in _RADAR_STATES

    async def _sensor_life(self, sensor: Sensor) -> None:
        while True:
            if sensor.advertise() is not None:
                self.told["number"] += _SENSOR_READINGS
            await asyncio.sleep(_SENSOR_S * self._dice.uniform(0.8, 1.2))

    async def _end_lives(self) -> None:
        for task in self._lives:
            task.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)


# Movement, distance, breathing, heart of one who sleeps: control, command, bytes, lowest value, the first beyond the
# highest, and one that lies at least the quantity's step (drivers/quantities.py) from all of them.
_REPORTS = (
    (0x80, 0x03, 1, 0, 26, 30),
    (0x80, 0x04, 2, 60, 120, 140),
    (0x81, 0x02, 1, 12, 19, 21),
    (0x85, 0x02, 1, 58, 73, 76),
)


class _Button(Button):
    """A button whose beacons count: each tells its battery."""

    def __init__(self, bluez: Bluez, address: str, told: Counter[str], seed: int) -> None:
        super().__init__(bluez, address, seed=seed)
        self._told = told

    def beacon(self) -> float | None:
        at = super().beacon()
        self._told["button"] += at is not None
        return at
