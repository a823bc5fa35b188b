"""Stays in a toilet: how long, whose, and how they end."""

import pytest

from agent.detection.event import Event
from agent.rules.finding import Finding, Priority
from agent.rules.toilet_stay import ToiletStayRule
from drivers.reading import Quality
from tests.rules.moving import HIGH, HOME, LOW, MEDIUM, NOON, room, said_by
from tests.rules.ward import MIDNIGHT, declined, ground, live, play, said_as


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
