"""The real sounder process on a real socket, and a client as the core has it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent.annunciators.client import SounderClient
from agent.annunciators.settings import AnnunciatorSettings
from agent.satellites import Satellite
from agent.wire import Message
from tests.waiting import until


class Bench:
    """A sounder, what it said, and the file of line changes of its simulated output, if it has one."""

    def __init__(self, folder: Path, settings: AnnunciatorSettings) -> None:
        self.folder = folder
        self.satellite = Satellite(
            "sounder",
            "agent.annunciators.sounder",
            folder,
            {"socket": str(folder / "sounder.sock"), "settings": asdict(settings)},
            lambda *_: None,
        )
        self.said: list[Message] = []
        self.links: list[bool] = []
        self.client = SounderClient(
            folder / "sounder.sock", self.said.append, self.links.append, self.satellite.restart
        )
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self.tasks = [asyncio.create_task(self.satellite.run()), asyncio.create_task(self.client.run())]

    async def drop_client(self) -> None:
        self.tasks[1].cancel()
        await asyncio.gather(self.tasks[1], return_exceptions=True)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.satellite.stop()

    def lines(self, line: str) -> list[dict[str, Any]]:
        """Its changes so far."""
        text = (self.folder / "lines.jsonl").read_text(encoding="utf-8")
        return [row for row in map(json.loads, text.splitlines()) if row["line"] == line]

    def states(self) -> dict[str, str]:
        """What each output was last told to be: opening, ok or fault."""
        told = self.of("status")
        return {name: row["state"] for name, row in told[-1]["annunciators"].items()} if told else {}

    def of(self, kind: str) -> list[Message]:
        """What it said of that kind."""
        return [message for message in self.said if message["t"] == kind]


@asynccontextmanager
async def running(folder: Path, settings: AnnunciatorSettings) -> AsyncIterator[Bench]:
    """A connected sounder with these settings."""
    bench = Bench(folder, settings)
    bench.start()
    try:
        await until(lambda: bench.links == [True], "connected")
        yield bench
    finally:
        await bench.stop()
