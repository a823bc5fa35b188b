import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from agent.vision.background import Background, Bytes, log_luminance
from agent.vision.ghosts import STILL, ghosts

_DICE = np.random.default_rng(8)


def _room() -> NDArray[np.uint8]:
    room = np.full((120, 160, 3), (150, 160, 165), np.uint8)
    room[80:] = (70, 90, 120)
    return room


def _chair(picture: NDArray[np.uint8], left: int) -> NDArray[np.uint8]:
    with_chair = picture.copy()
    cv2.rectangle(with_chair, (left, 50), (left + 24, 100), (40, 50, 60), -1)
    return with_chair


def _mask(left: int) -> Bytes:
    mask = np.zeros((120, 160), np.uint8)
    cv2.rectangle(mask, (left, 50), (left + 24, 100), 1, -1)
    return mask


def _found(learned: NDArray[np.uint8], now: NDArray[np.uint8], mask: Bytes, still: int = STILL) -> int:
    ages = np.full(mask.shape, still, np.int16)
    return int(ghosts(mask, ages, log_luminance(now), log_luminance(learned)).sum())


def test_where_a_chair_stood_is_a_ghost_and_where_it_stands_now_is_none() -> None:
    learned, now = _chair(_room(), 20), _chair(_room(), 100)
    assert _found(learned, now, _mask(20)) == _mask(20).sum()
    assert _found(learned, now, _mask(100)) == 0
    both = _mask(20) | _mask(100)
    assert _found(learned, now, both) == _mask(20).sum()


def test_what_moved_a_moment_ago_is_no_ghost_yet() -> None:
    learned, now = _chair(_room(), 20), _room()
    assert _found(learned, now, _mask(20), STILL - 1) == 0
    assert _found(learned, now, _mask(20), STILL) == _mask(20).sum()


def test_an_outline_that_neither_shows_is_not_judged() -> None:
    assert _found(_room(), _room(), _mask(20)) == 0


def test_who_sits_where_a_chair_stood_is_no_ghost() -> None:
    sits = _room()
    cv2.rectangle(sits, (20, 50), (44, 100), (225, 230, 235), -1)
    assert _found(_chair(_room(), 20), sits, _mask(20)) == 0
    assert _found(_chair(_room(), 20), _room(), _mask(20)) == _mask(20).sum()


@pytest.mark.parametrize("seed", range(3))
def test_who_sat_there_when_the_camera_started_leaves_no_hole_when_he_gets_up(seed: int) -> None:
    dice = np.random.default_rng(seed)
    background = Background()

    def shot(picture: NDArray[np.uint8]) -> Bytes:
        return np.clip(picture + dice.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)

    for _ in range(10):
        background.feed(shot(_chair(_room(), 20)))
    masks = [background.feed(shot(_chair(_room(), 20 + 8 * step))).mask for step in range(1, 11)]
    for _ in range(8):
        last = background.feed(shot(_chair(_room(), 100))).mask
    assert (masks[4] & _mask(20)).sum() > 0.5 * _mask(20).sum()
    assert (last & _mask(20)).sum() < 0.1 * _mask(20).sum()
    assert (last & _mask(100)).sum() > 0.9 * _mask(100).sum()


def test_who_fell_there_is_no_ghost_however_little_of_his_outline_is_seen() -> None:
    background, lying = Background(), _mask(20)
    for _ in range(10):
        background.feed(_shot(_chair(_room(), 20)))
    for _ in range(3 * STILL):
        hidden = background.feed(_shot(_room()), lying, lying).mask
    assert (hidden & lying).sum() > 0.9 * lying.sum()
    for _ in range(3 * STILL):
        hole = background.feed(_shot(_room()), lying).mask
    assert (hole & lying).sum() == 0


_NOISE = np.random.default_rng(4)


def _shot(picture: NDArray[np.uint8]) -> Bytes:
    return np.clip(picture + _NOISE.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)
