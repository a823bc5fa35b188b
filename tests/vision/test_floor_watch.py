"""Who is low on the floor for long enough, and what only looks so."""

from dataclasses import dataclass, field

import pytest

from agent.vision.floor_watch import LOW_FOR_S, FloorWatch
from agent.vision.people import People
from agent.vision.tracker import Box, Track
from agent.zones import Zone, ZoneKind
from tests.vision.scenes import ShapePosture, Stage, goes, stays

_LOW = [("low_on_floor", True)]
_STANDS, _LIES, _IN_BED = Box(90, 30, 16, 60), Box(80, 90, 50, 14), Box(10, 60, 50, 14)
_BED = Zone(ZoneKind.BED, ((0.0, 0.3), (0.45, 0.3), (0.45, 0.7), (0.0, 0.7)))


@dataclass(slots=True)
class _Lies:
    """Notes whom it is told of; `news` is its answer."""

    news: bool = True
    told: list[tuple[int, float, float]] = field(default_factory=list)

    def __call__(self, track: Track, at: float, upright: float) -> bool:
        self.told.append((track.number, at, upright))
        return self.news and len(self.told) == 1


@pytest.fixture
def lies() -> _Lies:
    """Everything is news the first time."""
    return _Lies()


@pytest.fixture
def stage(lies: _Lies) -> Stage:
    """A room with a bed on the left."""
    return Stage(FloorWatch(People(ShapePosture()), lies), (_BED,))


def test_who_lies_and_stirs_is_told_after_ten_seconds(stage: Stage, lies: _Lies) -> None:
    assert stage.play(LOW_FOR_S, stays(1, _LIES)) == []
    assert stage.play(0.2, stays(1, _LIES)) == _LOW
    _, told = stage.told[0]
    assert (told.track, told.score) == (1, 1.0)
    assert told.reasons == ("lies_low 1.00", "for_s 10")
    assert lies.told[0][0] == 1
    assert lies.told[0][2] == _LIES.height  # as tall as it was ever seen: nobody knows better


def test_who_lies_already_for_another_reason_is_not_told_again(stage: Stage, lies: _Lies) -> None:
    lies.news = False
    assert stage.play(12, stays(1, _LIES)) == []
    assert lies.told


def test_who_stood_and_then_lies_still_is_told_without_stirring(stage: Stage, lies: _Lies) -> None:
    stage.play(3, stays(1, _STANDS))
    assert stage.play(9, stays(1, _LIES, moves=False)) == []
    assert stage.play(4, stays(1, _LIES, moves=False)) == _LOW
    assert lies.told[0][2] == pytest.approx(14)  # he stood longer ago than his sightings are kept


def test_what_never_moved_of_its_own_is_a_thing(stage: Stage) -> None:
    assert stage.play(60, stays(1, _LIES, moves=False)) == []


def test_two_seconds_of_stirring_are_too_few_and_three_enough(stage: Stage) -> None:
    stage.play(15, stays(1, _LIES, moves=False))
    for _ in range(2):
        assert stage.play(0.1, stays(1, _LIES)) + stage.play(1.9, stays(1, _LIES, moves=False)) == []
    assert stage.play(0.1, stays(1, _LIES)) == _LOW


def test_a_chair_that_somebody_pushed_and_left_is_no_person(stage: Stage) -> None:
    stage.play(3, goes(1, Box(100, 30, 20, 60), Box(90, 30, 20, 60), 3))  # one blob with whoever pushes it
    assert stage.play(40, stays(1, Box(80, 75, 40, 15), moves=False), goes(2, _STANDS, Box(130, 30, 16, 60), 3)) == []


def test_on_the_bed_nobody_is_low_on_the_floor(stage: Stage) -> None:
    assert stage.play(60, stays(1, _IN_BED)) == []


def test_on_the_sofa_nobody_is_low_on_the_floor(stage: Stage) -> None:
    stage.zones = (Zone(ZoneKind.SOFA, _BED.polygon),)
    assert stage.play(60, stays(1, _IN_BED)) == []
    assert stage.play(11, stays(1, _LIES)) == _LOW


def test_where_nothing_is_known_of_the_floor_nothing_is_told(stage: Stage) -> None:
    stage.zones = ()
    assert stage.play(60, stays(1, _LIES)) == []


def test_where_feet_have_walked_is_floor_without_any_zone(stage: Stage) -> None:
    stage.zones = ()
    stage.play(6, goes(1, Box(5, 44, 16, 60), Box(140, 44, 16, 60), 5.5))
    stage.play(1)
    assert stage.play(11, stays(2, _LIES)) == _LOW


def test_who_kneels_up_again_in_time_is_not_told(stage: Stage) -> None:
    kneels = Box(90, 70, 30, 34)
    for _ in range(4):
        assert stage.play(9, stays(1, _LIES)) == []
        assert stage.play(4, stays(1, kneels)) == []


def test_a_moment_of_doubt_does_not_begin_the_time_anew(stage: Stage) -> None:
    assert stage.play(8, stays(1, _LIES)) == []
    assert stage.play(0.5, stays(1, Box(90, 70, 30, 34))) == []
    assert stage.play(2, stays(1, _LIES)) == _LOW


def test_who_goes_on_all_the_time_is_a_pet_or_crawls(stage: Stage) -> None:
    cat = Box(70, 95, 20, 10)
    stage.zones = (Zone(ZoneKind.FLOOR, ((0, 0), (1, 0), (1, 1), (0, 1))),)
    for _ in range(10):
        assert stage.play(3, goes(1, cat, Box(130, 95, 20, 10), 3)) == []
        assert stage.play(3, goes(1, Box(130, 95, 20, 10), cat, 3)) == []


def test_what_is_small_beside_people_is_no_person(stage: Stage) -> None:
    stage.play(6, goes(1, Box(5, 44, 16, 60), Box(140, 44, 16, 60), 5.5))
    stage.play(1)
    assert stage.play(30, stays(2, Box(90, 92, 15, 7))) == []  # 105 pixels, below 0.035 * 60 * 60
    assert stage.play(30, stays(3, Box(90, 92, 18, 9))) == _LOW


def test_what_is_small_in_the_picture_is_no_person_while_stature_is_unknown(stage: Stage) -> None:
    assert stage.play(30, stays(2, Box(90, 92, 19, 10))) == []  # 190 of 19200 pixels
    assert stage.play(30, stays(3, Box(90, 92, 24, 8))) == _LOW


def test_a_picture_at_fault_counts_for_nothing(stage: Stage) -> None:
    stage.play(8, stays(1, _LIES))
    stage.unclear = True
    assert stage.play(30, stays(1, _LIES)) == []
    stage.unclear = False
    assert stage.play(9.9, stays(1, _LIES)) == []
    assert stage.play(1, stays(1, _LIES)) == _LOW


def test_while_the_room_is_learned_it_is_told_with_that_doubt(stage: Stage) -> None:
    stage.learning = True
    assert stage.play(11, stays(1, _LIES)) == _LOW
    assert stage.told[0][1].reasons[-1] == "background_not_learned"


@pytest.mark.parametrize("end", ["cut", "forget"])
def test_after_a_cut_or_in_another_room_the_time_begins_anew(stage: Stage, end: str) -> None:
    stage.play(9, stays(1, _LIES))
    getattr(stage.watcher, end)(*((stage.at,) if end == "cut" else ()))
    assert stage.play(9.9, stays(1, _LIES)) == []
    assert stage.play(1, stays(1, _LIES)) == _LOW


def test_a_track_that_ends_takes_its_time_with_it(stage: Stage) -> None:
    stage.play(9, stays(1, _LIES))
    assert stage.play(9.9, stays(2, _LIES)) == []
    assert stage.play(1, stays(2, _LIES)) == _LOW
