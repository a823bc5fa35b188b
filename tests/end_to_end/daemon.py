"""The real daemon as a test starts, hurts and ends it; and every process that belongs to it."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.panel.client import ApiClient, ClientError
from tests.waiting import until

CLI = ("-m", "agent.cli")
SATELLITES = ("sounder", "vision", "upstream")
READY_S = 20.0  # far above the promise, which the benchmark of the start holds: here it only ends a hopeless wait


class Daemon:
    """`nightlamp run` on the settings in `config`; leaving the context leaves no process of it behind.

    `entry` are the interpreter's arguments that stand for `nightlamp`: a test's own entry point may stand there.
    """

    def __init__(
        self, config: Path, environment: Mapping[str, str] | None = None, entry: tuple[str, ...] = CLI
    ) -> None:
        self.config = config
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})}
        self.entry = entry
        self.process: asyncio.subprocess.Process | None = None
        self.before_start: Callable[[], None] | None = None  # called in the new process
        self._client = ApiClient(config / "run" / "api.sock", timeout_s=2.0)

    async def __aenter__(self) -> Self:
        await self.start()
        try:
            await self.ready()
        except BaseException:
            await self.end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.end()

    @property
    def pid(self) -> int:
        """The core's process id."""
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> str:
        """All that it and its processes have said."""
        file = self.config / "daemon.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    @property
    def tracebacks(self) -> list[str]:
        """What failed inside: each log line with a traceback, or one that Python printed."""
        return [line.replace("\\n", "\n") for line in self.log.splitlines() if "Traceback" in line]

    async def start(self) -> None:
        """Start it, as systemd would: at once, whatever is left from before."""
        with (self.config / "daemon.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, *self.entry, "run", "--config", str(self.config)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                preexec_fn=self.before_start,
            )

    async def ready(self) -> float:
        """Wait until the API answers; gives the seconds that it took."""
        began = time.monotonic()
        while await self.state() is None:
            assert self.process is not None
            assert self.process.returncode is None, f"it ended with {self.process.returncode}: {self.log[-2000:]}"
            assert time.monotonic() < began + READY_S, f"not ready: {self.log[-2000:]}"
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def state(self) -> Any:  # noqa: ANN401 - any JSON value
        """The answer to GET /api/v1/state; None while nobody answers."""
        try:
            return await self.get("/api/v1/state")
        except ClientError:
            return None

    async def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        return await asyncio.to_thread(self._client.get, path)

    async def alarms(self) -> list[dict[str, Any]]:
        """Open alarms; empty while nobody answers."""
        state = await self.state()
        return [] if state is None else list(state["alarms"])

    async def alarm(self, kind: str, subject: str = "", within_s: float = 10.0) -> dict[str, Any]:
        """The open alarm of `kind` (and `subject`) as soon as there is one."""
        end = time.monotonic() + within_s
        while True:
            for one in await self.alarms():
                if one["kind"] == kind and subject in ("", one["subject"]["id"]):
                    return one
            assert time.monotonic() < end, f"no {kind} {subject} within {within_s:g} s: {self.log[-3000:]}"
            await asyncio.sleep(0.02)

    async def over(self, id_: str, within_s: float = 10.0) -> None:
        """Wait until the alarm `id_` is no longer open."""
        end = time.monotonic() + within_s
        while (state := await self.state()) is None or any(one["id"] == id_ for one in state["alarms"]):
            assert time.monotonic() < end, f"{id_} still open after {within_s:g} s: {self.log[-3000:]}"
            await asyncio.sleep(0.02)

    async def act(self, id_: str, *steps: str) -> None:
        """A carer's taps: `seen`, `attended`, `closed`."""
        for step in steps:
            body = {"cause": "assisted"} if step == "closed" else {}
            await asyncio.to_thread(self._client.post, f"/api/v1/alarms/{id_}/{step}", body)

    def send(self, number: signal.Signals, name: str = "core") -> None:
        """Send a signal to the core, or to one of its processes."""
        os.kill(self.pid if name == "core" else self.pid_of(name), number)

    async def kill(self) -> None:
        """kill -9 of the core, collected."""
        self.send(signal.SIGKILL)
        await self.wait()

    async def wait(self, within_s: float = 10.0) -> int:
        """The core's exit status, negative for a signal."""
        assert self.process is not None
        async with asyncio.timeout(within_s):
            return await self.process.wait()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to end in order; gives the seconds that it took."""
        began = time.monotonic()
        self.send(number)
        assert await self.wait() == 0, self.log[-3000:]
        return time.monotonic() - began

    def pid_of(self, name: str) -> int:
        """The live process that holds the lock of `name`; 0 for none.

        Not by `holder`, which takes the lock for a moment: a process that starts just then would find it taken.
        """
        lock = self.config / "run" / f"{name}.lock"
        text = lock.read_text(encoding="ascii") if lock.exists() else ""
        return int(text) if text.isdigit() and str(self.config) in command(int(text)) else 0

    async def runs(self, name: str, other_than: int = 0, within_s: float = 10.0) -> int:
        """The process id of `name` once it runs."""
        await until(lambda: self.pid_of(name) not in (0, other_than), f"{name} runs", within_s)
        return self.pid_of(name)

    def left(self) -> dict[int, str]:
        """Every live process that was started on these settings, by id."""
        found = {int(one.name): command(int(one.name)) for one in Path("/proc").iterdir() if one.name.isdigit()}
        return {pid: words for pid, words in found.items() if str(self.config) in words and pid != os.getpid()}

    async def end(self) -> None:
        """Kill whatever of it still lives."""
        for _ in range(3):  # one may be between spawning and living
            for pid in self.left():
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            if self.process is not None:
                await self.process.wait()
        await until(lambda: not self.left(), "all are gone")


def command(pid: int) -> str:
    """The command line of process `pid`; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
