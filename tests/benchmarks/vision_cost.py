"""What our eyes cost a frame: 320×240, ten a second, one thread, from the decoded frame to what is told of it."""

import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.vision.clip import Clip
from agent.vision.player import open_eyes

Picture = NDArray[np.uint8]

CLIPS = Path(__file__).resolve().parents[1] / "simulator" / "clips"
SIZE = (320, 240)
EVERY_S = 0.1
LEARNED = 100  # pictures of the empty room
_GRAINS = 16  # fields of noise, made once
_GREY_LEVELS = 2.0


def empty_room() -> Iterator[Picture]:
    """The empty room, over and over, with the grain of a sensor."""
    return _played("empty")


def person() -> Iterator[Picture]:
    """Somebody who walks, sits and bends in it, over and over."""
    return _played("sit_and_bend")


def costs_ms(pictures: Iterator[Picture], frames: int, busy: bool) -> list[float]:
    """Milliseconds of this thread for each of `frames` frames; `busy`: only those that somebody was seen in."""
    eyes = open_eyes()
    for number, picture in enumerate(islice(empty_room(), LEARNED)):
        eyes.learn(picture, number * EVERY_S)
    costs: list[float] = []
    for number, picture in enumerate(pictures):
        begun = time.thread_time()
        eyes.feed(picture, number * EVERY_S)
        cost = 1000 * (time.thread_time() - begun)
        if eyes.scene is not None and bool(eyes.scene.tracks) is busy:
            costs.append(cost)
        if len(costs) >= frames or number >= 20 * frames:
            break
    return costs


def _played(name: str) -> Iterator[Picture]:
    frames = [_sized(shot.picture) for shot in Clip(CLIPS / f"{name}.mp4").shots()]
    dice = np.random.default_rng(1)
    shape = (SIZE[1], SIZE[0], 3)
    grains = [np.rint(dice.normal(0, _GREY_LEVELS, shape)).astype(np.int16) for _ in range(_GRAINS)]
    for number, frame in enumerate(chain.from_iterable(iter(lambda: frames, None))):
        yield np.clip(frame.astype(np.int16) + grains[number % _GRAINS], 0, 255).astype(np.uint8)


def _sized(picture: Picture) -> Picture:
    return np.asarray(cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA), np.uint8)
