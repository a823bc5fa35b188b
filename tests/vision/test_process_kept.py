"""The real vision process, killed: the one that follows knows the room at once, and nobody who was in it."""

import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from agent.eyes.settings import CameraSettings, CamerasSettings
from agent.satellites import KEPT_BYTES
from agent.vision.kept import Kept
from agent.vision.kept_memory import KeptMemory
from agent.vision.kept_rooms import mark_of
from agent.vision.pipeline import open_pipeline
from agent.wire import encode
from tests.vision.bench import Bench
from tests.vision.clips import write_frames
from tests.vision.held_rooms import content, found_in, held, mapped, shows
from tests.vision.leak_search import LeakSearch
from tests.vision.test_kept import a_room, comes, learned, shot, with_somebody
from tests.waiting import until

CLIPS = Path(__file__).parents[1] / "simulator" / "clips"
FALL_BEGINS_S = 3.0


def frames_of(name: str) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    video, frames = cv2.VideoCapture(str(CLIPS / f"{name}.mp4")), []
    while (read := video.read())[0]:
        frames.append(np.asarray(read[1], np.uint8))
    video.release()
    return frames


@pytest.fixture
def falls(tmp_path: Path) -> Path:
    """He trips three seconds into the clip (twelve frames a second)."""
    return write_frames(tmp_path / "falls.mp4", frames_of("fall")[round((7 - FALL_BEGINS_S) * 12) :], 12)


@pytest.fixture
async def bench(run_folder: Path, falls: Path) -> AsyncIterator[Bench]:
    bench = Bench(run_folder, CamerasSettings((CameraSettings("hall", str(falls), "hall"),)))
    yield bench
    await bench.stop()


def descriptor(bench: Bench) -> int:
    """Of the memory file, before a process has been started; there is no other."""
    memory = bench.satellite.memory()
    assert memory == held()
    return memory


def put(bench: Bench, rooms: dict[str, Kept]) -> None:
    """As a process that has looked before keeps them."""
    memory = KeptMemory(os.dup(descriptor(bench)))
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    memory.replace({mark: replace(kept, at=now) for mark, kept in rooms.items()})
    memory.close()


def known_hall() -> Kept:
    eyes = open_pipeline("hall")
    for number, frame in enumerate(frames_of("empty")):
        eyes.learn(frame, number / 12)
    eyes.feed(frames_of("empty")[0], 0.0)
    kept = eyes.keep()
    assert kept is not None
    return kept


async def test_one_that_is_killed_knows_its_room_at_once_and_sees_the_next_fall(bench: Bench, falls: Path) -> None:
    put(bench, {mark_of("hall", str(falls)): known_hall()})
    for killed in (False, True):
        bench.told.clear()
        if killed:
            os.kill(bench.pid, signal.SIGKILL)
        else:
            await bench.start()
        await until(lambda: bench.of("learning"), "it says whether it knows the room", 30)
        said = bench.of("learning")[0]
        assert said.value is False
        await until(lambda: bench.of("fall"), "the fall is told", 30)
        assert 0 < bench.of("fall")[0].at - said.at < FALL_BEGINS_S + 3
        assert "background_not_learned" not in bench.of("fall")[0].reasons
    assert [why for _, why in bench.deaths] == ["it ended (SIGKILL)"]
    assert not mapped(), "the core does not look"
    assert {path.name for path in bench.folder.iterdir()} == {"core.sock", "vision.json", "vision.lock"}


@pytest.mark.parametrize("what", ["empty", "garbage", "another source", "another size", "too old"])
async def test_what_does_not_fit_is_learned_anew(bench: Bench, falls: Path, what: str) -> None:
    kept, mark = known_hall(), mark_of("hall", str(falls))
    if what == "garbage":
        os.pwrite(descriptor(bench), os.urandom(KEPT_BYTES), 0)
    elif what == "another source":
        put(bench, {mark_of("hall", "rtsp://elsewhere/1"): kept})
    elif what == "another size":
        put(bench, {mark: replace(kept, room=kept.room[:-8], unknown=kept.unknown[:-8])})
    elif what == "too old":
        memory = KeptMemory(os.dup(descriptor(bench)))
        memory.replace({mark: replace(kept, at=time.clock_gettime(time.CLOCK_BOOTTIME) - 601)})
        memory.close()
    await bench.start()
    await until(lambda: bench.of("learning"), "it says that it learns", 30)
    assert bench.of("learning")[0].value is True
    assert bench.deaths == []


async def test_of_a_camera_that_is_ended_nothing_is_kept(bench: Bench, falls: Path) -> None:
    put(bench, {mark_of("hall", str(falls)): known_hall()})
    await bench.start()
    await until(lambda: bench.of("learning"), "it knows the room", 30)
    bench.say(encode("watch", id="hall", on=False))
    await until(lambda: bench.eyes.camera_states["hall"].state == "off", "it has ended it", 30)
    assert found_in(content()) == {}
    assert not any(content()[4096 + 64 : KEPT_BYTES // 2])


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_who_sat_still_for_three_minutes_before_the_kill_is_not_in_the_memory_file(
    run_folder: Path, tmp_path: Path
) -> None:
    """All as in a house: it learns for twenty seconds, he comes, sits down, melts into the room; then the kill."""
    room = a_room()
    film = [*[room] * 230, *comes(room), *[with_somebody(room, 60)] * 1800]
    clip = write_frames(tmp_path / "sits.mp4", [shot(picture) for picture in film], 10)
    bench = Bench(run_folder, CamerasSettings((CameraSettings("hall", str(clip), "hall"),)))
    await bench.start()
    try:
        await until(lambda: [one.value for one in bench.of("learning")] == [True, False], "the room is known", 150)
        await until(lambda: bench.eyes.camera_states["hall"].state == "ended", "the film is over", 300)
        os.kill(bench.pid, signal.SIGKILL)
        await until(lambda: bench.deaths, "it is dead")
        found = content()
    finally:
        await bench.stop()
    kept = found_in(found)
    search = LeakSearch()
    assert len(kept) == 2, "the room is there, twice"
    assert not search.of("memory file", found)
    assert [mark for mark, one in kept.items() if shows(search, one)] == []
    assert all(one.unknown[36:116, 60:94].all() for one in kept.values())
    room_with_him = learned(with_somebody(room, 60)).keep()
    assert shows(search, room_with_him), "the search would find him"
