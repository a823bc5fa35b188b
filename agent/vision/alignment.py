"""How a picture lies beside another one of the same room: a camera that was nudged, or hangs on a door.

Corners of the room are looked for in the picture (Lucas-Kanade), and the shift, turn and scale on which most of them
agree is taken (RANSAC): people in view are corners that disagree. Phase correlation and ECC were tried: both follow
the person where the room is plain.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_CORNERS, _BETWEEN = 80, 5  # corners looked for, pixels between them
_AGREE_WITHIN = 1.0  # pixels
_ENOUGH, _SHARE = 12, 0.2  # corners that must agree, of those found
_SCALE = 0.08  # a camera that was nudged came no nearer than this
_TURN = 0.08  # radians
_FARTHEST = 0.12  # of the picture's longer side
_GREY_PER_LOG = 70.0  # 8-bit steps a log unit


def alignment(room: Floats, picture: Floats) -> Floats | None:
    """The 2 x 3 matrix that takes points of `room` to points of `picture`, both log luminances (h, w).

    None where they do not agree on one, or it is another view rather than a nudge.
    """
    first, second = _grey(room), _grey(picture)
    corners = cv2.goodFeaturesToTrack(first, _CORNERS, 0.01, _BETWEEN)
    if corners is None or len(corners) < _ENOUGH:
        return None
    guess = corners.copy()
    found, seen, _ = cv2.calcOpticalFlowPyrLK(first, second, corners, guess, winSize=(15, 15), maxLevel=3)
    known = seen[:, 0] > 0
    if known.sum() < _ENOUGH:
        return None
    moved, agree = cv2.estimateAffinePartial2D(corners[known], found[known], ransacReprojThreshold=_AGREE_WITHIN)
    if moved is None or agree.sum() < max(_ENOUGH, _SHARE * len(corners)):
        return None
    nudge = np.asarray(moved, np.float32)
    return nudge if _is_nudge(nudge, room.shape) else None


def displacement(moved: Floats, shape: tuple[int, ...]) -> float:
    """By how many pixels the corners of a picture of `shape` move, at most."""
    height, width = shape[:2]
    ends = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
    return float(np.abs(ends @ moved[:, :2].T + moved[:, 2] - ends).max())


def _is_nudge(moved: Floats, shape: tuple[int, ...]) -> bool:
    scale, turn = float(np.hypot(moved[0, 0], moved[1, 0])), float(np.arctan2(moved[1, 0], moved[0, 0]))
    middle = np.array([shape[1] / 2, shape[0] / 2])
    shift = float(np.abs(moved[:, :2] @ middle + moved[:, 2] - middle).max())
    return abs(scale - 1) < _SCALE and abs(turn) < _TURN and shift < _FARTHEST * max(shape)


def _grey(luminance: Floats) -> NDArray[np.uint8]:
    """Around the median, so that a change of light moves nothing."""
    grey = np.clip((luminance - np.median(luminance)) * _GREY_PER_LOG + 128.0, 0, 255)
    return np.asarray(grey, np.uint8)
