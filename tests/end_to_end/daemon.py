"""The real daemon as a test starts, hurts and ends it; and every process that belongs to it."""

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.panel.client import ApiClient, ClientError
from tests.simulator.daemon_process import CLI, DaemonProcess, command
from tests.waiting import answered, until

READY_S = 20.0  # far above the promise, which the benchmark of the start holds: here it only ends a hopeless wait


class Daemon(DaemonProcess):
    """`nightlamp run` as a test has it; leaving the context leaves no process of it behind."""

    def __init__(
        self, config: Path, environment: Mapping[str, str] | None = None, entry: tuple[str, ...] = CLI
    ) -> None:
        super().__init__(config, config / "daemon.log", environment, entry)
        self._client = ApiClient(self.api_socket, timeout_s=2.0)

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
    def tracebacks(self) -> list[str]:
        """What failed inside: each log line with a traceback, or one that Python printed."""
        return [line.replace("\\n", "\n") for line in self.log.splitlines() if "Traceback" in line]

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

    async def put(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
        return await asyncio.to_thread(self._client.put, path, body)

    async def post(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
        return await asyncio.to_thread(self._client.post, path, body)

    async def alarms(self) -> list[dict[str, Any]]:
        """Open alarms; empty while nobody answers."""
        state = await self.state()
        return [] if state is None else list(state["alarms"])

    async def alarm(self, kind: str, subject: str = "", within_s: float = 10.0) -> dict[str, Any]:
        """The open alarm of `kind` (and `subject`) as soon as there is one."""

        def meant(alarms: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [one for one in alarms if one["kind"] == kind and subject in ("", one["subject"]["id"])]

        return meant(await answered(self.alarms, meant, within_s, lambda: f"no {kind} {subject}: {self.log[-3000:]}"))[
            0
        ]

    async def over(self, id_: str, within_s: float = 10.0) -> None:
        """Wait until the alarm `id_` is no longer open."""

        def is_over(state: Any) -> bool:  # noqa: ANN401 - any JSON value
            return state is not None and all(one["id"] != id_ for one in state["alarms"])

        await answered(self.state, is_over, within_s, lambda: f"{id_} is still open: {self.log[-3000:]}")

    async def act(self, id_: str, *steps: str) -> None:
        """A carer's taps: `seen`, `attended`, `closed`."""
        for step in steps:
            body = {"cause": "assisted"} if step == "closed" else {}
            await asyncio.to_thread(self._client.post, f"/api/v1/alarms/{id_}/{step}", body)

    async def kill(self) -> None:
        """kill -9 of the core, collected."""
        self.send(signal.SIGKILL)
        await self.wait()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to end in order; gives the seconds that it took."""
        began = time.monotonic()
        self.send(number)
        assert await self.wait() == 0, self.log[-3000:]
        return time.monotonic() - began

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
