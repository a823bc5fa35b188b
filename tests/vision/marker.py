"""A pattern that no room has by chance, who wears it, and where it hangs: nobody outside the process may see it."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.vision.clips import SIZE

Picture = NDArray[np.uint8]
_BLOCKS = 8  # each way
SEEDS = (20, 21)  # of the one that hangs, and of the one that is worn
_WORN, _HUNG = 32, 40  # pixels each way


def marker(pixels: int, seed: int) -> Picture:
    """Black and white squares, `pixels` each way, grey."""
    dice = np.random.default_rng(seed)
    blocks = (dice.random((_BLOCKS, _BLOCKS)) < 0.5).astype(np.uint8) * 190 + 30
    return np.asarray(cv2.resize(blocks, (pixels, pixels), interpolation=cv2.INTER_AREA), np.uint8)


def marked_room(seconds: float, rate: int = 10, worn: bool = True, hung: bool = True) -> Iterator[Picture]:
    """A room with a marked picture on its wall, in which somebody with the mark on his back walks and falls."""
    dice = np.random.default_rng(3)
    room = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    cv2.rectangle(room, (0, 84), (160, 120), (70, 80, 90), -1)
    if hung:
        room[10 : 10 + _HUNG, 110 : 110 + _HUNG] = marker(_HUNG, SEEDS[0])[..., None]
    for number in range(round(seconds * rate)):
        frame = room.copy()
        left = 8 + 2 * number % 70
        cv2.rectangle(frame, (left, 36), (left + 34, 116), (40, 60, 150), -1)
        if worn:
            frame[50 : 50 + _WORN, left + 2 : left + 2 + _WORN] = marker(_WORN, SEEDS[1])[..., None]
        grain = dice.normal(0, 2, frame.shape)
        yield np.asarray(np.clip(frame + grain, 0, 255), np.uint8)
