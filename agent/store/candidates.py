"""What cameras would have raised, and when they could see: written with the readings, read at the start."""

import json
import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from agent.camera_facts import CameraMode
from agent.shadow.candidate import Candidate, Changes, Kind, Label, WatchedHour
from agent.store.row import text

_LOGGER = logging.getLogger(__name__)

TABLES = ("fall_candidate", "camera_hour")

_PUT = "INSERT OR REPLACE INTO fall_candidate VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_HOUR = "INSERT OR REPLACE INTO camera_hour VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Shadowed:
    """All that a file holds of it."""

    candidates: tuple[Candidate, ...] = ()
    hours: tuple[WatchedHour, ...] = ()


NOTHING = Shadowed()


def write(connection: sqlite3.Connection, changes: Iterable[Changes]) -> None:
    """Write and delete what has changed, in order; the caller commits."""
    for one in changes:
        connection.executemany("DELETE FROM fall_candidate WHERE id = ?", [(id_,) for id_ in one.gone])
        connection.executemany(_PUT, [_row(candidate) for candidate in one.written])
        for hour in one.hours:
            if hour.seconds:
                connection.execute(_PUT_HOUR, (text(hour.camera), hour.hour, hour.seconds))
            else:
                connection.execute("DELETE FROM camera_hour WHERE camera = ? AND hour = ?", (hour.camera, hour.hour))


def read(connection: sqlite3.Connection) -> Shadowed:
    """All of it; a row that cannot be read is left out."""
    found = []
    for row in connection.execute("SELECT * FROM fall_candidate ORDER BY wall"):
        try:
            found.append(_candidate(row))
        except (ValueError, TypeError) as error:
            _LOGGER.warning("fall candidate %s cannot be read: %s", row[0], error)
    hours = connection.execute("SELECT camera, hour, seconds FROM camera_hour ORDER BY camera, hour")
    return Shadowed(tuple(found), tuple(WatchedHour(*row) for row in hours))


def _row(one: Candidate) -> tuple[str | float | None, ...]:
    words = json.dumps(one.reasons, ensure_ascii=False)
    label = None if one.label is None else one.label.value
    where = text(one.id), text(one.camera), text(one.place)
    return (*where, one.wall, one.score, one.kind.value, one.mode.value, words, label, text(one.by), one.labelled_at)


def _candidate(row: tuple[str, str, str, float, float, str, str, str, str | None, str, float]) -> Candidate:
    id_, camera, place, wall, score, kind, mode, words, label, by, labelled_at = row
    said = None if label is None else Label(label)
    reasons = tuple(str(one) for one in json.loads(words))
    return Candidate(id_, camera, place, wall, score, Kind(kind), CameraMode(mode), reasons, said, by, labelled_at)
