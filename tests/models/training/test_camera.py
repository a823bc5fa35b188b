import numpy as np
import pytest

from models.training.camera import CEILING_DEG, Camera, camera, look_at

MIDDLE = np.array([0.0, 0.0, 1.0])


def _looking_down(degrees: float) -> Camera:
    """From the origin's height, its axis so many degrees below the horizon."""
    angle = np.radians(degrees)
    position = np.array([0.0, 0.0, 2.5])
    return look_at(position, position + np.array([np.cos(angle), 0.0, -np.sin(angle)]), 0.0, 70.0, (160, 120))


@pytest.mark.parametrize("barrel", [0.0, 0.5, 1.1])
@pytest.mark.parametrize("size", [(160, 120), (90, 160)])
def test_a_ray_ends_in_the_pixel_that_it_came_from(barrel: float, size: tuple[int, int]) -> None:
    eye = look_at(np.array([0.0, -3.0, 2.0]), np.array([0.2, 0.0, 0.8]), 0.03, 60.0, size, barrel)
    rows, columns = np.arange(7, size[1], 20), np.arange(7, size[0], 20)
    rays = eye.rays()[rows[:, None], columns[None, :]].reshape(-1, 3)
    plane = eye.ahead(eye.position + 2.5 * rays)
    expected = np.stack(np.meshgrid(columns + 0.5, rows + 0.5), axis=-1).reshape(-1, 2)
    assert np.allclose(eye.pixels(plane[:, :2]), expected, atol=0.02)
    assert np.allclose(plane[:, 2], 2.5, atol=1e-5), "a ray is one metre of depth long"


def test_the_horizontal_angle_is_what_was_asked_for_with_and_without_distortion() -> None:
    for barrel in (0.0, 0.9):
        eye = look_at(np.zeros(3), np.array([1.0, 0.0, 0.0]), 0.0, 100.0, (160, 120), barrel)
        edge = np.array([[np.tan(np.radians(50.0)), 0.0]])
        assert eye.pixels(edge)[0, 0] == pytest.approx(160.0)


def test_distortion_draws_the_edge_nearer_than_a_pinhole_does() -> None:
    straight, bent = (look_at(np.zeros(3), np.array([1.0, 0, 0]), 0.0, 100.0, (160, 120), b) for b in (0.0, 0.9))
    point = np.array([[0.4, 0.0]])
    assert bent.pixels(point)[0, 0] > straight.pixels(point)[0, 0], "the middle is magnified, the edge is not"


def test_the_view_turns_to_ceiling_at_its_angle() -> None:
    assert _looking_down(CEILING_DEG - 0.5).view == "wall"
    assert _looking_down(CEILING_DEG + 0.5).view == "ceiling"
    assert _looking_down(-80.0).view == "wall", "a camera that looks up is no ceiling camera"


def test_straight_down_is_no_special_case() -> None:
    eye = look_at(np.array([0.0, 0.0, 2.6]), np.array([0.0, 0.0, 0.0]), 0.4, 80.0, (160, 120))
    assert np.isfinite(eye.axes).all()
    assert np.allclose(eye.axes[2], [0.0, 0.0, -1.0])


@pytest.mark.parametrize("view", ["wall", "ceiling"])
def test_a_view_that_is_asked_for_is_drawn(view: str) -> None:
    random = np.random.default_rng(1)
    assert {camera(random, MIDDLE, view).view for _ in range(60)} == {view}


def test_cameras_hang_where_cameras_hang() -> None:
    random = np.random.default_rng(2)
    drawn = [camera(random, MIDDLE) for _ in range(300)]
    heights = np.array([eye.position[2] for eye in drawn])
    assert heights.min() >= 0.5
    assert heights.max() <= 3.2
    assert {eye.view for eye in drawn} == {"wall", "ceiling"}
    assert {(eye.width, eye.height) for eye in drawn} == {(160, 120), (160, 90), (90, 160)}
    assert any(eye.barrel > 0 for eye in drawn)
    assert all(eye.position[2] > 2.2 for eye in drawn if eye.view == "ceiling" and abs(eye.position[0]) < 0.05)
