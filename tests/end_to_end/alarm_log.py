"""What alarms.db tells, and what can happen to it; what the platform's own journal tells."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from agent.store import reader
from agent.store.entry import Lane
from tests.simulator.platform import Platform

Lives = dict[str, list[str]]


def stored(state: Path) -> Lives:
    """What alarms.db in `state` tells of each alarm: what happened, in order."""
    return _lives(reader.events(state, Lane.ALARMS, 0, 10_000))


def received(platform: Platform) -> Lives:
    """The same out of the platform's journal, in order of arrival."""
    return _lives(platform.kept())


def _lives(events: Iterable[Mapping[str, Any]]) -> Lives:
    lives: Lives = {}
    for event in events:
        if event["type"].startswith("nightlamp.alarm."):
            lives.setdefault(event["data"]["alarm"]["id"], []).append(event["data"]["happened"])
    return lives


@contextmanager
def locked(state: Path, wholly: bool = False) -> Iterator[None]:
    """Another program holds the write lock of alarms.db; `wholly`: nobody else can even open it (no daemon runs)."""
    with closing(sqlite3.connect(state / "alarms.db", timeout=5, isolation_level=None)) as other:
        if wholly:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def delete(state: Path) -> None:
    """The file, its log and its index are gone."""
    for end in ("", "-wal", "-shm"):
        (state / f"alarms.db{end}").unlink(missing_ok=True)
