import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from agent.vision.background import Background, Bytes

_DICE = np.random.default_rng(3)


def _room(height: int = 120, width: int = 160) -> NDArray[np.float32]:
    room = np.full((height, width, 3), (150, 160, 165), np.float32)
    room[height * 2 // 3 :] = (70, 90, 120)
    cv2.rectangle(room, (100, 60), (150, 100), (60, 60, 140), -1)
    return room


def _shot(room: NDArray[np.float32], gain: float = 1.0, noise: float = 2.0) -> Bytes:
    return np.clip(room * gain + _DICE.normal(0, noise, room.shape), 0, 255).astype(np.uint8)


def _with_person(
    room: NDArray[np.float32], left: int, top: int = 30, size: tuple[int, int] = (16, 60)
) -> NDArray[np.float32]:
    peopled = room.copy()
    cv2.rectangle(peopled, (left, top), (left + size[0], top + size[1]), (40, 50, 60), -1)
    return peopled


def _learned(room: NDArray[np.float32]) -> Background:
    background = Background()
    for _ in range(5):
        background.sample(_shot(room))
    background.settle()
    background.end_learning()
    return background


def test_a_person_is_foreground_and_the_room_is_not() -> None:
    background = _learned(_room())
    assert background.feed(_shot(_room())).share < 0.002
    mask = background.feed(_shot(_with_person(_room(), 40))).mask
    assert mask[40:80, 44:52].mean() > 0.9
    assert mask[:, 90:].mean() < 0.01


@pytest.mark.parametrize("gain", [0.6, 0.8, 1.25, 1.5])
def test_a_change_of_light_is_no_foreground(gain: float) -> None:
    background = _learned(_room() * 0.8)
    assert background.feed(_shot(_room() * 0.8, gain)).share < 0.02


def test_a_person_stands_out_from_a_change_of_light() -> None:
    background = _learned(_room() * 0.8)
    mask = background.feed(_shot(_with_person(_room() * 0.8, 40), 1.4)).mask
    assert mask[40:80, 44:52].mean() > 0.9
    assert mask[:, 90:].mean() < 0.03


def test_who_passes_through_while_learning_is_not_learned() -> None:
    background = Background()
    for step in range(12):
        background.sample(_shot(_with_person(_room(), 5 + 12 * step)))
    background.settle()
    assert background.feed(_shot(_room())).share < 0.01


def test_a_chair_that_stays_is_absorbed_and_a_protected_person_is_not() -> None:
    chair, person = _with_person(_room(), 40), _with_person(_room(), 40)
    protect = np.zeros((120, 160), np.uint8)
    protect[30:91, 40:57] = 1
    for protected, picture in ((None, chair), (protect, person)):
        background = _learned(_room())
        for _ in range(200):
            seen = background.feed(_shot(picture), protected)
        assert (seen.share > 0.03) is (protected is not None)


def test_what_came_is_told_from_what_is_only_lit() -> None:
    background = _learned(_room())
    for left in range(10, 44, 2):
        seen = background.feed(_shot(_with_person(_room(), left)))
    assert seen.came[40:80, 44:54].mean() > 0.9
    assert seen.came[:, 90:].mean() < 0.02


def test_another_size_begins_anew() -> None:
    background = _learned(_room())
    seen = background.feed(_shot(_room(90, 160)))
    assert seen.mask.shape == (90, 160)
    assert seen.share == 0.0


def test_in_the_dark_noise_is_no_person() -> None:
    dark = _room() * 0.03
    background = _learned(dark)
    assert max(background.feed(_shot(dark, noise=2.5)).share for _ in range(10)) < 0.02


def test_samples_do_not_pile_up() -> None:
    background = Background()
    for _ in range(500):
        background.sample(_shot(_room(), noise=0.0))
    assert sum(sample.nbytes for sample in background._samples) <= 12_000_000
