"""Waiting for something that real parts bring about, with a deadline that only a failure reaches."""

import asyncio
import time
from collections.abc import Callable

DEADLINE_S = 10.0


async def until(holds: Callable[[], object], what: str = "", deadline_s: float = DEADLINE_S) -> None:
    """Let the loop run until `holds()` is true; fails naming `what` after `deadline_s` seconds."""
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end, f"not within {deadline_s:g} s: {what or holds}"
        await asyncio.sleep(0.005)
