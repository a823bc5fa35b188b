"""Keeps a part of us running: whatever it raises, it is started again, and staff hear of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from drivers.backoff import Backoff
from drivers.errors import DriverError

_LOGGER = logging.getLogger(__name__)

STEADY_S = 10.0  # it ran this long: the next failure is a new one


async def keep_running(
    name: str,
    run: Callable[[], Awaitable[None]],
    on_state: Callable[[str, str], None],
    backoff: Backoff | None = None,
    steady_s: float = STEADY_S,
) -> None:
    """Run `run` again whenever it ends, until cancelled.

    `on_state(name, why)` is told why it failed, and an empty `why` once it has run for `steady_s` again.
    """
    backoff = backoff or Backoff()
    failed = False
    while True:
        task = asyncio.ensure_future(run())
        try:
            done, _ = await asyncio.wait({task}, timeout=steady_s)
            if not done:
                backoff.reset()
                if failed:
                    on_state(name, "")
                    failed = False
            await task
            why = "it ended by itself"
            _LOGGER.error("%s: ended by itself", name)
        except DriverError as error:
            why = str(error)
            _LOGGER.warning("%s: %s", name, error)
        except Exception as error:  # the supervisor of a part: told to staff, logged whole, started again
            why = f"{type(error).__name__}: {error}"
            _LOGGER.exception("%s: failed", name)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        failed = True
        on_state(name, why)
        await asyncio.sleep(backoff.next())
