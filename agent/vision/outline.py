"""The outline of a learned room: edges alone, on which staff draw zones. Nobody in view is in it. Pure."""

from dataclasses import dataclass

import cv2
import numpy as np

from agent.vision.background import Bytes, Floats

WIDTH, HEIGHT = 160, 120  # bits; no finer than what is looked at, and one line of 4 KiB as base64
_STRONG = 0.86  # share of the pixels whose gradient is weaker than that of an edge
_WEAKER = 0.4  # of the gradient of an edge: goes on where one is
_FAINTEST = 12.0  # of 255 grey levels over a pixel: below there is only noise


@dataclass(frozen=True, slots=True)
class Outline:
    """`bits`: `height` rows of `width` pixels, row by row, eight to a byte, the first one highest; 1 is an edge."""

    width: int
    height: int
    bits: bytes


def outline(room: Floats) -> Outline:
    """The edges of a room, given as the log luminance (h, w) that was learned of it, at most 160 x 120 of them."""
    edges = _edges(_grey(room))
    return Outline(edges.shape[1], edges.shape[0], np.packbits(edges > 0).tobytes())


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
