"""A room as a picture, with its faults: furniture, light that changes, a television, a chair that is moved."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.body import CLOTHS, Capsules
from models.training.camera import Camera, outlines, stroke
from models.training.daily import Random

Picture = NDArray[np.float32]
_NOISES = 6


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """One person's colours (blue, green, red) by cloth."""

    colours: dict[str, tuple[float, float, float]]

    @staticmethod
    def draw(random: Random, plate: Picture) -> "Wardrobe":
        """Mostly any colour, sometimes the room's own: then parts of the silhouette are missing."""
        chosen = {name: _cloth(random, plate) for name in ("top", "trousers", "shoes")}
        skin = np.array([115, 150, 200]) * random.uniform(0.5, 1.2)
        hair = np.array([60, 65, 75]) * random.uniform(0.2, 3.0)
        return Wardrobe({**chosen, "skin": _bgr(skin), "hair": _bgr(hair)})


class Room:
    """One camera's view: the empty room, and frames with people in it. All draws come from `random`."""

    def __init__(self, random: Random, eye: Camera) -> None:
        self._random, self._eye = random, eye
        self.plate = _plate(random, eye.width, eye.height)
        self._occluders = _boxes(random, eye, int(random.integers(0, 3)) if random.random() < 0.4 else 0)
        shape = (_NOISES, eye.height, eye.width, 3)
        self._noise = random.normal(0, random.uniform(0.8, 4.0), shape).astype(np.float32)
        self._shadow = random.uniform(-0.9, 0.9, 2) if random.random() < 0.5 else None
        self._darkening = float(random.uniform(0.55, 0.9))
        self._gain, self._tint = float(random.uniform(0.7, 1.2)), random.normal(0, 0.015, 3)
        self._drift = float(random.normal(0, 0.012)) if random.random() < 0.4 else 0.0
        self._step_at = int(random.integers(5, 60)) if random.random() < 0.15 else -1
        self._television = _boxes(random, eye, 1)[0] if random.random() < 0.07 else None
        self._chair = _boxes(random, eye, 1)[0] if random.random() < 0.1 else None
        self._chair_moves = int(random.integers(10, 50))
        self._frame = 0

    def empty(self) -> NDArray[np.uint8]:
        """A frame without people, in a light of its own: what learning sees."""
        return self._expose(self.plate.copy(), float(self._random.uniform(0.8, 1.2)))

    def frame(self, people: list[tuple[Capsules, Wardrobe]]) -> NDArray[np.uint8]:
        """The next frame, a tenth of a second after the last."""
        self._frame += 1
        self._gain *= 1.0 + self._drift
        if self._frame == self._step_at:
            self._gain *= float(self._random.choice([0.6, 0.75, 1.3, 1.5]))
        picture = self.plate.copy()
        if self._chair is not None and self._frame > self._chair_moves:
            x, y, wide, high = self._chair
            cv2.rectangle(picture, (x, y), (x + wide, y + high), (60, 70, 110), -1)
        for now, _ in people:
            self._cast_shadow(picture, now)
        for now, wardrobe in people:
            self._dress(picture, now, wardrobe)
        for x, y, wide, high in self._occluders:
            picture[y : y + high, x : x + wide] = self.plate[y : y + high, x : x + wide]
        if self._television is not None:
            x, y, wide, high = self._television
            picture[y : y + high, x : x + wide] = self._random.uniform(20, 235, 3)
        return self._expose(picture, self._gain)

    def silhouette(self, now: Capsules) -> NDArray[np.uint8]:
        """Where the body truly is, 0/1, furniture in front of it left out."""
        mask = np.zeros(self.plate.shape[:2], np.uint8)
        for _, _, ends, first, last in outlines(now, self._eye):
            stroke(mask, ends, first, last, (1.0,))
        for x, y, wide, high in self._occluders:
            mask[y : y + high, x : x + wide] = 0
        return mask

    def _dress(self, picture: Picture, now: Capsules, wardrobe: Wardrobe) -> None:
        for index, _, ends, first, last in outlines(now, self._eye):
            base = np.array(wardrobe.colours[CLOTHS[index]])
            for width, shift, light in ((1.0, 0.0, 0.72), (0.7, 0.18, 0.95), (0.35, 0.3, 1.15)):
                offset = np.array([-shift, -shift]) * first
                stroke(picture, ends + offset, first * width, last * width, tuple(float(v) for v in base * light))

    def _cast_shadow(self, picture: Picture, now: Capsules) -> None:
        if self._shadow is None:
            return
        start, end = now.start.copy(), now.end.copy()
        for points in (start, end):
            points[:, :2] += points[:, 2:3] * self._shadow
            points[:, 2] = 0.01
        mask = np.zeros(picture.shape[:2], np.float32)
        for _, _, ends, first, last in outlines(Capsules(start, end, now.radius * 0.7), self._eye):
            stroke(mask, ends, first, last, (1.0,))
        picture *= 1.0 - (1.0 - self._darkening) * cv2.blur(mask, (5, 5))[..., None]

    def _expose(self, picture: Picture, gain: float) -> NDArray[np.uint8]:
        picture *= (gain * (1.0 + self._tint)).astype(np.float32)
        picture += self._noise[int(self._random.integers(_NOISES))]
        return cv2.blur(np.clip(picture, 0, 255).astype(np.uint8), (2, 2))


def _plate(random: Random, width: int, height: int) -> Picture:
    """Wall, floor, furniture and some pattern."""
    plate = np.empty((height, width, 3), np.float32)
    wall, floor = (random.uniform(60, 215) * (1 + random.normal(0, 0.08, 3)) for _ in range(2))
    edge = int(height * random.uniform(0.1, 0.6))
    plate[:edge], plate[edge:] = wall, floor
    for x, y, wide, high in _boxes(random, None, int(random.integers(2, 9)), (width, height)):
        colour = random.uniform(25, 225) * (1 + random.normal(0, 0.15, 3))
        cv2.rectangle(plate, (x, y), (x + wide, y + high), _bgr(colour), -1)
    grain = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), random.uniform(1, 6))
    plate *= 1.0 + random.uniform(0.02, 0.15) * (grain / grain.std())[..., None]
    across = np.linspace(random.uniform(0.6, 1.0), random.uniform(0.6, 1.2), width, dtype=np.float32)
    return np.clip(plate * across[None, :, None], 4, 250)


def _boxes(
    random: Random, eye: Camera | None, count: int, size: tuple[int, int] = (160, 120)
) -> list[tuple[int, int, int, int]]:
    width, height = (eye.width, eye.height) if eye is not None else size
    found = []
    for _ in range(count):
        wide, high = int(random.integers(10, 60)), int(random.integers(10, 50))
        x = int(random.integers(0, width - 10))
        y = height - high if random.random() < 0.4 else int(random.integers(height // 4, height - 5))
        found.append((x, y, min(wide, width - x), min(high, height - y)))
    return found


def _cloth(random: Random, plate: Picture) -> tuple[float, float, float]:
    if random.random() < 0.2:
        y, x = int(random.integers(plate.shape[0])), int(random.integers(plate.shape[1]))
        return _bgr(plate[y, x] * random.uniform(0.85, 1.15))
    return _bgr(random.uniform(15, 220) * (1 + random.normal(0, 0.3, 3)))


def _bgr(colour: NDArray[np.floating]) -> tuple[float, float, float]:
    blue, green, red = (float(value) for value in np.clip(colour, 3, 250))
    return blue, green, red
