"""The core process: one loop, one TaskGroup, and the order in which things come up and go down."""

import asyncio
import gc
import logging

from agent import sd_notify
from agent.app.house import House
from agent.app.starts import Starts
from agent.clock import Clock
from agent.process_lock import ProcessLock
from agent.settings.load import Settings

_LOGGER = logging.getLogger(__name__)


class Core:
    """One run of the agent: `run` once, `stop` from a signal handler."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or Clock()
        self._stopping = asyncio.Event()
        self._failure: BaseException | None = None

    def stop(self) -> None:
        """End in order."""
        self._stopping.set()

    async def run(self) -> int:
        """Serve until `stop`; gives the exit status: 1 when the engine failed and a fresh process must take over.

        Raises `AlreadyRunningError`, and OSError for folders that cannot be made or written.
        """
        for folder in (self._settings.state, self._settings.run):
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        lock = ProcessLock(self._settings.run / "core.lock").acquire()
        starts = Starts(self._settings.state / "starts.json", self._clock.boot)
        try:
            await self._live(starts)
        finally:
            lock.release()
        if self._failure is not None:
            return 1
        starts.forget()
        return 0

    def _died(self, error: BaseException) -> None:
        self._failure = error
        self._stopping.set()

    async def _live(self, starts: Starts) -> None:
        house = House(self._settings, self._clock, self._died, starts)
        async with asyncio.TaskGroup() as group:
            house.start(group)
            await house.ready()
            gc.collect()
            gc.freeze()  # what lives as long as the process is not looked through again: no pauses of tens of ms
            sd_notify.notify("READY=1")
            await self._stopping.wait()
            sd_notify.notify("STOPPING=1")
            _LOGGER.info("ending")
            await house.end(orderly=self._failure is None)
