"""Readings around an alarm: each of them, once, and never more memory than stated."""

import itertools
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Action
from agent.clock import Stamp, TimeQuality
from agent.residents import Subject, SubjectKind
from agent.store import reader
from agent.store.database import read_only
from agent.store.entry import READING, RECALL, Entry, Lane
from agent.store.recall import (
    DEVICES_AT_MOST,
    KEPT_WHEN_FULL,
    READINGS_AT_MOST,
    SAMPLES_AT_MOST,
    WRITTEN_AT_ONCE,
    Recall,
    _share,
    devices_about,
)
from drivers.reading import Quality, Reading
from tests.store.logs import SITE, Ward


def stamp(at: float) -> Stamp:
    return Stamp("boot", at, 1_800_000_000.0 + at, TimeQuality.SYNCHRONISED)


class Desk:
    """A recall that is fed by device and time."""

    def __init__(self) -> None:
        numbers = itertools.count()
        self.recall = Recall(lambda: f"id-{next(numbers)}")

    def hear(self, at: float, device: str = "band-1", value: float = 72.0, **of: Any) -> None:  # noqa: ANN401
        self.recall.take(Reading(device, of.pop("quantity", "heart_rate"), value, at, **of))

    def alarm(self, at: float, alarm: str = "a-1", devices: tuple[str, ...] = ("band-1",)) -> Entry:
        return self.recall.alarm(alarm, "r-1", devices, stamp(at))

    def due(self, at: float, at_once: bool = False) -> list[Entry]:
        return self.recall.due(at, stamp, lambda device: f"subject of {device}", at_once)

    def times(self, at: float) -> list[float]:
        return times(self.due(at))


def times(entries: list[Entry]) -> list[float]:
    return [entry.at.monotonic + sample[0] for entry in entries for sample in entry.data["samples"]]


def test_without_an_alarm_nothing_is_written() -> None:
    desk = Desk()
    for at in range(2000):
        desk.hear(float(at))
        assert desk.due(float(at)) == []
    assert desk.recall.held <= 611  # ten minutes, and what ten seconds may add
    assert desk.recall.dropped == 0


def test_what_was_said_in_the_ten_minutes_before_and_after_is_written_once() -> None:
    desk = Desk()
    written: list[float] = []
    for at in range(3000):
        desk.hear(float(at))
        desk.hear(float(at), "band-9")
        if at == 1000:
            desk.alarm(1000.0)
        written += desk.times(float(at))
    assert written[:1201] == [float(at) for at in range(400, 1601)]
    assert written[1201:] == [float(at) for at in range(1601, 1601 + len(written) - 1201)][:10]


def test_the_first_entry_names_the_devices_even_when_they_are_silent() -> None:
    desk = Desk()
    entry = desk.alarm(50.0, devices=("mat-1", "band-1", "", "band-1"))
    assert (entry.type, entry.subject, entry.at.monotonic) == (RECALL, "r-1", 50.0)
    assert entry.data == {"alarm": "a-1", "devices": ["band-1", "mat-1"], "before_s": 600.0, "after_s": 600.0}
    assert desk.due(50.0) == []
    desk.hear(55.0, "mat-1")
    assert desk.times(59.0) == []
    assert desk.times(60.0) == [55.0]


def test_a_second_alarm_repeats_nothing_and_goes_on_longer() -> None:
    desk = Desk()
    written: list[float] = []
    for at in range(2000):
        desk.hear(float(at))
        if at in (700, 900):
            desk.alarm(float(at), f"a-{at}")
        written += desk.times(float(at))
    assert written[:1401] == [float(at) for at in range(100, 1501)]
    assert written[1401:] == [float(at) for at in range(1501, 1501 + len(written) - 1401)][:10]


def test_a_reading_of_the_same_moment_that_comes_behind_the_alarm_is_not_lost() -> None:
    desk = Desk()
    desk.hear(10.0, value=1.0)
    desk.alarm(10.0)
    assert desk.times(10.0) == [10.0]
    desk.hear(10.0, value=2.0)
    assert [entry.data["samples"] for entry in desk.due(20.0)] == [[[0.0, 2.0]]]


def test_the_form_of_an_entry() -> None:
    desk = Desk()
    desk.hear(10.0, value=71.0)
    desk.hear(10.5, value=97.0, quantity="spo2")
    desk.hear(11.25, value=150.0, quality=Quality.UNCERTAIN)
    desk.hear(12.0, value=60.0, stored=True)
    desk.hear(12.5, value=3.0, quantity="of a later version")
    desk.alarm(20.0)
    heart, odd, oxygen = desk.due(20.0)
    assert (heart.type, heart.subject, heart.actor) == (RECALL, "subject of band-1", "device:band-1")
    assert heart.at == stamp(10.0)
    assert heart.data == {
        "alarm": "a-1",
        "device": "band-1",
        "quantity": "heart_rate",
        "unit": "/min",
        "samples": [[0.0, 71.0], [1.25, 150.0, "uncertain"]],
    }
    assert (oxygen.data["quantity"], oxygen.data["samples"]) == ("spo2", [[0.0, 97.0]])
    assert odd.data["unit"] == ""


def test_many_readings_are_written_some_at_a_time_in_entries_of_bounded_size() -> None:
    desk = Desk()
    count = 2 * WRITTEN_AT_ONCE + 100
    for number in range(count):
        desk.hear(number / 100)
    desk.hear(30.0, "band-2")
    desk.alarm(60.0, devices=("band-1", "band-2"))
    first, second, third, last = (desk.due(60.0 + second) for second in range(4))
    assert [len(times(part)) for part in (first, second, third, last)] == [500, 500, 101, 0]
    assert times(second)[0] == 30.0  # of the other device: whoever has much waits for the rest
    assert max(len(entry.data["samples"]) for entry in first) == SAMPLES_AT_MOST


def test_at_the_end_all_is_written_at_once() -> None:
    desk = Desk()
    for number in range(5000):
        desk.hear(number / 100)
    desk.alarm(60.0)
    assert len(times(desk.due(60.0, at_once=True))) == 5000


def test_a_flood_costs_no_more_memory_and_drops_of_those_who_speak_most() -> None:
    desk = Desk()
    for number in range(1000):
        desk.hear(number / 100, "quiet")
    for number in range(3 * READINGS_AT_MOST):
        desk.hear(10.0 + number / 5000, f"loud-{number % 3}")
        assert desk.recall.held <= READINGS_AT_MOST
    assert desk.recall.held + desk.recall.dropped == 3 * READINGS_AT_MOST + 1000
    desk.alarm(71.0, devices=("quiet",))
    assert len(times(desk.due(71.0, at_once=True))) == 1000


def test_what_was_dropped_before_it_could_be_written_is_passed_over() -> None:
    desk = Desk()
    desk.hear(0.0)
    desk.alarm(0.0)
    assert desk.times(0.0) == [0.0]
    for number in range(READINGS_AT_MOST + 1):
        desk.hear(1.0 + number / 100_000)
    found = times(desk.due(11.0, at_once=True))
    assert len(found) == desk.recall.held
    assert found[-1] == pytest.approx(2.0)


def test_no_more_devices_than_stated_are_remembered() -> None:
    desk = Desk()
    for number in range(DEVICES_AT_MOST + 5):
        desk.hear(1.0, f"d-{number}")
    assert (desk.recall.held, desk.recall.dropped) == (DEVICES_AT_MOST, 5)


@given(lengths=st.lists(st.integers(0, 50), max_size=8), room=st.integers(0, 200))
def test_each_keeps_as_much_as_fits_for_all(lengths: list[int], room: int) -> None:
    most = _share(sorted(lengths), room)
    assert sum(min(length, most) for length in lengths) <= room
    if sum(lengths) > room:
        assert sum(min(length, most + 1) for length in lengths) > room
    else:
        assert most == max(lengths, default=0)


@given(
    steps=st.lists(st.tuples(st.floats(0, 40), st.sampled_from(("hear", "hear", "hear", "alarm"))), max_size=80),
)
def test_however_alarms_come_no_reading_is_written_twice_and_none_of_ten_minutes_is_missing(
    steps: list[tuple[float, str]],
) -> None:
    desk = Desk()
    now, heard, alarms, written = 0.0, set(), [], []
    for step, what in steps:
        now += step
        if what == "alarm":
            desk.alarm(now)
            alarms.append(now)
        else:
            now += 0.001
            desk.hear(now)
            heard.add(now)
        written += desk.times(now)
    written += times(desk.due(now, at_once=True))
    assert len(written) == len(set(written))
    told = {round(at, 2) for at in written}
    for at in heard:
        if any(-600 < at - alarm < 600 for alarm in alarms):
            assert round(at, 2) in told or round(at + 0.004, 2) in told or round(at - 0.004, 2) in told


def test_whose_devices_tell_of_whom() -> None:
    def about(kind: SubjectKind, id_: str, room: str) -> list[str]:
        return devices_about(SITE, Subject(kind, id_, room))

    assert about(SubjectKind.RESIDENT, "r-1", "201") == ["button-1", "band-1", "air-201"]
    assert about(SubjectKind.PLACE, "201", "201") == ["air-201"]
    assert about(SubjectKind.PLACE, "kitchen", "kitchen") == ["smoke-k"]
    assert about(SubjectKind.DEVICE, "band-2", "201") == ["band-2"]
    assert about(SubjectKind.GATEWAY, "gateway", "") == []


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    ward = Ward(tmp_path / "state")
    yield ward
    ward.close()


def _telemetry(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [e for e in reader.events(folder, Lane.TELEMETRY, 0, 10_000) if e["type"] == kind]


async def test_in_the_store_thinned_values_are_whole_again_around_an_alarm(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    for _ in range(120):
        ward.hear("band-1", "heart_rate", 72.0)
        ward.hear("band-2", "heart_rate", 80.0)
        ward.wait(1)
    alarm = ward.press()
    for _ in range(60):
        ward.hear("band-1", "heart_rate", 72.0)
        ward.wait(1)
    ward.do(Action.SEE, alarm, 1)  # seen, changed, closed: only the raising asks for readings
    ward.close()
    kept = [e for e in _telemetry(ward.folder, READING) if e["data"]["device"] == "band-1"]
    assert len(kept) < 6
    head, *parts = _telemetry(ward.folder, RECALL)
    assert head["data"]["devices"] == ["air-201", "band-1", "button-1"]
    assert {part["data"]["alarm"] for part in parts} == {alarm.id}
    hearts = [p for p in parts if p["data"]["quantity"] == "heart_rate"]
    assert {part["data"]["device"] for part in hearts} == {"band-1"}
    assert sum(len(part["data"]["samples"]) for part in hearts) == 180
    assert [e for e in parts if e["data"]["quantity"] == "button"]


def test_the_index_finds_recalled_readings(ward: Ward) -> None:
    ward.press()
    sql = "SELECT data FROM log WHERE type = 'nightlamp.recall.v1' AND wall >= ? AND wall <= ? ORDER BY wall"
    with closing(read_only(ward.folder / "telemetry.db")) as connection:
        plan = json.dumps(connection.execute(f"EXPLAIN QUERY PLAN {sql}", (0, 1)).fetchall())
    assert "recall_at" in plan


def test_there_is_room_for_ten_minutes_of_a_whole_home() -> None:
    assert KEPT_WHEN_FULL > 10 * 600 * 12
