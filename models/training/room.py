"""Frames of a room: the plate in its light, people before and behind furniture, shadows, what moves by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.anatomy import Floats, Random
from models.training.camera import Camera
from models.training.figure import Actor, Shapes, mirrored, paint, shadow, shadows, shapes
from models.training.light import Conditions, Sensor
from models.training.plate import Picture, Plate

_SCREEN = (4, 6, 3)  # blots of a television's picture
_BEFORE_M = 0.04  # who stands this little behind a surface is taken to touch it from the front


@dataclass(frozen=True, slots=True)
class Stir:
    """What moves in the room by itself: numbers of panes that flicker (a television) or sway (a curtain), and linen."""

    television: int = -1
    curtain: int = -1
    sway: float = 0.0  # pixels
    linen_from: int = 1 << 30  # the frame in which the bed is stripped or made
    cuts: float = 0.15  # how often the television's picture changes, a frame


class Room:
    """One camera's room; frames come one after the other."""

    def __init__(
        self, random: Random, eye: Camera, plate: Plate, lamp: Floats, conditions: Conditions, stir: Stir | None = None
    ) -> None:
        self._random, self._eye, self.plate, self._lamp = random, eye, plate, lamp
        self._conditions, self._stir = conditions, stir or Stir()
        self._sensor = Sensor(random, conditions, (eye.height, eye.width))
        self._shade = float(random.uniform(0.5, 0.85)) if random.random() < 0.6 else 1.0
        self._polish = float(random.uniform(0.08, 0.3)) if random.random() < 0.15 else 0.0
        self._screen = random.uniform(5, 240, _SCREEN).astype(np.float32)
        self._linen = np.clip(random.uniform(60, 240) * (1 + random.normal(0, 0.1, 3)), 5, 250)
        self._lit_for: tuple[float, float] | None = None
        self._lit = self._level = plate.depth
        self._warm = np.array([1 - conditions.warm, 1.0, 1 + conditions.warm], np.float32)

    def empty(self, dimmer: float) -> NDArray[np.uint8]:
        """A frame without people, in a light of its own: what learning sees."""
        now = replace(self._conditions, lamp=self._conditions.lamp * dimmer, changes=())
        picture, _ = self._light(now, 0)
        return Sensor(self._random, now, (self._eye.height, self._eye.width)).expose(picture.copy(), 0, now.infrared)

    def frames(self, actors: Sequence[Actor], count: int, first: int = 0) -> Iterator[NDArray[np.uint8]]:
        """The `count` frames for which the actors are given, a tenth of a second apart; `first` came before them."""
        people = shapes(actors, self._eye, count, first)
        below = shapes([mirrored(actor) for actor in actors], self._eye, count, first) if self._polish else []
        dark = [shadows(actor, self._eye, self._lamp) for actor in actors] if self._shade < 1 else []
        for n in range(count):
            lit, level = self._light(self._conditions, first + n)
            picture = lit.copy()
            self._stirred(picture, first + n)
            self._shadowed(picture, [one[n] for one in dark])
            if below:
                self._composed(picture, level, below[n], self.plate.floor, self._polish, np.inf)
            self._composed(picture, level, people[n], None, 1.0, _BEFORE_M)
            yield self._sensor.expose(picture, first + n, self._conditions.is_infrared(first + n))

    def _light(self, now: Conditions, frame: int) -> tuple[Picture, Picture]:
        lamp = now.lamp * now.factor("lamp", frame)
        day = now.day * now.factor("day", frame) * (1 + now.drift * frame)
        if now.is_infrared(frame):
            lamp, day = 0.8, 0.0
        if (lamp, day) != self._lit_for:
            plate = self.plate
            self._lit_for = (lamp, day)
            self._level = plate.lamp * np.float32(lamp) + plate.day * np.float32(day)
            warm = 1 + (self._warm - 1) * (lamp / (lamp + day + 1e-6))
            self._lit = plate.colours * self._level[..., None] * warm.astype(np.float32)
            self._lit += (plate.glow * np.float32(day * 120))[..., None]
        return self._lit, self._level

    def _stirred(self, picture: Picture, number: int) -> None:
        stir, plate = self._stir, self.plate
        if stir.television >= 0:
            self._televised(picture, plate.panes == stir.television)
        if stir.curtain >= 0:
            mask = plate.panes == stir.curtain
            shift = stir.sway * np.sin(number * 0.55) + stir.sway * 0.5 * np.sin(number * 1.3 + 1)
            moved = cv2.warpAffine(
                picture,
                np.array([[1, 0, shift], [0, 1, 0]], np.float64),
                (picture.shape[1], picture.shape[0]),
                borderMode=cv2.BORDER_REFLECT,
            )
            picture[mask] = moved[mask]
        if number >= stir.linen_from:
            picture[plate.linen] = self._linen * self._level[plate.linen][:, None]

    def _televised(self, picture: Picture, mask: NDArray[np.bool_]) -> None:
        """A picture of large blots that drifts, and is another after a cut."""
        left, top, wide, high = cv2.boundingRect(mask.astype(np.uint8))
        if not wide:
            return
        if self._random.random() < self._stir.cuts:
            self._screen = self._random.uniform(5, 240, _SCREEN).astype(np.float32)
        self._screen = np.roll(self._screen, int(self._random.random() < 0.2), axis=1)
        here = slice(top, top + high), slice(left, left + wide)
        shown = cv2.resize(self._screen, (wide, high)) * np.float32(self._random.uniform(0.95, 1.05))
        picture[here][mask[here]] = shown[mask[here]]

    def _shadowed(self, picture: Picture, dark: list[NDArray[np.int32]]) -> None:
        if not any(len(one) for one in dark):
            return
        mask = np.zeros(picture.shape[:2], np.uint8)
        for corners in dark:
            shadow(mask, corners)
        mask &= self.plate.floor
        left, top, wide, high = cv2.boundingRect(mask)
        here = slice(max(0, top - 3), top + high + 3), slice(max(0, left - 3), left + wide + 3)
        soft = cv2.blur(mask[here].astype(np.float32), (5, 5))
        picture[here] *= (1 - (1 - self._shade) * soft)[..., None]

    def _composed(
        self,
        picture: Picture,
        level: Picture,
        painted: Shapes,
        only: NDArray[np.bool_] | None,
        share: float,
        before_m: float,
    ) -> None:
        where = painted.within(picture.shape[1], picture.shape[0])
        if where is None:
            return
        layer = np.zeros((*picture.shape[:2], 4), np.float32)
        paint(layer, painted)
        layer = layer[where]
        depth = layer[..., 3]
        seen = (depth != 0) & (depth < self.plate.depth[where] + np.float32(before_m))
        if only is not None:
            seen &= only[where]
        if seen.any():
            light = np.float32(level[where][seen].mean())
            part = picture[where]
            part[seen] += (layer[seen][:, :3] * light - part[seen]) * np.float32(share)
