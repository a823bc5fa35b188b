"""What the net sees: the last 2.4 seconds of one track as small silhouettes in one fixed frame."""

from collections.abc import Sequence

import cv2
import numpy as np

from agent.vision.background import Floats
from agent.vision.tracker import Box, Sighting

FRAMES = 24
SIZE = 24
STEP_S = 0.1
LENGTH_S = FRAMES * STEP_S
_MARGIN = 1.08  # room round the union of all boxes, so that the net sees where the silhouette ends


def window(sightings: Sequence[Sighting], until: float) -> Floats:
    """(24, 24, 24) float32 in 0..1, oldest first; sightings are held over gaps, the first one before its time.

    The frame is the square round all boxes of the window: what stays still stays still in it, what drops drops.
    A silhouette smaller than 24 pixels is not enlarged: there is nothing more to see in it.
    Taken by time, not by count: cameras that give 8 or 15 frames a second look the same.
    """
    chosen = [sighting_at(sightings, until - step * STEP_S) for step in range(FRAMES - 1, -1, -1)]
    union = Box.around(sighting.box for sighting in chosen)
    side = max(SIZE, round(max(union.width, union.height) * _MARGIN))
    left = union.x + union.width // 2 - side // 2
    top = union.y + union.height // 2 - side // 2
    canvas = np.zeros((FRAMES, side, side), np.uint8)
    for index, sighting in enumerate(chosen):
        box = sighting.box
        y, x = box.y - top, box.x - left
        canvas[index, y : y + box.height, x : x + box.width] = sighting.mask * 255
    # All frames as one tall picture in one call: an area average cannot bleed over a frame's edge, a multiple of it.
    tall = cv2.resize(canvas.reshape(FRAMES * side, side), (SIZE, FRAMES * SIZE), interpolation=cv2.INTER_AREA)
    return (tall.reshape(FRAMES, SIZE, SIZE) / 255.0).astype(np.float32)


def moving(sightings: Sequence[Sighting], until: float) -> float:
    """The largest share of the silhouette that moved lately, over the window's time: 0 is a statue."""
    return max((s.moving for s in sightings if s.at > until - LENGTH_S), default=0.0)


def sighting_at(sightings: Sequence[Sighting], moment: float) -> Sighting:
    """The last sighting not after `moment`, or the first of all."""
    for sighting in reversed(sightings):
        if sighting.at <= moment + STEP_S / 2:
            return sighting
    return sightings[0]
