"""Boxes of the mosaic come back where they were, turned or not; found by a detector of light."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from agent.vision.mosaic import SIDE, View, apart, mosaic
from models.person_detector import Person, Region


def lit(left: int, top: int, right: int, bottom: int, height: int = 240, width: int = 320) -> NDArray[np.uint8]:
    """A dark frame with one bright rectangle."""
    frame = np.zeros((height, width, 3), np.uint8)
    frame[top:bottom, left:right] = 255
    return frame


def lights(whole: NDArray[np.uint8]) -> list[Person]:
    """The box of what shines in each quarter of a mosaic."""
    found = []
    half = SIDE // 2
    for top in (0, half):
        for left in (0, half):
            rows, columns = np.nonzero(whole[top : top + half, left : left + half, 0] > 200)
            if len(rows):
                x0, x1 = float(left + columns.min()), float(left + columns.max() + 1)
                y0, y1 = float(top + rows.min()), float(top + rows.max() + 1)
                found.append(Person(x0, y0, x1, y1, 0.9))
    return found


boxes = st.tuples(st.integers(0, 280), st.integers(0, 200), st.integers(16, 120), st.integers(16, 120)).map(
    lambda box: (box[0], box[1], min(320, box[0] + box[2]), min(240, box[1] + box[3]))
)


@given(boxes, st.lists(st.sampled_from([0, 1, -1]), min_size=1, max_size=4))
def test_what_is_seen_in_a_view_is_where_it_is_in_its_frame(box: tuple[int, int, int, int], turns: list[int]) -> None:
    views = [View(lit(*box), Region(*(float(side) for side in box)), quarters) for quarters in turns]
    by_view = apart(lights(mosaic(views)), views)
    assert len(by_view) == len(turns)
    for people in by_view:
        (person,) = people
        assert (person.left, person.top, person.right, person.bottom) == pytest.approx(box, abs=2.0)
        assert person.score == 0.9


def test_views_of_different_frames_stay_apart() -> None:
    first, second = (10, 10, 50, 90), (200, 100, 280, 130)
    views = [View(lit(*box), Region(*(float(side) for side in box))) for box in (first, second)]
    views.append(View(lit(0, 0, 1, 1), Region(100.0, 100.0, 150.0, 150.0)))
    a, b, c = apart(lights(mosaic(views)), views)
    assert (a[0].right, a[0].bottom) == pytest.approx((50, 90), abs=1.0)
    assert (b[0].left, b[0].top) == pytest.approx((200, 100), abs=1.0)
    assert c == []


def test_a_lying_person_stands_in_one_of_the_turned_views() -> None:
    lying = (100, 150, 180, 180)
    region = Region(*(float(side) for side in lying))
    for quarters, upright in ((0, False), (1, True), (-1, True)):
        (light,) = lights(mosaic([View(lit(*lying), region, quarters)]))
        assert (light.height > light.width) is upright


def test_what_reaches_over_two_views_is_nobody() -> None:
    view = View(lit(0, 0, 9, 9), Region(0.0, 0.0, 9.0, 9.0))
    half = SIDE / 2
    assert apart([Person(0, 0, half + 1, 10, 0.9)], [view]) == [[]]
    assert apart([Person(0, 0, half, 10, 0.9)], [view]) != [[]]
    assert apart([Person(half + 10, 0, half + 60, 10, 0.9)], [view]) == [[]]  # a view that was not shown
    assert apart([Person(-40, -40, -20, -20, 0.9)], [view])[0] != []


def test_a_place_at_the_edge_is_cut_off_there_and_one_outside_is_a_pixel() -> None:
    frame = lit(0, 0, 30, 30)
    pixels, left, top = View(frame, Region(0.0, 0.0, 30.0, 30.0)).cut()
    assert (left, top) == (0, 0)
    assert pixels.shape == (47, 47, 3)
    pixels, left, top = View(frame, Region(310.0, 230.0, 320.0, 240.0)).cut()
    assert (left, top, *pixels.shape) == (283, 203, 37, 37, 3)
    for region in (Region(900.0, 900.0, 950.0, 950.0), Region(-950.0, -950.0, -900.0, -900.0)):
        assert View(frame, region).cut()[0].shape == (1, 1, 3)
        assert mosaic([View(frame, region)]).shape == (SIDE, SIDE, 3)


def test_a_small_place_is_shown_with_what_is_round_it() -> None:
    pixels, left, top = View(lit(0, 0, 1, 1), Region(160.0, 120.0, 164.0, 130.0)).cut()
    assert (left, top, *pixels.shape) == (130, 93, 64, 64, 3)


def test_more_than_four_views_do_not_fit() -> None:
    view = View(lit(0, 0, 9, 9), Region(0.0, 0.0, 9.0, 9.0))
    assert mosaic([view] * 4).shape == (SIDE, SIDE, 3)
    with pytest.raises(ValueError, match="5 views"):
        mosaic([view] * 5)
    assert (mosaic([]) == 114).all()


def test_what_two_boxes_share() -> None:
    region = Region(10.0, 10.0, 30.0, 40.0)
    assert (region.width, region.height) == (20, 30)
    assert region.shared(Person(20, 20, 50, 50, 1.0)) == 200
    assert region.shared(Person(30, 10, 50, 40, 1.0)) == 0
    assert region.shared(Person(0, 50, 50, 60, 1.0)) == 0
