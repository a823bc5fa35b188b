"""What the posture net sees: how one track looked over the last half second, near by and in the whole picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from agent.vision.background import Floats
from agent.vision.tracker import Box, Sighting
from agent.vision.window import sighting_at

SIZE = 32
FRAMES = 5
_STEP_S = 0.1
_MARGIN = 1.1  # room round the silhouette, so that the net sees where it ends


def posture_crop(sightings: Sequence[Sighting], until: float, shape: tuple[int, ...]) -> Floats:
    """(2, 32, 32) float32 in 0..1 for a picture of `shape` (h, w): the silhouette in its own square, and in the picture.

    Both are means over five sightings, 0.1 s apart: what flickers is grey. The picture stands in the middle of its
    square, so that a body is as long as it looks. A silhouette smaller than 32 pixels is not enlarged.
    """
    chosen = [sighting_at(sightings, until - step * _STEP_S) for step in range(FRAMES)]
    union = Box.around(sighting.box for sighting in chosen)
    own = round(max(SIZE, union.width * _MARGIN, union.height * _MARGIN))
    whole = max(shape[:2])
    near = union.x + union.width // 2 - own // 2, union.y + union.height // 2 - own // 2
    far = (shape[1] - whole) // 2, (shape[0] - whole) // 2
    return np.stack([_mean(chosen, near, own), _mean(chosen, far, whole)])


def _mean(sightings: Sequence[Sighting], corner: tuple[int, int], side: int) -> Floats:
    """The mean silhouette in the square of `side` pixels whose upper left `corner` is x, y, as 32x32."""
    canvas = np.zeros((side, side), np.float32)
    for sighting in sightings:
        box = sighting.box
        x, y = box.x - corner[0], box.y - corner[1]
        canvas[y : y + box.height, x : x + box.width] += sighting.mask
    small = cv2.resize(canvas, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(len(sightings)), np.float32)
