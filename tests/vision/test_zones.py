"""Zones as masks: the pixels that were drawn round, drawn once, in whatever size the picture has."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.vision.tracker import Box
from agent.vision.zones import Zones
from agent.zones import Zone, ZoneKind

LEFT = Zone(ZoneKind.FLOOR, ((0, 0), (0.5, 0), (0.5, 1), (0, 1)))
RIGHT_LOW = Zone(ZoneKind.FLOOR, ((0.75, 0.5), (1, 0.5), (1, 1), (0.75, 1)))
BED = Zone(ZoneKind.BED, ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)), bed="1")
SHAPE = (120, 160)


def test_a_mask_is_one_where_the_zone_lies() -> None:
    mask = Zones((LEFT,)).mask(ZoneKind.FLOOR, SHAPE)
    assert mask.shape == SHAPE
    assert mask.dtype == np.uint8
    assert np.unique(mask).tolist() == [0, 1]
    assert mask[:, :79].all()
    assert not mask[:, 81:].any()


def test_zones_of_a_kind_are_one_mask_and_each_has_its_own() -> None:
    zones = Zones((LEFT, BED, RIGHT_LOW))
    floor = zones.mask(ZoneKind.FLOOR, SHAPE)
    assert floor[60:, 121:].all()
    assert not floor[:59, 121:].any()
    assert not zones.mask(LEFT, SHAPE)[:, 100:].any()
    assert (zones.mask(LEFT, SHAPE) | zones.mask(RIGHT_LOW, SHAPE) == floor).all()
    assert zones.of(ZoneKind.FLOOR) == (LEFT, RIGHT_LOW)
    assert zones.has(ZoneKind.BED)
    assert not zones.has(ZoneKind.IGNORE)
    assert not zones.mask(ZoneKind.IGNORE, SHAPE).any()


def test_a_mask_is_drawn_once_for_a_size_and_cannot_be_spoilt() -> None:
    zones = Zones((LEFT,))
    mask = zones.mask(ZoneKind.FLOOR, SHAPE)
    assert zones.mask(ZoneKind.FLOOR, (*SHAPE, 3)) is mask
    assert zones.mask(ZoneKind.FLOOR, (160, 120)).shape == (160, 120)
    with pytest.raises(ValueError, match="read-only"):
        mask[0, 0] = 0


def test_the_share_of_a_silhouette_counts_its_own_pixels() -> None:
    zones = Zones((LEFT,))
    silhouette = np.zeros((20, 40), np.uint8)
    silhouette[:, :10] = 1  # left in its box, which lies over the zone's edge
    assert zones.share_in(ZoneKind.FLOOR, silhouette, Box(40, 50, 40, 20), SHAPE) == 1.0
    assert zones.share_in(ZoneKind.FLOOR, silhouette, Box(100, 50, 40, 20), SHAPE) == 0.0
    half = zones.share_in(ZoneKind.FLOOR, silhouette, Box(75, 50, 40, 20), SHAPE)
    assert half == pytest.approx(0.5, abs=0.1)
    assert zones.share_in(LEFT, silhouette, Box(40, 50, 40, 20), SHAPE) == 1.0
    assert zones.share_in(ZoneKind.FLOOR, np.zeros((20, 40), np.uint8), Box(0, 0, 40, 20), SHAPE) == 0.0


@pytest.mark.parametrize(
    ("x", "y", "zone"), [(0.1, 0.1, LEFT), (0.5, 1.0, LEFT), (0.9, 0.9, RIGHT_LOW), (0.9, 0.1, None), (0.6, 0.5, None)]
)
def test_the_zone_at_a_point(x: float, y: float, zone: Zone | None) -> None:
    assert Zones((LEFT, BED, RIGHT_LOW)).at(ZoneKind.FLOOR, x, y) == zone


@given(
    left=st.integers(0, 14), top=st.integers(0, 10), width=st.integers(1, 10), height=st.integers(1, 10),
    size=st.sampled_from([(120, 160), (160, 120), (90, 160), (60, 80)]),
)  # fmt: skip
def test_a_drawn_area_is_the_area_that_was_meant(
    left: int, top: int, width: int, height: int, size: tuple[int, int]
) -> None:
    """To within a pixel at each edge, whatever the size of the picture."""
    right, bottom = min(1.0, (left + width) / 16), min(1.0, (top + height) / 12)
    zone = Zone(ZoneKind.SOFA, ((left / 16, top / 12), (right, top / 12), (right, bottom), (left / 16, bottom)))
    mask = Zones((zone,)).mask(ZoneKind.SOFA, size)
    across, down = (right - left / 16) * size[1], (bottom - top / 12) * size[0]
    assert abs(int(mask.sum()) - across * down) <= 2 * (across + down) + 4.001


def test_asking_costs_microseconds() -> None:
    zones = Zones((LEFT, RIGHT_LOW))
    silhouette = np.ones((60, 30), np.uint8)
    zones.mask(ZoneKind.FLOOR, SHAPE)
    began = time.perf_counter()
    for _ in range(200):
        zones.share_in(ZoneKind.FLOOR, silhouette, Box(60, 30, 30, 60), SHAPE)
    assert (time.perf_counter() - began) / 200 < 0.0005
