"""Where a silhouette rests: on the floor, on a bed, on a sofa."""

import numpy as np

from agent.vision.background import Bytes
from agent.vision.tracker import Box
from agent.vision.walkers import Walkers
from agent.vision.zones import Zones
from agent.zones import ZoneKind

_MOST = 0.5  # share of the silhouette's lower edge that says where it rests
_SOFT = (ZoneKind.BED, ZoneKind.SOFA)


def base_share(zone: Bytes, mask: Bytes, box: Box) -> float:
    """The share of the lower edge of a silhouette (its lowest pixel in each column) that lies in `zone` (h, w; 0/1).

    Who lies before a bed hides some of it, but his lower edge is on the floor; from above the edge is as good as the
    whole. `mask` (0/1) fills `box`.
    """
    columns = np.flatnonzero(mask.any(axis=0))
    if not len(columns):
        return 0.0
    lowest = mask.shape[0] - 1 - np.argmax(mask[::-1, columns], axis=0)
    return float(np.mean(zone[box.y + lowest, box.x + columns]))


def on_soft(zones: Zones, mask: Bytes, box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a silhouette rests on a bed or a sofa: whoever lies there has not come to lie on the floor."""
    soft = np.zeros(shape[:2], np.uint8)
    for kind in _SOFT:
        soft |= zones.mask(kind, shape)
    return base_share(soft, mask, box) >= _MOST


def on_floor(zones: Zones, walkers: Walkers, mask: Bytes, box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a silhouette rests on the floor, as far as that is known.

    Zones of kind floor say where it is; where only beds and sofas were set, it is all the rest; where nothing was, it
    is where feet were seen to walk.
    """
    if on_soft(zones, mask, box, shape):
        return False
    if zones.has(ZoneKind.FLOOR):
        return base_share(zones.mask(ZoneKind.FLOOR, shape), mask, box) >= _MOST
    return any(zones.has(kind) for kind in _SOFT) or base_share(walkers.floor(shape), mask, box) >= _MOST
