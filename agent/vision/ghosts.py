"""Ghosts: foreground where nothing stands any more, because something that was learned as the room has gone.

Whoever sat in the first picture leaves a hole in the background when he gets up, a chair that is pushed away leaves
one too. A hole has its outline in the room as learned and none in the picture; a person has it the other way round
(after Cucchiara et al., "Detecting moving objects, ghosts, and shadows in video streams", PAMI 2003).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

STILL = 4  # frames: what still moves is no ghost
_LEAST = 0.001  # of the picture
_MOST = 12  # looked at in one frame
_OUTSIDE = 8  # pixels of outline against the room that are needed to judge
_CLEAR = 0.05  # log units a pixel: an outline
_GONE = 0.5  # share of the room's outline that the picture may still show

_RING = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))


def ghosts(mask: Bytes, still: NDArray[np.int16], picture: Floats, room: Floats) -> Bytes:
    """0/1 mask (h, w) of the parts of the foreground `mask` that are ghosts; log luminances (h, w)."""
    found = np.zeros_like(mask)
    resting = mask & (still >= STILL).astype(np.uint8)
    if not resting.any():
        return found
    _, labels, stats, _ = cv2.connectedComponentsWithStats(resting, connectivity=4)
    least = _LEAST * mask.size
    large = [n for n in np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:_MOST] + 1 if stats[n, cv2.CC_STAT_AREA] >= least]
    if not large:
        return found
    edges_now, edges_then = _edges(picture), _edges(room)
    for number in large:
        x, y, wide, high = (int(value) for value in stats[number, :4])
        cut = np.s_[max(0, y - 2) : y + high + 2, max(0, x - 2) : x + wide + 2]
        part = (labels[cut] == number).astype(np.uint8)
        outside = cv2.dilate(part, _RING) & (mask[cut] == 0).astype(np.uint8)
        if int(outside.sum()) < _OUTSIDE:
            continue
        outline = cv2.dilate(outside, _RING) > 0
        then = float(edges_then[cut][outline].mean())
        if then > _CLEAR and float(edges_now[cut][outline].mean()) < _GONE * then:
            found[cut] |= part
    return found


def _edges(luminance: Floats) -> Floats:
    across, down = (
        cv2.Sobel(luminance, cv2.CV_32F, 1, 0, scale=0.25),
        cv2.Sobel(luminance, cv2.CV_32F, 0, 1, scale=0.25),
    )
    return np.asarray(cv2.magnitude(across, down), np.float32)
