"""The database file of one lane, as the one thread sees that writes it: append, settle, survive what happens to it."""

import logging
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.clock import Clock
from agent.shadow.candidate import Changes
from agent.store import kept_copy
from agent.store.database import (
    connect,
    identity,
    insert_sql,
    is_broken,
    is_locked,
    put_in_place,
    read_only,
    set_aside,
)
from agent.store.entry import GAP, Entry, Lane
from agent.store.outbox import Receipt, settle
from agent.store.remembered import Remembered
from agent.store.row import COLUMNS, FIRST_HASH, Row, row_of
from agent.store.salvage import copy_table, readable_log

_LOGGER = logging.getLogger(__name__)

CHECKPOINT_AFTER = 50  # commits; done when nobody waits, so that an event rarely pays for it


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A new document of site facts and who wrote it."""

    document: dict[str, Any]
    author: str


@dataclass(slots=True)
class Batch:
    """What one commit takes: entries, before them the `lost` ones that memory dropped, then what is said of them."""

    entries: list[Entry] = field(default_factory=list)
    lost: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    sites: list[SiteFacts] = field(default_factory=list)
    remembered: list[Remembered] = field(default_factory=list)
    shadow: list[Changes] = field(default_factory=list)
    done: list[Callable[[], None]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.entries or self.lost or self.receipts or self.sites or self.remembered or self.shadow)


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest row: its number and hash."""

    sequence: int = 0
    hash: bytes = FIRST_HASH


Stored = list[tuple[Entry, int]]


class LaneFile:
    """`<lane>.db` in `folder`. Every method raises sqlite3.Error and OSError; after one, call `failed`, then `ready`.

    The tip in memory is what counts: a file that fell behind (recreated, restored by hand) is brought up to it with a
    gap, so that no number is ever given twice.
    """

    lane = Lane.TELEMETRY
    columns: tuple[str, ...] = (*COLUMNS, "data")
    copy_name = "telemetry_tip.json"
    margin = 1_000_000  # numbers skipped when the file is lost and only the copy tells the tip of a minute ago

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.path = folder / f"{self.lane}.db"
        self.problems: list[str] = []
        self.tip = Tip()
        self._clock = clock
        self._copy = folder / self.copy_name
        self._copied = -1
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._suspect = False
        self._commits = 0
        self._insert = insert_sql("log", self.columns)

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection; `ready` has been called."""
        assert self._connection is not None
        return self._connection

    def ready(self) -> None:
        """Have an open connection to a sound file in its place, whatever happened to it since the last time."""
        if self._connection is not None and identity(self.path) != self._identity:
            self._put_back()
        if self._connection is not None and self._suspect:
            self.close()
        if self._connection is None:
            self._open()

    def write(self, batch: Batch) -> Stored:
        """One durable commit; gives what was stored, with its numbers. Nothing of it is kept when this raises."""
        connection, stored = self.connection, Stored()
        connection.execute("BEGIN IMMEDIATE")
        try:
            tip = self._write(connection, self.tip, batch, stored)
            for receipt in batch.receipts:
                settle(connection, receipt, tip.sequence, self._clock.stamp().wall)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self.tip = tip
        self._commits += 1
        return stored

    def failed(self, error: Exception) -> None:
        """Take in that the last call raised `error`; a broken file is set aside here and now."""
        if is_broken(error):
            self.close()
            self._replace_broken(error)
        elif not is_locked(error):
            self._suspect = True

    def rest(self) -> None:
        """What can wait for a moment of rest: is the file still there, the copy, the checkpoint."""
        self.ready()
        if self._copied != self.tip.sequence:
            kept_copy.keep(self._copy, self._copy_content())
            self._copied = self.tip.sequence
        if self._commits >= CHECKPOINT_AFTER:
            self._commits = 0
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._suspect = False

    # What the alarm lane does otherwise.

    def _write(self, connection: sqlite3.Connection, tip: Tip, batch: Batch, stored: Stored) -> Tip:
        if batch.lost:
            entry, first = self._gap(tip.sequence + 1, tip.sequence + batch.lost, "more than memory could hold")
            tip = self._append(connection, tip, row_of(entry, entry.data["last"], first))
            stored.append((entry, tip.sequence))
        for entry in batch.entries:
            tip = self._append(connection, tip, row_of(entry, tip.sequence + 1))
            stored.append((entry, tip.sequence))
        return tip

    def _append(self, connection: sqlite3.Connection, tip: Tip, row: Row) -> Tip:
        """Insert `row` after `tip`; gives the new tip."""
        connection.execute(self._insert, (*row.common(), row.data))
        return Tip(row.sequence)

    def _load(self, connection: sqlite3.Connection) -> None:
        """Take from the file what is kept in memory; the newer tip counts."""
        found = connection.execute("SELECT max(sequence) FROM log").fetchone()[0] or 0
        self.tip = max(self.tip, Tip(found), key=lambda tip: tip.sequence)

    def _copy_content(self) -> dict[str, Any]:
        return {"sequence": self.tip.sequence}

    def _restore_more(self, source: sqlite3.Connection | None, target: sqlite3.Connection) -> None:
        """Bring over what is not in the log."""
        if source is not None:
            for table in ("settled", "rejected"):
                copy_table(source, target, table)

    # Opening and mending.

    def _open(self) -> None:
        new = self._new
        if not self.path.exists() and new.exists():  # we died between setting the old one aside and this
            put_in_place(new, self.path)
        empty = not self.path.exists() or self.path.stat().st_size == 0
        if empty and (self.tip.sequence or self._copied_tip()):
            self._problem("was missing or empty: made anew from the copy beside it")
            self._build(None)
            put_in_place(new, self.path)
        try:
            self._attach()
        except sqlite3.Error as error:
            if not is_broken(error):
                raise
            self._replace_broken(error)
            self._attach()

    @property
    def _new(self) -> Path:
        return self.path.with_name(self.path.name + ".new")

    def _attach(self) -> None:
        connection = connect(self.path, self.lane.value, checked=self._checks and self._identity is None)
        try:
            behind = self.tip.sequence or self._copied_tip()
            self._load(connection)
        except BaseException:
            connection.close()
            raise
        self._connection, self._identity = connection, identity(self.path)
        if (found := self._last_number(connection)) < behind:
            _LOGGER.warning("%s: ends at %d, %d were given: a gap fills it", self.path.name, found, behind)
            entry, first = self._gap(found + 1, behind, "lost with the file")
            self._append(connection, self._tip_in(connection), row_of(entry, behind, first))
            self._load(connection)

    _checks = False  # reading a whole telemetry file may take minutes; a broken page shows when it is met

    def _replace_broken(self, error: Exception) -> None:
        """Set the broken file aside and go on with what can be read of it."""
        source: sqlite3.Connection | None = None
        try:
            source = read_only(self.path)
        except sqlite3.Error:
            _LOGGER.warning("%s: cannot be opened to read what is left of it", self.path.name)
        try:
            self._build(source)
        finally:
            if source is not None:
                source.close()
        aside = set_aside(self.path, "corrupt")
        put_in_place(self._new, self.path)
        self._problem(
            f"was damaged ({error}): set aside as {aside.name if aside else 'nothing'}, what is readable kept"
        )

    def _put_back(self) -> None:
        """The file was deleted or replaced under us: our connection still holds it whole, so write it out again."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = set_aside(self.path, "replaced")
        self._new.unlink(missing_ok=True)
        with closing(sqlite3.connect(self._new, isolation_level=None)) as new:
            self.connection.backup(new)
        put_in_place(self._new, self.path)
        self.close()
        self._problem("was deleted while open: written out again" + (f" ({aside.name} was there)" if aside else ""))

    def _build(self, source: sqlite3.Connection | None) -> None:
        """A whole new file beside the old one, out of what can be read of `source` and what is remembered."""
        building = self.path.with_name(self.path.name + ".building")
        set_aside(building, "stale")
        building.unlink(missing_ok=True)
        copied = self._copied_tip()
        remembered = self.tip.sequence or (copied + self.margin if copied else 0)
        with closing(connect(building, self.lane.value)) as target:
            target.execute("PRAGMA synchronous = OFF")  # synced once, below
            target.execute("BEGIN")
            tip = self._restore_log(source, target)
            if tip.sequence < remembered:
                entry, first = self._gap(tip.sequence + 1, remembered, "lost with the file")
                self._append(target, tip, row_of(entry, remembered, first))
            self._restore_more(source, target)
            target.execute("COMMIT")
            target.execute("PRAGMA synchronous = FULL")
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        building.replace(self._new)

    def _restore_log(self, source: sqlite3.Connection | None, target: sqlite3.Connection) -> Tip:
        tip = Tip()
        for values in readable_log(source, self.columns) if source is not None else ():
            if values[1] > tip.sequence + 1:
                entry, first = self._gap(tip.sequence + 1, values[1] - 1, "unreadable")
                tip = self._append(target, tip, row_of(entry, values[1] - 1, first))
            target.execute(self._insert, values)
            tip = Tip(values[0], values[-1] if isinstance(values[-1], bytes) else FIRST_HASH)
        return tip

    def _copied_tip(self) -> int:
        content = kept_copy.kept(self._copy) or {}
        return int(content.get("sequence", 0))

    def _last_number(self, connection: sqlite3.Connection) -> int:
        return int(connection.execute("SELECT coalesce(max(sequence), 0) FROM log").fetchone()[0])

    def _tip_in(self, connection: sqlite3.Connection) -> Tip:
        return Tip(self._last_number(connection))

    def _gap(self, first: int, last: int, reason: str) -> tuple[Entry, int]:
        data = {"lane": self.lane.value, "first": first, "last": last, "count": last - first + 1, "reason": reason}
        return Entry(str(uuid.uuid4()), GAP, self._clock.stamp(), "gateway", data), first

    def _problem(self, what: str) -> None:
        self.problems.append(f"{self.path.name} {what}")
        _LOGGER.error("%s: %s", self.path.name, what)
