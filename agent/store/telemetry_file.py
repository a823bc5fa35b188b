"""telemetry.db: readings, as many as the limit allows; the oldest go first, and a gap says so."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from agent.clock import Clock, Stamp
from agent.store import candidates, remembered
from agent.store.entry import Lane
from agent.store.lane_file import Batch, LaneFile, Stored, Tip
from agent.store.outbox import consumers
from agent.store.ranges import missing
from agent.store.row import row_of
from agent.store.salvage import copy_table

COPY_S = 60.0
PRUNED_AT_ONCE = 5000  # rows a transaction, so that readings wait for no more


class TelemetryFile(LaneFile):
    """The telemetry lane's file, of at most `rows` rows."""

    lane = Lane.TELEMETRY

    def __init__(self, folder: Path, clock: Clock, rows: int, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(folder, clock)
        self._rows = rows
        self._now = now
        self._copy_at = 0.0
        self.remembered: tuple[remembered.Remembered, ...] = ()  # as it was when the file was opened first
        self.alive_at: Stamp | None = None  # when anything was written last before that
        self.shadow = candidates.Shadowed()  # the same
        self._read = False

    def rest(self) -> None:
        """As every lane, but the copy at most once a minute; drop what is over the limit."""
        self.ready()
        if self._now() >= self._copy_at:
            self._copy_at = self._now() + COPY_S
            super().rest()
        while self._prune():
            continue

    def _prune(self) -> bool:
        """Drop some of the oldest rows; gives whether there is more to drop."""
        connection = self.connection
        row = connection.execute("SELECT first, sequence FROM log ORDER BY sequence LIMIT 1").fetchone()
        if row is None or self.tip.sequence - row[1] + 1 <= self._rows:
            return False
        last = min(row[1] + PRUNED_AT_ONCE - 1, self.tip.sequence - self._rows)
        had = consumers(connection)
        lost = not had or any(missing(ranges, row[0], last) for ranges in had.values())
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute("DELETE FROM log WHERE sequence <= ?", (last,))
            if lost:
                entry, first = self._gap(row[0], last, "no room: the oldest readings were dropped")
                self._append(connection, self.tip, row_of(entry, last, first))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return bool(last < self.tip.sequence - self._rows)

    def _write(self, connection: sqlite3.Connection, tip: Tip, batch: Batch, stored: Stored) -> Tip:
        remembered.write(connection, batch.remembered)
        candidates.write(connection, batch.shadow)
        return super()._write(connection, tip, batch, stored)

    def _load(self, connection: sqlite3.Connection) -> None:
        super()._load(connection)
        if not self._read:
            self.remembered, self.alive_at = remembered.read(connection)
            self.shadow = candidates.read(connection)
            self._read = True

    def _restore_more(self, source: sqlite3.Connection | None, target: sqlite3.Connection) -> None:
        super()._restore_more(source, target)
        if source is not None:
            for table in ("remembered", *candidates.TABLES):
                copy_table(source, target, table)
