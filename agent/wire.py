"""Versioned JSON lines between our own processes: bounded, checked, and nothing but the standard library.

Every line is one JSON object with ``"v": 1`` and ``"t": <kind of message>``. docs/architecture.md lists the messages.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

VERSION = 1

Message = dict[str, Any]


class WireError(Exception):
    """The peer broke the contract: too long, not JSON, wrong version, no kind. Drop the connection."""


def encode(kind: str, **fields: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """One line for the wire, newline included; `fields` must be JSON values."""
    return encode_message({"t": kind, **fields})


def encode_message(message: Mapping[str, Any]) -> bytes:
    """The same for a message that already holds its kind."""
    return json.dumps({"v": VERSION, **message}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class LineDecoder:
    """Bytes in, messages out; holds at most one line of `limit` bytes.

    Unlike a codec for a noisy line, `feed` raises `WireError`: the other end is a program of ours, so a broken line
    means a broken program, and the cure is a new connection.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield each complete message; raises `WireError`."""
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            yield self._decode(line)
        if len(self._buffer) > self._limit:
            raise WireError(f"line longer than {self._limit} bytes")

    def _decode(self, line: bytes) -> Message:
        if len(line) > self._limit:
            raise WireError(f"line of {len(line)} bytes, at most {self._limit} are allowed")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:  # thousands of brackets are not JSON of ours either
            raise WireError(f"not JSON: {line[:60]!r}") from error
        if not isinstance(message, dict) or message.get("v") != VERSION or not isinstance(message.get("t"), str):
            raise WireError(f"not a message of version {VERSION}: {line[:60]!r}")
        return message
