"""Our other processes: started, adopted after our own restart, watched by pidfd, restarted, ended in order.

Each takes a file lock that carries its pid (`agent.process_lock`), so a core that comes back finds those that outlived
it. Where systemd runs them as units of their own, the lock is held already and the core only watches.
"""

import asyncio
import fcntl
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent.process_lock import holder
from drivers.backoff import Backoff

_LOGGER = logging.getLogger(__name__)

STEADY_S = 10.0
STOP_S = 2.0
KEPT_FD = 3  # of the child's: the first that systemd hands over too
KEPT_BYTES = 4 * 1024 * 1024


class Satellite:
    """One of our processes: `python -m module --config run/<name>.json`, lock at `run/<name>.lock`."""

    def __init__(
        self,
        name: str,
        module: str,
        run_folder: Path,
        config: Mapping[str, Any],
        on_state: Callable[[str, str], None],
        backoff: Backoff | None = None,
        keeps: str = "",
    ) -> None:
        """`on_state(name, why)`: why it is down; an empty `why` once a process runs.

        `keeps` names what one such process leaves to the next, in a memory file that we hold and never look into
        (see `memory`); its descriptor is `kept` in the settings.
        """
        self.name = name
        self.pid = 0
        self._module = module
        self._lock = run_folder / f"{name}.lock"
        self._file = run_folder / f"{name}.json"
        self._keeps = keeps
        self._kept: int | None = None
        self.use(config)
        self._on_state = on_state
        self._backoff = backoff or Backoff(first=0.2, cap=15.0)
        self._reason = ""

    def use(self, config: Mapping[str, Any]) -> None:
        """The next such process is started with `config`; one that runs hears of it in another way."""
        self._config = {**config, "lock": str(self._lock), **({"kept": KEPT_FD} if self._keeps else {})}

    def memory(self) -> int | None:
        """Our descriptor of what is handed on, made when it is first wanted; None where nothing is.

        Raises OSError where no descriptor is left.
        """
        if self._keeps and self._kept is None:
            self._kept = memory_file(self._keeps)
        return self._kept

    async def run(self) -> None:
        """Keep one such process alive until cancelled; cancelling leaves it running."""
        loop = asyncio.get_running_loop()
        while True:
            started = loop.time()
            why = await self._live()
            self.pid = 0
            _LOGGER.warning("%s: process down: %s", self.name, why)
            self._on_state(self.name, why)
            if loop.time() - started > STEADY_S:
                self._backoff.reset()
            await asyncio.sleep(self._backoff.next())

    async def _live(self) -> str:
        """One process from its start to its end; gives why it is down."""
        try:
            self._adopt_or_spawn()
            self._on_state(self.name, "")
            await self._ended(self.pid)
        except OSError as error:  # a full run folder, no process or file descriptor left: told, tried again
            return f"it cannot be started: {error}"
        status = _reap(self.pid)
        why, self._reason = self._reason or f"it ended ({status})", ""
        return why

    def restart(self, reason: str) -> None:
        """Kill the process, which hangs or lies; `run` starts another."""
        if self.pid:
            _LOGGER.warning("%s: killed: %s", self.name, reason)
            self._reason = reason
            _signal(self.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End the process: SIGTERM, and SIGKILL when it takes longer than 2 s. Call after `run` was cancelled.

        What it kept is gone.
        """
        if self._kept is not None:
            os.close(self._kept)
            self._kept = None
        pid = holder(self._lock) or self.pid
        if not pid:
            return
        _signal(pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_S):
                await self._ended(pid)
        except TimeoutError:
            _signal(pid, signal.SIGKILL)
            await self._ended(pid)
        _reap(pid)

    def _adopt_or_spawn(self) -> None:
        if pid := holder(self._lock):
            _LOGGER.info("%s: adopted process %d", self.name, pid)
            self.pid = pid
            return
        self._file.write_text(json.dumps(self._config), encoding="utf-8")
        self._file.chmod(0o600)
        memory = self.memory()
        hand_over = [] if memory is None else [(os.POSIX_SPAWN_DUP2, memory, KEPT_FD)]
        self.pid = os.posix_spawn(  # it outlives us: a session of its own, nothing inherited but stderr and `kept`
            sys.executable,
            [sys.executable, "-m", self._module, "--config", str(self._file)],
            os.environ,
            file_actions=[*((os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1)), *hand_over],
            setsid=True,
        )

    @staticmethod
    async def _ended(pid: int) -> None:
        """Wait until the kernel says that `pid` is gone."""
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        loop = asyncio.get_running_loop()
        gone = asyncio.Event()
        loop.add_reader(fd, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(fd)
            os.close(fd)


def memory_file(name: str) -> int:
    """An empty file of `KEPT_BYTES` in memory, in no folder, that nobody can make larger or smaller."""
    fd = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, KEPT_BYTES)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    return fd


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _reap(pid: int) -> str:
    """Collect the status of `pid`, if it is a child of ours, in words."""
    try:
        _, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return "not our child"
    code = os.waitstatus_to_exitcode(status)
    return f"status {code}" if code >= 0 else signal.Signals(-code).name
