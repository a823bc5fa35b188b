import cv2
import numpy as np
import pytest

from agent.vision.alignment import Floats, alignment, displacement
from agent.vision.background import log_luminance


def _view(moved: Floats | None = None, gain: float = 1.0, person_at: int | None = None) -> Floats:
    """A furnished room as a camera sees it that was moved by `moved`."""
    dice = np.random.default_rng(5)
    room = np.full((160, 220, 3), 150, np.uint8)
    for _ in range(30):
        x, y = int(dice.integers(0, 200)), int(dice.integers(0, 140))
        wide, high = (int(side) for side in dice.integers(8, 40, 2))
        cv2.rectangle(room, (x, y), (x + wide, y + high), [int(grey) for grey in dice.integers(40, 220, 3)], -1)
    if moved is not None:
        room = np.asarray(cv2.warpAffine(room, moved, (220, 160), borderMode=cv2.BORDER_REFLECT), np.uint8)
    seen = room[20:140, 30:190].copy()
    if person_at is not None:
        cv2.rectangle(seen, (person_at, 30), (person_at + 30, 118), (30, 30, 60), -1)
    noisy = seen * gain + np.random.default_rng(1).normal(0, 2, seen.shape)
    return log_luminance(np.clip(noisy, 0, 255).astype(np.uint8))


def _nudge(right: float, down: float, degrees: float = 0.0, scale: float = 1.0) -> Floats:
    moved = cv2.getRotationMatrix2D((110, 80), degrees, scale)
    moved[:, 2] += np.array([right, down])
    return np.asarray(moved, np.float32)


@pytest.mark.parametrize(
    ("right", "down", "degrees", "scale"), [(3, 0, 0, 1), (-4, 2, 0, 1), (1, -5, 0.8, 1), (2, 1, -1.0, 1.03)]
)
def test_a_nudge_is_found_with_a_person_in_view_and_another_light(
    right: float, down: float, degrees: float, scale: float
) -> None:
    found = alignment(_view(), _view(_nudge(right, down, degrees, scale), gain=0.7, person_at=70))
    assert found is not None
    middle = found[:, :2] @ np.array([80, 60], np.float32) + found[:, 2] - (80, 60)
    assert middle == pytest.approx((right, down), abs=0.6)
    assert np.hypot(found[0, 0], found[1, 0]) == pytest.approx(scale, abs=0.01)


def test_a_camera_that_hangs_still_is_not_moved_by_who_walks_through() -> None:
    found = [alignment(_view(person_at=30), _view(person_at=person_at)) for person_at in (0, 60, 120)]
    sure = [moved for moved in found if moved is not None]
    assert len(sure) >= 2
    assert all(displacement(moved, (120, 160)) < 0.5 for moved in sure)


def test_another_room_or_a_plain_wall_is_no_nudge() -> None:
    wall = np.full((120, 160), 5.0, np.float32)
    assert alignment(wall, _view()) is None
    assert alignment(_view(), wall) is None
    assert alignment(_view(), np.ascontiguousarray(_view()[::-1, ::-1])) is None


def test_what_is_turned_too_far_or_came_nearer_is_another_view() -> None:
    assert alignment(_view(), _view(_nudge(0, 0, scale=1.2))) is None
    assert alignment(_view(), _view(_nudge(0, 0, degrees=9))) is None


def test_displacement_is_that_of_the_corner_that_moves_most() -> None:
    assert displacement(np.array([[1, 0, 2], [0, 1, -3]], np.float32), (120, 160)) == 3.0
    assert displacement(np.array([[1.01, 0, 0], [0, 1, 0]], np.float32), (120, 160)) == pytest.approx(1.6, abs=1e-3)
