"""Coils of a Modbus RTU relay board: requests as bytes, answers as values.

Functions 05 (write one coil) and 15 (write several) of the Modbus application protocol 1.1b3, sections 6.5 and 6.11.
Our own few lines and not pymodbus, because whoever drives a buzzer must stay small and must never wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WRITE_ONE, WRITE_SEVERAL = 0x05, 0x0F
MOST_COILS = 1968  # of one request (section 6.11)

_EXCEPTION = 0x80
_ON, _OFF = 0xFF00, 0x0000
_ANSWER, _REFUSAL = 8, 5  # bytes of an answer to either function, and of an exception

EXCEPTIONS = {1: "function not known", 2: "no such coil", 3: "value refused", 4: "device fault", 6: "busy"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Unit and function that answered, the first coil and what stands after it; `exception` is 0 if it obeyed."""

    unit: int
    function: int
    coil: int = 0
    value: int = 0
    exception: int = 0


def crc(body: bytes) -> bytes:
    """The two bytes of CRC-16/MODBUS as they travel, low one first."""
    value = 0xFFFF
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def write_one(unit: int, coil: int, on: bool) -> bytes:
    """The request that sets one coil, counted from 0."""
    return _sealed(bytes((unit, WRITE_ONE)) + coil.to_bytes(2, "big") + (_ON if on else _OFF).to_bytes(2, "big"))


def write_several(unit: int, first: int, on: Sequence[bool]) -> bytes:
    """The request that sets `len(on)` coils from `first` on; raises ValueError for none or more than 1,968."""
    if not 1 <= len(on) <= MOST_COILS:
        raise ValueError(f"{len(on)} coils in one request: 1 to {MOST_COILS} are allowed")
    bits = sum(1 << number for number, one in enumerate(on) if one).to_bytes((len(on) + 7) // 8, "little")
    head = bytes((unit, WRITE_SEVERAL)) + first.to_bytes(2, "big") + len(on).to_bytes(2, "big")
    return _sealed(head + bytes((len(bits),)) + bits)


class AnswerDecoder:
    """Bytes of the line to answers of `unit`; noise, echoes of long requests and other units' frames are skipped."""

    def __init__(self, unit: int) -> None:
        self._unit = unit
        self._held = bytearray()
        self.rejected = 0  # bytes that belong to no answer

    def feed(self, data: bytes) -> list[Answer]:
        """The answers that `data` completes, in order; never raises."""
        self._held += data
        found: list[Answer] = []
        at = 0
        while at < len(self._held):
            length = self._length(at)
            frame = bytes(self._held[at : at + length])
            if length and len(frame) < length:
                break  # the rest may come yet
            if length and frame[-2:] == crc(frame[:-2]):
                found.append(_answer(frame))
                at += length
            else:
                at += 1
                self.rejected += 1
        del self._held[:at]
        return found

    def _length(self, at: int) -> int:
        """Bytes of the answer that may begin at `at`; 0 when none does."""
        if self._held[at] != self._unit:
            return 0
        if at + 1 == len(self._held):
            return _REFUSAL
        function = self._held[at + 1]
        if function in {WRITE_ONE, WRITE_SEVERAL}:
            return _ANSWER
        return _REFUSAL if function & ~_EXCEPTION in {WRITE_ONE, WRITE_SEVERAL} else 0


def _sealed(body: bytes) -> bytes:
    return body + crc(body)


def _answer(frame: bytes) -> Answer:
    if frame[1] & _EXCEPTION:
        return Answer(frame[0], frame[1] & ~_EXCEPTION, exception=frame[2])
    return Answer(frame[0], frame[1], int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big"))
