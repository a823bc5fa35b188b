"""A gateway as far as the way upstream is concerned: a real store, the core's socket, the real process, a platform."""

import asyncio
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from agent.process_lock import holder
from agent.satellites import Satellite
from agent.store import reader
from agent.store.entry import Entry, Lane
from agent.upstream.link import LINE_LIMIT, CallTold, PlatformNote, UpstreamLink, process_config, receipted, wake
from agent.upstream.settings import UpstreamSettings
from agent.wire import LineDecoder, Message, WireError
from drivers.backoff import Backoff
from tests.simulator.bad_network import BadNetwork
from tests.simulator.platform import Platform
from tests.store.keeping import Keeping


class Core:
    """The core's end of core.sock, as the core has it: receipts to the store, and back once they are durable."""

    def __init__(self, path: Path, keeping: Keeping) -> None:
        self.link = UpstreamLink(asyncio.get_running_loop().time())
        self.said: list[Message] = []
        self.notes: list[PlatformNote] = []
        self.calls: list[CallTold] = []
        self.deaf = False  # takes receipts, but never confirms one
        self._path = path
        self._keeping = keeping
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._connected, self._path)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server = None

    def wake(self, lane: Lane) -> None:
        if self._writer is not None:
            self._writer.write(wake(lane))

    async def _connected(self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        loop, decoder, self._writer = asyncio.get_running_loop(), LineDecoder(LINE_LIMIT), writer
        try:
            while data := await stream.read(65536):
                for message in decoder.feed(data):
                    self._take(message, writer, loop)
        except (OSError, WireError, asyncio.CancelledError) as error:
            if isinstance(error, WireError):
                self.said.append({"t": "broken", "why": str(error)})
        finally:
            self._tasks.discard(task)
            self.link.lost(loop.time())
            self._writer = None
            writer.transport.abort()

    def _take(self, message: Message, writer: asyncio.StreamWriter, loop: asyncio.AbstractEventLoop) -> None:
        self.said.append(message)
        receipt = self.link.take(message, loop.time())
        if isinstance(receipt, PlatformNote):
            self.notes.append(receipt)
            return
        if isinstance(receipt, CallTold):
            self.calls.append(receipt)
            return
        if receipt is None or self.deaf:
            return

        def durable() -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(writer.write, receipted(receipt))

        self._keeping.store.receipt(receipt.consumer, receipt.lane, receipt.accepted, receipt.rejected, durable)


class Gateway:
    """Everything together, in `folder`; the process reaches the platform through `network`."""

    def __init__(self, folder: Path, platform: Platform, network: BadNetwork, **settings: object) -> None:
        self.platform, self.network = platform, network
        self.keeping = Keeping(folder / "state")
        self.core = Core(folder / "core.sock", self.keeping)
        self._loop = asyncio.get_running_loop()
        self.keeping.on_stored = self._stored
        self.settings = UpstreamSettings(
            **{
                "url": f"https://127.0.0.1:{network.port}/ingest",
                "token_file": str(platform.token_file),
                "ca_file": str(platform.ca_file),
                **settings,
            }  # type: ignore[arg-type]
        )
        self.downs: list[str] = []
        config = process_config(
            str(folder / "core.sock"), str(folder / "state"), "gw-7", "颐养院", "310101", asdict(self.settings)
        )
        self._lock = folder / "upstream.lock"
        quick = Backoff(first=0.05, cap=0.1)
        self.satellite = Satellite("upstream", "agent.upstream", folder, config, self._on_state, quick)
        self._task: asyncio.Task[None] | None = None

    def _stored(self, lane: Lane) -> None:
        self._loop.call_soon_threadsafe(self.core.wake, lane)

    def _on_state(self, name: str, why: str) -> None:
        self.downs.append(why)

    async def start(self) -> None:
        self.keeping.open()
        await self.core.start()
        self.start_process()

    def start_process(self) -> None:
        self._task = asyncio.create_task(self.satellite.run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.satellite.stop()
        await self.core.stop()
        self.keeping.store.close()
        assert holder(self._lock) is None

    def alarm(self, alarm: str = "a", number: int = 0) -> Entry:
        return self.keeping.alarm(alarm, number)

    def reading(self, number: int) -> Entry:
        return self.keeping.reading(number)

    @property
    def online(self) -> bool:
        return self.core.link.state.online

    def backlog(self) -> dict[str, int]:
        """What the platform lacks, by what is on disk."""
        return reader.backlog(self.keeping.folder, self.settings.consumer)
