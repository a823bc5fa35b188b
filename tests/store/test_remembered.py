"""What rules remember, on a real file: the newest alone, with the readings, and whatever stands there is survived."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.clock import Stamp, TimeQuality
from agent.store.entry import Lane
from agent.store.remembered import Remembered
from agent.store.store import Opened
from tests.store.keeping import Keeping
from tests.waiting import until


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    keeping = Keeping(tmp_path / "state")
    keeping.open()
    yield keeping
    keeping.store.close()


def at(monotonic: float, boot: str = "boot-1", wall: float = 1_800_000_000.0) -> Stamp:
    return Stamp(boot, monotonic, wall + monotonic, TimeQuality.UNSYNCHRONISED)


def memory(rule: str, number: int, when: Stamp | None = None, **more: Any) -> Remembered:  # noqa: ANN401
    return Remembered(rule, '["resident", "r-1", "201"]', 2, {"facts": {"n": number, **more}}, when or at(5.0))


def opened_again(keeping: Keeping) -> Opened:
    assert keeping.store.close()
    again = Keeping(keeping.folder)
    opened = again.open()
    assert again.store.close()
    return opened


def rows(keeping: Keeping) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(keeping.folder / "telemetry.db")) as connection:
        return connection.execute("SELECT rule, data FROM remembered ORDER BY rule").fetchall()


async def test_the_newest_of_each_is_written_and_found_again(keeping: Keeping) -> None:
    assert keeping.opened is not None
    assert (keeping.opened.remembered, keeping.opened.alive_at) == ((), None)
    keeping.store.remember([memory("a", 1, name="床"), memory("b", 2)])
    await until(lambda: len(rows(keeping)) == 2, "both written", 30.0)
    newest = memory("a", 3, at(7.0))
    keeping.store.remember([memory("a", 2), newest])
    opened = opened_again(keeping)
    assert opened.remembered == (newest, memory("b", 2))
    assert opened.alive_at == at(7.0)
    assert (opened.problems, opened.lost) == ((), ())


def test_what_waits_is_written_at_the_close(keeping: Keeping) -> None:
    keeping.store.remember([memory("a", 1)])
    assert opened_again(keeping).remembered == (memory("a", 1),)


async def test_nothing_more_to_remember_deletes_it(keeping: Keeping) -> None:
    keeping.store.remember([memory("a", 1), memory("b", 1)])
    await until(lambda: len(rows(keeping)) == 2, "both written", 30.0)
    keeping.store.remember([Remembered("a", '["resident", "r-1", "201"]', 2, {}, at(6.0))])
    assert [one.rule for one in opened_again(keeping).remembered] == ["b"]


def test_readings_are_stored_beside_it(keeping: Keeping) -> None:
    for number in range(5):
        keeping.reading(number)
        keeping.store.remember([memory("a", number)])
    opened = opened_again(keeping)
    assert opened.remembered == (memory("a", 4),)
    assert keeping.numbers(Lane.TELEMETRY) == [1, 2, 3, 4, 5]
    assert keeping.stored[-1][1].at.boot == keeping.clock.boot


async def test_alive_at_is_the_last_that_was_written_in_the_last_boot(keeping: Keeping) -> None:
    keeping.store.remember([memory("a", 1, at(9e9, "an older boot"))])
    last = keeping.reading(1)
    opened = opened_again(keeping)
    assert opened.alive_at is not None
    assert (opened.alive_at.boot, opened.alive_at.monotonic) == (last.at.boot, last.at.monotonic)


def test_without_readings_the_newest_memory_tells_when_it_was_alive(keeping: Keeping) -> None:
    keeping.store.remember([memory("a", 1, at(9.0)), memory("b", 1, at(3.0, "boot-2", 1_900_000_000.0))])
    assert opened_again(keeping).alive_at == at(3.0, "boot-2", 1_900_000_000.0)


@pytest.mark.parametrize("spoilt", ["x", "[1]", "", "null", '{"a": '])
async def test_a_row_that_is_no_object_is_left_out_with_one_line(
    keeping: Keeping, spoilt: str, caplog: pytest.LogCaptureFixture
) -> None:
    keeping.store.remember([memory("a", 1), memory("b", 1)])
    assert keeping.store.close()
    with closing(sqlite3.connect(keeping.folder / "telemetry.db")) as connection:
        connection.execute("UPDATE remembered SET data = ? WHERE rule = 'a'", (spoilt,))
        connection.commit()
    with caplog.at_level(logging.WARNING):
        assert [one.rule for one in opened_again(keeping).remembered] == ["b"]
    assert len([one for one in caplog.messages if one.startswith("a of ")]) == 1


async def test_it_is_salvaged_out_of_a_damaged_file(keeping: Keeping) -> None:
    for number in range(400):
        keeping.reading(number)
    keeping.store.remember([memory("a", 1)])
    assert keeping.store.close()
    file = keeping.folder / "telemetry.db"
    with closing(sqlite3.connect(file)) as connection:
        roots = [row[0] for row in connection.execute("SELECT rootpage FROM sqlite_schema")]
    data, size = bytearray(file.read_bytes()), 4096
    leaves = [n for n in range(2, len(data) // size + 1) if data[(n - 1) * size] == 0x0D and n not in roots]
    last = leaves[-1]  # which is read at the start
    data[(last - 1) * size : last * size] = os.urandom(size)
    file.write_bytes(data)
    opened = opened_again(keeping)
    assert any("was damaged" in problem for problem in opened.lost)
    assert opened.remembered == (memory("a", 1),)
