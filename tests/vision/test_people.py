"""What is known of each track: posture over a second, life of its own, and whether it stood on its feet."""

from collections.abc import Iterable

import pytest

from agent.vision.background import Bytes
from agent.vision.people import Known, People
from agent.vision.scene import Scene, Told
from agent.vision.tracker import Box
from tests.vision.scenes import Player, ShapePosture, Stage, goes, stays

_STANDS, _LIES, _SITS = Box(90, 30, 16, 60), Box(80, 90, 50, 14), Box(90, 60, 30, 34)


class _Looks:
    """A watcher that only looks, and keeps the last scene."""

    def __init__(self) -> None:
        self.people = People(ShapePosture())
        self.scene: Scene | None = None

    def feed(self, scene: Scene) -> Iterable[Told]:
        self.people.feed(scene)
        self.people.feed(scene)  # one look is enough
        self.scene = scene
        return ()

    def protect(self, mask: Bytes) -> Bytes:
        return mask

    def cut(self, at: float) -> None:
        self.people.cut()

    def forget(self) -> None:
        self.people.forget()

    def of(self, number: int) -> Known:
        assert self.scene is not None
        return self.people.of(next(track for track in self.scene.tracks if track.number == number))


@pytest.fixture
def looks() -> _Looks:
    return _Looks()


@pytest.fixture
def stage(looks: _Looks) -> Stage:
    return Stage(looks)


def test_the_posture_follows_within_about_a_second(stage: Stage, looks: _Looks) -> None:
    stage.play(2, stays(1, _SITS))
    assert looks.of(1).posture.middle == 1.0
    stage.play(0.8, stays(1, _LIES))
    assert looks.of(1).latest.low == 1.0
    assert 0.2 < looks.of(1).posture.low < 0.8
    stage.play(1.2, stays(1, _LIES))
    assert looks.of(1).posture.low > 0.8


def test_it_moved_in_so_many_seconds_once_it_had_settled(stage: Stage, looks: _Looks) -> None:
    stage.play(1.5, stays(1, _LIES))
    assert looks.of(1).moved == []
    stage.play(1.5, stays(1, _LIES))
    assert looks.of(1).moved == [1, 2]
    stage.play(5, stays(1, _LIES, moves=False))
    stage.play(0.1, stays(1, _LIES))
    known = looks.of(1)
    assert known.moved == [1, 2, 8]
    assert [known.moved_since(at) for at in (0.0, 2.9, 3.0, 8.0, 9.0)] == [3, 2, 1, 1, 0]


def test_only_the_last_minute_of_moving_is_kept(stage: Stage, looks: _Looks) -> None:
    stage.play(80, stays(1, _LIES))
    assert len(looks.of(1).moved) == 60


@pytest.mark.parametrize(
    ("seconds", "box", "moves", "person"),
    [
        (0.8, _STANDS, True, False),
        (2.0, _STANDS, True, True),
        (9.0, _STANDS, False, False),  # a lamp
        (9.0, _SITS, True, False),
        (9.0, _LIES, True, False),
    ],
)
def test_who_stands_for_a_second_and_moves_is_a_person(
    stage: Stage, looks: _Looks, seconds: float, box: Box, moves: bool, person: bool
) -> None:
    stage.play(seconds, stays(1, box, moves))
    assert looks.of(1).person is person


def test_what_a_new_track_came_off_is_in_doubt_and_what_is_far_from_it_is_not(stage: Stage, looks: _Looks) -> None:
    far = Box(5, 30, 16, 60)
    stage.play(3, stays(1, _STANDS), stays(2, far))
    assert looks.of(1).person
    chair, leaves = Player(1, lambda _: _STANDS, moves=False), goes(3, Box(108, 30, 16, 60), Box(140, 30, 16, 60), 2)
    stage.play(1, chair, stays(2, far), leaves)
    assert not looks.of(1).person
    assert looks.of(1).moved == []
    assert looks.of(2).person


def test_after_a_cut_nobody_is_known_but_the_room_is(stage: Stage, looks: _Looks) -> None:
    stage.play(6, goes(1, Box(5, 44, 16, 60), Box(140, 44, 16, 60), 5.5))
    shape, place = (120, 160), Box(70, 90, 40, 14)
    assert looks.people.walkers.stature_at(place, shape) is not None
    stage.watcher.cut(stage.at)
    stage.play(0.1, stays(1, _LIES))
    assert looks.of(1).on_feet_s == 0.0
    assert looks.people.walkers.stature_at(place, shape) is not None
    stage.watcher.forget()
    assert looks.people.walkers.stature_at(place, shape) is None


def test_who_is_gone_is_forgotten(stage: Stage, looks: _Looks) -> None:
    stage.play(3, stays(1, _STANDS))
    stage.play(1)
    stage.play(0.2, stays(1, _LIES))
    assert not looks.of(1).person
