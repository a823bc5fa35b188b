"""One event as a row of a log, and the hash that ties it to the row before. Whatever it holds, it becomes a row."""

import hashlib
import json
import logging
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.store.entry import AUDIT, Entry

_LOGGER = logging.getLogger(__name__)

FIRST_HASH = b"\0" * 32
COLUMNS = ("sequence", "first", "id", "boot", "monotonic", "wall", "quality", "type", "subject", "actor")

Value = int | float | str


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row. `first` is the lowest number that it settles: below `sequence` only for a gap."""

    sequence: int
    first: int
    id: str
    boot: str
    monotonic: float
    wall: float
    quality: str
    type: str
    subject: str
    actor: str
    data: str
    alarm: str = ""
    open: bool = False

    def common(self) -> tuple[Value, ...]:
        """The values of `COLUMNS`."""
        return (
            self.sequence,
            self.first,
            self.id,
            self.boot,
            self.monotonic,
            self.wall,
            self.quality,
            self.type,
            self.subject,
            self.actor,
        )

    def chained(self) -> tuple[Value, ...]:
        """The values that the hash of a row covers, in the order of the alarm lane's columns."""
        return (*self.common(), self.alarm, int(self.open), self.data)


def row_of(entry: Entry, sequence: int, first: int | None = None) -> Row:
    """`entry` as the row with that number; never raises: one that is no proper entry is kept as text."""
    first = sequence if first is None else first
    try:
        return _row_of(entry, sequence, first)
    except (AttributeError, TypeError, ValueError):
        _LOGGER.exception("store: not a proper entry, kept as text")
        words = json.dumps({"unreadable": repr(entry)[:2000]})
        return Row(sequence, first, str(uuid.uuid4()), "", 0.0, 0.0, "unset", AUDIT, "gateway", "system", words)


def _row_of(entry: Entry, sequence: int, first: int) -> Row:
    stamp = entry.at
    return Row(
        sequence,
        first,
        text(entry.id),
        text(stamp.boot),
        _finite(stamp.monotonic),
        _finite(stamp.wall),
        text(stamp.quality),
        text(entry.type),
        text(entry.subject),
        text(entry.actor),
        json_text(entry.data),
        text(entry.alarm),
        bool(entry.open),
    )


def row_hash(previous: bytes, values: tuple[Value, ...]) -> bytes:
    """SHA-256 over the previous row's hash and this row's values as a JSON array."""
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + written.encode()).digest()


def json_text(data: Mapping[str, Any]) -> str:
    """`data` as JSON; what JSON cannot say is kept as text, since an event must never be lost for its form."""
    try:
        written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str)
        written.encode()
    except (TypeError, ValueError, RecursionError, RuntimeError):  # NaN, a lone surrogate, a key that is no text
        return json.dumps({"unreadable": repr(data)[:2000]})
    return written


def text(value: str) -> str:
    """`value` as text that SQLite takes."""
    return str(value).encode(errors="replace").decode()


def _finite(value: float) -> float:
    number = float(value)
    return number if math.isfinite(number) else 0.0
