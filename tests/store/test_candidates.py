"""What cameras would have raised, on a real file: written with the readings, found at the next start, salvaged."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.camera_facts import CameraMode
from agent.shadow.candidate import Candidate, Changes, Kind, Label, WatchedHour
from agent.store.candidates import NOTHING, Shadowed
from agent.store.entry import Lane
from agent.store.settings import StoreSettings
from agent.store.store import Opened
from tests.store.keeping import Keeping
from tests.waiting import until

WALL = 1_800_000_000.0


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    keeping = Keeping(tmp_path / "state")
    keeping.open()
    yield keeping
    keeping.store.close()


def candidate(id_: str, after_s: float = 0.0, **more: Any) -> Candidate:  # noqa: ANN401
    return Candidate(id_, "hall", "走廊", WALL + after_s, 0.71, reasons=("window",), **more)


def opened_again(keeping: Keeping) -> Opened:
    assert keeping.store.close()
    again = Keeping(keeping.folder)
    opened = again.open()
    assert again.store.close()
    return opened


def test_it_is_found_again_as_it_was(keeping: Keeping) -> None:
    assert keeping.opened is not None
    assert keeping.opened.shadow == NOTHING
    said = candidate("b", 9.0, label=Label.FELL, by="panel:王", labelled_at=WALL + 60, mode=CameraMode.LIVE)
    noted = candidate("c", 5.0, kind=Kind.NOTED)
    keeping.store.shadow(Changes((candidate("a"), said, noted), (), (WatchedHour("hall", 7, 12.5),)))
    opened = opened_again(keeping)
    assert opened.shadow == Shadowed((candidate("a"), noted, said), (WatchedHour("hall", 7, 12.5),))
    assert (opened.problems, opened.lost) == ((), ())


def test_the_last_word_counts_and_what_is_gone_is_gone(keeping: Keeping) -> None:
    hours = WatchedHour("hall", 7, 12.5), WatchedHour("hall", 8, 1.0)
    keeping.store.shadow(Changes((candidate("a"), candidate("b")), (), hours))
    newest = candidate("b", label=Label.NOT, by="panel:li", labelled_at=WALL)
    keeping.store.shadow(Changes((newest,), ("a",), (WatchedHour("hall", 7, 0.0), WatchedHour("hall", 8, 9.0))))
    assert opened_again(keeping).shadow == Shadowed((newest,), (WatchedHour("hall", 8, 9.0),))


def test_it_is_no_event_of_any_lane(keeping: Keeping) -> None:
    """Nobody upstream hears of what might have been."""
    keeping.store.shadow(Changes((candidate("a"),)))
    keeping.reading(1)
    assert opened_again(keeping).shadow.candidates
    assert keeping.numbers(Lane.TELEMETRY) == [1]
    assert keeping.numbers(Lane.ALARMS) == []


def test_while_a_disk_fails_the_newest_are_kept(keeping: Keeping) -> None:
    for number in range(2500):
        keeping.store._parts[Lane.TELEMETRY].pending.shadow(Changes((candidate(f"{number:04}"),)))
    found = opened_again(keeping).shadow.candidates
    assert found[-1].id == "2499"


async def test_what_a_person_said_waits_for_no_group(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path / "slow", StoreSettings(group_s=3600.0))
    keeping.open()
    try:
        keeping.store.shadow(Changes((candidate("a"),)))
        assert rows(keeping) == 0
        keeping.store.shadow(Changes((candidate("b"),)), at_once=True)
        await until(lambda: rows(keeping) == 2, "both are written")
    finally:
        keeping.store.close()


def rows(keeping: Keeping) -> int:
    with closing(sqlite3.connect(keeping.folder / "telemetry.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM fall_candidate").fetchone()[0])


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "dance"), ("mode", "asleep"), ("label", "maybe"), ("reasons", "x"), ("reasons", "7")]
)
def test_a_row_that_cannot_be_read_is_left_out_with_one_line(
    keeping: Keeping, column: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    keeping.store.shadow(Changes((candidate("a"), candidate("b"))))
    assert keeping.store.close()
    with closing(sqlite3.connect(keeping.folder / "telemetry.db")) as connection:
        connection.execute(f"UPDATE fall_candidate SET {column} = ? WHERE id = 'a'", (value,))
        connection.commit()
    with caplog.at_level(logging.WARNING):
        assert [one.id for one in opened_again(keeping).shadow.candidates] == ["b"]
    assert len([one for one in caplog.messages if one.startswith("fall candidate a ")]) == 1


def test_it_is_salvaged_out_of_a_damaged_file(keeping: Keeping) -> None:
    for number in range(400):
        keeping.reading(number)
    keeping.store.shadow(Changes((candidate("a"),), (), (WatchedHour("hall", 7, 12.5),)))
    assert keeping.store.close()
    file = keeping.folder / "telemetry.db"
    with closing(sqlite3.connect(file)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'remembered'").fetchone()[0]
    data = bytearray(file.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    file.write_bytes(bytes(data))
    opened = opened_again(keeping)
    assert opened.lost
    assert opened.shadow == Shadowed((candidate("a"),), (WatchedHour("hall", 7, 12.5),))
