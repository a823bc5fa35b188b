"""Blocking work from the loop, in a thread that may hang for ever without holding the loop or our end.

`asyncio.to_thread` will not do: the loop's shutdown waits for its threads, so a disk that hangs would hang the stop.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def offload(work: Callable[[], T], timeout_s: float, name: str) -> T:
    """What `work` gives or raises; TimeoutError after `timeout_s` seconds, while its daemon thread goes on."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(outcome: Callable[[], None]) -> None:
        if not answer.done():
            outcome()

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            failure = error
            outcome: Callable[[], None] = lambda: answer.set_exception(failure)  # noqa: E731
        else:
            outcome = lambda: answer.set_result(result)  # noqa: E731
        try:
            loop.call_soon_threadsafe(settle, outcome)
        except RuntimeError:  # the loop has ended meanwhile; nobody waits any more
            return

    threading.Thread(target=run, name=name, daemon=True).start()
    async with asyncio.timeout(timeout_s):
        return await answer
