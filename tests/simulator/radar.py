"""An R60ABD1 bed radar that streams as the real one does, and obeys at run time."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from tests.simulator.tty import Tty

_HEARTBEAT_S, _MOVEMENT_S, _DISTANCE_S, _RATE_S = 60.0, 1.0, 2.0, 3.0


def frame(control: int, command: int, data: bytes) -> bytes:
    """One frame, made apart from the codec that it shall test."""
    body = b"SY" + bytes([control, command, len(data) >> 8, len(data) & 0xFF]) + data
    return body + bytes([sum(body) % 256]) + b"TC"


class Radar:
    """One radar on one line. `speed` > 1 makes its clock run faster for tests.

    `on_told(what, value, at)` hears of each frame: its name, value, and the monotonic second before it was written.
    """

    def __init__(
        self,
        path: Path,
        on_told: Callable[[str, int, float], None] | None = None,
        speed: float = 1.0,
        seed: int = 0,
    ) -> None:
        self.tty = Tty(path, self._asked, seed)
        self._on_told = on_told
        self._speed = speed
        self._tasks: list[asyncio.Task[None]] = []
        self._input = bytearray()
        self.alive = False
        self.in_bed, self.present, self.motion = 1, 1, 1
        self.movement, self.distance_cm, self.breath, self.heart = 3, 80, 14, 62

    async def __aenter__(self) -> "Radar":
        self.tty.plug()
        self.come_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.die()
        self.tty.close()

    def die(self) -> None:
        """Fall silent; the port stays."""
        self.alive = False
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    def come_back(self) -> None:
        """Stream again, as after power-on."""
        if self.alive:
            return
        self.alive = True
        self._say("started", 0x05, 0x01, b"\x01")
        self._tasks = [
            asyncio.get_running_loop().create_task(self._every(period_s, tell))
            for period_s, tell in (
                (_HEARTBEAT_S, lambda: self._say("heartbeat", 0x01, 0x01, b"\x0f")),
                (_MOVEMENT_S, lambda: self._say("body_movement", 0x80, 0x03, bytes([self.movement]))),
                (_DISTANCE_S, lambda: self._say("distance", 0x80, 0x04, self.distance_cm.to_bytes(2, "big"))),
                (_RATE_S, self._say_rates),
            )
        ]

    def set_in_bed(self, in_bed: bool) -> float:
        """The resident lies down or leaves; gives the second before the frame's first byte was written."""
        self.in_bed = int(in_bed)
        self.motion = 1 if in_bed else 2
        self.movement = 3 if in_bed else 60
        self._say("motion", 0x80, 0x02, bytes([self.motion]))
        return self._say("bed_occupied", 0x84, 0x01, bytes([self.in_bed]))

    def set_vitals(self, breath: int, heart: int) -> None:
        """What it measures from now on; 0 where it finds nothing."""
        self.breath, self.heart = breath, heart

    def set_motion(self, motion: int, movement: int) -> None:
        """0 none, 1 still, 2 active; and the share of body movement in percent."""
        self.motion, self.movement = motion, movement
        self._say("motion", 0x80, 0x02, bytes([motion]))

    def _say_rates(self) -> None:
        breath, heart = (self.breath, self.heart) if self.in_bed else (0, 0)  # an empty bed does not breathe
        state = 4 if breath == 0 else 2 if breath > 25 else 3 if breath < 10 else 1
        self._say("breath_state", 0x81, 0x01, bytes([state]))
        self._say("respiratory_rate", 0x81, 0x02, bytes([breath]))
        self._say("breath_wave", 0x81, 0x05, bytes([128, 150, 160, 150, 128]))
        self._say("heart_rate", 0x85, 0x02, bytes([heart]))

    def _say(self, what: str, control: int, command: int, data: bytes) -> float:
        if not self.alive:
            return time.monotonic()
        at = self.tty.write(frame(control, command, data))
        if self._on_told is not None:
            self._on_told(what, int.from_bytes(data, "big"), at)
        return at

    def _asked(self, data: bytes) -> None:
        self._input += data
        answers = {(0x80, 0x81): self.present, (0x80, 0x82): self.motion, (0x84, 0x81): self.in_bed}
        for (control, command), value in answers.items():
            question = frame(control, command, b"\x0f")
            if question in self._input:
                self._input = self._input.replace(question, b"")
                self._say("answer", control, command, bytes([value]))
        del self._input[:-64]

    async def _every(self, period_s: float, tell: Callable[[], object]) -> None:
        while True:
            tell()
            await asyncio.sleep(period_s / self._speed)
