"""Blocking work that may hang."""

import asyncio
import threading

import pytest

from agent.offload import offload


async def test_it_gives_what_the_work_gives_or_raises() -> None:
    assert await offload(lambda: 7, 5.0, "seven") == 7

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await offload(fail, 5.0, "fails")


def test_work_that_hangs_holds_neither_the_caller_nor_the_loop_s_end() -> None:
    release = threading.Event()

    async def caller() -> None:
        with pytest.raises(TimeoutError):
            await offload(release.wait, 0.05, "hangs")

    asyncio.run(caller())  # would never return with asyncio.to_thread
    release.set()
