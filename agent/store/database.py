"""One SQLite file: made private, brought to the newest schema, opened durably, set aside when it is broken."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlite_utils.db import Database
from sqlite_utils.migrations import Migrations

SCHEMA = Path(__file__).parent / "schema"
BUSY_S = 0.5  # a lock held longer is told, and tried again

_COMPANIONS = ("", "-wal", "-shm")
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_WAITS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def kind_of(error: Exception) -> int:
    """SQLite's primary result code of `error`; 0 when it has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_broken(error: Exception) -> bool:
    """Whether `error` says that the file itself is not (any longer) a sound database."""
    return kind_of(error) in _BROKEN


def is_locked(error: Exception) -> bool:
    """Whether `error` only says that somebody else holds the file."""
    return kind_of(error) in _WAITS


def connect(path: Path, schema: str, checked: bool = False) -> sqlite3.Connection:
    """A connection to the file at `path`, made if there is none: WAL, synchronous=FULL, newest schema.

    `schema` names a folder of numbered SQL files. With `checked` the whole file is read once. Raises sqlite3.Error
    and OSError; use it in one thread only.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():  # never open one that lives: closing it would drop SQLite's own locks in this process
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 4194304")
        if checked and (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise _broken(str(found))
        migrate(connection, schema)
    except BaseException:
        connection.close()
        raise
    return connection


def migrate(connection: sqlite3.Connection, schema: str) -> None:
    """Run the numbered SQL files of `schema` that this file has not seen, each in a transaction of its own."""
    migrations = Migrations(schema)
    for file in sorted((SCHEMA / schema).glob("[0-9]*.sql")):
        migrations(name=file.stem)(_Script(file))
    migrations.apply(Database(connection, execute_plugins=False))


class _Script:
    """One SQL file, run statement by statement: `executescript` would commit in the middle of the transaction."""

    def __init__(self, file: Path) -> None:
        self.__name__ = file.stem
        self._file = file

    def __call__(self, database: Database, /) -> None:
        statement = ""
        for line in self._file.read_text(encoding="utf-8").splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                database.conn.execute(statement)
                statement = ""


def identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file at `path`; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def set_aside(path: Path, why: str) -> Path | None:
    """Rename the file, its WAL beside it, to the first free ``<name>.<why>-<n>``; gives that path.

    Only without an open connection to it. None when there is no such file.
    """
    if not path.exists():
        for companion in _COMPANIONS[1:]:  # a WAL without its file would be played into the next one
            Path(f"{path}{companion}").unlink(missing_ok=True)
        return None
    number = 1
    while (aside := path.with_name(f"{path.name}.{why}-{number}")).exists():
        number += 1
    for companion in _COMPANIONS:
        part = Path(f"{path}{companion}")
        if part.exists():
            part.rename(f"{aside}{companion}")
    return aside


def put_in_place(new: Path, path: Path) -> None:
    """Make the closed database `new` the one at `path`, durably."""
    for companion in _COMPANIONS[1:]:
        Path(f"{path}{companion}").unlink(missing_ok=True)
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def read_only(path: Path, busy_s: float = 1.0) -> sqlite3.Connection:
    """A connection that can only read; raises sqlite3.Error, also when there is no file."""
    uri = path.absolute().as_uri() + "?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=busy_s, isolation_level=None)


def insert_sql(table: str, columns: tuple[str, ...]) -> str:
    """INSERT with a place for each column."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - ours


def _broken(found: str) -> sqlite3.DatabaseError:
    error: Any = sqlite3.DatabaseError(f"quick_check: {found}")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error  # type: ignore[no-any-return]
