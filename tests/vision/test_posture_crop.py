"""What the posture net is shown."""

import numpy as np
import pytest

from agent.vision.posture_crop import CHANNELS, SIZE, Stature, posture_crop
from agent.vision.tracker import Box, Sighting

_SHAPE = (120, 160)


def _sighting(at: float, box: Box) -> Sighting:
    return Sighting(at, box, np.ones((box.height, box.width), np.uint8), box.width * box.height, 1.0)


def _still(box: Box) -> list[Sighting]:
    return [_sighting(step / 10, box) for step in range(10)]


def _extent(picture: np.ndarray) -> tuple[int, int]:
    """Rows and columns with something in them."""
    return int((picture > 0.5).any(axis=1).sum()), int((picture > 0.5).any(axis=0).sum())


def test_near_by_the_silhouette_fills_its_square_and_in_the_picture_it_has_its_place() -> None:
    crop = posture_crop(_still(Box(120, 20, 16, 80)), 0.9, _SHAPE)
    assert crop.shape == (CHANNELS, SIZE, SIZE)
    assert crop.dtype == np.float32
    assert _extent(crop[0]) == pytest.approx((29, 6), abs=1)
    rows, columns = np.nonzero(crop[1] > 0.5)
    assert (columns.min(), columns.max()) == (24, 26)  # 120 to 136 of 160 pixels
    assert (rows.min(), rows.max()) == (8, 23)  # 20 to 100 of 120, which stand 20 below the square's edge
    assert crop[2].max() == 0.0


def test_an_upright_picture_stands_in_the_middle_too() -> None:
    crop = posture_crop(_still(Box(0, 0, 90, 160)), 0.9, (160, 90))
    assert _extent(crop[1]) == (32, 18)


def test_what_moves_is_grey() -> None:
    sightings = [_sighting(step / 10, Box(50 + 8 * step, 40, 8, 30)) for step in range(5)]
    crop = posture_crop(sightings, 0.4, _SHAPE)
    assert crop[0].max() == pytest.approx(0.2, abs=0.02)


def test_small_silhouettes_are_not_enlarged() -> None:
    crop = posture_crop(_still(Box(50, 50, 4, 10)), 0.9, _SHAPE)
    assert _extent(crop[0]) == (10, 4)


def test_the_stature_stands_on_the_same_place_and_the_square_holds_both() -> None:
    crop = posture_crop(_still(Box(60, 90, 40, 10)), 0.9, _SHAPE, Stature(16, 64))
    body, standing = crop[0] > 0.5, crop[2] > 0.5
    assert np.flatnonzero(body.any(axis=1)).max() == pytest.approx(np.flatnonzero(standing.any(axis=1)).max(), abs=1)
    assert _extent(crop[2]) == pytest.approx((29, 7), abs=1)
    assert _extent(crop[0]) == pytest.approx((5, 18), abs=1)


@pytest.mark.parametrize("stature", [None, Stature(0.2, 0.4), Stature(300, 500)])
@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(159, 119, 1, 1), Box(0, 0, 160, 120)])
def test_any_silhouette_at_any_edge_fits(box: Box, stature: Stature | None) -> None:
    crop = posture_crop([_sighting(0.0, box)], 5.0, _SHAPE, stature)
    assert crop.min() >= 0.0
    assert crop.max() <= 1.0001
