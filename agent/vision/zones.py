"""Zones as masks over the small picture: which pixels are floor, bed, sofa or exit, and which are not looked at."""

from collections.abc import Iterable

import cv2
import numpy as np

from agent.vision.background import Bytes
from agent.vision.tracker import Box
from agent.zones import Zone, ZoneKind

_FIXED_POINT = 4  # bits below a pixel that cv2 is given: an edge falls where it was drawn, not on the next corner


class Zones:
    """The zones of one camera; each mask is drawn once for a size of the picture, and must not be written to."""

    def __init__(self, zones: Iterable[Zone] = ()) -> None:
        self.all = tuple(zones)
        self._masks: dict[tuple[ZoneKind | Zone, tuple[int, int]], Bytes] = {}

    def of(self, kind: ZoneKind) -> tuple[Zone, ...]:
        """The zones of `kind`, in the order in which they were set."""
        return tuple(zone for zone in self.all if zone.kind is kind)

    def has(self, kind: ZoneKind) -> bool:
        """Whether there is any of `kind`."""
        return any(zone.kind is kind for zone in self.all)

    def mask(self, kind: ZoneKind | Zone, shape: tuple[int, ...]) -> Bytes:
        """(h, w) bytes for a picture of `shape`: 1 inside a zone of `kind`, or inside that one zone; else 0."""
        size = (shape[0], shape[1])
        found = self._masks.get((kind, size))
        if found is None:
            zones = (kind,) if isinstance(kind, Zone) else self.of(kind)
            found = self._masks[kind, size] = _drawn(zones, size)
        return found

    def share_in(self, kind: ZoneKind | Zone, mask: Bytes, box: Box, shape: tuple[int, ...]) -> float:
        """The share of a silhouette that lies in such a zone: `mask` (0/1) fills `box` of a picture of `shape`."""
        area = cv2.countNonZero(mask)
        if not area:
            return 0.0
        zone = self.mask(kind, shape)[box.y : box.bottom, box.x : box.right]
        return cv2.countNonZero(cv2.bitwise_and(mask, zone)) / area

    def at(self, kind: ZoneKind, x: float, y: float) -> Zone | None:
        """The zone of `kind` at a point, in shares of the picture; its edge belongs to it. None: none is there."""
        return next((zone for zone in self.of(kind) if _inside(zone, x, y)), None)


def _drawn(zones: Iterable[Zone], size: tuple[int, int]) -> Bytes:
    height, width = size
    mask = np.zeros(size, np.uint8)
    for zone in zones:
        # A share s of the width is the left edge of pixel s * width, whose centre cv2 calls s * width: hence the half.
        corners = np.array(zone.polygon, np.float64) * (width, height) - 0.5
        points = np.round(corners * (1 << _FIXED_POINT)).astype(np.int32)
        cv2.fillPoly(mask, [points], 1, shift=_FIXED_POINT)
    mask.flags.writeable = False
    return mask


def _inside(zone: Zone, x: float, y: float) -> bool:
    contour = np.array(zone.polygon, np.float32).reshape(-1, 1, 2)
    return cv2.pointPolygonTest(contour, (float(x), float(y)), measureDist=False) >= 0
