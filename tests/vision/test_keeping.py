"""When rooms are kept, and which: known ones, and those of cameras that have not opened yet."""

import os
import time
from collections.abc import Iterator

import numpy as np
import pytest

from agent.satellites import memory_file
from agent.vision.cameras import CameraWatch
from agent.vision.keeping import Keeping
from agent.vision.kept import Kept
from agent.vision.kept_memory import KeptMemory
from agent.vision.kept_rooms import mark_of
from agent.vision.settings import CameraTask
from tests.vision.test_process_cameras import SOURCE, Eye, Film

MARK = mark_of("hall", SOURCE.address)


@pytest.fixture
def fd() -> Iterator[int]:
    fd = memory_file("test")
    yield fd
    os.close(fd)


def now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def a_room(at: float = 0.0) -> Kept:
    return Kept("hall", np.ones((16, 20, 3), np.float16), np.zeros((16, 20), np.uint8), {}, at)


def stored(fd: int) -> dict[str, Kept]:
    memory = KeptMemory(os.dup(fd))
    rooms = memory.read(now())
    memory.close()
    return rooms


class Looking:
    """A process with one camera, at `seconds`."""

    def __init__(self, fd: int) -> None:
        self.keeping = Keeping(os.dup(fd))
        self.film = Film()
        self.eye = Eye("hall")
        self.eye.state = "learning"
        kept = self.keeping.take("hall", SOURCE.address)
        self.given = kept
        task = CameraTask("hall", SOURCE, 5.0, loop=False)
        self.watches = {"hall": CameraWatch(task, self.film, lambda _: self.eye, 0.0, kept)}

    def turn(self, seconds: float, frame: bool = True) -> None:
        if frame:
            self.film.show(seconds)
            self.watches["hall"].tick(seconds)
        self.keeping.tick(seconds, self.watches)


def test_a_room_is_kept_as_soon_as_it_is_known_then_twice_a_minute_and_at_the_end(fd: int) -> None:
    looking = Looking(fd)
    looking.turn(0.0)
    assert stored(fd) == {}
    looking.eye.state, looking.eye.kept = "ready", a_room()
    looking.turn(1.0)
    first = stored(fd)[MARK].at
    assert 0 <= now() - first < 5
    looking.turn(30.9)
    assert stored(fd)[MARK].at == first
    looking.turn(31.1)
    second = stored(fd)[MARK].at
    assert second > first
    looking.keeping.end(looking.watches)
    assert stored(fd)[MARK].at > second


def test_the_room_of_a_camera_that_has_not_opened_waits_as_old_as_it_is(fd: int) -> None:
    memory = KeptMemory(os.dup(fd))
    at = now() - 300
    memory.write({MARK: a_room(at)})
    memory.close()
    looking = Looking(fd)
    assert looking.given is not None
    looking.turn(0.0, frame=False)
    looking.turn(31.0, frame=False)
    looking.keeping.end(looking.watches)
    assert stored(fd)[MARK].at == at


def test_a_room_that_was_not_found_again_is_kept_no_longer(fd: int) -> None:
    memory = KeptMemory(os.dup(fd))
    memory.write({MARK: a_room(now())})
    memory.close()
    looking = Looking(fd)
    looking.turn(0.0)
    assert looking.eye.kept is not None, "the pipeline has it"
    looking.eye.kept = None
    looking.turn(31.0)
    assert stored(fd) == {}


def test_the_room_of_a_camera_that_may_not_look_by_now_is_wiped_out_at_the_first_turn(fd: int) -> None:
    bedroom = mark_of("bed-101", "rtsp://bed/1")
    room = np.full((16, 20, 3), 3.14, np.float16)
    memory = KeptMemory(os.dup(fd))
    memory.replace(
        {MARK: a_room(now() - 5), bedroom: Kept("bed-101", room, np.zeros((16, 20), np.uint8), {}, now() - 5)}
    )
    memory.close()
    traces = room[0, 0].tobytes()
    assert os.pread(fd, os.fstat(fd).st_size, 0).count(traces) > 100
    looking = Looking(fd)
    looking.turn(0.0, frame=False)
    assert list(stored(fd)) == [MARK], "that of the other is not touched"
    assert traces not in os.pread(fd, os.fstat(fd).st_size, 0)


def test_a_descriptor_that_is_no_memory_file_keeps_nothing(caplog: pytest.LogCaptureFixture) -> None:
    read, write = os.pipe()
    keeping = Keeping(read)
    assert keeping.take("hall", SOURCE.address) is None
    keeping.tick(0.0, {})
    keeping.forget({})
    keeping.end({})
    assert "is no memory file" in caplog.text
    for fd in (read, write):
        os.close(fd)


def test_without_a_descriptor_nothing_is_kept() -> None:
    keeping = Keeping(None)
    assert keeping.take("hall", SOURCE.address) is None
    keeping.tick(0.0, {})
    keeping.end({})
