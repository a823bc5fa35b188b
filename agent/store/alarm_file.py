"""alarms.db: the log as a chain of hashes, the open alarms, the site facts."""

import hashlib
import json
import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.clock import Clock
from agent.store import kept_copy
from agent.store.entry import AUDIT, Entry, Lane
from agent.store.lane_file import Batch, LaneFile, SiteFacts, Stored, Tip
from agent.store.row import COLUMNS, FIRST_HASH, Row, row_hash, row_of, text
from agent.store.salvage import copy_table

COPY_NAME = "open_alarms.json"
SITE_COPY_NAME = "site_facts.json"

_OPEN_SQL = (
    "INSERT INTO open_alarm VALUES (:id, :state, :boot, :wall, :sequence) ON CONFLICT (id) DO UPDATE SET "
    "state = excluded.state, boot = excluded.boot, wall = excluded.wall, sequence = excluded.sequence"
)


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """One open alarm as it is kept: its whole state as JSON, and when that was."""

    state: str
    boot: str
    wall: float
    sequence: int

    def restored(self) -> tuple[dict[str, Any], str, float] | None:
        """State, boot and wall time for the engine; None when the state is not a JSON object."""
        state = _document(self.state)
        return None if state is None else (state, self.boot, self.wall)


OpenSet = dict[str, OpenAlarm]


class AlarmFile(LaneFile):
    """The alarm lane's file. After each change of the open alarms or of the site facts a copy is kept beside it."""

    lane = Lane.ALARMS
    columns = (*COLUMNS, "alarm", "open", "data", "prev_hash", "hash")
    copy_name = COPY_NAME
    margin = 1000
    _checks = True

    def __init__(self, folder: Path, clock: Clock) -> None:
        super().__init__(folder, clock)
        self.open_alarms: OpenSet = {}
        self.site: dict[str, Any] | None = None
        self._site_copy = folder / SITE_COPY_NAME
        self._site_copied: dict[str, Any] | None = None
        self._known = False  # whether memory has been filled once: from then on it outranks any file
        self._changes: list[tuple[str, OpenAlarm | None]] = []
        self._insert += " ON CONFLICT (id) DO NOTHING"

    def write(self, batch: Batch) -> Stored:
        """One durable commit; an event that is there already keeps its number."""
        self._changes.clear()
        stored = super().write(batch)
        for alarm, state in self._changes:
            if state is None:
                self.open_alarms.pop(alarm, None)
            else:
                self.open_alarms[alarm] = state
        if batch.sites:
            self.site = batch.sites[-1].document
        return stored

    def rest(self) -> None:
        """As every lane, and the copy of the site facts."""
        super().rest()
        if self.site is not None and self.site is not self._site_copied:
            kept_copy.keep(self._site_copy, self.site)
            self._site_copied = self.site

    def _write(self, connection: sqlite3.Connection, tip: Tip, batch: Batch, stored: Stored) -> Tip:
        tip = super()._write(connection, tip, batch, stored)
        for site in batch.sites:
            entry = self._write_site(connection, site)
            if entry is not None:
                tip = self._append(connection, tip, row_of(entry, tip.sequence + 1))
                stored.append((entry, tip.sequence))
        return tip

    def _append(self, connection: sqlite3.Connection, tip: Tip, row: Row) -> Tip:
        hashed = row_hash(tip.hash, row.chained())
        cursor = connection.execute(self._insert, (*row.chained(), tip.hash, hashed))
        if cursor.rowcount == 0:  # a second try after a commit whose outcome was in doubt: it is there
            return tip
        if row.alarm:
            self._change(connection, row)
        return Tip(row.sequence, hashed)

    def _change(self, connection: sqlite3.Connection, row: Row) -> None:
        state = _open_state(row) if row.open else None
        self._changes.append((row.alarm, state))
        if state is None:
            connection.execute("DELETE FROM open_alarm WHERE id = ?", (row.alarm,))
        else:
            connection.execute(_OPEN_SQL, _bound(row.alarm, state))

    def _write_site(self, connection: sqlite3.Connection, site: SiteFacts) -> Entry | None:
        """The document as the one in force from now; gives the audit event, None when it was in force already."""
        document = json.dumps(site.document, ensure_ascii=True, sort_keys=True, default=str)
        digest = hashlib.sha256(document.encode()).hexdigest()
        row = connection.execute("SELECT number, hash FROM site_facts WHERE valid_to IS NULL").fetchone()
        if row is not None and row[1] == digest:
            return None
        stamp = self._clock.stamp()
        connection.execute("UPDATE site_facts SET valid_to = ? WHERE valid_to IS NULL", (stamp.wall,))
        connection.execute(
            "INSERT INTO site_facts (valid_from, valid_to, author, document, hash) VALUES (?, NULL, ?, ?, ?)",
            (stamp.wall, text(site.author), document, digest),
        )
        data = {"action": "site_facts", "sha256": digest, "replaces": row[1] if row else None}  # never the names in it
        return Entry(str(uuid.uuid4()), AUDIT, stamp, "gateway", data, site.author)

    def _load(self, connection: sqlite3.Connection) -> None:
        found = self._tip_in(connection)
        if found.sequence >= self.tip.sequence:
            self.tip = found
        if self._known:
            return
        rows = connection.execute("SELECT id, state, boot, wall, sequence FROM open_alarm ORDER BY sequence")
        self.open_alarms = {row[0]: OpenAlarm(*row[1:]) for row in rows}
        copy = kept_copy.kept(self._copy) or {}
        if int(copy.get("sequence", 0)) > found.sequence:  # an older file was put back: what is newer counts
            self.open_alarms = _open_set(copy)
        row = connection.execute("SELECT document FROM site_facts WHERE valid_to IS NULL").fetchone()
        self.site = _document(row[0]) if row else None
        self._known = True

    def _tip_in(self, connection: sqlite3.Connection) -> Tip:
        row = connection.execute("SELECT sequence, hash FROM log ORDER BY sequence DESC LIMIT 1").fetchone()
        return Tip(*row) if row else Tip(0, FIRST_HASH)

    def _copy_content(self) -> dict[str, Any]:
        alarms = {id_: [one.state, one.boot, one.wall, one.sequence] for id_, one in self.open_alarms.items()}
        return {"sequence": self.tip.sequence, "alarms": alarms}

    def _restore_more(self, source: sqlite3.Connection | None, target: sqlite3.Connection) -> None:
        super()._restore_more(source, target)
        for id_, one in (self.open_alarms if self._known else self._remembered(source, target)).items():
            target.execute(_OPEN_SQL, _bound(id_, one))
        if source is not None:
            copy_table(source, target, "site_facts")
        site = self.site if self._known else kept_copy.kept(self._site_copy)
        in_force = target.execute("SELECT 1 FROM site_facts WHERE valid_to IS NULL").fetchone()
        if site is not None and in_force is None:
            self._write_site(target, SiteFacts(site, "system: restored from the copy"))

    def _remembered(self, source: sqlite3.Connection | None, target: sqlite3.Connection) -> OpenSet:
        """What was open, after a start without a sound file: the copy, then what the log says since."""
        copy = kept_copy.kept(self._copy)
        found = _open_set(copy or {})
        if source is not None and copy is None:
            copy_table(source, target, "open_alarm")
        since = int((copy or {}).get("sequence", 0))
        rows = target.execute(
            f"SELECT {', '.join(COLUMNS)}, data, alarm, open FROM log WHERE alarm != '' AND sequence > ? "  # noqa: S608
            "ORDER BY sequence",
            (since,),
        )
        for values in rows.fetchall():
            row = Row(*values)
            if row.open:
                found[row.alarm] = _open_state(row)
            else:
                found.pop(row.alarm, None)
                target.execute("DELETE FROM open_alarm WHERE id = ?", (row.alarm,))
        return found


def opened_from_copies(folder: Path) -> tuple[OpenSet, dict[str, Any] | None]:
    """Open alarms and site facts out of the copies alone, for a start at which the database does not answer."""
    return _open_set(kept_copy.kept(folder / COPY_NAME) or {}), kept_copy.kept(folder / SITE_COPY_NAME)


def _document(written: str) -> dict[str, Any] | None:
    try:
        document = json.loads(written)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _open_set(copy: dict[str, Any]) -> OpenSet:
    alarms = copy.get("alarms")
    if not isinstance(alarms, dict):
        return {}
    whole = {id_: OpenAlarm(*values) for id_, values in alarms.items() if isinstance(values, list) and len(values) == 4}
    return dict(sorted(whole.items(), key=lambda one: one[1].sequence))  # as in the file: a later act counts


def _open_state(row: Row) -> OpenAlarm:
    data = _document(row.data) or {}
    state = data.get("alarm") or data.get("state") or {}
    return OpenAlarm(json.dumps(state, ensure_ascii=False), row.boot, row.wall, row.sequence)


def _bound(id_: str, one: OpenAlarm) -> dict[str, Any]:
    return {"id": id_, "state": one.state, "boot": one.boot, "wall": one.wall, "sequence": one.sequence}
