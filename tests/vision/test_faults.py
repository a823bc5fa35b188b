"""A process whose cameras fail again and again: told in time, back in time, and it holds no more than before."""

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent.eyes.settings import CameraSettings, CamerasSettings
from tests.simulator.camera import CameraSimulator
from tests.simulator.rtsp_camera import RtspCamera, RtspCameraError
from tests.vision.bench import Bench
from tests.vision.clips import write_clip
from tests.vision.fault_rounds import LONG, FaultRounds
from tests.waiting import until

LOST_S, BACK_S = 15.0, 10.0  # issue 4
RSS_MIB, FILES, THREADS = 12.0, 4, 4  # of wavering: caches, a capture that is just being opened
LEARNING_MIB = 40.0  # four rooms that are learned while it is measured


@pytest.fixture
def cameras(tmp_path: Path) -> Iterator[list[CameraSimulator]]:
    clip = write_clip(tmp_path / "hall.mp4")
    running = [CameraSimulator(clip, seed) for seed in range(4)]
    for camera in running:
        camera.start()
    yield running
    for camera in running:
        camera.close()


@pytest.fixture
async def rounds(run_folder: Path, cameras: list[CameraSimulator]) -> AsyncIterator[FaultRounds]:
    rounds = FaultRounds(run_folder, cameras)
    try:
        await rounds.begin()
        yield rounds
    finally:
        await rounds.bench.stop()


def check(rounds: FaultRounds, rss_mib: float) -> None:
    """What every run must show, however long."""
    record = rounds.record
    assert rounds.bench.deaths == []
    assert max(record.again) < BACK_S
    assert max(lost for kind in record.lost.values() for lost in kind) <= LOST_S
    assert max(back for kind in record.back.values() for back in kind) <= BACK_S
    first, last = record.held[-2:]
    assert last.rss_mib - first.rss_mib < rss_mib, record.held
    assert last.files - first.files <= FILES, record.held
    assert last.threads - first.threads <= THREADS, record.held


async def test_every_kind_of_fault_once(rounds: FaultRounds) -> None:
    await rounds.run(["cut", "noise"] * 4)
    await rounds.run([*LONG, *["cut", "noise"] * 2])
    check(rounds, LEARNING_MIB)
    assert {*rounds.record.lost} == {*LONG}
    assert rounds.record.faults == 16


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_hundreds_of_faults(rounds: FaultRounds) -> None:
    """The benchmark `cameras` makes a thousand."""
    await rounds.run(rounds.plan(60, 1))
    await rounds.run(rounds.plan(60, 2))
    await rounds.run(rounds.plan(60, 2))
    check(rounds, RSS_MIB)
    assert rounds.record.faults == 200


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_an_rtsp_camera_that_freezes_and_one_that_loses_its_power(run_folder: Path) -> None:
    camera = RtspCamera()
    try:
        await camera.start()
    except (RtspCameraError, FileNotFoundError) as error:
        pytest.skip(str(error))
    bench = Bench(run_folder, CamerasSettings((CameraSettings("hall", camera.url, "hall"),)))
    await bench.start()

    async def told(lost: bool, limit_s: float) -> None:
        began = time.monotonic()
        await until(lambda: bench.of("no_frames") and bench.of("no_frames")[-1].value is lost, f"{lost}", 60)
        assert time.monotonic() - began <= limit_s

    try:
        await told(False, 60)
        await camera.freeze()
        await told(True, LOST_S)
        await camera.thaw()
        await told(False, BACK_S)
        await camera.vanish()
        await told(True, LOST_S)
        await camera.start()
        await told(False, BACK_S)
        assert bench.deaths == []
    finally:
        await bench.stop()
        await camera.vanish()
