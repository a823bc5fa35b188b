"""A part that fails is started again, and staff hear of it."""

import asyncio

import pytest

from agent.supervision import keep_running
from drivers.backoff import Backoff
from drivers.errors import LinkLostError
from tests.waiting import until

FAST = Backoff(0.001, 0.002)


async def test_restarts_after_errors_and_tells_of_recovery(caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []
    told: list[tuple[str, str]] = []

    async def part() -> None:
        runs.append(len(runs))
        if len(runs) == 1:
            raise LinkLostError("port_unplugged", link="serial:x")
        if len(runs) == 2:
            raise ZeroDivisionError("by design")
        if len(runs) == 3:
            return
        await asyncio.Event().wait()

    task = asyncio.create_task(keep_running("serial:x", part, lambda *said: told.append(said), FAST, steady_s=0.05))
    await until(lambda: told and told[-1][1] == "", "recovery is told")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert told == [
        ("serial:x", "serial:x: unplugged; plug it in again"),
        ("serial:x", "ZeroDivisionError: by design"),
        ("serial:x", "it ended by itself"),
        ("serial:x", ""),
    ]
    assert "Traceback" in caplog.text, "an unforeseen error is logged whole"


async def test_cancelling_cancels_the_part() -> None:
    ended = asyncio.Event()
    began = asyncio.Event()

    async def part() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(keep_running("x", part, lambda *_: None))
    await began.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert ended.is_set()
