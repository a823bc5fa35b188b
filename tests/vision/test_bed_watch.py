"""Who lies in bed, sits at its edge, has left it; and who only came to see."""

import pytest

from agent.vision.bed_watch import BedWatch
from agent.vision.people import People
from agent.vision.tracker import Box
from agent.zones import Zone, ZoneKind
from tests.vision.scenes import Player, ShapePosture, Stage, goes, stays

_ZONE = Zone(ZoneKind.BED, ((0.0, 0.4), (0.5, 0.4), (0.5, 0.75), (0.0, 0.75)), bed="b-3")
_LIES, _EDGE, _STANDS = Box(10, 60, 60, 20), Box(60, 60, 40, 45), Box(120, 40, 16, 60)
_BESIDE = Box(85, 40, 16, 60)
_IN, _OUT = ("in_bed", True), ("in_bed", False)
_SITS, _SITS_NO_MORE = ("edge_of_bed", True), ("edge_of_bed", False)


@pytest.fixture
def stage() -> Stage:
    """A room with one bed on the left, empty as far as is known."""
    return Stage(BedWatch(People(ShapePosture())), (_ZONE,))


def _comes(stage: Stage) -> list[tuple[str, bool]]:
    """The resident, track 1, comes from the door and goes to bed."""
    return stage.play(3, goes(1, _STANDS, _BESIDE, 2)) + stage.play(8, stays(1, _LIES))


def _sleeps(stage: Stage) -> list[tuple[str, bool]]:
    """He lies so still that he is part of the room."""
    return stage.play(60)


def test_who_lies_down_is_in_bed_and_stays_so_while_he_cannot_be_seen(stage: Stage) -> None:
    assert _comes(stage) == [_IN]
    _, told = stage.told[0]
    assert told.track == 1
    assert told.reasons == ("lies_in_bed 1.00",)
    assert told.bed == "b-3"
    assert told.score == 1.0
    assert _sleeps(stage) == []


def test_five_seconds_of_lying_are_needed(stage: Stage) -> None:
    stage.play(3, goes(1, _STANDS, _BESIDE, 2))
    assert stage.play(5, stays(1, _LIES)) == []
    assert stage.play(0.2, stays(1, _LIES)) == [_IN]


def test_getting_up_is_told_in_three_words(stage: Stage) -> None:
    _comes(stage)
    _sleeps(stage)
    assert stage.play(4, stays(2, _LIES)) == []
    assert stage.play(5, stays(2, _EDGE)) == [_SITS]
    assert stage.play(4, goes(2, _BESIDE, _STANDS, 2)) == [_OUT, _SITS_NO_MORE]
    assert [told.reasons for _, told in stage.told[1:]] == [("sits_at_edge",), ("left_the_bed",), ("not_at_edge",)]
    assert {told.bed for _, told in stage.told} == {"b-3"}


def test_back_from_the_edge_is_told(stage: Stage) -> None:
    _comes(stage)
    assert stage.play(5, stays(1, _EDGE)) == [_SITS]
    assert stage.play(5.2, stays(1, _LIES)) == [_SITS_NO_MORE]


def test_the_edge_needs_a_moment_and_one_who_sits(stage: Stage) -> None:
    _comes(stage)
    stage.play(1.5, stays(1, _EDGE))  # the posture follows within a second
    assert [told.name for _, told in stage.told] == ["in_bed"]
    leans = Box(68, 30, 16, 70)  # a carer who stands and leans over it
    assert stage.play(20, stays(2, leans)) == []


def test_who_is_seen_no_more_at_the_edge_sits_there_no_more_after_ten_seconds(stage: Stage) -> None:
    _comes(stage)
    assert stage.play(5, stays(1, _EDGE)) == [_SITS]
    assert stage.play(9.8) == []
    assert stage.play(0.4) == [_SITS_NO_MORE]


def test_a_visitor_comes_and_goes_and_nothing_is_told(stage: Stage) -> None:
    _comes(stage)
    _sleeps(stage)
    stage.play(3, goes(2, _STANDS, _BESIDE, 2))
    assert stage.play(10, stays(2, _EDGE)) == []  # sits with him
    assert stage.play(10, stays(2, Box(20, 50, 50, 30))) == []  # one blob with the resident
    assert stage.play(5, goes(2, _BESIDE, _STANDS, 2)) == []


def test_who_gets_up_beside_a_visitor_has_left_the_bed(stage: Stage) -> None:
    _comes(stage)
    _sleeps(stage)
    visitor = stays(2, Box(72, 30, 16, 65))
    stage.play(1, stays(2, _STANDS))
    stage.play(5, visitor)
    assert stage.play(5, visitor, stays(3, _LIES)) == []
    assert stage.play(4, visitor, goes(3, _BESIDE, _STANDS, 2)) == [_OUT]


def test_who_is_seen_to_come_out_of_a_bed_of_which_nothing_was_known_has_left_it(stage: Stage) -> None:
    assert stage.play(4, stays(1, _LIES)) == []
    assert stage.play(4, goes(1, _BESIDE, _STANDS, 2)) == [_OUT]


def test_bed_linen_that_is_thrown_back_or_falls_is_nobody(stage: Stage) -> None:
    def falls(since: float) -> Box:
        return _LIES if since < 0.5 else Box(90, 90, 40, 20)

    assert stage.play(20, Player(1, falls, moves=False)) == []
    assert stage.play(30, stays(2, _LIES, moves=False)) == []


def test_a_ghost_in_the_bed_does_not_hold_it_occupied(stage: Stage) -> None:
    _comes(stage)
    stage.play(3, stays(1, _LIES))
    ghost = stays(9, _LIES, moves=False)
    assert stage.play(6, ghost, goes(1, _BESIDE, _STANDS, 2)) == [_OUT]


def test_who_passes_in_front_of_the_bed_is_not_in_it(stage: Stage) -> None:
    assert stage.play(20, stays(1, Box(30, 40, 20, 75))) == []
    assert stage.play(5, goes(1, Box(30, 40, 20, 75), _STANDS, 3)) == []


def test_two_beds_are_two_stories(stage: Stage) -> None:
    other = Zone(ZoneKind.BED, ((0.6, 0.8), (1, 0.8), (1, 1), (0.6, 1)))
    stage.zones = (_ZONE, other)
    assert stage.play(9, stays(1, _LIES), stays(2, Box(105, 100, 50, 18))) == [_IN, _IN]
    assert [told.bed for _, told in stage.told] == ["b-3", ""]
    assert stage.play(5, goes(1, _BESIDE, _STANDS, 2), stays(2, Box(105, 100, 50, 18))) == [_OUT]
    stage.zones = (other,)
    assert stage.play(5, stays(2, Box(105, 100, 50, 18))) == []


@pytest.mark.parametrize("fault", ["learning", "unclear"])
def test_while_nothing_can_be_said_nothing_is(stage: Stage, fault: str) -> None:
    setattr(stage, fault, True)
    assert _comes(stage) == []
    setattr(stage, fault, False)
    assert stage.play(6, stays(1, _LIES)) == [_IN]


def test_after_a_cut_a_bed_stays_as_it_was_and_in_another_room_nothing_is_known(stage: Stage) -> None:
    _comes(stage)
    stage.watcher.cut(stage.at)
    assert stage.play(8, stays(1, _LIES)) == []
    stage.watcher.forget()
    assert stage.play(8, stays(1, _LIES)) == [_IN]
