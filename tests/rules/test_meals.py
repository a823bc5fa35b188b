"""Meals: when who may choke is watched, and when no more."""

from dataclasses import replace

from agent.detection.event import Event
from agent.moment import DAY_S, Moment
from agent.residents import Resident
from agent.rules.finding import Said, Task
from agent.rules.host import RuleHost
from agent.rules.meals import MEALS_ROW, MealWatchRule
from tests.rules.ward import MIDNIGHT, R1, RESIDENT, H, act, ground, home, play, said_as, words


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
