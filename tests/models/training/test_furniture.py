import numpy as np
import pytest

from models.training.furniture import Box3, bed, put, spare


def test_how_far_a_point_is_from_a_turned_box() -> None:
    box = Box3((1.0, 0.0, 0.5), (0.5, 0.2, 0.5), 90.0, "wood")
    assert box.near(1.0, 0.4) == 0.0, "its long side now lies along y"
    assert box.near(1.0, 0.6) == pytest.approx(0.1)
    assert box.near(1.3, 0.0) == pytest.approx(0.1)
    assert box.near(1.5, 0.9) == pytest.approx(0.5)


def test_a_piece_is_put_down_as_a_whole() -> None:
    (first,) = put([((0.3, 0.0, 0.4), (0.1, 0.1, 0.4), "wood")], 2.0, 1.0, 90.0)
    assert first.middle == pytest.approx((2.0, 1.3, 0.4))


def test_a_mattress_ends_at_its_top() -> None:
    mattress = bed(np.random.default_rng(0), 0.5)[0]
    assert mattress[0][2] + mattress[1][2] == pytest.approx(0.5)


def test_nothing_stands_where_people_go_or_where_the_camera_is() -> None:
    random = np.random.default_rng(4)
    ways = np.stack([np.linspace(-2, 2, 41), np.zeros(41)], axis=1)
    here = np.array([[0.0, 1.5]])
    boxes = [box for _ in range(20) for box in spare(random, 4, (0.0, 0.0), 3.0, ways, here)]
    assert len(boxes) > 40
    assert min(box.near(float(x), float(y)) for box in boxes for x, y in (*ways, *here)) > 0.1
