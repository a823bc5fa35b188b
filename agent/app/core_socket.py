"""Where vision and upstream speak to the core: `core.sock`, one connection a role, the newest wins."""

import asyncio
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from agent.wire import Message, WireError
from agent.wire_connection import WireConnection

_LOGGER = logging.getLogger(__name__)

LINE_LIMIT = 64 * 1024


class Role(Protocol):
    """What the core does with the lines of one of our processes."""

    def joined(self, connection: WireConnection) -> None:
        """The process said hello on `connection`."""

    def take(self, message: Message) -> None:
        """One of its lines; raises `WireError` when it lies, which ends the connection."""

    def left(self, why: str) -> None:
        """Its connection is gone."""


class CoreSocket:
    """Listens at `path`, for processes of our own user alone."""

    def __init__(self, path: Path, roles: Mapping[str, Role]) -> None:
        self._path = path
        self._roles = roles
        self._joined: dict[str, WireConnection] = {}

    async def run(self) -> None:
        """Serve until cancelled; then every connection is closed."""
        self._path.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(self._accept, str(self._path))
        self._path.chmod(0o600)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            server.close()
            for connection in tuple(self._joined.values()):
                if connection.transport is not None:
                    connection.transport.close()

    def _accept(self) -> WireConnection:
        return WireConnection("core.sock", LINE_LIMIT, self._take, self._lost)

    def _take(self, connection: WireConnection, message: Message) -> None:
        role = next((name for name, one in self._joined.items() if one is connection), None)
        if role is not None:
            self._roles[role].take(message)
            return
        wanted = message.get("role")
        if message["t"] != "hello" or not isinstance(wanted, str) or wanted not in self._roles:
            raise WireError("does not say hello in a role that we know")
        pid, user = connection.peer()
        if user != os.getuid() or message.get("pid") != pid:
            raise WireError("is not who it says that it is")
        if (old := self._joined.pop(wanted, None)) is not None:
            old.abort("another process has taken its role")
        connection.name = wanted
        self._joined[wanted] = connection
        self._roles[wanted].joined(connection)
        self._roles[wanted].take(message)

    def _lost(self, connection: WireConnection) -> None:
        for name, one in tuple(self._joined.items()):
            if one is connection:
                del self._joined[name]
                self._roles[name].left(connection.why)
