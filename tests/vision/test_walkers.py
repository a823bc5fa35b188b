"""What is learned from those who walk, and what falls, sits or rolls by is no lesson."""

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.vision.background import Foreground
from agent.vision.kept import Kept
from agent.vision.kept_rooms import decode, encode
from agent.vision.scene import Scene
from agent.vision.tracker import Box, Sighting, Track
from agent.vision.walkers import Walkers
from tests.vision.scenes import SHAPE

Part = NDArray[Any]


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


def test_what_was_learned_is_taken_up_as_it_was() -> None:
    walkers, later = Walkers(), Walkers()
    _pass_by(walkers, _way(16, 60))
    kept = Kept("hall", np.ones((16, 20, 3), np.float16), np.zeros((16, 20), np.uint8), walkers.keep())
    assert later.take_up(decode(encode({"hall": kept}))["hall"].learned)
    box = Box(70, 80, 40, 10)
    assert later.stature_at(box, SHAPE) == walkers.stature_at(box, SHAPE) is not None
    assert np.array_equal(later.floor(SHAPE), walkers.floor(SHAPE))
    before = later.floor(SHAPE)
    _pass_by(walkers, _way(16, 60, pace=3))
    assert np.array_equal(later.floor(SHAPE), before), "each has its own"


@pytest.mark.parametrize("name", ["feet", "seen", "height", "width"])
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda part: part[:-1], id="short"),
        pytest.param(lambda part: part - 1, id="negative"),
        pytest.param(lambda part: part + 2**30 + 1, id="too large"),
        pytest.param(lambda part: part.astype(np.float32), id="of another kind"),
    ],
)
def test_what_cannot_have_been_learned_is_not_taken_up(name: str, spoil: Callable[[Part], Part]) -> None:
    learned, walkers = dict(Walkers().keep()), Walkers()
    assert not walkers.take_up({**learned, name: spoil(learned[name])})
    assert not walkers.take_up({other: part for other, part in learned.items() if other != name})
    assert walkers.floor(SHAPE).sum() == 0


def test_the_bounds_of_what_is_learned() -> None:
    learned = Walkers().keep()
    assert Walkers().take_up(learned)
    most = {name: np.full_like(part, 2**30) for name, part in learned.items()}
    assert Walkers().take_up(most)
    assert not Walkers().take_up({**learned, "height": np.full(12, np.nan)})
