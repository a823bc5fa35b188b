"""Assessments, and the dates they go by."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import AWAKE
from agent.moment import DAY_S, Moment
from agent.rules.calendar import day_of
from agent.rules.care_dates import AssessmentRule
from agent.rules.finding import Said, Task
from tests.rules.ward import MIDNIGHT, R1, RESIDENT, H, act, ground, home, play, said_as, words


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


def test_each_word_of_an_assessment() -> None:
    before = (TODAY - timedelta(days=181)).isoformat()
    assessed = act("task_done", 9 * H, R1, "assessment_due")
    assert said_as(assessments(before, [assessed], 182 * DAY_S)) == [
        "28800 task assessment_due r-1: assessed_ago days=181",
        "32400 done assessment_due r-1: assessed by=s-1",
        "15667200 task assessment_due r-1: assessed_ago days=181",
    ]


@pytest.mark.parametrize(
    ("before", "written", "day", "asked"),
    [
        ("2026-05-10", "2026-05-10", "2026-05-10", True),
        ("2026-05-10", "2026-05-11", "2026-05-11", False),
        ("2026-05-10", "2026-05-09", "2026-05-10", True),
        ("2026-05-10", "", "2026-05-10", True),
        ("", "2026-05-10", "2026-05-10", False),
    ],
)
def test_the_later_day_counts_of_what_is_remembered_and_written(
    before: str, written: str, day: str, asked: bool
) -> None:
    def rule(assessed_on: str) -> AssessmentRule:
        return AssessmentRule(ground(home(replace(RESIDENT, assessed_on=assessed_on))), R1)

    old, new = rule(before), rule(written)
    play(old, [], 9 * H, MIDNIGHT)
    new.remember(old.memory(), AWAKE)
    assert new.memory() == {"_assessed": day_of(day), "_asked": asked and bool(before)}
