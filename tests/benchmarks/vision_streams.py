"""What a sub-stream costs beside the looking: decoding one, and the whole vision process with four of them."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import cv2

from agent.eyes.settings import CameraSettings, CamerasSettings
from tests.benchmarks.process import cpu_s, rss_mib
from tests.vision.bench import Bench
from tests.waiting import until

SIZE, FPS, LOOKED_AT_HZ = (640, 480), 25, 10
CAMERAS = 4
UP_S = 60.0


@dataclass(frozen=True, slots=True)
class Process:
    """The vision process at work: processor time of all its threads, memory, and frames judged a second."""

    core_percent: float
    rss_mib: float
    slowest_fps: float


def decoding_core_percent(clip: Path) -> float:
    """Processor time of all threads for a second of the stream: every frame decoded, ten handed out, as a camera's."""
    video = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    if not video.isOpened():
        raise OSError(f"{clip}: cannot be decoded")
    frames = 0
    due = 0.0
    begun = time.process_time()
    while video.grab():
        if frames / FPS >= due - 1e-6:
            video.retrieve()
            due += 1 / LOOKED_AT_HZ
        frames += 1
    used = time.process_time() - begun
    video.release()
    return 100 * used / (frames / FPS)


def four_cameras(clip: Path, folder: Path, seconds: float, settle_s: float) -> Process:
    """The real process with four such streams, looked on for `seconds`, `settle_s` after all of them play."""
    return asyncio.run(_watch(clip, folder, seconds, settle_s))


async def _watch(clip: Path, folder: Path, seconds: float, settle_s: float) -> Process:
    names = [f"camera-{number}" for number in range(CAMERAS)]
    settings = CamerasSettings(tuple(CameraSettings(name, str(clip), "corridor", loop=True) for name in names))
    bench = Bench(folder, settings)
    await bench.start()
    try:
        await until(lambda: all(bench.playing(name) for name in names), "all cameras play", UP_S)
        await asyncio.sleep(settle_s)
        pid = bench.pid
        begun, used = time.monotonic(), cpu_s(pid)
        await asyncio.sleep(seconds)
        share = 100 * (cpu_s(pid) - used) / (time.monotonic() - begun)
        return Process(share, rss_mib(pid), min(bench.eyes.camera_states[name].fps for name in names))
    finally:
        await bench.stop()
