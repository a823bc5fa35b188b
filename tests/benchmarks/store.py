"""`store`: what it costs to keep an event, beside raw sqlite3 on the same disk in the same minute.

Alarms: put to synced, and a raw commit of the same row into the same table, in turns; in rounds with a rest between
them, as alarms come, and after a warm-up, since a WAL that still grows costs a commit of the file system each time.
Telemetry: as fast as it is stored, beside raw commits of a hundred rows each.
"""

import argparse
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from agent.clock import Clock
from agent.store import reader
from agent.store.alarm_file import AlarmFile
from agent.store.database import connect, insert_sql
from agent.store.entry import READING, Entry, Lane
from agent.store.events import Origin
from agent.store.row import FIRST_HASH, Row, row_hash, row_of
from agent.store.settings import StoreSettings
from agent.store.store import Store
from agent.store.telemetry_file import TelemetryFile
from tests.benchmarks.bench import Bench, BenchError, Tell
from tests.benchmarks.figures import Measured, quantile
from tests.benchmarks.process import written_bytes

RAW_GROUP = 100
IN_MEMORY = 8000  # messages that the feeder lets wait: well below the bound at which the store drops
DRAIN_BATCH = 500  # as the way upstream asks by default
ANSWER_S = 30.0
QUIET, FULL_SPEED = "quiet", "telemetry at full speed"
OURS, RAW = "alarm put to synced", "raw commit of the same row"
WARM_UP = 400  # commits, after which the raw WAL has come round once
ROUND, REST_S = 100, 1.5  # alarms in a row, and the rest in which the store checkpoints


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--alarms", type=int, default=1000, help="alarm events in each condition (default: 1000)")
    parser.add_argument("--messages", type=int, default=200_000, help="readings (default: 200000)")


def _measure(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    with _kept(folder / "alarms") as kept, closing(RawAlarms(folder / "raw-alarms.db")) as raw:
        tell("warming up")
        _in_turns(kept, raw, WARM_UP, "warm-up")
        tell(f"{options.alarms} alarms, {QUIET}")
        values = _alarms(kept, raw, options.alarms, QUIET)
        tell(f"{options.alarms} alarms, {FULL_SPEED}")
        with kept.feeding():
            values |= _alarms(kept, raw, options.alarms, FULL_SPEED)
        tell(f"{options.alarms} alarms, read back")
        time.sleep(REST_S)
        readable = [_readable_s(kept, number) * 1000 for number in range(options.alarms)]
    values |= {
        "alarm p50 / raw p50, quiet": values[f"{OURS} p50, {QUIET}"] / values[f"{RAW} p50, {QUIET}"],
        f"alarm p99, {FULL_SPEED} / raw p99, quiet": values[f"{OURS} p99, {FULL_SPEED}"]
        / values[f"{RAW} p99, {QUIET}"],
        "alarm put to readable p99": quantile(readable, 0.99),
    }
    tell(f"{options.messages} readings, ours and raw")
    values |= _telemetry(folder, options.messages)
    return Measured(values, (f"alarms: ours and raw in turns, {ROUND} in a row; readings: as fast as they are stored",))


class Kept:
    """A store that is told apart: when each entry was safe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.store = Store(folder, self.clock, self._stored, lambda *_: None, StoreSettings())
        self.room = threading.Semaphore(IN_MEMORY)  # for telemetry
        self.readings = 0
        self._safe = threading.Event()
        self._safe_at = 0.0

    def alarm_s(self, entry: Entry) -> float:
        """Seconds from put to synced; raises `BenchError` when the store does not answer."""
        self._safe.clear()
        begin = time.perf_counter()
        self.store.put(Lane.ALARMS, entry)
        if not self._safe.wait(ANSWER_S):
            raise BenchError(f"{self.folder}: an alarm was not stored within {ANSWER_S:g} s; is the disk full?")
        return self._safe_at - begin

    @contextmanager
    def feeding(self) -> Iterator[None]:
        """Meanwhile readings come as fast as they are stored."""
        ended = threading.Event()
        feeder = threading.Thread(target=self._feed, args=(ended,), name="feeder")
        feeder.start()
        try:
            yield
        finally:
            ended.set()
            feeder.join()

    def put_readings(self, entries: Sequence[Entry]) -> None:
        """Put all, never more than memory may hold, and wait until the last is synced."""
        before = self.readings
        for entry in entries:
            self.room.acquire()
            self.store.put(Lane.TELEMETRY, entry)
        while self.readings - before < len(entries):
            time.sleep(0.005)

    def _feed(self, ended: threading.Event) -> None:
        number = 0
        while not ended.is_set():
            if self.room.acquire(timeout=0.1):
                self.store.put(Lane.TELEMETRY, reading(self.clock, number))
                number += 1

    def _stored(self, lane: Lane, entry: Entry, sequence: int) -> None:
        if lane is Lane.ALARMS:
            self._safe_at = time.perf_counter()
            self._safe.set()
        else:
            self.readings += 1
            self.room.release()


class RawAlarms:
    """What an engineer would write: the same table and row, one INSERT, WAL and FULL, nothing else."""

    def __init__(self, path: Path) -> None:
        self._connection = raw_connection(path, Lane.ALARMS)
        self._insert = insert_sql("log", AlarmFile.columns)
        self._hash = FIRST_HASH
        self.next = 1  # sequence of the row to come

    def commit_s(self, row: Row) -> float:
        """Seconds that the commit of `row` takes; its hash is made beforehand."""
        hashed = row_hash(self._hash, row.chained())
        values = (*row.chained(), self._hash, hashed)
        self._hash, self.next = hashed, row.sequence + 1
        begin = time.perf_counter()
        self._connection.execute(self._insert, values)
        return time.perf_counter() - begin

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


@contextmanager
def _kept(folder: Path) -> Iterator[Kept]:
    kept = Kept(folder)
    kept.store.open()
    try:
        yield kept
    finally:
        kept.store.close(ANSWER_S)


def raw_connection(path: Path, lane: Lane) -> sqlite3.Connection:
    """An empty file with the tables of `lane`, then sqlite3 alone: WAL, synchronous=FULL, its own checkpoints."""
    connect(path, lane.value).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def alarm(clock: Clock, number: int, condition: str) -> Entry:
    """An alarm event as large as those of the core (about 900 bytes of state)."""
    id_ = f"{condition}-{number}"
    state = {"id": id_, "kind": "sos", "priority": "high", "state": "raised", "reasons": ["x" * 60] * 10}
    data = {"happened": "raised", "alarm": state, "reasons": ["x" * 60]}
    return Entry(
        uuid.uuid4().hex, "nightlamp.alarm.raised.v1", clock.stamp(), "r-07", data, "rule:sos", id_, number % 2 == 0
    )


def reading(clock: Clock, number: int) -> Entry:
    """A reading as the core keeps it: a row of about 300 bytes, 200 of which no other reading shares."""
    data = {"device": f"bed-{number % 60}", "quantity": "heart_rate", "value": 60 + number % 40, "unit": "/min"}
    device = f"device:{data['device']}"
    return Entry(uuid.uuid4().hex, READING, clock.stamp(), f"r-{number % 60}", data | {"quality": "good"}, device)


def _alarms(kept: Kept, raw: RawAlarms, count: int, condition: str) -> dict[str, float]:
    """The figures of `count` alarms, ours and raw."""
    spans: dict[str, list[float]] = {OURS: [], RAW: []}
    for first in range(0, count, ROUND):
        time.sleep(REST_S)
        for name, own in _in_turns(kept, raw, min(ROUND, count - first), f"{condition}-{first}").items():
            spans[name] += own
    return {
        f"{name} {words}, {condition}": quantile(own, share)
        for name, own in spans.items()
        for words, share in (("p50", 0.5), ("p99", 0.99))
    }


def _in_turns(kept: Kept, raw: RawAlarms, count: int, name: str) -> dict[str, list[float]]:
    """Milliseconds of each commit, both ways in turns: what the disk does meanwhile meets both alike."""
    spans: dict[str, list[float]] = {OURS: [], RAW: []}
    for number in range(count):
        entry = alarm(kept.clock, number, name)
        row = row_of(entry, raw.next)
        for way in (OURS, RAW) if number % 2 else (RAW, OURS):
            spans[way].append(1000 * (kept.alarm_s(entry) if way == OURS else raw.commit_s(row)))
    return spans


def _readable_s(kept: Kept, number: int) -> float:
    """Seconds from put until another connection reads the row."""
    entry = alarm(kept.clock, number, "readable")
    after = reader.tip(kept.folder, Lane.ALARMS)
    begin = time.perf_counter()
    kept.alarm_s(entry)
    if not any(event["id"] == entry.id for event in reader.events(kept.folder, Lane.ALARMS, after, 10)):
        raise BenchError(f"alarm {entry.id} was called stored and cannot be read")
    return time.perf_counter() - begin


def _telemetry(folder: Path, count: int) -> dict[str, float]:
    clock = Clock()
    entries = [reading(clock, number) for number in range(count)]
    raw_rows = [(*row.common(), row.data) for row in (row_of(one, n + 1) for n, one in enumerate(entries))]
    size = sum(len(str(value)) for row in raw_rows for value in row) / count
    raw_per_s = _raw_telemetry(folder / "raw-telemetry.db", raw_rows)
    pid = os.getpid()
    with _kept(folder / "telemetry") as kept:
        begin, used, written = time.perf_counter(), time.process_time(), written_bytes(pid)
        kept.put_readings(entries)
        ours_per_s, put_s = count / (time.perf_counter() - begin), time.process_time() - used
        used = time.process_time()
        _drain(kept, count)
        drain_s = time.process_time() - used
    return {
        "telemetry durable, ours": ours_per_s,
        "telemetry durable, raw, groups of 100": raw_per_s,
        "telemetry durable, ours / raw": ours_per_s / raw_per_s,
        "telemetry row": size,
        "written to disk per message": (written_bytes(pid) - written) / count,
        "CPU per message put": put_s / count * 1e6,
        "CPU per message drained": drain_s / count * 1e6,
    }


def _raw_telemetry(path: Path, rows: Sequence[Sequence[object]]) -> float:
    """Rows a second, the last one synced."""
    insert = insert_sql("log", TelemetryFile.columns)
    with closing(raw_connection(path, Lane.TELEMETRY)) as connection:
        begin = time.perf_counter()
        for first in range(0, len(rows), RAW_GROUP):
            connection.execute("BEGIN")
            connection.executemany(insert, rows[first : first + RAW_GROUP])
            connection.execute("COMMIT")
        return len(rows) / (time.perf_counter() - begin)


def _drain(kept: Kept, count: int) -> None:
    """Read everything as the way upstream does, and settle it; returns when the last receipt is synced."""
    settled = 0
    while settled < count:
        ranges = reader.outstanding(kept.folder, Lane.TELEMETRY, "bench")
        taken = reader.events_in(kept.folder, Lane.TELEMETRY, ranges, DRAIN_BATCH, Origin())
        synced = threading.Event()
        kept.store.receipt("bench", Lane.TELEMETRY, tuple(range_ for range_, _ in taken), done=synced.set)
        if not taken or not synced.wait(ANSWER_S):
            raise BenchError(f"{kept.folder}: {settled} of {count} drained, then nothing")
        settled += len(taken)


BENCH = Bench("what it costs to keep an event, beside raw sqlite3 on the same disk", _options, _measure)
