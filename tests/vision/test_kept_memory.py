"""The memory file: what was written last and whole is read, and nothing else."""

import os
from collections.abc import Iterator

import numpy as np
import pytest

from agent.satellites import KEPT_BYTES, memory_file
from agent.vision import kept_memory
from agent.vision.kept import Kept
from agent.vision.kept_memory import KeptMemory

_HALF = KEPT_BYTES // 2


@pytest.fixture
def fd() -> Iterator[int]:
    fd = memory_file("test")
    yield fd
    os.close(fd)


def opened(fd: int) -> KeptMemory:
    """As the next process opens it."""
    return KeptMemory(os.dup(fd))


def a_room(camera: str, at: float = 100.0) -> dict[str, Kept]:
    return {camera: Kept(camera, np.ones((16, 20, 3), np.float16), np.zeros((16, 20), np.uint8), {}, at)}


def cameras(fd: int, now: float = 101.0) -> list[str]:
    memory = opened(fd)
    found = [kept.camera for kept in memory.read(now).values()]
    memory.close()
    return found


def write(fd: int, *rooms: dict[str, Kept]) -> None:
    memory = opened(fd)
    for room in rooms:
        memory.write(room)
    memory.close()


def test_both_sides_mean_the_same_size() -> None:
    assert KEPT_BYTES == kept_memory.SIZE


def test_an_empty_one_holds_no_rooms(fd: int) -> None:
    assert cameras(fd) == []


def test_what_was_written_last_is_read_by_whoever_comes_next(fd: int) -> None:
    for names in (["a"], ["b", "c"], ["d", "e", "f"]):
        write(fd, *(a_room(name) for name in names))
        assert cameras(fd) == [names[-1]]


@pytest.mark.parametrize(("now", "found"), [(100.0, ["a"]), (700.0, ["a"]), (700.1, []), (99.9, [])])
def test_a_room_may_be_ten_minutes_old_and_no_older(fd: int, now: float, found: list[str]) -> None:
    write(fd, a_room("a"))
    assert cameras(fd, now) == found


def test_the_old_one_of_two_rooms_is_passed_over(fd: int) -> None:
    write(fd, a_room("old", 100.0) | a_room("new", 690.0))
    assert cameras(fd, 701.0) == ["new"]


@pytest.mark.parametrize("place", [0, 8, 12, 16, 30, 4096, 4200])
def test_a_half_that_is_not_whole_leaves_the_other(fd: int, place: int, caplog: pytest.LogCaptureFixture) -> None:
    """As after a kill in the middle of writing: record, then header."""
    write(fd, a_room("a"), a_room("b"))  # in the second half, then in the first
    byte = os.pread(fd, 1, place)
    os.pwrite(fd, bytes([byte[0] ^ 0x55]), place)
    assert cameras(fd) == ["a"]
    write(fd, a_room("c"))
    assert cameras(fd) == ["c"]


def test_garbage_in_both_halves_is_no_room(fd: int) -> None:
    os.pwrite(fd, os.urandom(KEPT_BYTES), 0)
    assert cameras(fd) == []
    write(fd, a_room("a"))
    assert cameras(fd) == ["a"]


def test_what_is_replaced_is_wiped_out(fd: int) -> None:
    write(fd, a_room("hidden"), a_room("hidden"))
    assert os.pread(fd, KEPT_BYTES, 0).count(b"hidden") >= 2
    memory = opened(fd)
    memory.replace(a_room("a"))
    memory.close()
    assert b"hidden" not in os.pread(fd, KEPT_BYTES, 0)
    assert cameras(fd) == ["a"]


def test_a_room_with_which_three_processes_died_is_given_up(fd: int, caplog: pytest.LogCaptureFixture) -> None:
    write(fd, a_room("a"))
    assert [cameras(fd) for _ in range(4)] == [["a"], ["a"], ["a"], []]
    assert "3 processes have ended with the rooms known before" in caplog.text
    write(fd, a_room("a"))
    assert cameras(fd) == ["a"]


def test_more_than_fits_is_not_kept(fd: int, caplog: pytest.LogCaptureFixture) -> None:
    (kept,) = a_room("a").values()
    heavy = Kept("a", kept.room, kept.unknown, {"x": np.zeros(3_000_000, np.uint8)}, 100.0)
    write(fd, a_room("b"), {"a": heavy})
    assert cameras(fd) == []
    assert "rooms are not kept" in caplog.text


def test_it_can_be_made_neither_larger_nor_smaller(fd: int) -> None:
    for size in (0, KEPT_BYTES - 1, KEPT_BYTES + 1):
        with pytest.raises(PermissionError):
            os.ftruncate(fd, size)


def test_another_file_is_none(tmp_path: os.PathLike[str]) -> None:
    short = os.open(os.fspath(tmp_path), os.O_RDONLY)
    with pytest.raises((OSError, ValueError)):
        KeptMemory(short)
    os.close(short)
