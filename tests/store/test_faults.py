"""What happens to the files while the store has them: each fault on the real thing."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from agent.store import reader
from agent.store.entry import GAP, Lane
from agent.store.settings import StoreSettings
from agent.store.verify import verify_chain
from tests.store.keeping import Keeping, alarm_entry, reading_entry
from tests.waiting import until


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    keeping = Keeping(tmp_path / "state")
    keeping.open()
    yield keeping
    keeping.store.close()


def lock(folder: Path, name: str) -> sqlite3.Connection:
    """A connection that holds the file's write lock."""
    connection = sqlite3.connect(folder / name, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_kill_9_loses_nothing_that_was_accepted(tmp_path: Path) -> None:
    rounds, dice = 4, random.Random(7)
    accepted: list[str] = []
    for _ in range(rounds):
        command = [sys.executable, "-m", "tests.store.flat_out", os.fspath(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            heard = [writer.stdout.readline().decode() for _ in range(dice.randrange(20, 200))]
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().decode().splitlines(keepends=True)
        accepted += [line.strip() for line in (*heard, *rest) if line.endswith("\n")]
    assert len(accepted) > rounds * 20
    kept = [event["id"] for event in reader.events(tmp_path, Lane.ALARMS, 0, 10**6)]
    assert set(accepted) <= set(kept)
    assert len(kept) == len(set(kept))
    assert verify_chain(tmp_path) is None


async def test_put_returns_while_another_program_locks_the_file(keeping: Keeping) -> None:
    keeping.alarm("a")
    await until(lambda: keeping.numbers())
    with closing(lock(keeping.folder, "alarms.db")) as other:
        slowest = max(keeping.timed_put(Lane.ALARMS, alarm_entry(keeping.clock, "a", n)) for n in range(2000))
        assert slowest < 0.05
        await until(lambda: "locked by another program" in keeping.state(), "told")
        assert keeping.numbers() == [1]
        assert keeping.store.status()["alarms.db"].pending == 2000
        keeping.reading(1)
        await until(lambda: keeping.numbers(Lane.TELEMETRY), "telemetry is unharmed")
        other.execute("ROLLBACK")
    await until(lambda: len(keeping.numbers()) == 2001, "all stored")
    assert keeping.state() == ""


async def test_a_stuck_telemetry_file_leaves_alarms_alone(keeping: Keeping) -> None:
    keeping.reading(0)
    await until(lambda: keeping.numbers(Lane.TELEMETRY))
    with closing(lock(keeping.folder, "telemetry.db")) as other:
        for number in range(25_000):
            keeping.store.put(Lane.TELEMETRY, reading_entry(keeping.clock, number))
        await until(lambda: keeping.state("telemetry.db"), "told")
        keeping.alarm("a")
        await until(lambda: keeping.numbers(), "the alarm is stored", 1.0)
        assert keeping.state("alarms.db") == ""
        dropped = keeping.store.status()["telemetry.db"].dropped
        assert dropped > 0
        other.execute("ROLLBACK")
    await until(lambda: max(keeping.numbers(Lane.TELEMETRY)) == 25_001, "written")
    gaps = [entry.data for lane, entry, _ in keeping.stored if entry.type == GAP]
    assert sum(gap["count"] for gap in gaps) == dropped
    delivered = {number for lane, entry, number in keeping.stored if lane is Lane.TELEMETRY and entry.type != GAP}
    missed = {number for gap in gaps for number in range(gap["first"], gap["last"] + 1)}
    assert delivered | missed == set(range(1, 25_002))  # each number once: as an event or in a gap
    assert not delivered & missed


@pytest.mark.parametrize("also", [(), ("-wal", "-shm")])
async def test_a_file_deleted_while_open_comes_back_whole(keeping: Keeping, also: tuple[str, ...]) -> None:
    for number in range(20):
        keeping.alarm(f"a{number % 3}", number)
    keeping.store.put_site({"residents": ["one"]}, "installer")
    await until(lambda: len(keeping.numbers()) == 21)
    for part in ("", *also):
        (keeping.folder / f"alarms.db{part}").unlink()
    keeping.alarm("a0", 100)
    await until(lambda: len(keeping.numbers()) == 22, "stored")
    assert any("deleted while open" in why for _, why in keeping.states)
    assert keeping.state() == ""
    assert len(reader.events(keeping.folder, Lane.ALARMS, 0, 100)) == 22
    assert verify_chain(keeping.folder) is None
    keeping.store.close()
    again = Keeping(keeping.folder)
    opened = again.open()
    again.store.close()
    assert {state["id"]: state["number"] for state, _, _ in opened.open_alarms} == {"a0": 100, "a1": 19, "a2": 17}
    assert opened.site == {"residents": ["one"]}


async def test_a_deleted_file_is_noticed_at_rest(keeping: Keeping) -> None:
    keeping.alarm("a")
    await until(lambda: keeping.numbers())
    (keeping.folder / "alarms.db").unlink()
    await until(lambda: (keeping.folder / "alarms.db").exists(), "back")
    await until(lambda: keeping.state() == "" and keeping.states)
    assert len(reader.history(keeping.folder, 10)) == 1


async def test_the_whole_folder_deleted(keeping: Keeping) -> None:
    keeping.alarm("a")
    await until(lambda: keeping.numbers())
    for file in keeping.folder.iterdir():
        file.unlink()
    keeping.folder.rmdir()
    keeping.alarm("b")
    await until(lambda: len(keeping.numbers()) == 2, "stored")
    assert len(reader.history(keeping.folder, 10)) == 2


@pytest.mark.parametrize("garbage", [b"", b"not a database at all" * 500, os.urandom(40_000)])
async def test_garbage_in_the_file_at_start(keeping: Keeping, garbage: bytes) -> None:
    keeping.alarm("a", 1)
    keeping.alarm("b", 2)
    keeping.alarm("b", 3, open_=False)
    keeping.store.put_site({"residents": ["one"]}, "installer")
    await until(lambda: (keeping.folder / "site_facts.json").exists(), "copies are kept")
    keeping.store.close()
    for file in ("alarms.db", "telemetry.db"):
        (keeping.folder / file).write_bytes(garbage)
    again = Keeping(keeping.folder)
    opened = again.open()
    try:
        assert [state["number"] for state, _, _ in opened.open_alarms] == [1]
        assert opened.site == {"residents": ["one"]}
        if garbage:
            assert any("set aside as alarms.db.corrupt-1" in problem for problem in opened.problems)
            assert not any("telemetry.db" in problem for problem in opened.problems)
            assert any("set aside as telemetry.db.corrupt-1" in problem for problem in opened.lost)
            assert (keeping.folder / "alarms.db.corrupt-1").read_bytes() == garbage
        again.alarm("c")
        again.reading(1)
        await until(lambda: again.numbers() and again.numbers(Lane.TELEMETRY), "goes on")
        assert again.numbers()[-1] > 4  # no number is given twice
        assert reader.outstanding(keeping.folder, Lane.ALARMS, "platform") == ((1, again.numbers()[-1]),)
        events = reader.events(keeping.folder, Lane.ALARMS, 0, 10)
        assert (events[0]["type"], events[0]["data"]["first"]) == (GAP, 1)
    finally:
        again.store.close()


async def test_what_is_readable_of_a_damaged_file_is_salvaged(keeping: Keeping) -> None:
    for number in range(400):
        keeping.alarm(f"a{number % 7}", number)
    await until(lambda: len(keeping.numbers()) == 400)
    keeping.store.close()
    (keeping.folder / "open_alarms.json").unlink()
    file = keeping.folder / "alarms.db"
    with closing(sqlite3.connect(file)) as connection:  # find a leaf in the middle of the log
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'log'").fetchone()[0]
    data = bytearray(file.read_bytes())
    size = 4096
    leaves = [n for n in range(2, len(data) // size + 1) if data[(n - 1) * size] == 0x0D and n != root]
    middle = leaves[len(leaves) // 2]
    data[(middle - 1) * size : middle * size] = os.urandom(size)
    file.write_bytes(data)
    again = Keeping(keeping.folder)
    opened = again.open()
    try:
        assert any("was damaged" in problem for problem in opened.problems)
        events = reader.events(keeping.folder, Lane.ALARMS, 0, 1000)
        kept = [event for event in events if event["type"] != GAP]
        assert 350 < len(kept) < 400
        covered = [n for e in events for n in range(e["data"].get("first", e["sequence"]), e["sequence"] + 1)]
        assert covered == list(range(1, covered[-1] + 1))
        assert verify_chain(keeping.folder) is None
        newest = {event["data"]["alarm"]["id"]: event["data"]["alarm"]["number"] for event in kept}
        assert {state["id"]: state["number"] for state, _, _ in opened.open_alarms} == newest
    finally:
        again.store.close()


async def test_an_older_file_put_back_gives_no_number_twice(keeping: Keeping) -> None:
    keeping.alarm("a", 1)
    await until(lambda: keeping.numbers())
    keeping.store.close()
    old = (keeping.folder / "alarms.db").read_bytes()
    later = Keeping(keeping.folder)
    later.open()
    later.alarm("b", 2)
    later.alarm("a", 3, open_=False)
    await until(lambda: len(later.numbers()) == 2)
    await until(lambda: '"sequence\\": 3' in (keeping.folder / "open_alarms.json").read_text(), "copied")
    later.store.close()
    (keeping.folder / "alarms.db").write_bytes(old)
    again = Keeping(keeping.folder)
    opened = again.open()
    try:
        assert [state["number"] for state, _, _ in opened.open_alarms] == [2]
        again.alarm("c")
        await until(lambda: again.numbers())
        assert again.numbers() == [4]
    finally:
        again.store.close()


async def test_a_locked_file_at_start_is_replaced_by_its_copy_and_joined_later(keeping: Keeping) -> None:
    keeping.alarm("a", 1)
    await until(lambda: (keeping.folder / "open_alarms.json").exists(), "copied")
    keeping.store.close()
    with closing(sqlite3.connect(keeping.folder / "alarms.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        again = Keeping(keeping.folder)
        began = time.monotonic()
        opened = again.open(timeout_s=0.5)
        assert time.monotonic() - began < 1.5
        assert [state["number"] for state, _, _ in opened.open_alarms] == [1]
        assert any("does not open" in problem for problem in opened.problems)
        again.alarm("b", 2)
        other.execute("ROLLBACK")
    try:
        await until(lambda: again.numbers() == [2], "stored")
        assert again.state() == ""
    finally:
        again.store.close()


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    keeping = Keeping(tmp_path / "file" / "state")
    opened = keeping.open(timeout_s=0.3)
    try:
        assert any("cannot be written" in problem for problem in opened.problems)
        keeping.alarm("a")
        await until(lambda: keeping.state(), "told")
        (tmp_path / "file").unlink()
        await until(lambda: keeping.numbers(), "stored once it can")
    finally:
        keeping.store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2M", "tmpfs", os.fspath(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let us mount a tmpfs")
    yield disk
    subprocess.run(["umount", os.fspath(disk)], check=True)


async def test_a_full_disk(small_disk: Path) -> None:
    disk = small_disk
    keeping = Keeping(disk, StoreSettings(group_s=0.05))
    try:
        keeping.open()
        keeping.alarm("a", 0)
        await until(lambda: keeping.numbers())
        with (disk / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(b"x" * 4096)
        for number in range(500):
            keeping.alarm("a", number)
        await until(lambda: "no space left" in keeping.state(), "told")
        assert keeping.store.status()["alarms.db"].pending > 0
        (disk / "ballast").unlink()
        await until(lambda: len(keeping.numbers()) == 501, "all stored")
        assert keeping.state() == ""
        assert verify_chain(disk) is None
    finally:
        keeping.store.close()


async def test_a_disk_that_answers_no_more_is_told(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer hangs in the kernel; here a lock that SQLite waits for longer than a commit may take."""
    keeping.alarm("a")
    await until(lambda: keeping.numbers())
    keeping.store.close()
    monkeypatch.setattr("agent.store.database.BUSY_S", 30.0)
    monkeypatch.setattr("agent.store.health.STUCK_S", 0.3)
    again = Keeping(keeping.folder)
    again.open()
    with closing(lock(keeping.folder, "alarms.db")) as other:
        again.alarm("b")
        await until(lambda: "has not answered" in again.state(), "told")
        other.execute("ROLLBACK")
    await until(lambda: again.numbers(), "stored")
    await until(lambda: again.state() == "", "works again")
    again.store.close()
