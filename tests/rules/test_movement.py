"""Toilet, exits, corridors, rooms where nothing moves."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import Moment
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.exit_zone import ExitZoneRule
from agent.rules.finding import Finding, Priority, Said
from agent.rules.inactivity import INACTIVITY_ROW, InactivityRule
from agent.rules.settings import RuleSettings
from agent.rules.settings.movement import MovementSettings
from agent.rules.toilet_stay import ToiletStayRule
from agent.rules.wandering import WanderingRule
from agent.staff import Member, Roster
from drivers.reading import Quality, Reading
from tests.rules.ward import MIDNIGHT, declined, ground, live, play, said_as

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
NOON = MIDNIGHT + 12 * 3600.0
HOME = Site.of(
    [
        Resident("r-1", "甲", "201", wander_risk=True),
        Resident("r-2", "乙", "202"),
        Resident("r-3", "丙", "202"),
    ],
    [
        Binding("door-1", DeviceRole.ENVIRONMENT, room="wc-201"),
        Binding("motion-1", DeviceRole.ENVIRONMENT, room="wc-201"),
        Binding("radar-2", DeviceRole.ENVIRONMENT, room="wc-202"),
        Binding("move-1", DeviceRole.ENVIRONMENT, room="201"),
        Binding("move-2", DeviceRole.ENVIRONMENT, room="202"),
        *(Binding(f"bed-{n}", DeviceRole.BED, resident=f"r-{n}") for n in (1, 2, 3)),
        Binding("gate-door", DeviceRole.ENVIRONMENT, room="gate"),
        Binding("tag-1", DeviceRole.TAG, resident="r-1"),
        Binding("tag-2", DeviceRole.TAG, resident="r-2"),
        Binding("staff-tag", DeviceRole.TAG, staff="wang"),
    ],
    places=[
        Place("wc-201", PlaceKind.TOILET, "201"),
        Place("wc-202", PlaceKind.TOILET, "202"),
        Place("gate", PlaceKind.EXIT),
        Place("hall", PlaceKind.HALL),
        Place("east", PlaceKind.CORRIDOR),
        Place("west", PlaceKind.CORRIDOR),
    ],
    roster=Roster.of([Member("wang")], [], []),
)
R1 = Subject(SubjectKind.RESIDENT, "r-1", "201")
R2 = Subject(SubjectKind.RESIDENT, "r-2", "202")


def room(number: str) -> Subject:
    return Subject(SubjectKind.PLACE, number, number)


def said_by(device: str, quantity: str, value: bool | str, at: float, quality: Quality = Quality.GOOD) -> Reading:
    return Reading(device, quantity, value, at, quality)


# toilet


def toilet(
    events: list[Event], until: float, wall: float = NOON, number: str = "201"
) -> list[tuple[float, Priority, bool, str]]:
    found = live(ToiletStayRule(ground(HOME), room(number)), events, until, wall)
    assert all(f.kind == "toilet_stay" for _, f in found)
    return [(when, f.priority, f.active, f.subject.id) for when, f in found]


GONE_IN: list[Event] = [
    said_by("door-1", "opening", True, 0.0),
    said_by("motion-1", "motion", True, 10.0),
    said_by("door-1", "opening", False, 14.0),
]


@pytest.mark.parametrize(("wall", "medium", "high"), [(NOON, 1200, 1800), (MIDNIGHT, 900, 1500)])
def test_twenty_and_thirty_minutes_by_day_fifteen_and_twenty_five_at_night(wall: float, medium: int, high: int) -> None:
    assert toilet(GONE_IN, 10.0 + medium - 1, wall) == []
    assert toilet(GONE_IN, 10.0 + medium, wall) == [(10.0 + medium, MEDIUM, True, "r-1")]
    assert toilet(GONE_IN, 10.0 + high - 1, wall)[-1][1] is MEDIUM
    assert toilet(GONE_IN, 90_000.0, wall)[1:] == [(10.0 + high, HIGH, True, "r-1")]


def test_a_still_person_behind_a_closed_door_is_not_gone() -> None:
    assert toilet(GONE_IN, 1210.0) == [(1210.0, MEDIUM, True, "r-1")]


def test_the_door_opens_and_nothing_moves_any_more() -> None:
    left: list[Event] = [
        *GONE_IN,
        said_by("motion-1", "motion", True, 300.0),
        said_by("door-1", "opening", True, 301.0),
    ]
    assert toilet([*left, said_by("motion-1", "motion", True, 304.0)], 9000.0) == [(361.0, LOW, False, "201")]


def test_the_door_opens_and_somebody_still_moves() -> None:
    stays: list[Event] = [
        *GONE_IN,
        said_by("door-1", "opening", True, 301.0),
        said_by("motion-1", "motion", True, 304.1),
    ]
    assert toilet(stays, 1210.0) == [(1210.0, MEDIUM, True, "r-1")]


def test_a_late_exit_ends_the_alarm() -> None:
    events: list[Event] = [*GONE_IN, said_by("door-1", "opening", True, 1300.0)]
    assert [(when, active) for when, _, active, _ in toilet(events, 2000.0)] == [(1210.0, True), (1360.0, False)]


def test_back_in_bed_is_out_of_the_toilet() -> None:
    events: list[Event] = [*GONE_IN, said_by("bed-1", "bed_occupied", True, 200.0)]
    assert [active for _, _, active, _ in toilet(events, 9000.0)] == [False]


def test_of_two_who_live_there_it_is_the_one_whose_bed_is_empty() -> None:
    inside: list[Event] = [said_by("radar-2", "presence", True, 10.0)]
    still = [said_by("radar-2", "motion", True, float(at)) for at in range(100, 1300, 300)]
    asleep: list[Event] = [said_by("bed-3", "bed_occupied", True, 5.0)]
    assert toilet([*inside, *still], 1250.0, number="202") == [(1210.0, MEDIUM, True, "wc-202")]
    assert toilet([*asleep, *inside, *still], 1250.0, number="202") == [(1210.0, MEDIUM, True, "r-2")]


def test_without_a_door_stillness_is_leaving_and_told() -> None:
    said = play(ToiletStayRule(ground(HOME), room("202")), [said_by("radar-2", "motion", True, 10.0)], 9000.0, NOON)
    assert [(when, one.reasons[0].code) for when, one in declined(said)] == [(610.0, "left_toilet")]
    assert not any(isinstance(one, Finding) and one.active for _, one in said)


def test_a_radar_that_sees_nobody_any_more_ends_it_at_once() -> None:
    events: list[Event] = [said_by("radar-2", "presence", True, 10.0), said_by("radar-2", "presence", False, 300.0)]
    assert [(when, active) for when, _, active, _ in toilet(events, 9000.0, number="202")] == [(300.0, False)]


def test_motion_in_the_bedroom_is_none_in_the_toilet() -> None:
    assert toilet([said_by("move-1", "motion", True, 10.0)], 9000.0) == []


def test_a_doubtful_door_says_nothing() -> None:
    events: list[Event] = [*GONE_IN, said_by("door-1", "opening", True, 301.0, Quality.UNCERTAIN)]
    assert toilet(events, 1210.0) == [(1210.0, MEDIUM, True, "r-1")]


def test_each_word_of_a_stay_with_a_door() -> None:
    left = said_by("door-1", "opening", True, 2000.0)
    assert said_as(play(ToiletStayRule(ground(HOME), room("201")), [*GONE_IN, left], 4000.0, NOON)) == [
        "1210 toilet_stay medium r-1 by wc-201: in_toilet_for for_min=20",
        "1810 toilet_stay high r-1 by wc-201: in_toilet_for for_min=30",
        "2060 toilet_stay over low r-1 by wc-201: left_toilet",
    ]


def test_each_word_of_stays_without_a_door() -> None:
    short = [said_by("radar-2", "motion", True, 10.0), said_by("radar-2", "presence", True, 700.0)]
    gone = said_by("radar-2", "presence", False, 900.0)
    beds = [said_by("bed-3", "bed_occupied", True, 1001.0), said_by("bed-2", "bed_occupied", True, 3200.0)]
    long = [said_by("radar-2", "motion", True, 1000.0 + 300 * n) for n in range(8)]
    events: list[Event] = sorted([*short, gone, *beds, *long], key=lambda one: one.at)
    assert said_as(play(ToiletStayRule(ground(HOME), room("202")), events, 4000.0, NOON)) == [
        "610 left toilet_stay 202: left_toilet",
        "610 toilet_stay over low 202 by wc-202: left_toilet",
        "900 left toilet_stay 202: left_toilet",
        "2200 toilet_stay medium r-2 by wc-202: in_toilet_for for_min=20",
        "2800 toilet_stay high r-2 by wc-202: in_toilet_for for_min=30",
        "3200 toilet_stay over low r-2 by wc-202: back_in_bed",
    ]


# exits


def tag(device: str, place: str, at: float) -> Reading:
    return said_by(device, "seen_at", place, at)


class ExitRule(ExitZoneRule):
    """As the host gives it: the resident's own tag alone."""

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        return super().feed(event, now) if isinstance(event, Reading) and event.device == "tag-1" else ()


def exits(events: list[Event], until: float) -> list[tuple[float, bool, str]]:
    on = ground(HOME)
    found = live(ExitRule(on, R1), events, until, NOON, on)
    assert all(f.kind == "exit_zone" and f.priority is HIGH and f.subject == R1 for _, f in found)
    return [(when, f.active, f.reasons[0].code) for when, f in found]


def test_at_the_exit_alone_is_high_within_two_seconds_and_lost_is_told() -> None:
    assert exits([tag("tag-1", "gate", 10.0)], 11.0) == []
    assert exits([tag("tag-1", "gate", 10.0)], 12.0) == [(12.0, True, "at_exit")]
    assert exits([tag("tag-1", "gate", 10.0)], 99.0) == [(12.0, True, "at_exit")]
    assert exits([tag("tag-1", "gate", 10.0)], 500.0) == [(12.0, True, "at_exit"), (100.0, True, "tag_lost")]


def test_heard_again_and_again_at_the_gate_is_one_coming() -> None:
    events: list[Event] = [tag("tag-1", "gate", float(at)) for at in range(10, 200, 5)]
    assert exits(events, 200.0) == [(12.0, True, "at_exit")]


def test_inside_again_ends_it() -> None:
    events: list[Event] = [tag("tag-1", "gate", 10.0), tag("tag-1", "hall", 30.0)]
    assert exits(events, 500.0) == [(12.0, True, "at_exit"), (30.0, False, "seen_elsewhere")]


@pytest.mark.parametrize("arrives", [0.0, 9.0, 11.9])
def test_an_escort_just_before_or_right_behind_explains_it(arrives: float) -> None:
    on = ground(HOME)
    events = sorted([tag("tag-1", "gate", 10.0), tag("staff-tag", "gate", arrives)], key=lambda one: one.at)
    said = play(ExitRule(on, R1), events, 500.0, NOON, on)
    assert [[r.code for r in one.reasons] for _, one in declined(said)] == [["at_exit", "escorted"]]
    assert not [one for _, one in said if isinstance(one, Finding)]


def test_an_escort_holds_while_they_wait_at_the_gate_together_and_no_longer() -> None:
    came: list[Event] = [tag("staff-tag", "gate", 9.0), tag("tag-1", "gate", 10.0)]
    waiting: list[Event] = [tag("tag-1", "gate", float(at)) for at in range(20, 100, 10)]
    assert exits([*came, *waiting], 500.0) == []
    gone: list[Event] = [tag("staff-tag", "hall", 95.0), tag("tag-1", "gate", 96.0)]
    assert exits([*came, *waiting, *gone], 97.0) == []
    assert exits([*came, *waiting, *gone], 98.0) == [(98.0, True, "at_exit")]


def test_each_word_at_the_exit() -> None:
    on = ground(HOME)
    inside = [tag("tag-1", "hall", at) for at in (130.0, 140.0, 151.0)]
    events = sorted([*inside, *(tag("tag-1", "gate", at) for at in (10.0, 150.0, 300.0))], key=lambda one: one.at)
    assert said_as(play(ExitRule(on, R1), events, 600.0, NOON, on)) == [
        "12 exit_zone high r-1: at_exit place=gate",
        "100 exit_zone high r-1: tag_lost place=gate for_s=90",
        "130 exit_zone over high r-1: seen_elsewhere place=hall",
        "302 exit_zone high r-1: at_exit place=gate",
        "390 exit_zone high r-1: tag_lost place=gate for_s=90",
    ]


def test_each_word_of_an_escort_who_is_not_there_the_second_time() -> None:
    on = ground(HOME)
    came: list[Event] = [tag("staff-tag", "gate", 9.0), tag("tag-1", "gate", 10.0), tag("tag-1", "hall", 30.0)]
    again: list[Event] = [tag("tag-1", "gate", 50.0), tag("tag-1", "gate", 51.0)]
    assert said_as(play(ExitRule(on, R1), [*came, *again], 600.0, NOON, on)) == [
        "10 left exit_zone r-1: at_exit place=gate, escorted by=wang",
        "30 exit_zone over high r-1: seen_elsewhere place=hall",
        "52 exit_zone high r-1: at_exit place=gate",
        "141 exit_zone high r-1: tag_lost place=gate for_s=90",
    ]


def door(is_open: bool, at: float, quality: Quality = Quality.GOOD) -> Reading:
    return said_by("gate-door", "opening", is_open, at, quality)


def at_the_gate(*doors: Reading, until: float = 60.0, more: tuple[Event, ...] = ()) -> list[str]:
    """What is said of a resident who stands at the gate alone and is heard each five seconds."""
    on = ground(HOME)
    heard = [tag("tag-1", "gate", at) for at in range(10, int(until), 5)]
    events: list[Event] = sorted([*doors, *heard, *more], key=lambda one: one.at)
    return said_as(play(ExitRule(on, R1), events, until, NOON, on))[1:]


def test_a_door_that_is_held_open_beside_them_for_half_a_minute_is_a_happening() -> None:
    held = "exit_zone high r-1, happening: door_held place=gate"
    assert at_the_gate(door(True, 21.0), until=50.0) == []
    assert at_the_gate(door(True, 21.0), until=200.0) == [f"51 {held} for_s=30"]
    assert at_the_gate(door(True, 1.0), until=200.0) == [f"40 {held} for_s=39"]
    assert at_the_gate(door(True, 21.0), door(True, 40.0), until=200.0) == [f"51 {held} for_s=30"]
    assert at_the_gate(door(True, 21.0), door(False, 50.0), until=200.0) == []
    assert at_the_gate(door(True, 21.0, Quality.BAD), until=200.0) == []
    assert at_the_gate(said_by("door-1", "opening", True, 21.0), until=200.0) == []
    again = (tag("tag-1", "hall", 101.0), door(False, 102.0), door(True, 120.0))
    assert at_the_gate(door(True, 21.0), *again, until=200.0) == [
        f"51 {held} for_s=30",
        "101 exit_zone over high r-1: seen_elsewhere place=hall",
        "107 exit_zone high r-1: at_exit place=gate",
        f"150 {held} for_s=30",
    ]


def test_a_held_door_and_a_tag_that_is_lost_are_each_told_once() -> None:
    on = ground(HOME)
    events: list[Event] = [tag("tag-1", "gate", 10.0), door(True, 90.0)]
    assert said_as(play(ExitRule(on, R1), events, 500.0, NOON, on)) == [
        "12 exit_zone high r-1: at_exit place=gate",
        "100 exit_zone high r-1: tag_lost place=gate for_s=90",
        "120 exit_zone high r-1, happening: door_held place=gate for_s=30",
    ]


def test_a_door_that_an_escort_holds_open_is_nothing() -> None:
    on = ground(HOME)
    came: list[Event] = [tag("staff-tag", "gate", 9.0), tag("tag-1", "gate", 10.0), door(True, 11.0)]
    stay: list[Event] = [tag("tag-1", "gate", float(at)) for at in range(15, 100, 5)]
    assert said_as(play(ExitRule(on, R1), [*came, *stay], 100.0, NOON, on)) == [
        "10 left exit_zone r-1: at_exit place=gate, escorted by=wang"
    ]


def test_each_coming_to_the_exit_needs_its_own_escort() -> None:
    events: list[Event] = [tag("staff-tag", "gate", 9.0), tag("tag-1", "gate", 10.0), tag("tag-1", "hall", 40.0)]
    assert exits([*events, tag("tag-1", "gate", 50.0)], 52.0) == [
        (40.0, False, "seen_elsewhere"),
        (52.0, True, "at_exit"),
    ]


def test_a_staff_tag_left_at_the_gate_escorts_nobody() -> None:
    lying: list[Event] = [tag("staff-tag", "gate", float(at)) for at in range(0, 600, 10)]
    assert exits([*lying, tag("tag-1", "gate", 600.0)], 605.0) == [(602.0, True, "at_exit")]


def test_who_never_loses_the_way_may_go() -> None:
    on = ground(HOME)
    assert play(ExitZoneRule(on, R2), [tag("tag-2", "gate", 10.0)], 500.0, NOON, on) == []


# corridors


def pacing(
    passes: int, until: float, every: float = 60.0, wall: float = MIDNIGHT
) -> list[tuple[float, Priority, bool]]:
    events: list[Event] = [tag("tag-1", ("east", "west")[n % 2], every * n) for n in range(passes)]
    on = ground(HOME)
    found = live(WanderingRule(on, R1), events, until, wall, on)
    assert all(f.kind == "wandering" and f.subject == R1 for _, f in found)
    return [(when, f.priority, f.active) for when, f in found][1:]  # the first: they do not pace


def test_six_passes_in_ten_minutes_are_low_and_twenty_minutes_of_it_medium() -> None:
    assert pacing(5, 400.0) == []
    assert pacing(6, 400.0) == [(300.0, LOW, True)]
    assert pacing(20, 1199.0) == [(300.0, LOW, True)]
    assert pacing(30, 1790.0) == [(300.0, LOW, True), (1200.0, MEDIUM, True)]


def test_each_word_of_pacing() -> None:
    on = ground(HOME)
    events: list[Event] = [tag("tag-1", ("east", "west")[n % 2], 60.0 * n) for n in range(30)]
    assert said_as(play(WanderingRule(on, R1), events, 3000.0, MIDNIGHT, on)) == [
        "0 wandering over low r-1: pacing_over",
        "300 wandering low r-1: pacing passes=6",
        "1200 wandering medium r-1: pacing passes=6",
        "2340 wandering over low r-1: pacing_over",
    ]


def test_it_is_over_ten_minutes_after_the_last_pass() -> None:
    assert pacing(6, 899.0) == [(300.0, LOW, True)]
    assert pacing(6, 900.0) == [(300.0, LOW, True), (900.0, LOW, False)]


def test_slow_walks_and_day_walks_are_none() -> None:
    assert pacing(20, 3000.0, every=120.1) == []
    assert pacing(6, 700.0, every=120.0) == [(600.0, LOW, True)]
    assert pacing(20, 3000.0, wall=NOON) == []


def test_pacing_that_begins_later_in_the_night_is_told_once_more_when_over() -> None:
    on = ground(HOME)
    passes = [tag("tag-1", ("east", "west")[n % 2], 5000.0 + 60.0 * n) for n in range(12)]
    again = [tag("tag-1", ("east", "west")[n % 2], 9000.0 + 200.0 * n) for n in range(3)]
    events: list[Event] = [*passes, *again]
    assert said_as(play(WanderingRule(on, R1), events, 12_000.0, MIDNIGHT, on)) == [
        "5000 wandering over low r-1: pacing_over",
        "5300 wandering low r-1: pacing passes=6",
        "6260 wandering over low r-1: pacing_over",
    ]


def test_a_tag_between_two_receivers_does_not_pace() -> None:
    flaps = [one for n in range(30) for one in (tag("tag-1", "west", 60.0 * n), tag("tag-1", "east", 60.0 * n + 19.9))]
    events: list[Event] = [tag("tag-1", "east", -60.0), *flaps]
    on = ground(HOME)
    assert [f.active for _, f in live(WanderingRule(on, R1), events, 1800.0, MIDNIGHT, on)] == [False]
    turns = [one for n in range(4) for one in (tag("tag-1", "west", 60.0 * n), tag("tag-1", "east", 60.0 * n + 20.0))]
    on = ground(HOME)
    paces = live(WanderingRule(on, R1), list[Event](turns), 200.0, MIDNIGHT, on)
    assert [(when, f.active) for when, f in paces] == [(0.0, False), (140.0, True)]


def test_a_flap_takes_back_its_own_pass_alone() -> None:
    walks = [(60.0 * n, ("east", "west")[n % 2]) for n in range(5)]
    flaps = [(241.0, "west"), (242.0, "hall"), (243.0, "west"), (300.0, "east")]
    events: list[Event] = [tag("tag-1", place, at) for at, place in (*walks, *flaps)]
    on = ground(HOME)
    paces = live(WanderingRule(on, R1), [*events, tag("tag-1", "west", 360.0)], 400.0, MIDNIGHT, on)
    assert [(when, f.active) for when, f in paces] == [(0.0, False), (360.0, True)]


def test_what_a_tag_kept_and_tells_later_is_no_pass() -> None:
    on = ground(HOME)
    kept = [replace(tag("tag-1", ("east", "west")[n % 2], 60.0 * n), stored=True) for n in range(12)]
    assert live(WanderingRule(on, R1), kept, 700.0, MIDNIGHT, on) == []


def test_to_and_fro_is_a_pass_and_standing_is_none() -> None:
    on = ground(HOME)
    still: list[Event] = [tag("tag-1", "east", float(at)) for at in range(0, 600, 30)]
    assert [f.active for _, f in live(WanderingRule(on, R1), still, 700.0, MIDNIGHT, on)] == [False]


def test_by_day_only_where_the_home_wants_it_for_whoever_loses_the_way() -> None:
    settings = RuleSettings(movement=MovementSettings(pace_by_day=True))
    events: list[Event] = [tag("tag-1", ("east", "west")[n % 2], 60.0 * n) for n in range(6)]
    on = ground(HOME, settings)
    assert [f.active for _, f in live(WanderingRule(on, R1), events, 400.0, NOON, on)] == [False, True]
    others: list[Event] = [tag("tag-2", ("east", "west")[n % 2], 60.0 * n) for n in range(6)]
    assert live(WanderingRule(on, R2), others, 400.0, NOON, on) == []


# rooms where nothing moves


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


# limits of their own


OWN = (("movement.toilet_medium_min", 5.0), ("movement.inactive_min", 60.0))


@pytest.mark.parametrize(("shared", "toilet_s", "still_s"), [(False, 300, 3600), (True, 1200, 14_400)])
def test_who_lives_alone_has_limits_of_their_own_and_two_have_the_home_s(
    shared: bool, toilet_s: int, still_s: int
) -> None:
    living = [Resident("r-1", "甲", "201", limits=OWN), *([Resident("r-9", "乙", "201")] if shared else [])]
    bound = [Binding("wc-motion", DeviceRole.ENVIRONMENT, room="wc-201")]
    site = Site.of(living, bound, places=[Place("wc-201", PlaceKind.TOILET, "201")])
    moves: list[Event] = [said_by("wc-motion", "motion", True, float(at)) for at in range(0, toilet_s + 1, 300)]
    stayed = live(ToiletStayRule(ground(site), room("201")), moves, float(toilet_s), NOON)
    assert [(when, f.active) for when, f in stayed] == [(float(toilet_s), True)]
    still = live(InactivityRule(ground(site), room("201")), moves[:1], float(still_s), NOON)
    assert [(when, f.active) for when, f in still] == [(0.0, False), (float(still_s), True)]
