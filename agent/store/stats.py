"""The figures of the last days out of the two files, read beside their writers."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from agent.figures.carers import OnDuty
from agent.figures.kpi import Figures
from agent.figures.log_event import SUPPRESSED, LogEvent
from agent.figures.tally import Tally
from agent.moment import CHINA_S
from agent.store.entry import Lane
from agent.store.reader import StoreUnreadableError, reading

DAY_S = 86_400.0
DAYS_AT_MOST = 366
SLACK_S = 3600.0  # a clock that was set may put a row so far before the one it follows

# SQLite takes the values out of the JSON, without holding up the other threads of a running core.
_ALARMS = """
    SELECT wall, data ->> '$.happened', data ->> '$.alarm.id', data ->> '$.alarm.kind', data ->> '$.alarm.priority',
        data ->> '$.alarm.alarm_class', data ->> '$.alarm.subject.id', data ->> '$.alarm.subject.room',
        data ->> '$.alarm.sounding', actor, data ->> '$.alarm.cause'
    FROM log WHERE sequence >= ? AND wall >= ? AND wall <= ? AND type LIKE 'nightlamp.alarm.%' ORDER BY sequence
"""
_BACKWARDS = "SELECT sequence, wall FROM log WHERE sequence <= ? AND quality != 'unset' ORDER BY sequence DESC LIMIT 1"
_OPEN = "SELECT state FROM open_alarm"
# With the type written out SQLite takes the index of the schema's second version.
_DECISIONS = """
    SELECT wall, data ->> '$.decision', '', data ->> '$.kind', data ->> '$.priority', '', subject, '', 0,
        data ->> '$.by', ''
    FROM log WHERE type = 'nightlamp.decision.v1' AND wall >= ? AND wall <= ? ORDER BY wall
"""
_LEAP = 512


def stats(folder: Path, days: float, until: float, on_duty: OnDuty, offset_s: float = CHINA_S) -> Figures:
    """The figures of the `days` before `until` (UTC seconds); raises `StoreUnreadableError`.

    Without a readable telemetry.db there are none of what was held back.
    """
    tally = Tally(offset_s)
    since = until - days * DAY_S
    first = None
    with reading(folder, Lane.ALARMS) as connection:
        for event in _alarms(connection, since, until):
            first = event.at_wall if first is None else first
            tally.add(event)
        for (state,) in connection.execute(_OPEN):
            alarm = json.loads(state)
            if "raised_wall" in alarm and alarm["raised_wall"] < since:
                tally.inherit(alarm["id"], alarm["raised_wall"])
        since = max(since, _began(connection, since))
    try:
        for event in _held_back(folder, since, until):
            tally.add(event)
    except StoreUnreadableError:  # the alarms count all the same
        pass
    return tally.figures(on_duty, since, until)


def _alarms(connection: sqlite3.Connection, since: float, until: float) -> Iterator[LogEvent]:
    for values in connection.execute(_ALARMS, (_start(connection, since - SLACK_S), since, until)):
        if None not in values:  # else a row of another form, or one kept as text
            yield LogEvent(*values)


def _held_back(folder: Path, since: float, until: float) -> Iterator[LogEvent]:
    with reading(folder, Lane.TELEMETRY) as connection:
        for values in connection.execute(_DECISIONS, (since, until)):
            if values[1] == SUPPRESSED and None not in values:
                yield LogEvent(*values)


def _start(connection: sqlite3.Connection, since: float) -> int:
    """A number behind which every row is younger than `since`, found from the newest backwards in leaps."""
    at = int(connection.execute("SELECT coalesce(max(sequence), 0) FROM log").fetchone()[0])
    while at > 0:
        row = connection.execute(_BACKWARDS, (at,)).fetchone()
        if row is None or row[1] < since:
            break
        at = row[0] - _LEAP
    return max(at, 0)


def _began(connection: sqlite3.Connection, since: float) -> float:
    """When the log begins, if that is after `since`: hours before it are nobody's."""
    row = connection.execute("SELECT wall FROM log ORDER BY sequence LIMIT 1").fetchone()
    return float(row[0]) if row else since
