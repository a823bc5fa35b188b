"""Rooms made on the spot, and what happens to a camera that looks at them. Small pictures, 160 x 120."""

from collections.abc import Iterator
from itertools import count

import cv2
import numpy as np

from agent.vision.anchor import log_luminance
from agent.vision.background import Bytes, Floats

WIDTH, HEIGHT = 160, 120


def room(seed: int = 0) -> Floats:
    """Walls, floor and furniture in colours of their own, in grey levels of a lens in focus."""
    dice = np.random.default_rng(seed)
    picture = np.full((HEIGHT, WIDTH, 3), (150, 160, 170), np.float32)
    picture[78:] = (70, 90, 110)
    for _ in range(28):
        x, y = int(dice.integers(0, WIDTH - 12)), int(dice.integers(0, HEIGHT - 12))
        wide, high = int(dice.integers(8, 36)), int(dice.integers(8, 36))
        colour = [float(one) for one in dice.integers(25, 225, 3)]
        cv2.rectangle(picture, (x, y), (x + wide, y + high), colour, -1)
    soft = cv2.GaussianBlur(picture, (0, 0), 0.6)
    return np.asarray(soft, np.float32)


def known(picture: Floats) -> Floats:
    """The room as the background gives it: log luminance."""
    return log_luminance(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32))


def seen(picture: Floats, noise: float = 1.0, seed: int = 1) -> Iterator[Bytes]:
    """Frames of a sensor that looks at `picture`, for ever; noise is repeated after five seconds but never in a row."""
    dice = np.random.default_rng(seed)
    grains = [dice.normal(0, noise, picture.shape).astype(np.float32) for _ in range(7)]
    for number in count():
        level = 0.2 * (number % 53) / 53  # no two frames of a second are the same
        yield np.clip(picture + grains[number % 7] + np.float32(level), 0, 255).astype(np.uint8)


def shifted(picture: Floats, right: float = 0, down: float = 0, turned: float = 0, zoom: float = 1) -> Floats:
    """As seen after the camera was moved: by pixels, degrees and a factor."""
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), turned, zoom)
    matrix[:, 2] += np.array((right, down))
    return np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT), np.float32)


def blurred(picture: Floats, pixels: float) -> Floats:
    """Out of focus by a circle of about twice `pixels`."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), pixels), np.float32)


def covered(picture: Floats, share: float, grey: float = 95.0) -> Floats:
    """The left `share` of the picture behind a hand or cloth that is too near to be in focus."""
    hidden = np.zeros((HEIGHT, WIDTH), np.float32)
    hidden[:, : round(WIDTH * share)] = 1
    hidden = np.asarray(cv2.GaussianBlur(hidden, (0, 0), 3), np.float32)[..., None]
    folds = grey + np.linspace(-14, 14, WIDTH, dtype=np.float32)[None, :, None]
    return np.asarray(picture * (1 - hidden) + folds * hidden, np.float32)


def dimmed(picture: Floats, factor: float) -> Floats:
    """With less light, or more."""
    return np.asarray(np.clip(picture * np.float32(factor), 0, 255), np.float32)


def lamplit(picture: Floats) -> Floats:
    """Lit from the right alone."""
    return np.asarray(np.clip(picture * np.linspace(0.2, 1.3, WIDTH, dtype=np.float32)[None, :, None], 0, 255))


def infrared(picture: Floats) -> Floats:
    """Grey, lit from the camera itself; dyes look other than they do by day, dark ones often bright."""
    grey = 0.2 * picture[..., 0] + 0.05 * picture[..., 1] + 0.75 * picture[..., 2]
    down, across = np.mgrid[:HEIGHT, :WIDTH]
    fall = np.exp(-3 * (((across - WIDTH / 2) / WIDTH) ** 2 + ((down - HEIGHT / 2) / HEIGHT) ** 2))
    return np.repeat(np.clip(grey * fall * 1.5, 0, 255)[..., None], 3, axis=2).astype(np.float32)


def somebody(picture: Floats, left: int, wide: int = 22) -> Floats:
    """A person in plain clothes who stands there from floor to ceiling."""
    shown = picture.copy()
    shown[14:118, max(0, left) : left + wide] = (60, 40, 150)
    return shown
