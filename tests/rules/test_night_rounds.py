"""Rounds at night: when a room is asked for, and when no more."""

from dataclasses import replace

import pytest

from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Resident, Site
from agent.rules.finding import Finding, Priority, Said, Task
from agent.rules.night_rounds import NightRoundRule
from agent.rules.settings import RuleSettings
from agent.rules.settings.care import CareSettings
from tests.rules.ward import EIGHT_PM, MIDNIGHT, RESIDENT, ROOM, H, act, ground, home, play, reading, said_as, words


def rounds(
    events: list[Event], until: float, site: Site | None = None, settings: RuleSettings | None = None
) -> list[tuple[float, Said]]:
    site = site or home()
    on = ground(site, settings)
    return play(NightRoundRule(on, ROOM), events, until, EIGHT_PM, on)


def test_a_round_is_due_two_hours_into_the_night_and_missed_half_an_hour_later() -> None:
    assert rounds([], 3 * H - 1) == []
    assert words(rounds([], 3 * H)) == [(3 * H, "round_due begins")]
    assert words(rounds([], 3.5 * H - 1)) == [(3 * H, "round_due begins")]
    assert words(rounds([], 9 * H)) == [(3 * H, "round_due begins"), (3.5 * H, "round_missed begins")]


def test_a_missed_round_is_low_and_may_be_medium_and_tells_how_long_ago() -> None:
    (_, task), (_, missed) = rounds([], 4 * H)
    assert isinstance(task, Task)
    assert (task.subject, task.due) == (ROOM, 3 * H)
    assert isinstance(missed, Finding)
    assert (missed.priority, missed.subject) == (Priority.LOW, ROOM)
    assert missed.reasons[0].to_json() == {"code": "round_ago", "for_min": 150.0, "every_min": 120.0}
    medium = RuleSettings(care=CareSettings(round_missed="medium"))
    assert [one.priority for _, one in rounds([], 4 * H, settings=medium) if isinstance(one, Finding)] == [
        Priority.MEDIUM
    ]


@pytest.mark.parametrize(
    "done",
    [
        reading("card", "c-1", 4 * H, device="reader"),
        act("round", 4 * H, ROOM),
        act("task_done", 4 * H, ROOM, "round_due"),
    ],
)
def test_a_card_or_a_tap_is_a_round_and_the_next_counts_from_it(done: Event) -> None:
    assert words(rounds([done], 6.5 * H))[2:] == [
        (4 * H, "round_due ends"),
        (4 * H, "round_missed ends"),
        (6 * H, "round_due begins"),
        (6.5 * H, "round_missed begins"),
    ]


def test_a_round_in_time_asks_nobody() -> None:
    early = [reading("card", "c-1", 2.5 * H, device="reader"), reading("card", "c-1", 4 * H, device="reader")]
    assert words(rounds(list(early), 6 * H - 1)) == [(2.5 * H, "round_due ends"), (2.5 * H, "round_missed ends")]


def test_a_card_of_nobody_an_old_one_and_another_task_are_no_round() -> None:
    events: list[Event] = [
        reading("card", "c-9", 2.0 * H, device="reader"),
        replace(reading("card", "c-1", 2.1 * H, device="reader"), stored=True),
        act("task_done", 2.2 * H, ROOM, "visit_due"),
    ]
    assert words(rounds(events, 3 * H)) == [(3 * H, "round_due begins")]


def test_the_night_ends_what_was_due_and_the_day_asks_for_nothing() -> None:
    told = words(rounds([], 26 * H))
    assert told[2:] == [(10 * H, "round_due ends"), (10 * H, "round_missed ends")]
    assert words(rounds([], 27 * H))[4:] == [(27 * H, "round_due begins")]


def test_a_round_by_day_does_not_put_off_the_first_of_the_night() -> None:
    assert words(rounds([act("round", 0.5 * H, ROOM)], 3 * H))[2:] == [(3 * H, "round_due begins")]


def test_whoever_needs_it_most_often_sets_the_pace_of_the_room() -> None:
    both = home(replace(RESIDENT, round_min=90.0), Resident("r-2", "乙", "201", round_min=60.0))
    assert words(rounds([], 2 * H, both)) == [(2 * H, "round_due begins")]
    assert rounds([], 2 * H - 1, both) == []


def test_a_room_whose_people_are_out_is_not_looked_after() -> None:
    assert rounds([act("out", 1.0)], 6 * H) == []
    two = home(RESIDENT, Resident("r-2", "乙", "201"))
    assert words(rounds([act("out", 1.0)], 3 * H, two)) == [(3 * H, "round_due begins")]


def test_begun_in_the_night_it_counts_from_then() -> None:
    on = ground(home())
    assert words(play(NightRoundRule(on, ROOM), [], 2.5 * H, MIDNIGHT)) == [
        (1 + 2 * H, "round_due begins"),
    ]


def test_without_a_clock_rounds_are_not_judged() -> None:
    rule = NightRoundRule(ground(home()), ROOM)
    assert list(rule.tick(Moment(0.0, EIGHT_PM, wall_known=False))) == []
    assert rule.due == 600.0


def test_a_round_that_is_told_late_does_not_undo_a_newer_one() -> None:
    late = replace(act("round", 4 * H, ROOM), at=3 * H)
    rule = NightRoundRule(ground(home()), ROOM)
    play(rule, [act("round", 4 * H, ROOM)], 4 * H + 1, EIGHT_PM)
    list(rule.feed(late, Moment(4 * H + 2, EIGHT_PM + 4 * H + 2)))
    list(rule.tick(Moment(4 * H + 3, EIGHT_PM + 4 * H + 3)))
    assert rule.due == 6 * H


def test_each_word_of_two_nights_of_rounds() -> None:
    done: list[Event] = [act("round", 4 * H, ROOM), reading("card", "c-1", 6.7 * H, device="reader")]
    assert said_as(rounds(done, 36 * H)) == [
        "10800 task round_due due 10800 201: round_ago for_min=120 every_min=120",
        "12600 round_missed low 201: round_ago for_min=150 every_min=120",
        "14400 done round_due 201: round_done by=s-1",
        "14400 round_missed over low 201: round_done by=s-1",
        "21600 task round_due due 21600 201: round_ago for_min=120 every_min=120",
        "23400 round_missed low 201: round_ago for_min=150 every_min=120",
        "24120 done round_due 201: round_done by=s-1",
        "24120 round_missed over low 201: round_done by=s-1",
        "31320 task round_due due 31320 201: round_ago for_min=120 every_min=120",
        "33120 round_missed low 201: round_ago for_min=150 every_min=120",
        "36000 done round_due 201: night_over",
        "36000 round_missed over low 201: night_over",
        "97200 task round_due due 97200 201: round_ago for_min=120 every_min=120",
        "99000 round_missed low 201: round_ago for_min=150 every_min=120",
        "122400 done round_due 201: night_over",
        "122400 round_missed over low 201: night_over",
    ]
