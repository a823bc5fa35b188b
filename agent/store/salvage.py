"""What can still be read of a damaged database file."""

import logging
import sqlite3
from collections.abc import Iterator
from typing import Any

_LOGGER = logging.getLogger(__name__)


def readable_log(source: sqlite3.Connection, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Rows of the log, ascending: those up to the first that cannot be read, then those behind it from the back."""
    select, last = f"SELECT {', '.join(columns)} FROM log", 0  # noqa: S608 - our own names
    try:
        for values in source.execute(f"{select} ORDER BY sequence"):
            yield values
            last = values[0]
    except sqlite3.Error as error:
        _LOGGER.warning("log: unreadable behind number %d: %s", last, error)
    behind: list[tuple[Any, ...]] = []
    try:
        behind.extend(source.execute(f"{select} WHERE sequence > ? ORDER BY sequence DESC", (last,)))
    except sqlite3.Error as error:
        _LOGGER.warning("log: %d rows read from the back: %s", len(behind), error)
    yield from reversed(behind)


def copy_table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
    """Bring over the rows of `table` (one of our own) that can be read."""
    try:
        for values in source.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
            places = ", ".join("?" * len(values))
            target.execute(f"INSERT OR IGNORE INTO {table} VALUES ({places})", values)  # noqa: S608 - our own names
    except sqlite3.Error as error:
        _LOGGER.warning("%s: not whole: %s", table, error)
