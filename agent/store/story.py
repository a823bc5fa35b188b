"""One alarm's whole story out of the two files, as the records of a bundle, read beside the writers. No names."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.residents import GATEWAY
from agent.store import bundle
from agent.store.bundle import Line
from agent.store.entry import ACT, ALARM, STANDING, Lane
from agent.store.events import utc
from agent.store.reader import StoreUnreadableError, reading

AROUND_S = 600.0
LEAP = 5000  # rows looked through at once, from the newest backwards
BLOT = "■"

_RAISED = ALARM.format(happened="raised")
_ROWS = f"SELECT {', '.join(bundle.ROW)}, prev_hash, hash FROM log WHERE sequence > ? AND sequence <= ? "  # noqa: S608
_OF_ALARM = _ROWS + "AND alarm = ? ORDER BY sequence"
_DEEDS = _ROWS + "AND type IN (?, ?) ORDER BY sequence"
# With the type written out SQLite takes the index of the schema's second version.
_DECISIONS = (
    "SELECT sequence, wall, subject, actor, data FROM log "
    "WHERE type = 'nightlamp.decision.v1' AND wall >= ? AND wall <= ? ORDER BY wall, sequence"
)
_RECALLED = (
    "SELECT sequence, wall, subject, actor, data FROM log "
    "WHERE type = 'nightlamp.recall.v1' AND wall >= ? AND wall <= ? ORDER BY wall, sequence"
)

Row = tuple[Any, ...]
Progress = Callable[[int, int], None]  # rows looked through, of how many


class UnknownAlarmError(Exception):
    """The log knows no alarm of that id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bundle is about and who wants it; `made_wall` is UTC seconds."""

    alarm: str
    gateway: str
    made_by: str
    made_wall: float


@dataclass(frozen=True, slots=True)
class _About:
    """What belongs to the alarm: its subject and place, since when, its devices as far as its own rows tell."""

    subjects: frozenset[str]
    raised_wall: float
    devices: frozenset[str]


def story(folder: Path, asked: Asked, progress: Progress = lambda _done, _of: None) -> list[Line]:
    """The records: header, rows of the alarm, acts, decisions and readings of ten minutes before and after.

    Raises `UnknownAlarmError` and `StoreUnreadableError`; a telemetry.db that cannot be read is told in the header.
    """
    with reading(folder, Lane.ALARMS) as connection:
        blot = _Blot(_names(connection))
        rows = _rows_of(connection, asked.alarm, progress)
        if not rows:
            raise UnknownAlarmError(asked.alarm)
        about = _about(rows)
        deeds = _deeds(connection, rows, about)
    kept = [_log_line(bundle.LOG, row, blot) for row in rows] + [_log_line(bundle.ACT, row, blot) for row in deeds]
    telemetry = "ok"
    try:
        kept += _telemetry(folder, asked.alarm, about, blot)
    except StoreUnreadableError as error:
        telemetry = str(error)
    header = {
        "record": bundle.HEADER,
        "format": bundle.FORMAT,
        "gateway": asked.gateway,
        "alarm": asked.alarm,
        "raised_at": utc(about.raised_wall),
        "made_at": utc(asked.made_wall),
        "made_by": asked.made_by,
        "telemetry": telemetry,
    }
    return [header, *kept]


def _rows_of(connection: sqlite3.Connection, alarm: str, progress: Progress) -> list[Row]:
    """From the newest backwards to where it was raised: most alarms asked for are of these days."""
    newest = int(connection.execute("SELECT coalesce(max(sequence), 0) FROM log").fetchone()[0])
    found: list[Row] = []
    for last in range(newest, 0, -LEAP):
        found = connection.execute(_OF_ALARM, (last - LEAP, last, alarm)).fetchall() + found
        progress(min(newest, newest - last + LEAP), newest)
        if found and found[0][bundle.ROW.index("type")] == _RAISED:
            break
    return [row for row in found if str(_value(row, "type")).startswith("nightlamp.alarm.")]


def _about(rows: list[Row]) -> _About:
    subjects, devices = {_value(rows[0], "subject")}, set()
    for row in rows:
        alarm = json.loads(_value(row, "data")).get("alarm", {})
        subjects.add(str(alarm.get("subject", {}).get("room", "")))
        devices |= {str(device) for device in alarm.get("devices", ())}
    return _About(frozenset(subjects - {""}), float(_value(rows[0], "wall")), frozenset(devices - {""}))


def _deeds(connection: sqlite3.Connection, rows: list[Row], about: _About) -> list[Row]:
    """What people did about the same resident, place or devices, and pauses of the sound, until the alarm ended.

    From ten minutes before it was raised.
    """
    first, last = _value(rows[0], "sequence"), _value(rows[-1], "sequence")
    found = connection.execute(_DEEDS, (first - LEAP, last, ACT, STANDING)).fetchall()
    since, subjects = about.raised_wall - AROUND_S, {*about.subjects, *about.devices, GATEWAY.id}
    return [row for row in found if _value(row, "subject") in subjects and _value(row, "wall") >= since]


def _telemetry(folder: Path, alarm: str, about: _About, blot: "_Blot") -> Iterator[Line]:
    since, until = about.raised_wall - AROUND_S, about.raised_wall + AROUND_S
    with reading(folder, Lane.TELEMETRY) as connection:
        for row in connection.execute(_DECISIONS, (since, until)):
            if row[2] in about.subjects:
                yield _telemetry_line(bundle.DECISION, row, blot)
        # an entry may begin before and reach into the time asked for
        recalled = [(row, json.loads(row[4])) for row in connection.execute(_RECALLED, (since - AROUND_S, until))]
    devices = set(about.devices)
    for _, data in recalled:
        if data["alarm"] == alarm:
            devices |= set(data.get("devices", ()))
    for row, data in recalled:
        if "samples" not in data:
            wanted = data["alarm"] == alarm
        else:
            wanted = data["device"] in devices and row[1] + data["samples"][-1][0] >= since
        if wanted:
            yield _telemetry_line(bundle.RECALL, row, blot)


def _names(connection: sqlite3.Connection) -> set[str]:
    """The names of all residents, of now and of before."""
    names = set()
    for (document,) in connection.execute("SELECT document FROM site_facts"):
        residents = json.loads(document).get("resident", ())
        names |= {str(resident.get("name", "")) for resident in residents if isinstance(resident, dict)}
    return names - {""}


def _log_line(record: str, row: Row, blot: "_Blot") -> Line:
    *values, previous, hashed = row
    written = dict(zip(bundle.ROW, values, strict=True))
    clean = {name: blot.text(value) if isinstance(value, str) else value for name, value in written.items()}
    line = {"record": record, "row": clean, "row_prev": previous.hex(), "row_hash": hashed.hex()}
    return line if clean == written else {**line, "masked": True}


def _telemetry_line(record: str, row: Row, blot: "_Blot") -> Line:
    sequence, wall, subject, actor, data = row
    event = {"sequence": sequence, "time": utc(wall), "subject": subject, "actor": blot.text(actor)}
    return {"record": record, "event": {**event, "data": json.loads(blot.text(data))}}


def _value(row: Row, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
    return row[bundle.ROW.index(name)]


class _Blot:
    """Blots out residents' names, should somebody have written one into a note or a reason."""

    def __init__(self, names: Collection[str]) -> None:
        # one Latin letter is no name, and would blot out everything
        self._names = sorted({n for n in names if len(n) > 1 or n > "\u2e7f"}, key=len, reverse=True)

    def text(self, written: str) -> str:
        for name in self._names:
            written = written.replace(name, BLOT)
        return written
