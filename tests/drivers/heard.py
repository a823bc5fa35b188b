"""What a driver emitted, in order, with the questions that tests ask of it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from drivers.base import Driver, Link, LinkState
from drivers.reading import Reading


class Heard:
    """An `Emit` that keeps everything."""

    def __init__(self) -> None:
        self.all: list[Reading | Link] = []
        self.times: list[float] = []  # when each of `all` came

    def __call__(self, event: Reading | Link) -> None:
        self.all.append(event)
        self.times.append(time.monotonic())

    def forget(self) -> None:
        self.all.clear()
        self.times.clear()

    def links(self, device: str) -> list[LinkState]:
        return [one.state for one in self.all if isinstance(one, Link) and one.device == device]

    def link(self, device: str) -> Link | None:
        """The last word on `device`."""
        return next((one for one in reversed(self.all) if isinstance(one, Link) and one.device == device), None)

    def why(self, device: str) -> str:
        """What was said last to be wrong with `device`, in English."""
        link = self.link(device)
        return str(link.reason) if link and link.reason else ""

    def state(self, device: str) -> LinkState | None:
        link = self.link(device)
        return link.state if link else None

    def readings(self, device: str, quantity: str = "") -> list[Reading]:
        return [
            one
            for one in self.all
            if isinstance(one, Reading) and one.device == device and quantity in {"", one.quantity}
        ]

    def values(self, device: str, quantity: str = "") -> list[float | bool | str]:
        return [one.value for one in self.readings(device, quantity)]


@contextlib.asynccontextmanager
async def running(driver: Driver) -> AsyncIterator[None]:
    """The driver at work; a driver that ends by itself fails the test."""
    task = asyncio.ensure_future(driver.run())
    try:
        yield
        if task.done():
            task.result()
            raise AssertionError(f"{driver.name} ended by itself")
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
