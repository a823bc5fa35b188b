"""The core's end of the sounder's socket: the set of open alarms goes out at once, and never waits."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from agent.wire import LineDecoder, Message, WireError, encode

_LOGGER = logging.getLogger(__name__)

RETRY_S = 0.2
BEAT_S = 1.0
SILENT_S = 3.0  # it reports each second; after three the sounder hangs
LINE_LIMIT = 256 * 1024
UNSENT_LIMIT = 4 * LINE_LIMIT


class _Link(asyncio.Protocol):
    """One connection; ends when the peer does, breaks the contract, or reads no more."""

    def __init__(self, take: Callable[[Message], None], now: Callable[[], float]) -> None:
        self._take = take
        self._now = now
        self._decoder = LineDecoder(LINE_LIMIT)
        self.heard_at = now()
        self.ended = asyncio.Event()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._now()
        try:
            for message in self._decoder.feed(data):
                self._take(message)
        except WireError as error:
            self.abort(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()

    def send(self, line: bytes) -> None:
        """Hand `line` to the socket now; a peer that takes nothing any more is dropped."""
        if self.transport is None or self.transport.is_closing():
            return
        self.transport.write(line)
        if self.transport.get_write_buffer_size() > UNSENT_LIMIT:
            self.abort("it reads no more")

    def abort(self, why: str) -> None:
        """End the connection without a goodbye."""
        if self.transport is not None and not self.transport.is_closing():
            _LOGGER.warning("sounder: connection dropped: %s", why)
            self.transport.abort()


class SounderClient:
    """Keeps a connection to the sounder at `path`.

    `on_message` gets each of its messages: `held` first, before our set goes out, so that alarms which only the
    sounder remembers can be restored. `on_link` hears of the connection coming up (True) and going down (False).
    """

    def __init__(self, path: Path, on_message: Callable[[Message], None], on_link: Callable[[bool], None]) -> None:
        self._path = path
        self._on_message = on_message
        self._on_link = on_link
        self._link: _Link | None = None
        self._greeted = False
        self._sequence = 0
        self._alarms: Sequence[Mapping[str, Any]] = ()

    def show(self, alarms: Sequence[Mapping[str, Any]]) -> None:
        """Make `alarms` (Alarm.to_json objects) the whole set of open ones; returns at once, connected or not."""
        self._alarms = alarms
        self._sequence += 1
        if self._link is not None and self._greeted:
            self._link.send(encode("open", seq=self._sequence, alarms=list(alarms)))

    def bye(self) -> None:
        """Tell the sounder that the core ends in order."""
        if self._link is not None:
            self._link.send(encode("bye"))

    async def run(self) -> None:
        """Connect, beat, watch and connect again, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                _, link = await loop.create_unix_connection(lambda: _Link(self._take, loop.time), str(self._path))
            except OSError:
                await asyncio.sleep(RETRY_S)
                continue
            self._link, self._greeted = link, False
            try:
                await self._serve(link, loop.time)
            finally:
                self._link = None
                if link.transport is not None:
                    link.transport.close()
                if self._greeted:
                    self._on_link(False)

    async def _serve(self, link: _Link, now: Callable[[], float]) -> None:
        while not link.ended.is_set():
            link.send(encode("beat", seq=self._sequence))
            if now() - link.heard_at > SILENT_S:
                link.abort(f"silent for {SILENT_S:g} s")
            try:
                await asyncio.wait_for(link.ended.wait(), BEAT_S)
            except TimeoutError:
                continue

    def _take(self, message: Message) -> None:
        self._on_message(message)
        if message["t"] == "held" and not self._greeted:
            self._greeted = True
            self._on_link(True)
            self.show(self._alarms)
