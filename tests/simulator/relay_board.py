"""A Modbus relay board on a serial line: coils that can be looked at, and the faults of a line."""

import asyncio
import time
from pathlib import Path

from tests.simulator.modbus_board import crc
from tests.simulator.tty import Tty


class RelayBoard:
    """Unit `unit` with `coils` relays; `changes` holds (time, coil, on) of each that has switched.

    `knows` are its functions: 5 writes one coil, 15 several.
    """

    def __init__(self, path: Path, unit: int = 1, coils: int = 8, knows: tuple[int, ...] = (5, 15)) -> None:
        self.tty = Tty(path, self._received)
        self.coils = [False] * coils
        self.changes: list[tuple[float, int, bool]] = []
        self.asked = 0
        self.dead = False
        self.mute = False  # it obeys, and its answers are lost
        self.wrong_crc = False
        self.pieces = 1
        self._unit = unit
        self._knows = knows
        self._input = bytearray()

    def __enter__(self) -> "RelayBoard":
        self.tty.plug()
        return self

    def __exit__(self, *_: object) -> None:
        self.tty.close()

    def switched(self, coil: int) -> list[bool]:
        """What one relay did so far."""
        return [on for _, number, on in self.changes if number == coil]

    def quiet_s(self, coil: int) -> float:
        """Seconds since one relay switched last."""
        return time.monotonic() - max((at for at, number, _ in self.changes if number == coil), default=0.0)

    def _received(self, data: bytes) -> None:
        self._input += data
        while len(self._input) >= 8:
            length = 8 if self._input[1] == 5 else 9 + self._input[6]
            frame = bytes(self._input[:length])
            if len(frame) < length:
                return
            if crc(frame[:-2]) != frame[-2:]:
                del self._input[0]
                continue
            del self._input[:length]
            if frame[0] == self._unit and not self.dead:
                self.asked += 1
                self._answer(self._obey(frame))

    def _obey(self, frame: bytes) -> bytes:
        function, first = frame[1], int.from_bytes(frame[2:4], "big")
        if function not in self._knows:
            return bytes((self._unit, function | 0x80, 1))
        if function == 5:
            on = [frame[4] == 0xFF]
        else:
            count = int.from_bytes(frame[4:6], "big")
            bits = int.from_bytes(frame[7:-2], "little")
            on = [bool(bits >> n & 1) for n in range(count)]
        if first + len(on) > len(self.coils):
            return bytes((self._unit, function | 0x80, 2))
        for number, one in enumerate(on, first):
            if self.coils[number] is not one:
                self.coils[number] = one
                self.changes.append((time.monotonic(), number, one))
        return frame[:6]

    def _answer(self, body: bytes) -> None:
        if self.mute:
            return
        answer = body + crc(body)
        if self.wrong_crc:
            answer = answer[:-1] + bytes([answer[-1] ^ 0x01])
        size = -(-len(answer) // self.pieces)
        pieces = [answer[n : n + size] for n in range(0, len(answer), size)]
        asyncio.get_running_loop().call_later(0.004, self.tty.write_pieces, pieces, 0.003)
