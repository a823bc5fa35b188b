"""What the posture net sees: how one track looked over the last half second, beside how people who walk look there."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from agent.vision.background import Floats
from agent.vision.tracker import Box, Sighting
from agent.vision.window import sighting_at

SIZE = 32
FRAMES = 5
CHANNELS = 3
_STEP_S = 0.1
_MARGIN = 1.1  # room round the silhouette, so that the net sees where it ends


@dataclass(frozen=True, slots=True)
class Stature:
    """How large somebody who walks looks at some place, in pixels."""

    width: float
    height: float


def posture_crop(
    sightings: Sequence[Sighting], until: float, shape: tuple[int, ...], stature: Stature | None = None
) -> Floats:
    """(3, 32, 32) float32 in 0..1 for a picture of `shape` (h, w): near by, in the whole picture, and the stature.

    The first two are means over five sightings, 0.1 s apart: what flickers is grey. The picture stands in the middle of
    its square, so that a body is as long as it looks. The third is a box of the stature over the same place, empty
    where none is known. A silhouette smaller than 32 pixels is not enlarged.
    """
    chosen = [sighting_at(sightings, until - step * _STEP_S) for step in range(FRAMES)]
    union = Box.around(sighting.box for sighting in chosen)
    standing = _standing(union, stature)
    near, far = _square(Box.around([union, standing]), _MARGIN), _square(Box(0, 0, shape[1], shape[0]), 1.0)
    upright = np.zeros((SIZE, SIZE), np.float32) if stature is None else _filled(standing, near)
    return np.stack([_mean(chosen, near), _mean(chosen, far), upright])


def _standing(union: Box, stature: Stature | None) -> Box:
    """Where somebody upright would be who stands at the foot of `union`."""
    if stature is None:
        return union
    width, height = max(1, round(stature.width)), max(1, round(stature.height))
    return Box(union.x + (union.width - width) // 2, union.bottom - height, width, height)


def _square(box: Box, margin: float) -> Box:
    """The square round the middle of `box`."""
    side = round(max(SIZE, box.width * margin, box.height * margin))
    return Box(box.x + box.width // 2 - side // 2, box.y + box.height // 2 - side // 2, side, side)


def _mean(sightings: Sequence[Sighting], square: Box) -> Floats:
    """The mean silhouette in `square`, as 32x32."""
    canvas = np.zeros((square.height, square.width), np.float32)
    for sighting in sightings:
        box = sighting.box
        x, y = box.x - square.x, box.y - square.y
        canvas[y : y + box.height, x : x + box.width] += sighting.mask
    return _small(canvas) / np.float32(len(sightings))


def _filled(box: Box, square: Box) -> Floats:
    """`box` filled, in `square`, as 32x32."""
    canvas = np.zeros((square.height, square.width), np.float32)
    x, y = box.x - square.x, box.y - square.y
    canvas[y : y + box.height, x : x + box.width] = 1.0
    return _small(canvas)


def _small(canvas: Floats) -> Floats:
    return np.asarray(cv2.resize(canvas, (SIZE, SIZE), interpolation=cv2.INTER_AREA), np.float32)
