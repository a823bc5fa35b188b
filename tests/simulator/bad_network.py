"""A network in between that goes wrong on command: a TCP proxy in the running loop.

network = BadNetwork("127.0.0.1", platform.port)
await network.start()                # network.port
network.cut(); network.restore()     # connections are reset, new ones refused
network.blackhole()                  # nothing gets through, nobody is told
network.latency_s, network.bytes_per_s, network.reset_after_bytes
await network.stop()
"""

import asyncio
import socket
import struct
import time

_CHUNK = 16384


class BadNetwork:
    """Forwards connections to `host`:`port`, in whatever state the network is."""

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self.latency_s = 0.0
        self.bytes_per_s = 0.0  # each way; 0: as fast as it goes
        self.reset_after_bytes: int | None = None  # of an upload; once: then the next one goes through
        self.connections = 0  # accepted so far
        self.cut_at: float | None = None  # monotonic
        self.restored_at: float | None = None
        self._target = (host, port)
        self._down = False
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen on 127.0.0.1."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """End everything."""
        if self._server is not None:
            self._server.close()
        self.reset()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    def cut(self) -> None:
        """The link goes down: connections are reset, new ones as well."""
        self._down, self.cut_at = True, time.monotonic()
        self.reset()

    def blackhole(self) -> None:
        """Nothing gets through any more and nothing comes back."""
        self.cut_at = time.monotonic()
        self._open.clear()

    def restore(self) -> None:
        """The link is up again."""
        self._down, self.restored_at = False, time.monotonic()
        self._open.set()

    def reset(self) -> None:
        """Reset every connection that there is (RST, not FIN)."""
        for writer in list(self._links):
            sock = writer.get_extra_info("socket")
            if sock is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._links.add(writer)
        self.connections += 1
        try:
            if self._down:
                self.reset()
                return
            await self._open.wait()
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._links.add(far_writer)
            try:
                await asyncio.gather(
                    self._pump(reader, far_writer, upload=True), self._pump(far_reader, writer, upload=False)
                )
            finally:
                self._links.discard(far_writer)
                far_writer.transport.abort()
        except (OSError, asyncio.CancelledError):
            return
        finally:
            self._links.discard(writer)
            self._tasks.discard(task)
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upload: bool) -> None:
        sent = 0
        try:
            while data := await reader.read(_CHUNK):
                await self._open.wait()
                if self.latency_s:
                    await asyncio.sleep(self.latency_s)
                if self.bytes_per_s:
                    await asyncio.sleep(len(data) / self.bytes_per_s)
                sent += len(data)
                if upload and self.reset_after_bytes is not None and sent >= self.reset_after_bytes:
                    self.reset_after_bytes = None
                    self.reset()
                    return
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()
