"""Pacing along corridors at night."""

from dataclasses import replace

from agent.detection.event import Event
from agent.rules.finding import Priority
from agent.rules.settings import RuleSettings
from agent.rules.settings.movement import MovementSettings
from agent.rules.wandering import WanderingRule
from tests.rules.moving import HOME, LOW, MEDIUM, NOON, R1, R2, tag
from tests.rules.ward import MIDNIGHT, ground, live, play, said_as


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
