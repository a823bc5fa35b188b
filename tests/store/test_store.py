"""The store on real files, when nothing is wrong."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.process_lock import AlreadyRunningError
from agent.store import reader
from agent.store.database import connect
from agent.store.entry import AUDIT, GAP, Entry, Lane
from agent.store.events import Origin
from agent.store.outbox import Rejected
from agent.store.settings import StoreSettings
from agent.store.verify import verify_chain
from tests.store.keeping import Keeping
from tests.waiting import until


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    keeping = Keeping(tmp_path / "state")
    keeping.open()
    yield keeping
    keeping.store.close()


async def test_what_is_put_is_stored_in_order_with_a_whole_chain(keeping: Keeping) -> None:
    put = [keeping.alarm(f"a{i % 5}", i) for i in range(200)]
    await until(lambda: len(keeping.stored) == 200, "all stored")
    assert keeping.numbers() == list(range(1, 201))
    found = reader.events(keeping.folder, Lane.ALARMS, 0, 500)
    assert [event["id"] for event in found] == [entry.id for entry in put]
    assert verify_chain(keeping.folder) is None
    assert keeping.states == []


def test_a_changed_or_missing_row_shows_in_the_chain(keeping: Keeping) -> None:
    for number in range(5):
        keeping.alarm("a", number)
    assert keeping.store.close()
    with closing(sqlite3.connect(keeping.folder / "alarms.db")) as tamper:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            tamper.execute("UPDATE log SET actor = 'nobody' WHERE sequence = 3")
        tamper.execute("DROP TRIGGER log_is_written_once")
        tamper.execute("UPDATE log SET actor = 'nobody' WHERE sequence = 3")
        tamper.commit()
        assert verify_chain(keeping.folder) == 3
        tamper.execute("DELETE FROM log WHERE sequence = 2")
        tamper.commit()
    assert verify_chain(keeping.folder) == 2
    command = [sys.executable, "-m", "agent.store.verify", os.fspath(keeping.folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (1, "the chain is broken at number 2\n")


async def test_a_restart_restores_what_was_open_and_nothing_else(keeping: Keeping) -> None:
    keeping.alarm("a", 1)
    keeping.alarm("b", 2)
    keeping.alarm("a", 3)
    keeping.alarm("b", 4, open_=False)
    keeping.store.put_site({"residents": [{"id": "resident-1", "name": "王秀英"}]}, "installer")
    assert keeping.store.close()
    again = Keeping(keeping.folder)
    opened = again.open()
    try:
        assert (opened.problems, opened.lost) == ((), ())
        assert [(state["id"], state["number"], boot) for state, boot, _ in opened.open_alarms] == [
            ("a", 3, keeping.clock.boot)
        ]
        assert opened.site == {"residents": [{"id": "resident-1", "name": "王秀英"}]}
        again.alarm("c")
        await until(lambda: again.numbers(), "goes on")
        assert again.numbers() == [6]  # four events, one audit row, this
    finally:
        again.store.close()


async def test_site_facts_are_added_ended_and_audited_without_a_name(keeping: Keeping) -> None:
    for document, author in (({"residents": ["王秀英"]}, "one"), ({"residents": ["王秀英"]}, "two"), ({}, "three")):
        keeping.store.put_site(document, author)
    await until(lambda: len(keeping.stored) == 2, "two changes")
    audit = [entry for _, entry, _ in keeping.stored]
    assert [(entry.type, entry.actor) for entry in audit] == [(AUDIT, "one"), (AUDIT, "three")]
    assert audit[1].data["replaces"] == audit[0].data["sha256"]
    assert "王秀英" not in str([reader.events(keeping.folder, Lane.ALARMS, 0, 10)])
    keeping.store.close()
    with closing(sqlite3.connect(keeping.folder / "alarms.db")) as connection:
        rows = connection.execute("SELECT author, valid_to IS NULL FROM site_facts ORDER BY number").fetchall()
        assert rows == [("one", 0), ("three", 1)]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("DELETE FROM site_facts")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE site_facts SET document = '{}'")


async def test_receipts_settle_and_rejections_are_kept_apart(keeping: Keeping) -> None:
    put = [keeping.alarm("a", i) for i in range(10)]
    await until(lambda: len(keeping.stored) == 10)
    assert reader.backlog(keeping.folder, "platform") == {"alarms": 10, "telemetry": 0}
    done: list[str] = []
    poison = Rejected(4, put[3].id, "unknown code")
    keeping.store.receipt("platform", Lane.ALARMS, ((1, 3), (5, 6)), (poison,), lambda: done.append("receipted"))
    await until(lambda: done, "receipted")
    assert reader.outstanding(keeping.folder, Lane.ALARMS, "platform") == ((7, 10),)
    assert reader.outstanding(keeping.folder, Lane.ALARMS, "other") == ((1, 10),)
    keeping.store.receipt("platform", Lane.ALARMS, ((1, 10**9),), (), lambda: done.append("again"))
    await until(lambda: done[1:], "receipted")
    assert reader.outstanding(keeping.folder, Lane.ALARMS, "platform") == ()
    keeping.alarm("a", 11)  # a receipt for what does not exist yet settles nothing
    await until(lambda: len(keeping.stored) == 11)
    assert reader.outstanding(keeping.folder, Lane.ALARMS, "platform") == ((11, 11),)
    [row] = reader.rejected(keeping.folder, Lane.ALARMS, "platform")
    assert (row["sequence"], row["id"], row["reason"]) == (4, put[3].id, "unknown code")


async def test_an_event_has_the_form_of_the_contract(keeping: Keeping) -> None:
    entry = keeping.alarm("a")
    await until(lambda: keeping.stored)
    [event] = reader.events(keeping.folder, Lane.ALARMS, 0, 1, Origin("gw-7", "颐养院", "310101"))
    assert event.pop("time").endswith("Z")
    assert event == {
        "specversion": "1.0",
        "id": entry.id,
        "source": "/gateways/gw-7",
        "type": "nightlamp.alarm.raised.v1",
        "subject": "resident-1",
        "datacontenttype": "application/json",
        "lane": "alarms",
        "stream": "live",
        "sequence": 1,
        "timequality": "synchronised",
        "facility": "颐养院",
        "areacode": "310101",
        "data": {"alarm": {"id": "a", "state": "raised", "number": 0}},
    }
    assert reader.history(keeping.folder, 5)[0]["alarm"] == "a"
    assert reader.history(keeping.folder, 5, before=1) == []


async def test_whatever_an_event_holds_is_kept(keeping: Keeping) -> None:
    loop: dict[str, object] = {}
    loop["loop"] = loop
    stamp = keeping.clock.stamp()
    odd: list[Any] = [{"v": float("nan")}, {"v": "\ud800"}, loop, {"v": {1, 2}}, {(1, 2): 3}]
    for number, data in enumerate(odd):
        keeping.store.put(Lane.ALARMS, Entry(f"odd-{number}\ud800", "t", stamp, "s", data, alarm="a", open=True))
    keeping.store.put(Lane.ALARMS, Entry("no stamp", "t", None, "s", {}))  # type: ignore[arg-type]
    keeping.store.put(Lane.ALARMS, Entry("no object", "t", stamp, "s", [1], alarm="b", open=True))  # type: ignore[arg-type]
    await until(lambda: len(keeping.stored) == 7, "all stored")
    assert len(reader.events(keeping.folder, Lane.ALARMS, 0, 10)) == 7
    assert verify_chain(keeping.folder) is None


async def test_readings_wait_for_each_other_and_alarms_do_not(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, StoreSettings(group_s=10, group_rows=50))
    keeping.open()
    try:
        for number in range(49):
            keeping.reading(number)
        keeping.alarm("a")
        await until(lambda: keeping.numbers(), "the alarm is stored")
        assert keeping.numbers(Lane.TELEMETRY) == []
        keeping.reading(49)
        await until(lambda: len(keeping.numbers(Lane.TELEMETRY)) == 50, "the group is full")
        keeping.reading(50)
    finally:
        assert keeping.store.close()  # writes the last one
    assert len(keeping.numbers(Lane.TELEMETRY)) == 51


async def test_readings_over_the_limit_go_oldest_first_and_a_gap_says_so(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, StoreSettings(group_s=0.05, telemetry_rows=1000))
    keeping.open()
    try:
        for number in range(3000):
            keeping.reading(number)
        await until(lambda: len(keeping.numbers(Lane.TELEMETRY)) == 3000)
        await until(lambda: reader.events(tmp_path, Lane.TELEMETRY, 0, 1)[0]["type"] == GAP, "pruned")
        events = reader.events(tmp_path, Lane.TELEMETRY, 0, 5000)
        data = events[0]["data"]
        assert (events[0]["sequence"], data["first"], data["last"], data["count"]) == (2000, 1, 2000, 2000)
        assert [event["sequence"] for event in events[1:]] == list(range(2001, 3001))
        assert reader.events_in(tmp_path, Lane.TELEMETRY, ((5, 5),), 9, Origin())[0][0] == (1, 2000)
    finally:
        keeping.store.close()


def test_a_second_process_is_refused(keeping: Keeping) -> None:
    code = (
        "import sys; from pathlib import Path; from agent.clock import Clock; from agent.store.store import Store\n"
        "Store(Path(sys.argv[1]), Clock(), print, print).open()"
    )
    command = [sys.executable, "-c", code, os.fspath(keeping.folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "AlreadyRunningError" in run.stderr
    assert f"held by process {os.getpid()}" in run.stderr
    with pytest.raises(AlreadyRunningError):
        Keeping(keeping.folder).open()


@pytest.mark.parametrize(
    ("schema", "versions"),
    [
        ("alarms", ["0001_first"]),
        ("telemetry", ["0001_first", "0002_found_by_time", "0003_remembered", "0004_candidates"]),
    ],
)
def test_every_schema_runs_once_and_is_remembered(tmp_path: Path, schema: str, versions: list[str]) -> None:
    for _ in range(2):
        with closing(connect(tmp_path / "x.db", schema)) as connection:
            names = connection.execute("SELECT name FROM _sqlite_migrations").fetchall()
            assert [name for (name,) in names] == versions
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert (tmp_path / "x.db").stat().st_mode & 0o777 == 0o600


async def test_it_can_be_read_after_an_orderly_end(keeping: Keeping) -> None:
    keeping.alarm("a")
    keeping.store.close()
    assert len(reader.history(keeping.folder, 10)) == 1
    with pytest.raises(reader.StoreUnreadableError):
        reader.history(keeping.folder / "elsewhere", 10)
