"""Disk, clock and power: every limit, and a disk that hangs."""

import asyncio
import threading
from pathlib import Path

import pytest

from agent.app import own_health
from agent.app.own_health import WELL, Fault, OwnHealth, Power, disk_fault, disk_used, power, power_fault
from agent.app.parts import Parts
from agent.clock import BUILD_EPOCH_S, Clock
from agent.rules.finding import Finding, Priority
from tests.waiting import until

LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH


def supply(folder: Path, name: str, **files: str) -> None:
    (folder / name).mkdir()
    for file, word in files.items():
        (folder / name / file).write_text(f"{word}\n", encoding="ascii")


@pytest.mark.parametrize(("used", "rank"), [(0, None), (79, None), (80, LOW), (89, LOW), (90, MEDIUM), (100, MEDIUM)])
def test_each_limit_of_a_disk(used: int, rank: Priority | None) -> None:
    why, priority = disk_fault(used, WELL)
    assert (priority if why else None) is rank


def test_a_disk_is_better_two_points_below() -> None:
    low: Fault = ("80 % used", LOW)
    full: Fault = ("90 % used", MEDIUM)
    assert disk_fault(78, low)[1] is LOW
    assert disk_fault(78, low)[0] == "78 % used"
    assert disk_fault(77, low) == WELL
    assert disk_fault(88, full)[1] is MEDIUM
    assert disk_fault(87, full) == ("87 % used", LOW)


@pytest.mark.parametrize(
    ("charge", "rank"), [(100, LOW), (51, LOW), (50, MEDIUM), (16, MEDIUM), (15, HIGH), (0, HIGH), (None, LOW)]
)
def test_each_limit_of_a_battery_without_mains(charge: int | None, rank: Priority) -> None:
    why, priority = power_fault(Power(False, charge), WELL)
    assert (bool(why), priority) == (True, rank)
    assert power_fault(Power(True, charge), (why, priority)) == WELL
    assert power_fault(Power(None, charge), WELL) == WELL


def test_a_battery_is_better_five_points_above() -> None:
    medium: Fault = ("on battery, 50 %", MEDIUM)
    high: Fault = ("on battery, 15 %", HIGH)
    assert power_fault(Power(False, 55), medium) == ("on battery, 55 %", MEDIUM)
    assert power_fault(Power(False, 56), medium)[1] is LOW
    assert power_fault(Power(False, 20), high)[1] is HIGH
    assert power_fault(Power(False, 21), high)[1] is MEDIUM
    assert power_fault(Power(False, 16), medium)[1] is MEDIUM


def test_supplies_are_read_as_linux_shows_them(tmp_path: Path) -> None:
    assert power(tmp_path) == Power()
    supply(tmp_path, "ac", type="Mains", online="0")
    supply(tmp_path, "bat0", type="Battery", capacity="63")
    supply(tmp_path, "bat1", type="UPS", capacity="41")
    supply(tmp_path, "mouse", type="Battery", capacity="3", scope="Device")
    supply(tmp_path, "odd", type="Battery", capacity="full")
    assert power(tmp_path) == Power(False, 41)
    supply(tmp_path, "usb", type="USB", online="1")
    assert power(tmp_path) == Power(True, 41)
    assert power(tmp_path / "gone") == Power()


def test_the_disk_of_this_machine_has_a_share(tmp_path: Path) -> None:
    assert 0 <= disk_used(tmp_path) <= 100
    with pytest.raises(OSError, match="gone"):
        disk_used(tmp_path / "gone")


class Bench:
    """Own health with a disk, a clock and supplies of the test."""

    def __init__(self, folder: Path) -> None:
        self.found: list[Finding] = []
        self.now, self.wall, self.synchronised, self.full = 0.0, BUILD_EPOCH_S + 1, True, 10
        self.parts = Parts(self.found.extend, lambda: None)
        clock = Clock(lambda: self.now, lambda: self.wall, "boot", lambda: self.synchronised)
        self.health = OwnHealth(self.parts, clock, folder, self.used, folder)

    def used(self, _folder: Path) -> int:
        return self.full

    async def look(self, now: float) -> list[tuple[str, Priority, bool]]:
        """What staff are told by monotonic `now`."""
        self.now, before = now, len(self.found)
        await self.health.look()
        self.parts.tick(now)
        return [(f.kind, f.priority, f.active) for f in self.found[before:]]


async def test_a_disk_that_fills_is_told_low_then_medium_then_well(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert await bench.look(0.0) == []
    bench.full = 80
    assert await bench.look(10.0) == []
    assert await bench.look(69.0) == []
    assert await bench.look(70.0) == [("disk_full", LOW, True)]
    bench.full = 90
    assert await bench.look(80.0) == [("disk_full", MEDIUM, True)]
    bench.full = 20
    assert [one[::2] for one in await bench.look(90.0)] == [("disk_full", False)]


async def test_a_clock_that_nobody_sets_is_told_after_five_minutes(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.wall = 0.0
    assert await bench.look(0.0) == []
    bench.wall, bench.synchronised = BUILD_EPOCH_S + 1, False
    assert await bench.look(299.0) == []
    assert await bench.look(300.0) == [("clock_unset", LOW, True)]
    bench.synchronised = True
    assert await bench.look(310.0) == [("clock_unset", LOW, False)]


async def test_mains_that_are_lost_are_told_at_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    supply(tmp_path, "ac", type="Mains", online="0")
    supply(tmp_path, "ups", type="UPS", capacity="70")
    assert await bench.look(0.0) == [("power_lost", LOW, True)]
    (tmp_path / "ups" / "capacity").write_text("12", encoding="ascii")
    assert await bench.look(10.0) == [("power_lost", HIGH, True)]
    (tmp_path / "ac" / "online").write_text("1", encoding="ascii")
    assert [one[::2] for one in await bench.look(20.0)] == [("power_lost", False)]


async def test_a_disk_that_hangs_or_is_gone_holds_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path)
    hung, asked = threading.Event(), list[int]()
    monkeypatch.setattr(own_health, "ANSWER_S", 0.02)

    def hangs(_folder: Path) -> int:
        asked.append(1)
        return 10 * hung.wait()

    monkeypatch.setattr(bench.health, "_used", hangs)
    assert await bench.look(0.0) == []
    assert await bench.look(59.0) == []
    assert await bench.look(60.0) == [("disk_full", MEDIUM, True)]
    assert len(asked) == 1
    hung.set()
    await until(lambda: not bench.health._asking)
    assert [one[::2] for one in await bench.look(70.0)] == [("disk_full", False)]
    monkeypatch.setattr(bench.health, "_used", disk_used)
    monkeypatch.setattr(bench.health, "_folder", tmp_path / "gone")
    assert await bench.look(100.0) == []
    assert await bench.look(160.0) == [("disk_full", MEDIUM, True)]
    assert "No such file" in bench.found[-1].reasons[0].text()


async def test_it_goes_on_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path)
    monkeypatch.setattr(own_health, "LOOK_EACH_S", 0.0)
    looked = asyncio.Event()
    looks: list[Path] = []

    def used(folder: Path) -> int:
        looks.append(folder)
        if len(looks) == 3:
            loop.call_soon_threadsafe(looked.set)
        return 10

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(bench.health, "_used", used)
    running = asyncio.create_task(bench.health.run())
    async with asyncio.timeout(5):
        await looked.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert looks[0] == tmp_path
