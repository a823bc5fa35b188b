"""The real vision process hears its core: zones, who may look, outlines; and nothing that it hears ends it."""

import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.camera_facts import CameraFacts, CameraMode
from agent.eyes.judge import OutlineAnswer
from agent.wire import encode
from agent.zones import Zone, ZoneKind
from tests.vision.bench import Bench
from tests.vision.clips import write_clip
from tests.vision.test_process import file_camera, started
from tests.waiting import until

FACTS = CameraFacts("hall", (Zone(ZoneKind.IGNORE, ((0, 0), (1, 0), (1, 1))),), CameraMode.SHADOW, 0.9)


@pytest.fixture
async def bench(run_folder: Path, tmp_path: Path) -> AsyncIterator[Bench]:
    clip, benches = write_clip(tmp_path / "hall.mp4"), list[Bench]()
    bench = await started(benches, run_folder, file_camera("hall", clip), file_camera("bed", clip))
    yield bench
    await bench.stop()


async def answers(bench: Bench, line: bytes) -> OutlineAnswer:
    found: list[OutlineAnswer] = []

    def answered() -> bool:
        found.extend(bench.eyes.answers())
        return bool(found)

    bench.say(line)
    await until(answered, "an answer")
    return found[0]


async def test_it_uses_what_it_is_told_and_says_so(bench: Bench) -> None:
    states = bench.eyes.camera_states
    assert states["hall"].settings == CameraFacts("hall").mark
    bench.say(encode("camera", **FACTS.told()))
    await until(lambda: bench.eyes.camera_states["hall"].settings == FACTS.mark, "it holds")
    assert bench.eyes.camera_states["bed"].settings == CameraFacts("bed").mark
    asked = encode("outline", id="hall", n=5)
    assert await answers(bench, asked) == OutlineAnswer("hall", 5, 0, 0, b"", "learning")


async def test_a_camera_is_ended_and_opened_again_by_a_line(bench: Bench) -> None:
    await until(lambda: bench.playing("bed") and bench.of("learning", "bed"), "it looks")
    bench.eyes.allow(("hall",), time.monotonic())
    bench.say(encode("watch", id="bed", on=False))
    await until(lambda: bench.eyes.camera_states["bed"].state == "off", "it has ended")
    assert (await answers(bench, encode("outline", id="bed", n=1))).why == "off"
    assert bench.playing("hall"), "the other one goes on"
    bench.told.clear()
    bench.eyes.allow(("hall", "bed"), time.monotonic())
    bench.say(encode("watch", id="bed", on=True), encode("watch", id="bed", on=True))
    await until(lambda: bench.playing("bed") and bench.of("learning", "bed"), "it looks again, from the start")
    assert bench.deaths == []


async def test_nothing_that_it_hears_ends_it(bench: Bench) -> None:
    pid, dice = bench.pid, random.Random(4)
    bench.say(b"\n", b"{}\n", b"[" * 5000 + b"\n", encode("camera", id="toilet"), encode("bye"))
    bench.say(b"x" * 200_000, b"\n", *(dice.randbytes(dice.randrange(300)) + b"\n" for _ in range(200)))
    bench.say(encode("camera", **{**FACTS.told(), "zones": [{"kind": "bath"}]}), encode("camera", **FACTS.told()))
    await until(lambda: bench.eyes.camera_states["hall"].settings == FACTS.mark, "the good line after the bad ones")
    assert (bench.pid, bench.deaths) == (pid, [])
