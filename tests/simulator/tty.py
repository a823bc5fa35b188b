"""A serial line with a stable name: a pty behind a symlink that can be unplugged, disturbed and stalled.

Belongs to the asyncio loop that calls it; from another thread use ``loop.call_soon_threadsafe``.
"""

import asyncio
import os
import random
import time
import tty as terminal
from collections.abc import Callable, Iterable
from pathlib import Path

_KEPT = 1 << 16  # bytes that wait while stalled; more are lost, as on a real line


class Tty:
    """The far end of a serial line at `path`; `on_data` gets what the agent writes."""

    def __init__(self, path: Path, on_data: Callable[[bytes], None] | None = None, seed: int = 0) -> None:
        self.path = path
        self.on_data = on_data
        self.received = bytearray()  # all that was written to the line, for tests
        self._random = random.Random(seed)
        self._master = -1
        self._slave = -1
        self._stalled: bytearray | None = None
        self._corrupt_every = 0
        self._written = 0
        self._noise: asyncio.Task[None] | None = None

    @property
    def plugged(self) -> bool:
        """Whether the port exists."""
        return self._master >= 0

    def plug(self) -> None:
        """Make the port appear; it may have another device behind it than before, as a real one."""
        if self.plugged:
            return
        self._master, self._slave = os.openpty()
        terminal.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self._slave))
        asyncio.get_running_loop().add_reader(self._master, self._readable)

    def unplug(self) -> None:
        """Pull the device out: who holds the port open gets an I/O error."""
        if not self.plugged:
            return
        self.quiet()
        self._stalled = None
        asyncio.get_running_loop().remove_reader(self._master)
        self.path.unlink(missing_ok=True)
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    close = unplug

    def __enter__(self) -> "Tty":
        self.plug()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, data: bytes) -> float:
        """Put `data` on the line; gives the CLOCK_MONOTONIC second just before its first byte left."""
        if self._corrupt_every and data:
            data = self._damaged(data)
        if self._stalled is not None:
            self._stalled = (self._stalled + data)[-_KEPT:]
            return time.monotonic()
        return self._put(data)

    def write_pieces(self, pieces: Iterable[bytes], apart_s: float) -> None:
        """Put each piece on the line, `apart_s` seconds after the one before."""
        loop = asyncio.get_running_loop()
        for number, piece in enumerate(pieces):
            loop.call_later(number * apart_s, self.write, piece)

    def stall(self) -> None:
        """Hold everything back, as a hung USB adapter does, until `resume`."""
        if self._stalled is None:
            self._stalled = bytearray()

    def resume(self) -> None:
        """Let all that was held back out at once."""
        held, self._stalled = self._stalled, None
        if held:
            self._put(bytes(held))

    def corrupt(self, every: int) -> None:
        """From now on flip a bit in every `every`-th byte; 0 ends it."""
        self._corrupt_every = every

    def noise(self, for_s: float, rate_bytes_s: float = 500.0, piece: int = 16) -> None:
        """Scatter random bytes over the line for `for_s` seconds."""
        self.quiet()
        self._noise = asyncio.get_running_loop().create_task(self._scatter(for_s, rate_bytes_s, piece))

    def quiet(self) -> None:
        """End the noise."""
        if self._noise is not None:
            self._noise.cancel()
            self._noise = None

    async def _scatter(self, for_s: float, rate_bytes_s: float, piece: int) -> None:
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            self.write(self._random.randbytes(self._random.randint(1, piece)))
            await asyncio.sleep(piece / 2 / rate_bytes_s)

    def _damaged(self, data: bytes) -> bytes:
        damaged = bytearray(data)
        for place in range(len(damaged)):
            self._written += 1
            if self._written % self._corrupt_every == 0:
                damaged[place] ^= 1 << self._random.randrange(8)
        return bytes(damaged)

    def _put(self, data: bytes) -> float:
        at = time.monotonic()
        if self.plugged:
            try:
                os.write(self._master, data)
            except BlockingIOError:
                return at  # nobody reads: the bytes are lost
        return at

    def _readable(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except (BlockingIOError, OSError):
            return
        self.received += data
        del self.received[:-_KEPT]
        if self.on_data is not None:
            self.on_data(data)
