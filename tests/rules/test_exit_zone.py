"""Who stands at an exit: alone, with an escort, beside a door that is held open."""

from collections.abc import Iterable

import pytest

from agent.detection.event import Event
from agent.moment import Moment
from agent.rules.exit_zone import ExitZoneRule
from agent.rules.finding import Finding, Said
from drivers.reading import Quality, Reading
from tests.rules.moving import HIGH, HOME, NOON, R1, R2, said_by, tag
from tests.rules.ward import declined, ground, live, play, said_as


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
