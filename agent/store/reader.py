"""Reading the store beside its writer, from any process: a connection a call, so that a replaced file does no harm."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.store.entry import Lane
from agent.store.events import EVENT_COLUMNS, CloudEvent, Origin, cloud_event, utc
from agent.store.outbox import settled
from agent.store.ranges import Range, count, merge, missing
from agent.store.row import COLUMNS

BUSY_S = 1.0

_EVENTS_SQL = f"SELECT {', '.join(EVENT_COLUMNS)} FROM log WHERE "  # noqa: S608 - our own names
_HISTORY_COLUMNS = (*COLUMNS, "alarm", "open", "data")
_HISTORY_SQL = f"SELECT {', '.join(_HISTORY_COLUMNS)} FROM log "  # noqa: S608 - our own names


class StoreUnreadableError(Exception):
    """The file cannot be read now; what is open is in memory all the same."""


def history(folder: Path, limit: int, before: int | None = None) -> list[dict[str, Any]]:
    """Newest rows of the alarm log first, of number below `before`, as JSON objects; raises `StoreUnreadableError`.

    Keys: sequence, id, time (UTC, RFC 3339), quality, type, subject, actor, alarm, open, data.
    """
    with reading(folder, Lane.ALARMS) as connection:
        where, values = ("WHERE sequence < ? ", (before, limit)) if before is not None else ("", (limit,))
        rows = connection.execute(f"{_HISTORY_SQL}{where}ORDER BY sequence DESC LIMIT ?", values).fetchall()
    found = []
    for values in rows:
        row = dict(zip(_HISTORY_COLUMNS, values, strict=True))
        row |= {"time": utc(row["wall"]), "open": bool(row["open"]), "data": json.loads(row["data"])}
        found.append({key: row[key] for key in row if key not in ("first", "boot", "monotonic", "wall")})
    return found


def events(folder: Path, lane: Lane, after: int, limit: int, origin: Origin | None = None) -> list[CloudEvent]:
    """At most `limit` events of `lane` behind number `after`, ascending, gaps included; raises `StoreUnreadableError`.

    The number to ask after next is the last event's `sequence`.
    """
    with reading(folder, lane) as connection:
        sql = f"{_EVENTS_SQL}sequence > ? ORDER BY sequence LIMIT ?"
        return [cloud_event(lane, row, origin or Origin()) for row in connection.execute(sql, (after, limit))]


def tip(folder: Path, lane: Lane) -> int:
    """The newest number of `lane`; raises `StoreUnreadableError`."""
    with reading(folder, lane) as connection:
        return _tip(connection)


def outstanding(folder: Path, lane: Lane, consumer: str, also: tuple[Range, ...] = ()) -> tuple[Range, ...]:
    """The numbers of `lane` that `consumer` lacks; `also` are known to be settled, but not yet on disk.

    Raises `StoreUnreadableError`.
    """
    with reading(folder, lane) as connection:
        return missing(merge((*settled(connection, consumer), *also)), 1, _tip(connection))


def events_in(
    folder: Path, lane: Lane, ranges: tuple[Range, ...], limit: int, origin: Origin, stream: str = "live"
) -> list[tuple[Range, CloudEvent]]:
    """The first `limit` events that settle numbers of `ranges`, each with the range that it settles.

    Raises `StoreUnreadableError`.
    """
    found: list[tuple[Range, CloudEvent]] = []
    with reading(folder, lane) as connection:
        for first, last in ranges:
            sql = f"{_EVENTS_SQL}sequence >= ? ORDER BY sequence LIMIT ?"
            for row in connection.execute(sql, (first, limit - len(found))):
                if row[1] > last:
                    break
                if not found or found[-1][0][1] < row[0]:  # a gap may settle numbers of several ranges
                    found.append(((row[1], row[0]), cloud_event(lane, row, origin, stream)))
            if len(found) >= limit:
                break
    return found


def backlog(folder: Path, consumer: str) -> dict[str, int]:
    """How many numbers of each lane `consumer` lacks; raises `StoreUnreadableError`."""
    return {lane.value: count(outstanding(folder, lane, consumer)) for lane in Lane}


def rejected(folder: Path, lane: Lane, consumer: str) -> list[dict[str, Any]]:
    """Events that `consumer` refused: sequence, id, reason, time; raises `StoreUnreadableError`."""
    sql = "SELECT sequence, id, reason, wall FROM rejected WHERE consumer = ? ORDER BY sequence"
    with reading(folder, lane) as connection:
        rows = connection.execute(sql, (consumer,)).fetchall()
    return [{"sequence": row[0], "id": row[1], "reason": row[2], "time": utc(row[3])} for row in rows]


def _tip(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(sequence), 0) FROM log").fetchone()[0])


@contextmanager
def reading(folder: Path, lane: Lane) -> Iterator[sqlite3.Connection]:
    """A connection that sees the file of `lane` as it is now; raises `StoreUnreadableError`, also later."""
    path = folder / f"{lane}.db"
    try:
        connection = sqlite3.connect(
            path.absolute().as_uri() + "?mode=ro", uri=True, timeout=BUSY_S, isolation_level=None
        )
    except sqlite3.Error as error:
        raise StoreUnreadableError(f"{path}: {error}") from error
    try:
        connection.execute("BEGIN")  # one view for all that is read
        yield connection
    except (sqlite3.Error, ValueError) as error:
        raise StoreUnreadableError(f"{path}: {error}") from error
    finally:
        connection.close()
