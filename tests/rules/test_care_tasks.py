"""Rounds, meals, assessments and visits: when somebody is asked, and when no more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import DAY_S, Moment
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.calendar import day_of
from agent.rules.care_dates import ASSESSMENT_ROW, AssessmentRule
from agent.rules.finding import Finding, Priority, Said, Task
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.meals import MEALS_ROW, MealWatchRule
from agent.rules.night_rounds import ROUNDS_ROW, NightRoundRule
from agent.rules.settings import RuleSettings
from agent.rules.settings.care import CareSettings
from agent.rules.visit import VISIT_ROW, VisitRule
from agent.staff import Member, Roster
from tests.rules.ward import MIDNIGHT, ground, play, reading, said_as

H, MIN = 3600.0, 60.0
EIGHT_PM = MIDNIGHT + 20 * H
ROOM = Subject(SubjectKind.PLACE, "201", "201")
R1 = Subject(SubjectKind.RESIDENT, "r-1", "201")
RESIDENT = Resident("r-1", "甲", "201")
ROSTER = Roster.of([Member("s-1", card="c-1")], [], [])


def home(*residents: Resident, meals: tuple[float, ...] = ()) -> Site:
    bindings = [Binding("reader", DeviceRole.READER, room="201"), Binding("pir", DeviceRole.ENVIRONMENT, room="201")]
    return Site.of(residents or [RESIDENT], bindings, roster=ROSTER, meals=meals)


def words(said: list[tuple[float, Said]]) -> list[tuple[float, str]]:
    """Each word as (at, kind begins|ends)."""
    told = []
    for when, one in said:
        assert isinstance(one, Finding | Task)
        told.append((when, f"{one.kind} {'begins' if one.active else 'ends'}"))
    return told


def act(name: str, at: float, subject: Subject = R1, value: str | float | bool = True) -> Act:
    return Act(name, subject, at, "s-1", value)


# rounds: monotonic 0 is 20:00


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


# meals: monotonic 0 is midnight


def meals(
    events: list[Event], until: float, times: tuple[float, ...] = (12 * H,), wall: float = MIDNIGHT
) -> list[tuple[float, Said]]:
    on = ground(home(replace(RESIDENT, choking_risk=True), meals=times))
    return play(MealWatchRule(on, R1), events, until, wall, on)


def test_a_meal_is_watched_from_15_minutes_before_until_an_hour_after() -> None:
    quarter = 11.75 * H
    assert meals([], quarter - 1) == []
    ((when, task),) = meals([], quarter)
    assert isinstance(task, Task)
    assert (when, task.kind, task.subject, task.due) == (quarter, "meal_watch", R1, 12 * H)
    assert words(meals([], DAY_S)) == [(quarter, "meal_watch begins"), (13 * H, "meal_watch ends")]
    assert words(meals([], DAY_S + quarter))[2:] == [(DAY_S + quarter, "meal_watch begins")]


def test_two_meals_are_two_tasks_and_none_is_none() -> None:
    told = words(meals([], DAY_S, (12 * H, 7 * H)))
    assert [when for when, _ in told] == [6.75 * H, 8 * H, 11.75 * H, 13 * H]
    close = words(meals([], DAY_S, (12 * H, 12.5 * H)))
    assert close == [(11.75 * H, "meal_watch begins"), (13 * H, "meal_watch ends"), (13 * H, "meal_watch begins"),
                     (13.5 * H, "meal_watch ends")]  # fmt: skip
    assert meals([], DAY_S, ()) == []


def test_who_is_out_does_not_eat_here_and_without_a_clock_nobody_knows_when() -> None:
    assert meals([act("out", 1.0)], 12 * H) == []
    rule = MealWatchRule(ground(home(meals=(12 * H,))), R1)
    assert list(rule.tick(Moment(0.0, MIDNIGHT + 12 * H, wall_known=False))) == []
    assert rule.due == 600.0
    assert list(rule.feed(act("back", 1.0), Moment(1.0, MIDNIGHT))) == []


def test_it_asks_again_at_the_next_edge_of_a_meal_and_never_without_meals() -> None:
    for times, due in (((12 * H,), 11.75 * H), ((), float("inf"))):
        rule = MealWatchRule(ground(home(meals=times)), R1)
        assert list(rule.tick(Moment(0.0, MIDNIGHT))) == []
        assert rule.due == due


def test_only_who_may_choke_is_listed() -> None:
    site = home(RESIDENT, Resident("r-2", "乙", "201", choking_risk=True), meals=(12 * H,))
    said = RuleHost(ground(site), (MEALS_ROW,)).tick(Moment(0.0, MIDNIGHT + 12 * H))
    assert [one.subject.id for one in said if isinstance(one, Task)] == ["r-2"]


# assessments


@given(day=st.dates())
def test_a_date_is_a_number_of_days(day: date) -> None:
    assert day_of(day.isoformat()) == (day - date(1970, 1, 1)).days


@pytest.mark.parametrize("year", [1600, 1900, 1970, 2000, 2026, 2028, 2100, 2400])
def test_each_month_begins_and_ends_on_its_day(year: int) -> None:
    for month in range(1, 13):
        first = date(year, month, 1)
        for day in (first, first - timedelta(days=1)):
            assert day_of(day.isoformat()) == (day - date(1970, 1, 1)).days


@pytest.mark.parametrize("text", ["", "2026-11", "2026-13-01", "2026-00-01", "2026-01-32", "2026-01-00", "a-b-c"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert day_of(text) is None


TODAY = date(1970, 1, 1) + timedelta(days=Moment(0.0, MIDNIGHT).day)


def assessments(assessed_on: str, events: list[Event], until: float) -> list[tuple[float, Said]]:
    on = ground(home(replace(RESIDENT, assessed_on=assessed_on)))
    return play(AssessmentRule(on, R1), events, until, MIDNIGHT)


def test_an_assessment_older_than_180_days_is_due_in_the_morning() -> None:
    before = (TODAY - timedelta(days=181)).isoformat()
    assert assessments(before, [], 8 * H - 1) == []
    ((when, task),) = assessments(before, [], 30 * H)
    assert isinstance(task, Task)
    assert (when, task.kind, task.subject, task.active) == (8 * H, "assessment_due", R1, True)
    assert task.reasons[0].to_json() == {"code": "assessed_ago", "days": 181}
    exactly = (TODAY - timedelta(days=180)).isoformat()
    assert words(assessments(exactly, [], 40 * H)) == [(32 * H, "assessment_due begins")]
    assert assessments("", [], 40 * H) == []


@pytest.mark.parametrize("done", [act("assessed", 9 * H), act("task_done", 9 * H, R1, "assessment_due")])
def test_assessed_it_is_done_for_180_days(done: Act) -> None:
    before = (TODAY - timedelta(days=181)).isoformat()
    until = 181 * DAY_S + 8 * H
    assert words(assessments(before, [done], until)) == [
        (8 * H, "assessment_due begins"),
        (9 * H, "assessment_due ends"),
        (until, "assessment_due begins"),
    ]
    assert words(assessments(before, [done], until - 1))[2:] == []


def test_an_assessment_on_the_day_that_is_known_ends_the_task_from_before() -> None:
    rule = AssessmentRule(ground(home(replace(RESIDENT, assessed_on=TODAY.isoformat()))), R1)
    told = list(rule.feed(act("assessed", 1.0), Moment(1.0, MIDNIGHT + 1)))
    assert said_as([(1.0, one) for one in told]) == ["1 done assessment_due r-1: assessed by=s-1"]


def test_another_task_and_an_older_word_change_nothing() -> None:
    on = ground(home(replace(RESIDENT, assessed_on=TODAY.isoformat())))
    rule = AssessmentRule(on, R1)
    assert list(rule.feed(act("task_done", 1.0, R1, "visit_due"), Moment(1.0, MIDNIGHT + 1))) == []
    assert list(rule.feed(act("assessed", 1.0 - 2 * DAY_S), Moment(1.0, MIDNIGHT + 1))) == []
    assert list(rule.feed(act("assessed", 1.0), Moment(1.0, MIDNIGHT + 1, wall_known=False))) == []


def test_without_a_clock_no_date_is_old() -> None:
    rule = AssessmentRule(ground(home(replace(RESIDENT, assessed_on="1990-01-01"))), R1)
    assert list(rule.tick(Moment(0.0, MIDNIGHT, wall_known=False))) == []
    assert rule.due == 3600.0
    assert len(list(rule.tick(Moment(3600.0, MIDNIGHT + 9 * H)))) == 1


# visits


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


def test_a_round_that_is_told_late_does_not_undo_a_newer_one() -> None:
    late = replace(act("round", 4 * H, ROOM), at=3 * H)
    rule = NightRoundRule(ground(home()), ROOM)
    play(rule, [act("round", 4 * H, ROOM)], 4 * H + 1, EIGHT_PM)
    list(rule.feed(late, Moment(4 * H + 2, EIGHT_PM + 4 * H + 2)))
    list(rule.tick(Moment(4 * H + 3, EIGHT_PM + 4 * H + 3)))
    assert rule.due == 6 * H


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


def test_every_task_rule_watches_from_the_start() -> None:
    site = home(
        replace(RESIDENT, choking_risk=True, assessed_on="2000-01-01", visit_days=1.0), Resident("r-2", "乙", "202")
    )
    rows = (ROUNDS_ROW, MEALS_ROW, ASSESSMENT_ROW, VISIT_ROW)
    on = Ground.of(site)
    two = Subject(SubjectKind.RESIDENT, "r-2", "202")
    other = Subject(SubjectKind.PLACE, "202", "202")
    assert [list(row.watches(site)) for row in rows] == [[ROOM, other], [R1], [R1, two], [ROOM]]
    nowhere = Site.of([Resident("r-3", "丙", "", visit_days=1.0), Resident("r-4", "丁", "203", lives_alone=True)], [])
    assert list(VISIT_ROW.watches(nowhere)) == [
        Subject(SubjectKind.PLACE, "203", "203"),
        Subject(SubjectKind.RESIDENT, "r-3"),
    ]
    assert list(ROUNDS_ROW.watches(nowhere)) == [Subject(SubjectKind.PLACE, "203", "203")]
    host = RuleHost(on, rows)
    host.tick(Moment(0.0, MIDNIGHT + 8 * H))
    assert host.due < float("inf")
    card = host.feed(reading("card", "c-1", 5.0, device="reader"), Moment(5.0, MIDNIGHT + 8 * H + 5))
    assert [one.kind for one in card if isinstance(one, Task | Finding)] == ["round_due", "round_missed"]


# each word, whole and in order


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


def test_each_word_of_two_days_of_meals() -> None:
    assert said_as(meals([], 1.5 * DAY_S, (7 * H, 12 * H))) == [
        "24300 task meal_watch due 25200 r-1: may_choke",
        "28800 done meal_watch due 28800 r-1: meal_over",
        "42300 task meal_watch due 43200 r-1: may_choke",
        "46800 done meal_watch due 46800 r-1: meal_over",
        "110700 task meal_watch due 111600 r-1: may_choke",
        "115200 done meal_watch due 115200 r-1: meal_over",
        "128700 task meal_watch due 129600 r-1: may_choke",
    ]


def test_each_word_of_an_assessment_and_of_visits() -> None:
    before = (TODAY - timedelta(days=181)).isoformat()
    assessed = act("task_done", 9 * H, R1, "assessment_due")
    assert said_as(assessments(before, [assessed], 182 * DAY_S)) == [
        "28800 task assessment_due r-1: assessed_ago days=181",
        "32400 done assessment_due r-1: assessed by=s-1",
        "15667200 task assessment_due r-1: assessed_ago days=181",
    ]
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
