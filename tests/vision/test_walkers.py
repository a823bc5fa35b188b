"""What is learned from those who walk, and what falls, sits or rolls by is no lesson."""

from collections import deque

import numpy as np
import pytest

from agent.vision.background import Foreground
from agent.vision.scene import Scene
from agent.vision.tracker import Box, Sighting, Track
from agent.vision.walkers import Walkers
from tests.vision.scenes import SHAPE


def _scene(at: float, track: Track) -> Scene:
    empty = np.zeros(SHAPE, np.uint8)
    foreground = Foreground(empty, np.zeros(SHAPE, np.int16), empty, 0.0)
    return Scene(at, np.zeros((*SHAPE, 3), np.uint8), foreground, (track,), (track,), learning=False, unclear=False)


def _pass_by(walkers: Walkers, boxes: list[Box], moving: float = 0.5) -> None:
    track = Track(1, deque(maxlen=40))
    for step, box in enumerate(boxes):
        mask = np.ones((box.height, box.width), np.uint8)
        track.sightings.append(Sighting(step / 10, box, mask, box.width * box.height, moving))
        walkers.feed(_scene(step / 10, track))


def _way(width: int, height: int, pace: int = 2, steps: int = 50) -> list[Box]:
    return [Box(5 + pace * step, 90 - height, width, height) for step in range(steps)]


def test_who_walks_teaches_stature_and_floor() -> None:
    walkers = Walkers()
    assert walkers.stature_at(Box(50, 50, 10, 40), SHAPE) is None
    assert walkers.floor(SHAPE).sum() == 0
    _pass_by(walkers, _way(16, 60))
    stature = walkers.stature_at(Box(70, 80, 40, 10), SHAPE)
    assert stature is not None
    assert stature.height == pytest.approx(60, rel=0.05)
    assert stature.width == pytest.approx(16, rel=0.05)
    floor = walkers.floor(SHAPE)
    assert floor[89, 80] == 1
    assert floor[30, 80] == 0


def test_far_from_where_anybody_walked_nothing_is_known() -> None:
    walkers = Walkers()
    _pass_by(walkers, _way(16, 60))
    assert walkers.stature_at(Box(0, 60, 10, 9), SHAPE) is not None  # two rows above
    assert walkers.stature_at(Box(0, 50, 10, 9), SHAPE) is None  # three


def test_of_people_of_two_sizes_the_taller_count() -> None:
    walkers = Walkers()
    for _ in range(20):
        _pass_by(walkers, _way(16, 60))
        _pass_by(walkers, _way(18, 20))
    stature = walkers.stature_at(Box(70, 80, 40, 10), SHAPE)
    assert stature is not None
    assert stature.height > 40


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param([Box(70, 30, 16, 60)] * 50, id="stands"),
        pytest.param(_way(16, 60, pace=0) + _way(16, 60, pace=1, steps=15), id="a step aside"),
        pytest.param([Box(70 - n, 30 + 2 * n, 16 + 2 * n, 60 - 2 * n) for n in range(22)], id="falls"),
        pytest.param([Box(n, 0, 16, 60) for n in range(1, 100, 2)], id="cut off above"),
        pytest.param([Box(n, 60, 16, 60) for n in range(1, 100, 2)], id="cut off below"),
        pytest.param(_way(16, 60, steps=12), id="seen too short"),
    ],
)
def test_no_walk_teaches_nothing(boxes: list[Box]) -> None:
    walkers = Walkers()
    _pass_by(walkers, boxes)
    assert walkers.stature_at(Box(70, 80, 10, 10), SHAPE) is None
    assert walkers.floor(SHAPE).sum() == 0


def test_what_slides_without_moving_in_itself_is_no_walker() -> None:
    walkers = Walkers()
    _pass_by(walkers, _way(16, 60), moving=0.05)
    assert walkers.stature_at(Box(70, 80, 10, 10), SHAPE) is None
