"""One HTTP connection: uvicorn's, plus who is at the other end of a Unix socket and how long it may dawdle."""

import asyncio
import socket
import struct
from typing import cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

MOST_OF_ONE_ADDRESS = 64  # connections; a browser opens six
FIRST_REQUEST_S = 10.0  # a connection that has not sent its first head by then is closed: it only holds a place
_UCRED = struct.Struct("3i")  # struct ucred of unix(7): pid, uid, gid


class PanelProtocol(H11Protocol):
    """Puts `peer_uid` into the request's state: the user at the other end of a Unix socket, None on TCP."""

    def __init__(self, config: uvicorn.Config, server_state: ServerState) -> None:
        super().__init__(config, server_state, {})
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the peer and start the clock."""
        super().connection_made(cast("asyncio.Transport", transport))
        if self.client is not None and self._of_same_address() > MOST_OF_ONE_ADDRESS:
            self.transport.abort()
        self.app_state["peer_uid"] = peer_uid(transport.get_extra_info("socket"))
        self._late = self.loop.call_later(FIRST_REQUEST_S, self.transport.abort)

    def _of_same_address(self) -> int:
        host = self.client[0] if self.client else ""
        others = cast("set[H11Protocol]", self.connections)
        return sum(other.client is not None and other.client[0] == host for other in others)

    def handle_events(self) -> None:
        """Stop the clock once there is a request; from then on uvicorn's own limits hold."""
        super().handle_events()
        if self._late is not None and self.conn.their_state is not h11.IDLE:
            self._late.cancel()
            self._late = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        if self._late is not None:
            self._late.cancel()
        super().connection_lost(exc)


def peer_uid(connection: socket.socket) -> int | None:
    """User id at the other end (SO_PEERCRED, unix(7)); None when it is not a Unix socket."""
    if connection.family is not socket.AF_UNIX:
        return None
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return int(_UCRED.unpack(credentials)[1])
