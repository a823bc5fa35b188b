"""Dead pictures of three kinds, and live ones that look nearly as dead."""

from collections.abc import Iterable, Iterator
from itertools import islice

import cv2
import numpy as np
import pytest

from agent.vision.background import Bytes, Floats
from agent.vision.stillness import Stillness
from tests.vision import made_rooms as made

ROOM = made.room(4)


class Eye:
    """Feeds frames; `recurring` is how many in a row were so at the end, `noiseless` the last word."""

    def __init__(self) -> None:
        self.stillness = Stillness()
        self.recurring = 0

    def show(self, frames: Iterable[Bytes], seconds: float) -> bool | None:
        for frame in islice(frames, round(seconds * 10)):
            grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
            self.stillness.feed(frame, grey, grey.astype(np.float32))
            self.recurring = self.recurring + 1 if self.stillness.recurring else 0
        return self.stillness.noiseless


def encoded(picture: Floats, period: int, ripple: int = 2) -> Iterator[Bytes]:
    """One still that an encoder sends again and again, its own error the same after each key frame."""
    dice = np.random.default_rng(5)
    errors = [dice.integers(-ripple, ripple + 1, picture.shape) for _ in range(period)]
    number = 0
    while True:
        yield np.clip(picture + errors[number % period], 0, 255).astype(np.uint8)
        number += 1


def rippling(picture: Floats, share: float, seed: int) -> Iterator[Bytes]:
    """A picture of which a `share` of the pixels wavers by a level in each frame: an encoder that saves bits."""
    dice = np.random.default_rng(seed)
    base = picture.astype(np.uint8)
    while True:
        yield base + (dice.random(base.shape) < share).astype(np.uint8)


@pytest.mark.parametrize(("period", "known"), [(1, True), (10, True), (79, True), (80, True), (81, False)])
def test_a_still_recurs_however_it_is_encoded_up_to_eight_seconds(period: int, known: bool) -> None:
    eye = Eye()
    eye.show(encoded(ROOM, period), 30)
    assert eye.recurring == (300 - period if known else 0)


def test_one_new_frame_is_life() -> None:
    eye = Eye()
    eye.show(encoded(ROOM, 1), 20)
    eye.show(made.seen(ROOM), 0.1)
    assert eye.recurring == 0


def test_a_short_film_in_a_loop_lives() -> None:
    film = [made.somebody(ROOM, left).astype(np.uint8) for left in range(0, 120, 6)]
    eye = Eye()
    eye.show((frame for _ in range(20) for frame in film), 30)
    assert eye.recurring == 0


def live(eye: Eye, quiet: int, flicker: float) -> bool | None:
    """`quiet` windows of ten seconds, then somebody comes, and goes."""
    said = None
    for number in range(quiet):
        said = eye.show(rippling(ROOM, flicker, number), 10)
    for left in range(0, 120, 4):
        eye.show(rippling(made.somebody(ROOM, left), flicker, left), 1 / 3)
    return said


def test_a_camera_whose_noise_is_gone_is_dead_once_its_noise_is_known() -> None:
    eye = Eye()
    for _ in range(4):
        assert live(eye, 3, 0.20) in (None, False)
    eye.show(rippling(ROOM, 0.20, 9), 20)
    assert eye.show(rippling(ROOM, 0.05, 7), 30) is True
    assert eye.show(rippling(ROOM, 0.20, 8), 20) is False


def test_a_camera_that_was_as_quiet_before_is_not_dead() -> None:
    eye = Eye()
    for number in range(5):
        live(eye, 3, 0.05 if number == 1 else 0.20)
    assert eye.show(rippling(ROOM, 0.05, 7), 60) is False


def test_nothing_is_said_of_noise_before_somebody_has_moved() -> None:
    eye = Eye()
    eye.show(rippling(ROOM, 0.20, 1), 100)
    assert eye.show(rippling(ROOM, 0.02, 2), 60) is None


def test_somebody_who_moves_is_life_however_clean_the_picture_is() -> None:
    eye = Eye()
    for _ in range(4):
        live(eye, 3, 0.20)
    for left in range(0, 120, 4):
        said = eye.show(rippling(made.somebody(ROOM, left), 0.01, left), 1)
    assert said is False
