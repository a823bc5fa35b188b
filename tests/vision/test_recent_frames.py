import numpy as np
import pytest
from numpy.typing import NDArray

from agent.vision.recent_frames import APART_S, KEPT, LONGEST, RecentFrames


def frame(shade: int, height: int = 60, width: int = 80) -> NDArray[np.uint8]:
    return np.full((height, width, 3), shade, np.uint8)


def played(seconds: float, rate: float = 10.0) -> RecentFrames:
    """Frames whose shade is their number."""
    frames = RecentFrames()
    for number in range(round(seconds * rate)):
        frames.keep(frame(number), number / rate)
    return frames


def test_at_first_there_is_none() -> None:
    assert RecentFrames().now() is None
    assert RecentFrames().since(0.0) == ()


def test_the_newest_is_there_at_once_and_has_no_past() -> None:
    frames = RecentFrames()
    frames.keep(frame(7), 3.0)
    now = frames.now()
    assert now is not None
    assert (now.at, int(now.picture.max())) == (3.0, 7)
    assert frames.since(0.0) == ()


@pytest.mark.parametrize("seconds", [3.0, 3.1, 3.5, 3.7, 10.0])
def test_the_oldest_lies_before_any_fall_that_is_told_now(seconds: float) -> None:
    frames = played(seconds)
    now = frames.now()
    oldest = frames.since(-1.0)[0]
    assert now is not None
    assert APART_S * (KEPT - 1) <= now.at - oldest.at <= APART_S * KEPT + 0.1
    assert int(oldest.picture[0, 0, 0]) == round(oldest.at * 10)


def test_what_is_asked_for_is_no_older_than_said() -> None:
    frames = played(3.0)
    kept = [[round(one.at, 1) for one in frames.since(at - 0.01)] for at in (0.8, 0.9, 1.6, 1.7, 2.4, 2.5)]
    assert kept == [[0.8, 1.6, 2.4], [1.6, 2.4], [1.6, 2.4], [2.4], [2.4], []]


def test_large_frames_are_kept_small_and_apart_from_the_camera_s_own_memory() -> None:
    frames = RecentFrames()
    large = frame(100, 480, 640)
    frames.keep(large, 0.0)
    large[:] = 200  # the camera writes its next frame there
    frames.keep(large, 0.1)
    (first,), now = frames.since(0.0), frames.now()
    assert now is not None
    assert first.picture.shape == now.picture.shape == (240, LONGEST, 3)
    assert (int(first.picture.max()), int(now.picture.min())) == (100, 200)
    frames.keep(frame(1, 1280, 720), 0.2)
    tall = frames.now()
    assert tall is not None
    assert tall.picture.shape == (LONGEST, 180, 3)


def test_small_frames_stay_as_they_are_but_are_copied_when_kept() -> None:
    frames = RecentFrames()
    small = frame(100)
    frames.keep(small, 0.0)
    small[:] = 200
    frames.keep(small, 0.1)
    (first,) = frames.since(0.0)
    assert int(first.picture.max()) == 100


def test_time_that_goes_back_or_stands_is_a_cut() -> None:
    for again in (1.0, 2.9):
        frames = played(3.0)
        frames.keep(frame(250), again)
        assert frames.since(-1.0) == ()
        now = frames.now()
        assert now is not None
        assert int(now.picture[0, 0, 0]) == 250


def test_what_is_forgotten_is_gone() -> None:
    frames = played(3.0)
    frames.forget()
    assert frames.now() is None
    assert frames.since(-1.0) == ()
