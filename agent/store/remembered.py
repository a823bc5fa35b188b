"""What rules remember, one row for each rule and subject: written with the readings, read once at the start."""

import json
import logging
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agent.clock import Stamp, TimeQuality
from agent.store.row import json_text, text

_LOGGER = logging.getLogger(__name__)

_PUT = (
    "INSERT INTO remembered VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (rule, subject) DO UPDATE SET "
    "version = excluded.version, data = excluded.data, boot = excluded.boot, monotonic = excluded.monotonic, "
    "wall = excluded.wall"
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What `rule` knows of `subject` at the moment `at`, as JSON values of form `version`; no `data`: nothing more."""

    rule: str
    subject: str
    version: int
    data: Mapping[str, Any]
    at: Stamp

    @property
    def key(self) -> tuple[str, str]:
        """A newer one of the same key takes its place."""
        return self.rule, self.subject


def write(connection: sqlite3.Connection, found: Iterable[Remembered]) -> None:
    """Write them down; the caller commits."""
    for one in found:
        if one.data:
            at = one.at
            row = (text(one.rule), text(one.subject), one.version, json_text(one.data), at.boot, at.monotonic, at.wall)
            connection.execute(_PUT, row)
        else:
            connection.execute("DELETE FROM remembered WHERE rule = ? AND subject = ?", one.key)


def read(connection: sqlite3.Connection) -> tuple[tuple[Remembered, ...], Stamp | None]:
    """All of them, and when anything was written last; what cannot be read is left out."""
    found = []
    for rule, subject, version, data, boot, monotonic, wall in connection.execute("SELECT * FROM remembered"):
        try:
            stamp = Stamp(boot, monotonic, wall, TimeQuality.UNSYNCHRONISED)
            found.append(Remembered(rule, subject, version, _object(data), stamp))
        except ValueError as error:
            _LOGGER.warning("%s of %s: what it remembered cannot be read: %s", rule, subject, error)
    return tuple(found), _last(connection, [one.at for one in found])


def _last(connection: sqlite3.Connection, stamps: list[Stamp]) -> Stamp | None:
    """The newest of `stamps` and of the log; its last row tells the boot, since a wall clock may have been unset."""
    row = connection.execute("SELECT boot, monotonic, wall FROM log ORDER BY sequence DESC LIMIT 1").fetchone()
    if row is None:
        return max(stamps, key=lambda stamp: stamp.wall, default=None)
    boot, monotonic, wall = row
    last = Stamp(boot, monotonic, wall, TimeQuality.UNSYNCHRONISED)
    return max((last, *(one for one in stamps if one.boot == last.boot)), key=lambda stamp: stamp.monotonic)


def _object(written: str) -> dict[str, Any]:
    found = json.loads(written)
    if not isinstance(found, dict):
        raise ValueError(f"{written[:80]!r} is no object")
    return found
