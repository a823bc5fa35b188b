"""One connection between two of our processes, as an asyncio protocol: checked lines in, bounded lines out."""

import asyncio
import logging
import socket
import struct
from collections.abc import Callable
from typing import cast

from agent.wire import LineDecoder, Message, WireError

_LOGGER = logging.getLogger(__name__)

UNSENT_LIMIT = 1024 * 1024


class WireConnection(asyncio.Protocol):
    """Ends when the peer does, breaks the contract, or reads no more; `take` may raise `WireError` to end it.

    `lost` is called at the end; `why` then says what ended it.
    """

    def __init__(
        self,
        name: str,
        line_limit: int,
        take: Callable[["WireConnection", Message], None],
        lost: Callable[["WireConnection"], None] | None = None,
    ) -> None:
        self.name = name
        self.transport: asyncio.Transport | None = None
        self.ended = asyncio.Event()
        self.why = ""
        self.heard_at = asyncio.get_running_loop().time()
        self._take = take
        self._lost = lost
        self._decoder = LineDecoder(line_limit)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The loop has connected us."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand on every whole line."""
        self.heard_at = asyncio.get_running_loop().time()
        try:
            for message in self._decoder.feed(data):
                self._take(self, message)
        except WireError as error:
            self.abort(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        """The peer is gone, or we have let go."""
        self.why = self.why or (str(exc) if exc else "the other end closed the connection")
        self.ended.set()
        if self._lost is not None:
            self._lost(self)

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
            _LOGGER.warning("%s: connection dropped: %s", self.name, why)
            self.why = why
            self.transport.abort()

    def peer(self) -> tuple[int, int]:
        """Process and user id of the other end (SO_PEERCRED)."""
        assert self.transport is not None
        sock = self.transport.get_extra_info("socket")
        pid, uid, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return pid, uid
