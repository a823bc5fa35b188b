"""Who steps into an exit zone, and who only comes in by it."""

import pytest

from agent.vision.exit_watch import ExitWatch
from agent.vision.tracker import Box
from agent.zones import Zone, ZoneKind
from tests.vision.scenes import Stage, goes, stays

_DOOR = Zone(ZoneKind.EXIT, ((0.8, 0.6), (1.0, 0.6), (1.0, 1.0), (0.8, 1.0)))
_INSIDE, _AT_DOOR = Box(40, 40, 16, 60), Box(138, 40, 16, 60)
_ENTERED = [("exit_zone_entered", True)]


@pytest.fixture
def stage() -> Stage:
    """A room with a door on the right."""
    return Stage(ExitWatch(), (_DOOR,))


def test_who_walks_to_the_door_is_told_once(stage: Stage) -> None:
    assert stage.play(4, goes(1, _INSIDE, _AT_DOOR, 3)) == _ENTERED
    assert stage.play(60, stays(1, _AT_DOOR)) == []
    at, told = stage.told[0]
    assert told.track == 1
    assert told.reasons == ("feet_in_exit 1",)
    assert at == pytest.approx(2.7, abs=0.3)


def test_who_comes_in_by_the_door_has_not_gone_to_it(stage: Stage) -> None:
    assert stage.play(3, stays(1, _AT_DOOR)) == []
    assert stage.play(4, goes(1, _AT_DOOR, _INSIDE, 3)) == []
    assert stage.play(4, goes(1, _INSIDE, _AT_DOOR, 3)) == _ENTERED


def test_a_step_out_and_in_again_is_one_passage_and_a_return_another(stage: Stage) -> None:
    outside = Box(100, 40, 16, 60)
    assert stage.play(1, stays(1, outside)) == []
    assert stage.play(1, stays(1, _AT_DOOR)) == _ENTERED
    assert stage.play(2.9, stays(1, outside)) == []
    assert stage.play(1, stays(1, _AT_DOOR)) == []
    assert stage.play(3.1, stays(1, outside)) == []
    assert stage.play(1, stays(1, _AT_DOOR)) == _ENTERED


def test_flicker_of_the_feet_neither_tells_nor_hides_a_passage(stage: Stage) -> None:
    outside = Box(100, 40, 16, 60)
    stage.play(0.6, stays(1, outside))
    for _ in range(5):
        assert stage.play(0.2, stays(1, _AT_DOOR)) == []
        assert stage.play(0.1, stays(1, outside)) == []
    assert stage.play(0.5, stays(1, _AT_DOOR)) == _ENTERED


def test_a_head_over_the_door_is_no_foot_in_it(stage: Stage) -> None:
    floor = Zone(ZoneKind.EXIT, ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5)))
    assert Stage(ExitWatch(), (floor,)).play(5, goes(1, _INSIDE, _AT_DOOR, 3)) == []


def test_two_people_and_two_doors_are_four_passages(stage: Stage) -> None:
    other = Zone(ZoneKind.EXIT, ((0.0, 0.6), (0.2, 0.6), (0.2, 1.0), (0.0, 1.0)))
    stage.zones = (_DOOR, other)
    left = Box(8, 40, 16, 60)
    assert stage.play(4, goes(1, _INSIDE, _AT_DOOR, 3), goes(2, _INSIDE, left, 3)) == _ENTERED * 2
    assert stage.play(7, goes(1, _AT_DOOR, left, 6), goes(2, left, _AT_DOOR, 6)) == _ENTERED * 2
    assert [told.reasons[0] for _, told in stage.told].count("feet_in_exit 2") == 2


def test_in_a_room_not_learned_it_says_so_and_after_a_cut_it_begins_anew(stage: Stage) -> None:
    stage.learning = True
    stage.play(1, stays(1, _INSIDE))
    stage.watcher.cut(stage.at)
    assert stage.play(1, stays(1, _AT_DOOR)) == []
    stage.play(1, stays(2, _INSIDE))
    assert stage.play(1, stays(2, _AT_DOOR)) == _ENTERED
    assert stage.told[-1][1].reasons == ("feet_in_exit 1", "background_not_learned")
