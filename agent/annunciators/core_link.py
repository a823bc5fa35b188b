"""The sounder's end of the socket: one core at most, the newest wins, and none is waited for."""

import logging
import os
import select
import socket
from collections.abc import Iterator
from pathlib import Path

from agent.wire import LineDecoder, Message, WireError, encode

_LOGGER = logging.getLogger(__name__)

LINE_LIMIT = 256 * 1024
UNSENT_LIMIT = LINE_LIMIT + 64 * 1024  # what is held may be as long as a line


class CoreLink:
    """Listens at `path` for the core."""

    def __init__(self, path: Path) -> None:
        self._listener = _listen(path)
        self._core: socket.socket | None = None
        self._decoder = LineDecoder(LINE_LIMIT)
        self._unsent = bytearray()

    def watched(self) -> dict[int, int]:
        """Descriptors on which something may happen, with the events of `select.poll`."""
        watched = {self._listener.fileno(): select.POLLIN}
        if self._core is not None:
            watched[self._core.fileno()] = select.POLLIN | (select.POLLOUT if self._unsent else 0)
        return watched

    def accept(self) -> bool:
        """Whether another core has come; it is the one from now on."""
        try:
            core, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return False
        self.drop("another core has come")
        core.setblocking(False)
        self._core, self._decoder, self._unsent = core, LineDecoder(LINE_LIMIT), bytearray()
        return True

    def messages(self) -> Iterator[Message]:
        """What the core has said; one that hangs up or breaks the contract is dropped."""
        try:
            data = b"" if self._core is None else self._core.recv(65536)
            if self._core is not None and not data:
                self.drop("the core has closed the connection")
            yield from self._decoder.feed(data)
        except BlockingIOError:
            return
        except (OSError, WireError) as error:
            self.drop(str(error))

    def say(self, kind: str, **fields: object) -> None:
        """Tell the core, if there is one, without waiting; one that reads nothing is dropped."""
        if self._core is None:
            return
        self._unsent += encode(kind, **fields)
        self.flush()
        if len(self._unsent) > UNSENT_LIMIT:
            self.drop("the core does not read")

    def flush(self) -> None:
        """Send what the socket takes, keep the rest."""
        try:
            while self._core is not None and self._unsent:
                del self._unsent[: self._core.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError as error:
            self.drop(str(error))

    def drop(self, why: str) -> None:
        """Hang up, if there is a core."""
        core, self._core = self._core, None
        if core is not None:
            _LOGGER.warning("sounder: connection to the core ended: %s", why)
            core.close()


def _listen(path: Path) -> socket.socket:
    """A listening socket at `path`, for our user alone; whoever left a file there is dead, since we hold the lock."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    before = os.umask(0o177)
    try:
        listener.bind(os.fspath(path))
    finally:
        os.umask(before)
    listener.listen(4)
    listener.setblocking(False)
    return listener
