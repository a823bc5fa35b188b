"""The real vision process, started and judged as the core does it, on a real socket."""

import asyncio
import time
from pathlib import Path
from typing import Any

from agent.app.satellite_set import ROOMS
from agent.detection.observations import Observation
from agent.eyes.judge import LINE_LIMIT, Eyes
from agent.eyes.settings import CamerasSettings, vision_config
from agent.process_lock import holder
from agent.satellites import Satellite
from agent.wire import LineDecoder, WireError
from drivers.backoff import Backoff

WATCH_S = 0.25


class Bench:
    """A core in small: listens at core.sock, judges, restarts; `told` are the believed observations with arrival."""

    def __init__(
        self, folder: Path, settings: CamerasSettings, restarts: bool = True, models: Path | None = None
    ) -> None:
        self.folder = folder
        self.told: list[tuple[float, Observation]] = []
        self.deaths: list[tuple[float, str]] = []
        self.heard = bytearray()  # everything that came over the socket
        self._restarts = restarts
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._connections: set[asyncio.StreamWriter] = set()
        config: dict[str, Any] = vision_config(settings, folder / "core.sock", None, models=models)
        self.eyes = Eyes(tuple(row["id"] for row in config["cameras"]), time.monotonic())
        quick = Backoff(0.05, 0.1)
        self.satellite = Satellite("vision", "agent.vision", folder, config, self._on_state, quick, ROOMS)

    async def start(self) -> None:
        await self.listen()
        self._tasks = [asyncio.create_task(self.satellite.run()), asyncio.create_task(self._watch())]

    async def listen(self) -> None:
        (self.folder / "core.sock").unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self.folder / "core.sock")

    async def deafen(self) -> None:
        """The core's end of the socket dies."""
        assert self._server is not None
        self._server.close()
        for writer in list(self._connections):
            writer.transport.abort()
        await self._server.wait_closed()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.satellite.stop()
        await self.deafen()

    @property
    def pid(self) -> int:
        """Of the running process; 0 while there is none."""
        return holder(self.folder / "vision.lock") or 0

    def of(self, name: str, camera: str = "") -> list[Observation]:
        return [one for _, one in self.told if one.name == name and camera in ("", one.device)]

    def playing(self, camera: str) -> bool:
        return self.eyes.camera_states[camera].state == "playing"

    def say(self, *lines: bytes) -> None:
        """To the process, as the core does."""
        for writer in self._connections:
            writer.write(b"".join(lines))

    def _on_state(self, name: str, why: str) -> None:
        if why:
            self.deaths.append((time.monotonic(), why))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            if (why := self.eyes.overdue(time.monotonic())) and self._restarts:
                self.satellite.restart(why)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        decoder = LineDecoder(LINE_LIMIT)
        self._connections.add(writer)
        try:
            while data := await reader.read(65536):
                self.heard += data
                for message in decoder.feed(data):
                    now = time.monotonic()
                    self.told += [(now, one) for one in self.eyes.take(message, now)]
        except WireError as error:
            self.satellite.restart(str(error))
        except ConnectionError:
            pass
        finally:
            self.eyes.gone(time.monotonic())
            self._connections.discard(writer)
            writer.close()
