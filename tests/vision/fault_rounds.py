"""Cameras that fail in every way they know, in front of the real vision process, and what it does about it.

*Short* faults (a connection cut, noise in the stream) are over at once: the process has only to connect again. *Long*
ones (stalled, gone, babbling, frozen) last until it has told of them, and then until it tells that the camera is back.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from agent.eyes.settings import CameraSettings, CamerasSettings
from tests.benchmarks.process import rss_mib
from tests.simulator.camera import CameraSimulator
from tests.vision.bench import Bench
from tests.waiting import until

PATIENCE_S = 60.0  # for anything that must come: longer is a failure, not a figure
SHORT = ("cut", "noise")
LONG: dict[str, tuple[Callable[[CameraSimulator, bool], None], str]] = {
    "stalled": (CameraSimulator.stall, "no_frames"),
    "gone": (lambda camera, on: camera.vanish() if on else camera.come_back(), "no_frames"),
    "babbling": (CameraSimulator.babble, "no_frames"),
    "frozen": (CameraSimulator.freeze, "picture_frozen"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds: memory in MiB, open files and threads."""

    rss_mib: float
    files: int
    threads: int

    @staticmethod
    def by(pid: int) -> "Held":
        """As the kernel counts; needs the rights to look at `pid`."""
        folder = Path(f"/proc/{pid}")
        return Held(rss_mib(pid), *(len(list((folder / name).iterdir())) for name in ("fd", "task")))


@dataclass(slots=True)
class Record:
    """Seconds: `again` from a short fault to the next connection, `lost` and `back` by kind of long fault."""

    again: list[float] = field(default_factory=list)
    lost: dict[str, list[float]] = field(default_factory=dict)
    back: dict[str, list[float]] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """How many there were."""
        return len(self.again) + sum(map(len, self.back.values()))


class FaultRounds:
    """One process and its cameras, `cameras` being running simulators; `bench` is to be started and stopped outside."""

    def __init__(self, folder: Path, cameras: list[CameraSimulator], seed: int = 1) -> None:
        self.cameras = {f"camera-{number}": camera for number, camera in enumerate(cameras, 1)}
        rows = tuple(CameraSettings(id_, camera.url, "hall") for id_, camera in self.cameras.items())
        self.bench = Bench(folder, CamerasSettings(rows))
        self.record = Record()
        self._dice = random.Random(seed)
        self._read = 0
        self._states: dict[tuple[str, str], bool] = {}

    async def begin(self) -> None:
        """Until every camera plays."""
        await self.bench.start()
        await until(lambda: all(self._state(id_, "no_frames") is False for id_ in self.cameras), "all play", PATIENCE_S)

    async def run(self, plan: list[str]) -> None:
        """The faults of `plan`, in this order but dealt out to all cameras at once."""
        waiting = list(reversed(plan))

        async def serve(id_: str) -> None:
            while waiting:
                await self._fault(id_, waiting.pop())

        async with asyncio.TaskGroup() as group:
            for id_ in self.cameras:
                group.create_task(serve(id_))
        self.record.held.append(Held.by(self.bench.pid))

    def plan(self, short: int, each_long: int) -> list[str]:
        """So many faults, mixed."""
        faults = [SHORT[number % 2] for number in range(short)] + [kind for kind in LONG for _ in range(each_long)]
        self._dice.shuffle(faults)
        return faults

    async def _fault(self, id_: str, kind: str) -> None:
        camera = self.cameras[id_]
        if kind not in LONG:
            await self._short(id_, camera, kind)
            return
        set_, name = LONG[kind]
        self.record.lost.setdefault(kind, []).append(
            await _seconds(lambda: set_(camera, True), lambda: self._state(id_, name), f"{id_} {kind}: {name}")
        )
        self.record.back.setdefault(kind, []).append(
            await _seconds(lambda: set_(camera, False), lambda: not self._state(id_, name), f"{id_} {kind}: not {name}")
        )

    async def _short(self, id_: str, camera: CameraSimulator, kind: str) -> None:
        connections = camera.connections
        if kind == "cut":
            camera.drop()
        else:
            camera.send_garbage(self._dice.choice((100, 4096, 100_000)))
            camera.drop()  # a decoder may have found its way through the noise
        began = time.monotonic()
        await until(lambda: camera.connections > connections, f"{id_} {kind}: connected again", PATIENCE_S)
        self.record.again.append(time.monotonic() - began)

    def _state(self, id_: str, name: str) -> bool | None:
        told = self.bench.told
        for _, one in told[self._read :]:
            self._states[one.device, one.name] = one.value
        self._read = len(told)
        return self._states.get((id_, name))


async def _seconds(begin: Callable[[], None], holds: Callable[[], object], what: str) -> float:
    began = time.monotonic()
    begin()
    await until(holds, what, PATIENCE_S)
    return time.monotonic() - began
