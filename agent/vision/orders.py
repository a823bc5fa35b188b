"""What the core tells the vision process while it runs: bounded lines in, orders out. A bad line is refused.

Nothing that comes this way ends the eyes: what cannot be understood is logged, and the next line is read.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from agent.camera_facts import CameraFacts, facts_from
from agent.wire import LineDecoder, Message, WireError

_LOGGER = logging.getLogger(__name__)

LINE_LIMIT = 4096
NUMBER_LIMIT = 2**31


@dataclass(frozen=True, slots=True)
class Watching:
    """Whether the camera `id` may be looked through from now on: its consent begins, or has ended."""

    id: str
    on: bool


@dataclass(frozen=True, slots=True)
class OutlineAsked:
    """The outline of the room before camera `id` is asked for; `number` is said back."""

    id: str
    number: int


Order = CameraFacts | Watching | OutlineAsked


class Orders:
    """The lines of one connection, for the cameras that there are."""

    def __init__(self, cameras: Collection[str]) -> None:
        self._cameras = frozenset(cameras)
        self._buffer = bytearray()
        self._skipping = False  # the rest of a line that was too long
        self.refused = 0  # lines

    def feed(self, data: bytes) -> list[Order]:
        """The orders in whole lines, in their order; never raises, and keeps at most one line."""
        *lines, rest = (bytes(self._buffer) + data).split(b"\n")
        found: list[Order] = []
        for line in lines:
            if self._skipping:
                self._skipping = False
                continue
            try:
                found.append(self._order(line))
            except (WireError, ValueError, TypeError, KeyError) as error:  # an unhashable value is a TypeError
                self._refuse(str(error))
        if self._skipping or len(rest) > LINE_LIMIT:
            if not self._skipping:
                self._refuse(f"line longer than {LINE_LIMIT} bytes")
            self._skipping, rest = True, b""
        self._buffer = bytearray(rest)
        return found

    def _order(self, line: bytes) -> Order:
        (message,) = LineDecoder(LINE_LIMIT).feed(line + b"\n")
        if message.get("id") not in self._cameras:
            raise ValueError("it is about a camera that we were not given")
        match message["t"]:
            case "camera":
                return facts_from(message)
            case "watch":
                return _watching(message)
            case "outline":
                return _outline_asked(message)
        raise ValueError(f"unknown kind of message {message['t'][:20]!r}")

    def _refuse(self, why: str) -> None:
        self.refused += 1
        level = logging.WARNING if self.refused == 1 else logging.DEBUG
        _LOGGER.log(level, "vision: a line of the core is refused: %s", why)


def _watching(message: Message) -> Watching:
    if not isinstance(message["on"], bool):
        raise ValueError("watch is on or off")
    return Watching(message["id"], message["on"])


def _outline_asked(message: Message) -> OutlineAsked:
    number = message["n"]
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < NUMBER_LIMIT:
        raise ValueError("n is a whole number")
    return OutlineAsked(message["id"], number)
