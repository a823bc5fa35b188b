"""Modbus slaves on one RS-485 line: input board, temperature sensor, registers at will; with every fault of a line."""

import asyncio
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.simulator.tty import Tty

_REQUEST = 8  # bytes of a read request


def crc(body: bytes) -> bytes:
    """The two CRC bytes as they travel, reckoned bit by bit, apart from the library under test."""
    value = 0xFFFF
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


class Slave(Protocol):
    """One unit: `read` gives the data of its answer, or the number of an exception."""

    unit: int

    def read(self, function: int, address: int, count: int) -> bytes | int: ...

    def told(self, at: float) -> None:
        """The last answer began to be written at `at` (CLOCK_MONOTONIC)."""


class InputBoard:
    """Dry contacts (FC02). `on_told(channel, closed, at)` hears when a changed contact was first told."""

    def __init__(self, unit: int, channels: int = 8, on_told: Callable[[int, bool, float], None] | None = None) -> None:
        self.unit = unit
        self.contacts = [False] * channels
        self._on_told = on_told
        self._said = [False] * channels
        self._saying = list(self._said)

    def set_contact(self, channel: int, closed: bool) -> None:
        """Close or open a contact."""
        self.contacts[channel] = closed

    def read(self, function: int, address: int, count: int) -> bytes | int:
        if function != 2:
            return 1
        if address + count > len(self.contacts):
            return 2
        self._saying = list(self.contacts)
        number = sum(1 << n for n in range(count) if self.contacts[address + n])
        return number.to_bytes((count + 7) // 8, "little")

    def told(self, at: float) -> None:
        changed = [n for n, closed in enumerate(self._saying) if closed != self._said[n]]
        self._said = list(self._saying)
        if self._on_told is not None:
            for channel in changed:
                self._on_told(channel, self._said[channel], at)


class Registers:
    """Registers at any address, holding (FC03) and input (FC04) alike; what is not set is an illegal address."""

    def __init__(self, unit: int, values: Mapping[int, int] | None = None) -> None:
        self.unit = unit
        self.values = dict(values or {})

    def read(self, function: int, address: int, count: int) -> bytes | int:
        if function not in {3, 4}:
            return 1
        if any(at not in self.values for at in range(address, address + count)):
            return 2
        return struct.pack(f">{count}H", *(self.values[at] & 0xFFFF for at in range(address, address + count)))

    def told(self, at: float) -> None:
        """Nobody asks."""


class XyMd02(Registers):
    """The temperature and humidity sensor."""

    def __init__(self, unit: int, temperature: float = 22.5, humidity: float = 48.0) -> None:
        super().__init__(unit)
        self.set(temperature, humidity)

    def set(self, temperature: float, humidity: float) -> None:
        """What it measures from now on (degrees Celsius, percent)."""
        self.values |= {1: round(temperature * 10), 2: round(humidity * 10)}


@dataclass
class Faults:
    """What is wrong with one unit; set at run time."""

    dead: bool = False
    wrong_crc: bool = False
    half: bool = False
    pieces: int = 0  # the answer comes in so many pieces, 3 ms apart
    late_s: float = 0.0  # the answer, as it was when asked, comes so much later
    exception: int = 0


class ModbusLine:
    """One line with its slaves. `echo`: the adapter repeats our own question, as cheap half-duplex ones do."""

    def __init__(self, path: Path, *slaves: Slave, turnaround_s: float = 0.004, seed: int = 0) -> None:
        self.tty = Tty(path, self._received, seed)
        self.slaves = {slave.unit: slave for slave in slaves}
        self.faults = {unit: Faults() for unit in self.slaves}
        self.asked: dict[int, list[float]] = {}  # when each unit was asked, dead and missing ones too
        self.echo = False
        self.turnaround_s = turnaround_s
        self._input = bytearray()

    async def __aenter__(self) -> "ModbusLine":
        self.tty.plug()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.tty.close()

    def die(self, unit: int) -> None:
        """The unit answers nothing any more."""
        self.faults[unit].dead = True

    def come_back(self, unit: int) -> None:
        """The unit answers again."""
        self.faults[unit] = Faults()

    def _received(self, data: bytes) -> None:
        self._input += data
        while len(self._input) >= _REQUEST:
            request = bytes(self._input[:_REQUEST])
            if crc(request[:-2]) != request[-2:]:
                del self._input[0]
                continue
            del self._input[:_REQUEST]
            self._asked(request)

    def _asked(self, request: bytes) -> None:
        unit, function, address, count = struct.unpack(">BBHH", request[:6])
        self.asked.setdefault(unit, []).append(time.monotonic())
        if self.echo:
            self.tty.write(request)
        slave, faults = self.slaves.get(unit), self.faults.get(unit, Faults())
        if slave is None or faults.dead:
            return
        data = faults.exception or slave.read(function, address, count)
        body = (
            bytes([unit, function | 0x80, data]) if isinstance(data, int) else bytes([unit, function, len(data)]) + data
        )
        answer = body + crc(body)
        if faults.wrong_crc:
            answer = answer[:-1] + bytes([answer[-1] ^ 0x01])
        if faults.half:
            answer = answer[: len(answer) // 2]
        loop = asyncio.get_running_loop()
        loop.call_later(self.turnaround_s + faults.late_s, self._answer, slave, answer, faults.pieces)

    def _answer(self, slave: Slave, answer: bytes, pieces: int) -> None:
        if pieces > 1:
            size = -(-len(answer) // pieces)
            self.tty.write_pieces([answer[n : n + size] for n in range(0, len(answer), size)], apart_s=0.003)
            slave.told(time.monotonic())
        else:
            slave.told(self.tty.write(answer))
