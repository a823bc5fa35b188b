"""The real vision process: what it tells, and that nothing keeps it from telling."""

import asyncio
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.eyes.judge import SILENT_S
from agent.eyes.settings import CameraSettings, CamerasSettings
from agent.vision.__main__ import EXIT_ALREADY_RUNNING
from agent.wire import encode
from tests.simulator.camera import CameraSimulator
from tests.vision.bench import Bench
from tests.vision.clips import write_clip
from tests.waiting import until


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "hall.mp4")


@pytest.fixture
def camera(clip: Path) -> Iterator[CameraSimulator]:
    with CameraSimulator(clip, seed=1) as camera:
        yield camera


@pytest.fixture
async def benches(run_folder: Path) -> AsyncIterator[list[Bench]]:
    benches: list[Bench] = []
    yield benches
    for bench in benches:
        await bench.stop()


async def started(benches: list[Bench], folder: Path, *cameras: CameraSettings, restarts: bool = True) -> Bench:
    bench = Bench(folder, CamerasSettings(cameras), restarts)
    benches.append(bench)
    await bench.start()
    await until(lambda: bench.pid and not bench.eyes.blind(time.monotonic()), "it beats")
    return bench


CLIPS = Path(__file__).parents[1] / "simulator" / "clips"
HELLO = encode("hello", role="vision", pid=1, cameras=["hall"])


def fall(at: float) -> bytes:
    return encode("observation", device="hall", name="fall", at=at, value=True, score=1, reasons=[], track=None)


def file_camera(id_: str, path: Path) -> CameraSettings:
    return CameraSettings(id_, str(path), "hall", loop=True)


async def test_frames_become_observations(benches: list[Bench], run_folder: Path, camera: CameraSimulator) -> None:
    bench = await started(benches, run_folder, CameraSettings("hall", camera.url, "hall"))
    await until(lambda: bench.of("learning"), "the pipeline speaks")
    arrived, observation = next(told for told in bench.told if told[1].name == "learning")
    assert (observation.device, observation.value) == ("hall", True)
    assert 0 <= arrived - observation.at < 1.0
    await until(lambda: bench.of("no_frames"), "the watch speaks")
    assert [one.value for one in bench.of("no_frames")] == [False]
    await until(lambda: bench.eyes.camera_states["hall"].fps > 5, "frames are counted")
    state = bench.eyes.camera_states["hall"]
    assert state.state == "playing"
    assert state.frame_age_s is not None
    assert state.frame_age_s < 1.0
    assert bench.deaths == []


async def test_a_killed_one_is_back_at_once(benches: list[Bench], run_folder: Path, clip: Path) -> None:
    bench = await started(benches, run_folder, file_camera("hall", clip))
    first, killed_at = bench.pid, time.monotonic()
    os.kill(first, signal.SIGKILL)
    await until(lambda: bench.deaths, "the death is told")
    assert bench.deaths[0][0] - killed_at < 1.0
    assert bench.deaths[0][1] == "it ended (SIGKILL)"
    await until(lambda: bench.pid not in (0, first) and bench.playing("hall"), "another one watches")


async def test_a_hung_one_is_killed(benches: list[Bench], run_folder: Path, clip: Path) -> None:
    bench = await started(benches, run_folder, file_camera("hall", clip))
    first, hung_at = bench.pid, time.monotonic()
    os.kill(first, signal.SIGSTOP)
    await until(lambda: bench.deaths, "the death is told", SILENT_S + 5)
    assert bench.deaths[0][0] - hung_at < SILENT_S + 3
    assert bench.deaths[0][1] == "silent for 5 s"
    await until(lambda: bench.pid not in (0, first) and bench.playing("hall"), "another one watches")


async def test_it_outlives_the_core_and_tells_the_next_one_how_things_are(
    benches: list[Bench], run_folder: Path, clip: Path
) -> None:
    cameras = (file_camera("hall", clip), file_camera("attic", run_folder / "attic.mp4"))
    bench = await started(benches, run_folder, *cameras)
    await until(lambda: bench.of("no_frames", "attic") and bench.of("learning", "hall"), "both states are told")
    pid = bench.pid
    await bench.deafen()
    bench.told.clear()
    await bench.listen()
    await until(lambda: bench.of("no_frames", "attic") and bench.of("learning", "hall"), "both are told again")
    assert (bench.pid, bench.deaths) == (pid, [])
    assert bench.of("no_frames", "attic")[0].value
    assert bench.of("learning", "hall")[0].value


@pytest.mark.parametrize("content", [None, b"\0\1\2 no video"])
async def test_a_source_that_cannot_be_played_is_named(
    benches: list[Bench], run_folder: Path, clip: Path, content: bytes | None
) -> None:
    """The other camera goes on; when the file comes, it is played."""
    attic = run_folder / "attic.mp4"
    if content is not None:
        attic.write_bytes(content)
    bench = await started(benches, run_folder, file_camera("hall", clip), file_camera("attic", attic))
    await until(lambda: bench.of("no_frames", "attic"), "told")
    (told,) = bench.of("no_frames", "attic")
    assert told.value
    assert told.reasons[0].startswith(f"{attic}: ")
    await until(lambda: bench.playing("hall"), "the other one plays")
    write_clip(attic)
    await until(lambda: bench.of("no_frames", "attic")[-1].value is False, "it plays")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (b"\xff\xfe\n", "not JSON"),
        (b"x" * 5000, "line longer than 4096 bytes"),
        (encode("hello", role="vision", pid=1, cameras=["other"]), "other cameras"),
        (HELLO + fall(1e12), "at 1000000000000.0 is not a number"),
        (HELLO + b"".join(fall(number) for number in range(200)), "more than 50 lines a second"),
    ],
)
async def test_one_that_lies_is_killed(
    benches: list[Bench], run_folder: Path, clip: Path, lines: bytes, words: str
) -> None:
    bench = await started(benches, run_folder, file_camera("hall", clip))
    bench.eyes.gone(time.monotonic())  # the place of the true one is taken
    with socket.socket(socket.AF_UNIX) as liar:
        liar.connect(str(run_folder / "core.sock"))
        liar.sendall(lines)
        await until(lambda: bench.deaths, "the death is told")
    assert words in bench.deaths[0][1]


async def test_it_ends_in_time_whatever_its_cameras_do(
    benches: list[Bench], run_folder: Path, camera: CameraSimulator
) -> None:
    """SIGTERM while one capture waits for a stalled camera, and another for a mute one."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        address = f"rtsp://127.0.0.1:{mute.getsockname()[1]}/x"
        cameras = (CameraSettings("hall", camera.url, "hall"), CameraSettings("attic", address, "hall"))
        bench = await started(benches, run_folder, *cameras)
        await until(lambda: bench.playing("hall"), "it plays")
        mute.listen()
        mute.setblocking(False)
        connections = [await asyncio.get_running_loop().sock_accept(mute) for _ in ("knock", "request")]
        camera.stall()
        asked_at = time.monotonic()
        os.kill(bench.pid, signal.SIGTERM)
        await until(lambda: bench.deaths, "it ended")
        for connection, _ in connections:
            connection.close()
    assert bench.deaths[0][0] - asked_at < 2.0
    assert bench.deaths[0][1] == "it ended (status 0)"


async def test_only_one_watches(benches: list[Bench], run_folder: Path, clip: Path) -> None:
    bench = await started(benches, run_folder, file_camera("hall", clip))
    second = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "agent.vision", "--config", str(run_folder / "vision.json")),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await second.communicate()
    assert second.returncode == EXIT_ALREADY_RUNNING
    assert f"held by process {bench.pid}" in said.decode()


async def test_it_yields_to_the_core(benches: list[Bench], run_folder: Path, clip: Path) -> None:
    bench = await started(benches, run_folder, file_camera("hall", clip))
    pid = bench.pid
    assert resource.prlimit(pid, resource.RLIMIT_CORE) == (0, 0)
    assert resource.prlimit(pid, resource.RLIMIT_DATA) == (768 << 20, 768 << 20)
    assert os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0) + 5
    assert int(_text(f"/proc/{pid}/oom_score_adj")) == 500


@pytest.mark.parametrize(
    ("code", "out"),
    [
        ("print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))", "0"),  # PR_GET_DUMPABLE
        ("\ntry:\n bytearray(300 << 20)\nexcept MemoryError:\n print('refused')", "refused"),
        ("print(len(bytearray(100 << 20)))", str(100 << 20)),
    ],
)
def test_what_it_gives_up(code: str, out: str) -> None:
    program = f"import ctypes; from agent.vision.confinement import confine; confine(256); {code}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == out


async def test_it_logs_lines_of_json_without_passwords(
    benches: list[Bench], run_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
    address = f"http://viewer:geheim@127.0.0.1:{port}/live"
    bench = await started(benches, run_folder, CameraSettings("hall", address, "hall"))
    await until(lambda: bench.eyes.camera_states["hall"].state == "lost", "refused")
    await bench.stop()
    benches.clear()
    out = capfd.readouterr()
    assert "geheim" not in out.out + out.err
    lines = [json.loads(line) for line in out.err.splitlines()]
    assert any(f"http://127.0.0.1:{port}/live" in line["message"] for line in lines)


def _text(path: str) -> str:
    return Path(path).read_text(encoding="ascii")


async def test_one_that_needs_too_much_memory_ends_and_says_so(
    benches: list[Bench], run_folder: Path, clip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bench = await started(benches, run_folder, file_camera("hall", clip))
    await until(lambda: bench.playing("hall"), "it plays")
    needed_mib = next(
        int(line.split()[1]) / 1024
        for line in _text(f"/proc/{bench.pid}/status").splitlines()
        if line.startswith("VmData:")
    )
    await bench.stop()
    scarce = replace(CamerasSettings((file_camera("hall", clip),)), memory_mib=round(needed_mib / 0.97))
    benches[0] = bench = Bench(run_folder, scarce)
    await bench.start()
    await until(lambda: bench.deaths, "it ends")
    assert bench.deaths[0][1] == "it ended (status 5)"
    assert f"of {scarce.memory_mib} MiB; ending" in capfd.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_fall_is_seen_through_a_camera_and_bending_down_is_none(benches: list[Bench], run_folder: Path) -> None:
    """The clips of the virtual ward: 20 s to learn the empty room, then a decoy, then the fall."""
    with CameraSimulator(CLIPS / "empty.mp4", seed=1) as camera:
        for name in ("sit_and_bend", "fall"):
            camera.load(CLIPS / f"{name}.mp4")
        bench = await started(benches, run_folder, CameraSettings("hall", camera.url, "hall"))
        await until(lambda: bench.of("learning") and not bench.of("learning")[-1].value, "learned", 40)
        decoy = camera.play(CLIPS / "sit_and_bend.mp4")
        await until(lambda: decoy.over, "the decoy is over", 40)
        assert bench.of("fall") == []
        showing = camera.play(CLIPS / "fall.mp4")
        await until(lambda: bench.of("fall"), "the fall is told", 30)
        arrived, fall = next(told for told in bench.told if told[1].name == "fall")
        assert showing.first_frame_at is not None
        assert showing.first_frame_at < fall.at < arrived < fall.at + 0.5
        await until(lambda: showing.over, "the clip is over", 40)
    assert len(bench.of("fall")) == 1


@pytest.mark.slow
async def test_a_picture_that_shows_nothing_is_told(
    benches: list[Bench], run_folder: Path, camera: CameraSimulator
) -> None:
    bench = await started(benches, run_folder, CameraSettings("hall", camera.url, "hall"))
    await until(lambda: bench.playing("hall"), "it plays")
    camera.darken()
    await until(lambda: bench.of("picture_dark"), "dark", 12)
    camera.darken(on=False)
    await until(lambda: bench.of("picture_dark")[-1].value is False, "bright again")
    camera.freeze()
    await until(lambda: bench.of("picture_frozen"), "frozen", 15)
    camera.freeze(on=False)
    await until(lambda: bench.of("picture_frozen")[-1].value is False, "moving again")
    assert [one.value for one in bench.of("no_frames")] == [False]


@pytest.mark.slow
async def test_a_camera_that_vanishes_is_told_in_ten_seconds(
    benches: list[Bench], run_folder: Path, camera: CameraSimulator, clip: Path
) -> None:
    other = file_camera("attic", clip)
    bench = await started(benches, run_folder, CameraSettings("hall", camera.url, "hall"), other)
    await until(lambda: bench.playing("hall") and bench.playing("attic"), "both play")
    camera.vanish()
    gone_at = time.monotonic()
    await until(lambda: bench.of("no_frames", "hall")[-1].value, "told", 15)
    assert 9 < time.monotonic() - gone_at < 12
    assert "check that the camera has power and network" in bench.of("no_frames", "hall")[-1].reasons[0]
    camera.come_back()
    await until(lambda: not bench.of("no_frames", "hall")[-1].value, "it is back", 15)
    assert [one.value for one in bench.of("no_frames", "attic")] == [False]
    assert bench.deaths == []
