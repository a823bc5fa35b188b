"""Waiting for something that real parts bring about, with a deadline that only a failure reaches."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
DEADLINE_S = 10.0


async def until(holds: Callable[[], object], what: str = "", deadline_s: float = DEADLINE_S) -> None:
    """Let the loop run until `holds()` is true; fails naming `what` after `deadline_s` seconds."""
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end, f"not within {deadline_s:g} s: {what or holds}"
        await asyncio.sleep(0.005)


async def answered(
    ask: Callable[[], Awaitable[T]],
    holds: Callable[[T], object],
    deadline_s: float = DEADLINE_S,
    also: Callable[[], str] = str,
    every_s: float = 0.02,
) -> T:
    """Ask another process until its answer `holds`, and give that; fails with the last answer and what `also` says."""
    end = time.monotonic() + deadline_s
    while not holds(answer := await ask()):
        assert time.monotonic() < end, f"not within {deadline_s:g} s: {str(answer)[:1000]} {also()}"
        await asyncio.sleep(every_s)
    return answer
