"""Visits: agreed days that are over, and a day without a stir."""

from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import DAY_S, Moment
from agent.residents import Resident, Subject, SubjectKind
from agent.rules.finding import Said, Task
from agent.rules.visit import VisitRule
from tests.rules.ward import MIDNIGHT, R1, RESIDENT, ROOM, H, act, ground, home, play, reading, said_as, words


def visits(events: list[Event], until: float, resident: Resident) -> list[tuple[float, Said]]:
    on = ground(home(resident))
    return play(VisitRule(on, ROOM), events, until, MIDNIGHT, on)


WEEKLY = replace(RESIDENT, visit_days=7.0)


ALONE = replace(RESIDENT, lives_alone=True)


def test_a_visit_is_due_when_the_agreed_days_are_over() -> None:
    assert visits([act("visited", 100.0)], 100 + 7 * DAY_S - 1, WEEKLY)[1:] == []
    (_, ended), (when, task) = visits([act("visited", 100.0)], 200 + 7 * DAY_S, WEEKLY)
    assert isinstance(task, Task)
    assert isinstance(ended, Task)
    assert (ended.active, when, task.kind, task.subject) == (False, 100 + 7 * DAY_S, "visit_due", R1)
    assert task.reasons[0].to_json() == {"code": "visited_ago", "days": 7.0}
    assert words(visits([], 8 * DAY_S, WEEKLY)) == [(1 + 7 * DAY_S, "visit_due begins")]


@pytest.mark.parametrize("done", [act("visited", 8 * DAY_S), act("task_done", 8 * DAY_S, R1, "visit_due")])
def test_a_visit_made_is_done_until_the_next(done: Act) -> None:
    assert words(visits([done], 15 * DAY_S, WEEKLY))[1:] == [
        (8 * DAY_S, "visit_due ends"),
        (15 * DAY_S, "visit_due begins"),
    ]


def test_two_of_a_room_are_visited_each_in_their_own_time() -> None:
    on = ground(home(WEEKLY, Resident("r-2", "乙", "201", visit_days=3.0)))
    told = play(VisitRule(on, ROOM), [], 8 * DAY_S, MIDNIGHT, on)
    assert [(when, one.subject.id) for when, one in told] == [(1 + 3 * DAY_S, "r-2"), (1 + 7 * DAY_S, "r-1")]


def test_a_visit_told_before_the_first_look_at_the_room_is_not_one_to_the_neighbour() -> None:
    on = ground(home(WEEKLY, Resident("r-2", "乙", "201", visit_days=3.0)))
    rule = VisitRule(on, ROOM)
    list(rule.feed(act("visited", 1.0), Moment(1.0, MIDNIGHT)))
    assert rule.due == float("-inf")
    list(rule.tick(Moment(2.0, MIDNIGHT)))
    assert rule.due == 2.0 + 3 * DAY_S


def test_who_has_no_room_is_visited_all_the_same() -> None:
    on = ground(home(replace(WEEKLY, room="")))
    told = play(VisitRule(on, Subject(SubjectKind.RESIDENT, "r-1")), [], 8 * DAY_S, MIDNIGHT, on)
    assert [(when, one.subject.id) for when, one in told] == [(1 + 7 * DAY_S, "r-1")]


def test_an_empty_room_asks_for_no_time() -> None:
    rule = VisitRule(ground(home()), ROOM)
    list(rule.tick(Moment(1.0, MIDNIGHT)))
    assert rule.due == float("inf")


def test_who_lives_alone_and_does_not_stir_for_a_day_is_visited() -> None:
    stir = reading("motion", True, 100.0, device="pir")
    still: list[Event] = [reading("motion", False, 100.0 + n * H, device="pir") for n in range(1, 24)]
    assert visits([stir, *still], 100 + 24 * H - 1, ALONE) == []
    ((when, task),) = visits([stir, *still], 40 * H, ALONE)
    assert isinstance(task, Task)
    assert (when, task.reasons[0].to_json()) == (100 + 24 * H, {"code": "still_for", "hours": 24.0})
    assert visits([stir, *still], 40 * H, RESIDENT) == []


@pytest.mark.parametrize("quantity", ["opening", "bed_occupied", "motion", "presence"])
def test_any_stir_counts(quantity: str) -> None:
    stirs: list[Event] = [reading("motion", False, 1.0, device="pir"), reading(quantity, True, 20 * H, device="pir")]
    assert visits(stirs, 43 * H, ALONE) == []
    assert words(visits(stirs, 44 * H, ALONE)) == [(44 * H, "visit_due begins")]


def test_a_door_that_closes_is_a_stir_and_stillness_needs_a_sensor() -> None:
    closes: list[Event] = [
        reading("opening", True, 1.0, device="pir"),
        reading("opening", False, 20 * H, device="pir"),
        replace(reading("motion", True, 21 * H, device="pir"), stored=True),
    ]
    assert words(visits(closes, 50 * H, ALONE)) == [(44 * H, "visit_due begins")]
    assert visits([], 90 * H, ALONE) == []


def test_who_is_out_is_not_still_and_counts_anew_when_back() -> None:
    events: list[Event] = [
        reading("motion", True, 1.0, device="pir"),
        act("out", 2.0, R1, MIDNIGHT + 100 * H),
        act("back", 60 * H),
    ]
    assert visits(events[:2], 99 * H, ALONE) == []
    assert words(visits(events[:2], 101 * H, ALONE)) == [(100 * H, "visit_due begins")]
    assert words(visits(events, 101 * H, ALONE)) == [(84 * H, "visit_due begins")]


def test_a_visit_that_is_told_late_or_as_a_task_counts_by_its_own_time() -> None:
    rule = VisitRule(ground(home(WEEKLY)), ROOM)
    for told in (act("visited", 100.0), act("task_done", 50.0, R1, "visit_due")):
        assert len(list(rule.feed(told, Moment(200.0, MIDNIGHT)))) == 1
        assert rule.due == 100.0 + 7 * DAY_S
    stirs: list[Event] = [reading("motion", True, 100.0, device="pir"), act("task_done", 10 * H, R1, "visit_due")]
    assert said_as(visits([*stirs, act("task_done", 11 * H, R1, "round_due")], 40 * H, ALONE)) == [
        "36000 done visit_due r-1: visited by=s-1",
        "122400 task visit_due r-1: still_for hours=24",
    ]


def test_each_word_of_visits() -> None:
    made: list[Event] = [act("visited", 100.0), act("task_done", 8 * DAY_S, R1, "visit_due"), act("back", 9 * DAY_S)]
    assert said_as(visits(made, 16 * DAY_S, WEEKLY)) == [
        "100 done visit_due r-1: visited by=s-1",
        "604900 task visit_due r-1: visited_ago days=7",
        "691200 done visit_due r-1: visited by=s-1",
        "1296000 task visit_due r-1: visited_ago days=7",
    ]
    stirs: list[Event] = [reading("motion", True, 100.0, device="pir"), act("visited", 30 * H), act("back", 40 * H)]
    assert said_as(visits(stirs, 80 * H, ALONE)) == [
        "86500 task visit_due r-1: still_for hours=24",
        "108000 done visit_due r-1: visited by=s-1",
        "230400 task visit_due r-1: still_for hours=24",
    ]
