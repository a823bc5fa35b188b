"""What light and sensor do to a picture: lamps, exposure, colour balance, infra-red, noise, compression."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.anatomy import Random

Picture = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_NOISES, _BANK = 8, 256
_BLOCK = 4  # pixels: a macroblock of 16 in the 640 pixels that a sub-stream has
_EVENTS = ("lamp", "day", "exposure", "white", "infrared")


@dataclass(frozen=True, slots=True)
class Change:
    """From `frame` on, over `takes` frames, `what` becomes `size` times what it was (for `infrared`: 1 on, 0 off)."""

    what: str
    frame: int
    size: float
    takes: int = 1

    def at(self, frame: int) -> float:
        """The factor in `frame`."""
        share = min(1.0, max(0.0, (frame - self.frame + 1) / self.takes))
        return float(1.0 + (self.size - 1.0) * share)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Light and sensor of one clip; sizes in grey levels or shares."""

    lamp: float = 0.5
    day: float = 0.5
    drift: float = 0.0  # of the daylight, a frame
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    warm: float = 0.0  # how much redder the lamp is than the day
    exposure: float = 120.0  # mean grey level that the camera wants
    reaction: float = 0.0  # share of the way there, a frame; 0: fixed exposure
    white_reaction: float = 0.0
    flicker: float = 0.0
    infrared: bool = False
    noise: float = 2.0
    trails: float = 0.0  # share of the last frame in this one: noise reduction in the dark
    skip: float = 0.0  # mean change of a block below which it is sent as unchanged
    quality: int = 0  # of the compression, 0 none
    soft: int = 2  # pixels that the lens blurs
    changes: tuple[Change, ...] = ()

    def factor(self, what: str, frame: int) -> float:
        """All changes of `what` up to `frame`, multiplied."""
        result = 1.0
        for change in self.changes:
            if change.what == what:
                result *= change.at(frame)
        return result

    def is_infrared(self, frame: int) -> bool:
        """Whether the infra-red lamp is on in `frame`."""
        switched = [change for change in self.changes if change.what == "infrared" and change.frame <= frame]
        return switched[-1].size > 0.5 if switched else self.infrared


@cache
def _bank() -> Picture:
    """Noise of spread 1, drawn once: each sensor takes a part of it, in an order of its own."""
    return np.random.default_rng(0).normal(0, 1, (_NOISES, _BANK, _BANK, 3)).astype(np.float32)


def draw(random: Random, length: int) -> Conditions:
    """Some ordinary evening or day, with a fault of its own in every third clip."""
    night = random.random() < 0.12
    dim = random.random() < 0.12
    level = random.uniform(0.12, 0.4) if dim else random.uniform(0.6, 1.2)
    lamp = float(random.uniform(0.0, 1.0))
    return Conditions(
        lamp=lamp * level,
        day=(1 - lamp) * level,
        drift=float(random.normal(0, 0.004)) if random.random() < 0.3 else 0.0,
        tint=tuple((1 + random.normal(0, 0.05, 3)).tolist()),  # type: ignore[arg-type]
        warm=float(random.uniform(0, 0.25)),
        exposure=float(random.uniform(80, 150)) if not dim else float(random.uniform(35, 90)),
        reaction=float(random.uniform(0.05, 0.4)) if random.random() < 0.65 else 0.0,
        white_reaction=float(random.uniform(0.02, 0.2)) if random.random() < 0.3 else 0.0,
        flicker=float(random.uniform(0.005, 0.04)) if random.random() < 0.2 else 0.0,
        infrared=night,
        noise=float(random.uniform(2, 6) if dim or night else random.uniform(0.7, 3.2)),
        trails=float(random.uniform(0.2, 0.5)) if dim or night else 0.0,
        skip=float(random.uniform(0.8, 4.0)) if random.random() < 0.6 else 0.0,
        quality=int(random.integers(18, 70)) if random.random() < 0.5 else 0,
        soft=int(random.choice([1, 2, 2, 3])),
        changes=_changes(random, length),
    )


def _changes(random: Random, length: int) -> tuple[Change, ...]:
    if random.random() > 0.16:
        return ()
    what = str(random.choice(_EVENTS, p=[0.35, 0.15, 0.3, 0.15, 0.05]))
    size = float(random.uniform(0.3, 0.7)) if random.random() < 0.5 else float(random.uniform(1.3, 2.6))
    if what == "infrared":
        size = float(random.integers(2))
    if what == "white":
        size = 1 + (size - 1) * 0.25
    return (Change(what, int(random.integers(3, length)), size, int(random.choice([1, 1, 3, 8]))),)


class Sensor:
    """Turns lit pictures into frames, one after the other; what it does depends on the last ones."""

    def __init__(self, random: Random, conditions: Conditions, shape: tuple[int, int]) -> None:
        self._random, self._now = random, conditions
        self._corner = random.integers(0, _BANK - max(shape), 2)
        self._shape = shape
        self._phase = float(random.uniform(0, 6))
        self._gain: float | None = None
        self._white = np.ones(3, np.float32)
        self._last: Picture | None = None
        self._sent: Bytes | None = None
        rows, columns = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
        self._spot = np.asarray(1.25 / (1 + 0.9 * (rows**2 + columns**2)), np.float32)[..., None]

    def expose(self, picture: Picture, frame: int, infrared: bool) -> Bytes:
        """One frame; `picture` is used up."""
        now = self._now
        if infrared:
            picture = np.asarray(
                cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.float32
            )
            picture *= self._spot
        mean = float(picture[::4, ::4].mean()) + 1.0
        wanted = now.exposure / mean
        if self._gain is None:
            self._gain = wanted
        self._gain += (wanted - self._gain) * now.reaction
        swing = 1 + now.flicker * np.sin(self._phase + frame * 2.1)
        colour = np.asarray(now.tint, np.float32) if not infrared else np.ones(3, np.float32)
        if now.white_reaction:
            means = np.array(cv2.mean(picture[::4, ::4])[:3], np.float32) * colour
            self._white += (means.mean() / np.maximum(means, 1) - self._white) * now.white_reaction * 0.3
        colour = colour * self._white * np.array([1 / now.factor("white", frame), 1, now.factor("white", frame)])
        picture = picture * (colour * (self._gain * swing * now.factor("exposure", frame))).astype(np.float32)
        picture += self._noise()
        if now.trails and self._last is not None:
            picture += (self._last - picture) * np.float32(now.trails)
        self._last = picture
        taken = np.clip(picture, 0, 255).astype(np.uint8)
        if now.soft > 1:
            taken = np.asarray(cv2.blur(taken, (now.soft, now.soft)), np.uint8)
        return self._send(taken)

    def _noise(self) -> Picture:
        bank = _bank()[int(self._random.integers(_NOISES))]
        (y, x), (height, width) = self._corner, self._shape
        return bank[y : y + height, x : x + width] * np.float32(self._now.noise)

    def _send(self, taken: Bytes) -> Bytes:
        """As it comes out at the other end of a stream of few bits."""
        now = self._now
        if now.quality:
            _, packed = cv2.imencode(".jpg", taken, [cv2.IMWRITE_JPEG_QUALITY, now.quality])
            taken = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        if now.skip and self._sent is not None:
            height, width = taken.shape[:2]
            difference = cv2.cvtColor(cv2.absdiff(taken, self._sent), cv2.COLOR_BGR2GRAY)
            blocks = cv2.resize(difference, (width // _BLOCK, height // _BLOCK), interpolation=cv2.INTER_AREA)
            changed = cv2.resize((blocks > now.skip).astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
            taken = np.asarray(cv2.copyTo(taken, changed, self._sent.copy()), np.uint8)
        self._sent = taken
        return taken
