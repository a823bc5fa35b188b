"""Where a silhouette rests."""

import numpy as np
import pytest

from agent.vision.background import Bytes
from agent.vision.lying_place import base_share, on_floor, on_soft
from agent.vision.tracker import Box
from agent.vision.walkers import Walkers
from agent.vision.zones import Zones
from agent.zones import Zone, ZoneKind
from tests.vision.scenes import SHAPE

_LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
_ON_LEFT, _ON_RIGHT, _BESIDE = Box(10, 50, 50, 14), Box(100, 50, 50, 14), Box(60, 50, 50, 14)


def _full(box: Box) -> Bytes:
    return np.ones((box.height, box.width), np.uint8)


def _zones(*kinds: ZoneKind) -> Zones:
    return Zones(Zone(kind, _LEFT) for kind in kinds)


def test_the_lower_edge_says_where_it_rests() -> None:
    zone = np.zeros(SHAPE, np.uint8)
    zone[:60] = 1
    box = Box(20, 40, 10, 20)
    assert base_share(zone, _full(box), box) == 1.0
    lower = Box(20, 41, 10, 20)
    assert base_share(zone, _full(lower), lower) == 0.0
    ragged = _full(lower)
    ragged[-1, :4] = 0  # four of ten columns end a row higher
    assert base_share(zone, ragged, lower) == pytest.approx(0.4)
    empty = np.zeros((20, 10), np.uint8)
    assert base_share(zone, empty, box) == 0.0


def test_columns_without_a_pixel_have_no_edge() -> None:
    zone = np.zeros(SHAPE, np.uint8)
    zone[:, :25] = 1
    box, mask = Box(20, 40, 10, 20), np.zeros((20, 10), np.uint8)
    mask[3, 0] = mask[7, 9] = 1
    assert base_share(zone, mask, box) == 0.5


@pytest.mark.parametrize("kind", [ZoneKind.BED, ZoneKind.SOFA])
def test_on_a_bed_or_sofa_nobody_lies_on_the_floor_and_all_the_rest_is_floor(kind: ZoneKind) -> None:
    zones, walkers = _zones(kind), Walkers()
    assert on_soft(zones, _full(_ON_LEFT), _ON_LEFT, SHAPE)
    assert not on_floor(zones, walkers, _full(_ON_LEFT), _ON_LEFT, SHAPE)
    assert not on_soft(zones, _full(_ON_RIGHT), _ON_RIGHT, SHAPE)
    assert on_floor(zones, walkers, _full(_ON_RIGHT), _ON_RIGHT, SHAPE)
    assert on_floor(zones, walkers, _full(_BESIDE), _BESIDE, SHAPE)


def test_a_floor_zone_says_where_the_floor_is() -> None:
    zones = _zones(ZoneKind.FLOOR)
    assert on_floor(zones, Walkers(), _full(_ON_LEFT), _ON_LEFT, SHAPE)
    assert not on_floor(zones, Walkers(), _full(_ON_RIGHT), _ON_RIGHT, SHAPE)
    on_a_bed_on_the_floor = _zones(ZoneKind.FLOOR, ZoneKind.BED)
    assert not on_floor(on_a_bed_on_the_floor, Walkers(), _full(_ON_LEFT), _ON_LEFT, SHAPE)


@pytest.mark.parametrize("kind", [ZoneKind.EXIT, ZoneKind.IGNORE])
def test_other_zones_say_nothing_of_the_floor(kind: ZoneKind) -> None:
    assert not on_floor(_zones(kind), Walkers(), _full(_ON_RIGHT), _ON_RIGHT, SHAPE)
