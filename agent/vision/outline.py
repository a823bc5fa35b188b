"""The outline of a learned room: edges alone, on which staff draw zones. Pure.

Nobody in view is in it: it is made of the room, not of a frame, and without whatever has moved there lately. Who sat in
view while the room was learned is part of it as the eyes know it; but nobody sits without a stir for a minute.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.vision.background import Bytes, Floats

WIDTH, HEIGHT = 160, 120  # bits; no finer than what is looked at, and one line of 4 KiB as base64
_STRONG = 0.86  # share of the pixels whose gradient is weaker than that of an edge
_WEAKER = 0.4  # of the gradient of an edge: goes on where one is
_RESTED = 600  # frames: a minute at ten a second, longer at fewer
_BESIDE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))  # a limb that stirs shows the body it belongs to
_FAINTEST = 12.0  # of 255 grey levels over a pixel: below there is only noise


@dataclass(frozen=True, slots=True)
class Outline:
    """`bits`: `height` rows of `width` pixels, row by row, eight to a byte, the first one highest; 1 is an edge."""

    width: int
    height: int
    bits: bytes


def outline(room: Floats, still: NDArray[np.int16]) -> Outline | None:
    """The edges of a room, given as the log luminance (h, w) that was learned of it, at most 160 x 120 of them.

    `still`: frames since something last moved at each pixel; an edge where that is less than a minute is left out.
    None where no part of the picture has been still for so long: it has not been looked at for a minute.
    """
    moved = (still < _RESTED).astype(np.uint8)
    if moved.all():
        return None
    edges = _edges(_grey(room))
    height, width = edges.shape
    hidden = cv2.resize(cv2.dilate(moved, _BESIDE), (width, height), interpolation=cv2.INTER_NEAREST)
    return Outline(width, height, np.packbits((edges > 0) & (hidden == 0)).tobytes())


def _grey(room: Floats) -> Bytes:
    """Eight bits of the room, small enough; over its own range, since a dark room has edges too."""
    height, width = room.shape
    scale = min(WIDTH / width, HEIGHT / height)
    size = (max(1, min(WIDTH, round(width * scale))), max(1, min(HEIGHT, round(height * scale))))
    low, high = (float(one) for one in np.percentile(room, (1, 99)))
    shown = np.clip((room - low) / max(high - low, 0.5), 0.0, 1.0) * 255.0
    return np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA), np.uint8)


def _edges(grey: Bytes) -> Bytes:
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    across, down = cv2.Sobel(smooth, cv2.CV_16S, 1, 0), cv2.Sobel(smooth, cv2.CV_16S, 0, 1)
    gradient = np.abs(across).astype(np.float32) + np.abs(down)
    strong = max(4 * _FAINTEST, float(np.quantile(gradient, _STRONG)))
    return np.asarray(cv2.Canny(across, down, _WEAKER * strong, strong), np.uint8)
