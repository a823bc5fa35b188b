"""The process's end of core.sock: never waits, connects again, and keeps each receipt until the core has it on disk."""

import logging
import os
import selectors
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.store.entry import Lane
from agent.store.outbox import Receipt
from agent.upstream.parcel import as_message, in_pieces
from agent.wire import LineDecoder, Message, WireError, encode, encode_message

_LOGGER = logging.getLogger(__name__)

LINE_LIMIT = 64 * 1024
UNSENT_LIMIT = 1024 * 1024
RETRY_S = 0.5


class CoreLink:
    """A connection to the core at `path`, driven by the process's loop.

    `on_wake(lane)`: something new was stored. `on_receipted(receipt)`: the core has written it down.
    """

    def __init__(
        self,
        path: Path,
        selector: selectors.BaseSelector,
        on_wake: Callable[[Lane], None],
        on_receipted: Callable[[Receipt], None],
    ) -> None:
        self._path = path
        self._selector = selector
        self._on_wake = on_wake
        self._on_receipted = on_receipted
        self._socket: socket.socket | None = None
        self._decoder = LineDecoder(LINE_LIMIT)
        self._unsent = bytearray()
        self._try_at = 0.0
        self._receipts: list[Receipt] = []  # not confirmed yet, oldest first

    def turn(self, now: float) -> None:
        """Connect, if it is time to."""
        if self._socket is not None or now < self._try_at:
            return
        self._try_at = now + RETRY_S
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
        try:
            connection.connect(os.fspath(self._path))
        except OSError:  # no core, or one with a full backlog: later
            connection.close()
            return
        self._socket, self._decoder = connection, LineDecoder(LINE_LIMIT)
        self._unsent.clear()
        self._selector.register(connection, selectors.EVENT_READ, self._receive)
        self._send(encode("hello", role="upstream", pid=os.getpid()))
        for receipt in self._receipts:
            self._send(encode_message(as_message(receipt)))

    def beat(self, **fields: Any) -> None:  # noqa: ANN401 - any JSON value
        """Tell how things are."""
        self._send(encode("beat", **fields))

    def note(self, alarm: str, text: str, author: str) -> None:
        """Hand on a word from the platform; without a connection it is lost, as the platform may say it again."""
        self._send(encode("note", alarm=alarm, text=text, author=author))

    def call(self, **told: Any) -> None:  # noqa: ANN401 - any JSON value
        """Tell what became of one try to call; without a connection it is lost, the beat says how the call does."""
        self._send(encode("call", **told))

    def settle(self, receipt: Receipt) -> list[Receipt]:
        """Hand a receipt to the core, now and after each new connection until it is confirmed; gives its pieces."""
        pieces = in_pieces(receipt)
        self._receipts += pieces
        for piece in pieces:
            self._send(encode_message(as_message(piece)))
        return pieces

    def close(self) -> None:
        """End the connection."""
        self._drop("")

    def _send(self, line: bytes) -> None:
        if self._socket is None:
            return
        self._unsent += line
        self._flush()
        if len(self._unsent) > UNSENT_LIMIT:
            self._drop("it reads no more")

    def _flush(self) -> None:
        connection = self._socket
        if connection is None:
            return
        try:
            while self._unsent:
                del self._unsent[: connection.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError as error:
            self._drop(str(error))
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)
        self._selector.modify(connection, events, self._receive)

    def _receive(self, mask: int) -> None:
        connection = self._socket
        if connection is None:
            return
        if mask & selectors.EVENT_WRITE:
            self._flush()
        if not mask & selectors.EVENT_READ:
            return
        try:
            data = connection.recv(65536)
            if not data:
                self._drop("the core has closed it")
                return
            for message in self._decoder.feed(data):
                self._obey(message)
        except BlockingIOError:
            return
        except (OSError, WireError) as error:
            self._drop(str(error))

    def _obey(self, message: Message) -> None:
        try:
            lane = Lane(message["lane"])
            if message["t"] == "wake":
                self._on_wake(lane)
            elif message["t"] == "receipted":
                accepted = tuple((int(first), int(last)) for first, last in message["accepted"])
                self._confirm(str(message["consumer"]), lane, accepted)
        except (KeyError, TypeError, ValueError) as error:
            raise WireError(f"not a proper {message['t']}: {error!r}") from error

    def _confirm(self, consumer: str, lane: Lane, accepted: tuple[tuple[int, int], ...]) -> None:
        for receipt in self._receipts:
            if (receipt.consumer, receipt.lane, receipt.accepted) == (consumer, lane, accepted):
                self._receipts.remove(receipt)
                self._on_receipted(receipt)
                return

    def _drop(self, why: str) -> None:
        if self._socket is None:
            return
        if why:
            _LOGGER.warning("upstream: connection to the core ended: %s", why)
        self._selector.unregister(self._socket)
        self._socket.close()
        self._socket = None
