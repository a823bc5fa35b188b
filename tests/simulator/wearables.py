"""Things that residents wear and press, on the simulated BlueZ: a button, a heart-rate strap, an oximeter.

All commands work at run time. `run()` gives a device its own life (beacons, repeats, a value each second); without it
the device speaks only when told to. `die` and `come_back`: battery out and in, or out of range and back.
"""

import asyncio
import random
from abc import ABC, abstractmethod

from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from tests.simulator.bluez import Bluez, GattValue, Peripheral

_BASE = "-0000-1000-8000-00805f9b34fb"
BTHOME = "0000fcd2" + _BASE
HEART_RATE, HEART_RATE_MEASUREMENT = "0000180d" + _BASE, "00002a37" + _BASE
OXIMETER, OXIMETER_CONTINUOUS = "00001822" + _BASE, "00002a5f" + _BASE
BATTERY, BATTERY_LEVEL = "0000180f" + _BASE, "00002a19" + _BASE

PRESSES = {"press": 1, "double": 2, "triple": 3, "long": 4, "long_double": 5, "long_triple": 6, "hold": 0x80}

POOR_SIGNAL = 1 << 4 | 1 << 5  # Device and Sensor Status: poor signal, low perfusion
SENSOR_OFF = 1 << 11 | 1 << 15  # not on the user, disconnected


def seal(payload: bytes, info: int, address: str, key: bytes, counter: int) -> bytes:
    """A sealed BTHome v2 frame: cipher text, counter, check."""
    raw = counter.to_bytes(4, "little")
    nonce = bytes.fromhex(address.replace(":", "")) + b"\xd2\xfc" + bytes((info,)) + raw
    sealed = AESCCM(key, tag_length=4).encrypt(nonce, payload, None)
    return bytes((info,)) + sealed[:-4] + raw + sealed[-4:]


class Button:
    """A BTHome v2 call button; with a `key` its frames are sealed. `packet_ids`: whether it numbers its packets."""

    REPEATS, REPEAT_S, BEACON_S = 4, 0.1, 30.0

    def __init__(self, bluez: Bluez, address: str, key: bytes = b"", packet_ids: bool = True, seed: int = 0) -> None:
        self.address = address
        self.alive = True
        self.battery = 100
        self._bluez = bluez
        self._key = key
        self._packet_ids = packet_ids
        self._random = random.Random(seed)
        self._packet_id = self._random.randrange(256)
        self._counter = self._random.randrange(1, 1000)
        self._frame = b""
        self._repeats = 0
        self._pressed = asyncio.Event()

    def press(self, kind: str = "press") -> float | None:
        """Press it: the time of the first advertisement (`run` sends the repeats), None if nobody could hear."""
        self._frame = self._next(bytes((0x3A, PRESSES[kind])))
        self._repeats = self.REPEATS
        self._pressed.set()
        return self.repeat()

    def repeat(self) -> float | None:
        """Send the last frame once more."""
        return self._bluez.advertise(self.address, {BTHOME: self._frame}, "BUTTON") if self.alive else None

    def beacon(self) -> float | None:
        """Say that it is there, with its battery; nothing is pressed."""
        self._frame = self._next(b"\x3a\x00")
        return self.repeat()

    def change_battery(self) -> None:
        """Its counters begin anew."""
        self.battery, self._packet_id, self._counter = 100, 0, 0

    def die(self) -> None:
        """Not heard any more."""
        self.alive = False

    def come_back(self) -> None:
        """Heard again, from its next press or beacon on."""
        self.alive = True

    async def run(self) -> None:
        """Beacons, and the repeats of each press, until cancelled."""
        self.beacon()
        while True:
            self._pressed.clear()
            wait = self.REPEAT_S if self._repeats else self.BEACON_S * self._random.uniform(0.8, 1.2)
            try:
                async with asyncio.timeout(wait):
                    await self._pressed.wait()
            except TimeoutError:
                if self._repeats:
                    self._repeats -= 1
                    self.repeat()
                else:
                    self.beacon()

    def _next(self, event: bytes) -> bytes:
        self._packet_id = (self._packet_id + 1) % 256
        self._counter += 1
        payload = bytes((0x01, self.battery)) + event
        if self._packet_ids:
            payload = bytes((0x00, self._packet_id)) + payload
        if self._key:
            return seal(payload, 0x45, self.address, self._key, self._counter)
        return b"\x44" + payload


class _Connected(ABC):
    """A device that is connected to and notifies one value; what it is says which."""

    SERVICE = ""
    VALUE = ""
    NAME = ""
    ADVERTISE_S: float = 0.2
    VALUE_S: float = 1.0

    def __init__(self, bluez: Bluez, address: str, battery: int = 90, seed: int = 0) -> None:
        self.address = address
        self._bluez = bluez
        self._random = random.Random(seed)
        self._peripheral = Peripheral(
            address,
            {
                self.SERVICE: (GattValue(self.VALUE),),
                BATTERY: (GattValue(BATTERY_LEVEL, ("read", "notify"), bytes((battery,))),),
            },
        )
        bluez.peripherals[address] = self._peripheral

    @property
    def alive(self) -> bool:
        """Whether it can be reached."""
        return self._peripheral.in_range

    @property
    def subscribed(self) -> bool:
        """Whether somebody takes its values."""
        return self.VALUE in self._peripheral.notifying

    @property
    def connections(self) -> int:
        """How many were made so far."""
        return self._peripheral.connections

    def advertise(self) -> float | None:
        """Say that it can be connected to; a connected one keeps silent."""
        if not self.alive or self._bluez.connected(self.address):
            return None
        return self._bluez.advertise(self.address, name=self.NAME, uuids=(self.SERVICE,))

    def send(self) -> float | None:
        """Notify the value as it is now: the time, None if nobody is subscribed."""
        return self._bluez.notify(self.address, self.VALUE, self.payload()) if self.alive else None

    def send_raw(self, data: bytes) -> float | None:
        """Notify any bytes."""
        return self._bluez.notify(self.address, self.VALUE, data)

    @abstractmethod
    def payload(self) -> bytes:
        """The characteristic's value."""

    def lose_link(self) -> None:
        """The connection breaks; the device goes on and can be connected again."""
        self._bluez.drop(self.address)

    def abort_connections(self, count: int) -> None:
        """The next `count` attempts to connect break off."""
        self._peripheral.aborts = count

    def take_long_to_connect(self, seconds: float) -> None:
        """As at the edge of its range."""
        self._peripheral.connect_s = seconds

    def die(self) -> None:
        """The connection breaks, and it advertises no more."""
        self._peripheral.in_range = False
        self.lose_link()

    def come_back(self) -> None:
        """It advertises and can be connected again."""
        self._peripheral.in_range = True

    async def run(self) -> None:
        """Advertise until connected, then send a value each second, until cancelled."""
        while True:
            if self.send() is None:
                self.advertise()
                await asyncio.sleep(self.ADVERTISE_S * self._random.uniform(0.9, 1.1))
            else:
                await asyncio.sleep(self.VALUE_S)


class HeartRateStrap(_Connected):
    """A chest strap: beats per minute, skin contact."""

    SERVICE, VALUE, NAME = HEART_RATE, HEART_RATE_MEASUREMENT, "STRAP"

    def __init__(self, bluez: Bluez, address: str, battery: int = 90, seed: int = 0) -> None:
        super().__init__(bluez, address, battery, seed)
        self.rate = 72
        self.contact = True

    def payload(self) -> bytes:
        """Heart Rate Measurement."""
        return bytes((0x06 if self.contact else 0x04, self.rate))


class Oximeter(_Connected):
    """A finger oximeter: SpO2 in %, pulse per minute, a poor signal, a finger taken out."""

    SERVICE, VALUE, NAME = OXIMETER, OXIMETER_CONTINUOUS, "OXIMETER"

    def __init__(self, bluez: Bluez, address: str, battery: int = 90, seed: int = 0) -> None:
        super().__init__(bluez, address, battery, seed)
        self.spo2 = 97.0
        self.pulse = 70
        self.poor_signal = False
        self.worn = True

    def payload(self) -> bytes:
        """PLX Continuous Measurement with sensor status; NaN without a finger."""
        status = (POOR_SIGNAL if self.poor_signal else 0) | (0 if self.worn else SENSOR_OFF)
        nan = b"\xff\x07"
        # SFLOAT with exponent -1 for tenths of a per cent
        spo2 = (0xF000 | round(self.spo2 * 10)).to_bytes(2, "little") if self.worn else nan
        pulse = self.pulse.to_bytes(2, "little") if self.worn else nan
        return b"\x08" + spo2 + pulse + status.to_bytes(3, "little")
