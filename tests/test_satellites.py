"""Our other processes, with real ones: a sounder."""

import asyncio
import json
import os
import signal
from dataclasses import asdict
from pathlib import Path

from agent.annunciators.settings import AnnunciatorSettings, SimulatedSettings
from agent.process_lock import holder
from agent.satellites import Satellite
from drivers.backoff import Backoff
from tests.waiting import until


def sounder_at(folder: Path, told: list[tuple[str, str]]) -> Satellite:
    settings = AnnunciatorSettings(simulated=(SimulatedSettings("bench", str(folder / "lines.jsonl")),))
    return Satellite(
        "sounder",
        "agent.annunciators.sounder",
        folder,
        {"socket": str(folder / "sounder.sock"), "settings": asdict(settings)},
        lambda *said: told.append(said),
        Backoff(0.01, 0.02),
    )


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_killed_one_is_started_again(run_folder: Path) -> None:
    told: list[tuple[str, str]] = []
    satellite = sounder_at(run_folder, told)
    task = asyncio.create_task(satellite.run())
    await until(lambda: holder(run_folder / "sounder.lock"), "it runs")
    first = satellite.pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: holder(run_folder / "sounder.lock") not in (None, first), "another runs")
    assert told == [("sounder", ""), ("sounder", "it ended (SIGKILL)"), ("sounder", "")]
    await ended(task)
    await satellite.stop()
    assert holder(run_folder / "sounder.lock") is None


async def test_it_outlives_the_core_and_is_adopted(run_folder: Path) -> None:
    first = sounder_at(run_folder, [])
    task = asyncio.create_task(first.run())
    await until(lambda: holder(run_folder / "sounder.lock"), "it runs")
    await ended(task)
    pid = holder(run_folder / "sounder.lock")
    assert pid, "cancelling the core's watch leaves the process running"

    told: list[tuple[str, str]] = []
    second = sounder_at(run_folder, told)
    task = asyncio.create_task(second.run())
    await until(lambda: second.pid == pid, "adopted")
    second.restart("it hangs")
    await until(lambda: ("sounder", "it hangs") in told, "the reason is told")
    await ended(task)
    await second.stop()


async def test_one_whose_settings_cannot_be_written_is_tried_again(run_folder: Path) -> None:
    told: list[tuple[str, str]] = []
    (run_folder / "sounder.json").mkdir()
    satellite = sounder_at(run_folder, told)
    task = asyncio.create_task(satellite.run())
    await until(lambda: told, "told")
    assert "cannot be started" in told[0][1]
    assert "sounder.json" in told[0][1]
    (run_folder / "sounder.json").rmdir()
    await until(lambda: ("sounder", "") in told, "it runs")
    await ended(task)
    await satellite.stop()


async def test_one_that_ignores_sigterm_is_killed(run_folder: Path) -> None:
    satellite = sounder_at(run_folder, [])
    task = asyncio.create_task(satellite.run())
    await until(lambda: holder(run_folder / "sounder.lock"), "it runs")
    os.kill(satellite.pid, signal.SIGSTOP)
    await ended(task)
    await satellite.stop()
    assert holder(run_folder / "sounder.lock") is None


async def test_the_next_one_is_started_with_what_it_is_to_be_told_by_then(run_folder: Path) -> None:
    satellite = sounder_at(run_folder, [])
    task = asyncio.create_task(satellite.run())
    await until(lambda: holder(run_folder / "sounder.lock"), "it runs")
    first, written = satellite.pid, json.loads((run_folder / "sounder.json").read_text(encoding="utf-8"))
    moved = {**written, "socket": str(run_folder / "moved.sock")}
    satellite.use({key: value for key, value in moved.items() if key != "lock"})
    assert json.loads((run_folder / "sounder.json").read_text(encoding="utf-8")) == written, "the running one is not"
    satellite.restart("another is wanted")
    await until(lambda: (run_folder / "moved.sock").exists(), "another runs")
    assert satellite.pid != first
    assert json.loads((run_folder / "sounder.json").read_text(encoding="utf-8")) == moved
    await ended(task)
    await satellite.stop()


async def test_what_is_handed_on_is_made_when_wanted_and_is_one_file_until_the_end(run_folder: Path) -> None:
    def files() -> int:
        links = list(Path("/proc/self/fd").iterdir())
        return sum("nightlamp-handed-on" in str(link.readlink()) for link in links if link.is_symlink())

    satellite = Satellite("vision", "no.such.module", run_folder, {}, lambda *_: None, keeps="nightlamp-handed-on")
    assert files() == 0, "a core that is built and never run holds nothing"
    memory = satellite.memory()
    assert memory is not None
    os.pwrite(memory, b"room", 0)
    again = satellite.memory()
    assert again == memory
    assert os.pread(again, 4, 0) == b"room"
    assert files() == 1
    await satellite.stop()
    assert files() == 0


def test_one_that_hands_nothing_on_has_no_memory(run_folder: Path) -> None:
    assert sounder_at(run_folder, []).memory() is None
