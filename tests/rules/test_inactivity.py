"""Rooms where nothing moves."""

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site
from agent.rules.inactivity import INACTIVITY_ROW, InactivityRule
from tests.rules.moving import HOME, MEDIUM, NOON, R1, room, said_by
from tests.rules.ward import MIDNIGHT, ground, live, play, said_as


def still(
    events: list[Event], until: float, wall: float = NOON - 4 * 3600.0, number: str = "201"
) -> list[tuple[float, bool, str]]:
    on = ground(HOME)
    found = live(InactivityRule(on, room(number)), events, until, wall, on)
    assert all(f.kind == "inactivity" and f.priority is MEDIUM for _, f in found)
    return [(when, f.active, f.subject.id) for when, f in found]


MOVES = said_by("move-1", "motion", True, 100.0)


def test_four_hours_without_a_move_by_day() -> None:
    assert still([MOVES], 14_499.0) == [(100.0, False, "r-1")]
    assert still([MOVES], 14_500.0) == [(100.0, False, "r-1"), (14_500.0, True, "r-1")]
    again = said_by("move-1", "motion", True, 15_000.0)
    assert still([MOVES, again], 15_000.0)[-1] == (15_000.0, False, "r-1")


def test_each_word_of_stillness() -> None:
    on = ground(HOME)
    again: list[Event] = [MOVES, said_by("move-1", "motion", True, 20_000.0)]
    assert said_as(play(InactivityRule(on, room("201")), again, 36_000.0, NOON - 4 * 3600.0, on)) == [
        "100 inactivity over medium r-1: moves_again",
        "14500 inactivity medium r-1: nothing_moves for_h=4",
        "20000 inactivity over medium r-1: moves_again",
        "34400 inactivity medium r-1: nothing_moves for_h=4",
    ]


def test_in_bed_out_of_home_or_at_night_nobody_needs_to_move() -> None:
    in_bed = said_by("bed-1", "bed_occupied", True, 50.0)
    assert [active for _, active, _ in still([in_bed, MOVES], 30_000.0)] == [False]
    out = Act("out", R1, 60.0, "panel:li")
    assert [active for _, active, _ in still([out, MOVES], 30_000.0)] == [False]
    assert [active for _, active, _ in still([MOVES], 30_000.0, MIDNIGHT - 3 * 3600.0)] == [False]


def test_a_bed_that_is_gone_lets_nobody_lie_in_it() -> None:
    on = ground(HOME)
    under_test = InactivityRule(on, room("201"))
    in_bed = said_by("bed-1", "bed_occupied", True, 50.0)
    assert len(live(under_test, [in_bed, MOVES], 14_500.0, NOON - 4 * 3600.0, on)) == 1
    without = [one for device, one in HOME.bindings.items() if device != "bed-1"]
    on.use(Site.of(HOME.residents.values(), without, places=HOME.places.values()))
    found = live(under_test, [], 20_000.0, NOON - 4 * 3600.0, on)
    assert [(when, one.active) for when, one in found] == [(15_100.0, True)]


def test_a_sensor_that_says_no_motion_is_no_motion() -> None:
    nothing = [said_by("move-1", "motion", False, float(at)) for at in range(200, 14_000, 100)]
    assert still([MOVES, *nothing], 14_500.0)[-1] == (14_500.0, True, "r-1")


def test_a_bed_that_only_repeats_itself_is_no_movement() -> None:
    empty: list[Event] = [said_by("bed-1", "bed_occupied", False, float(at)) for at in range(50, 14_000, 300)]
    assert still([*empty[:1], MOVES, *empty[1:]], 14_500.0)[-1] == (14_500.0, True, "r-1")


def test_of_two_who_live_there_it_is_the_room() -> None:
    assert still([said_by("move-2", "motion", True, 100.0)], 14_500.0, number="202")[-1] == (14_500.0, True, "202")


def test_rooms_with_a_sensor_of_their_own_are_watched_from_the_start() -> None:
    assert list(INACTIVITY_ROW.watches(HOME)) == [room("201"), room("202")]
    toilet_only = Site.of(
        [Resident("r-1", "甲", "201"), Resident("r-2", "乙", "202")],
        [Binding("motion-1", DeviceRole.ENVIRONMENT, room="wc-201"), Binding("bed-2", DeviceRole.BED, resident="r-2")],
        places=[Place("wc-201", PlaceKind.TOILET, "201")],
    )
    assert list(INACTIVITY_ROW.watches(toilet_only)) == [room("201")]
    assert still([], 20_000.0)[-1] == (14_401.0, True, "r-1")
