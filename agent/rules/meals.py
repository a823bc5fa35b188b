"""Before each meal: who may choke, for whoever serves it (domain 2.2: no sensor sees choking)."""

import math
from collections.abc import Iterable

from agent.detection.event import Event
from agent.memory import COUNT, NUMBER, Keeps, maybe, together
from agent.moment import DAY_S, Moment
from agent.residents import Site, Subject
from agent.rules.finding import Task
from agent.rules.ground import Ground
from agent.rules.reason import because
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule

_LOOK_AGAIN_S = 600.0  # while the clock is not set
_MEAL_S = 3600.0  # the list is gone an hour after the meal has begun


class MealWatchRule(Rule):
    """One resident who may choke: a task from `meal_before_min` before each meal until an hour after its time."""

    keeps = Keeps(
        1,
        _meal=maybe(together(COUNT, NUMBER)),
    )

    def __init__(self, ground: Ground, about: Subject) -> None:
        self._ground = ground
        self._subject = about
        self._meal: tuple[int, float] | None = None  # day and time of day of the meal that is told
        self.due = -math.inf

    def feed(self, event: Event, now: Moment) -> Iterable[Task]:
        """Nothing but time."""
        return ()

    def tick(self, now: Moment) -> Iterable[Task]:
        """A task when a meal is near, and its end."""
        meals = sorted(self._ground.site.meals)
        if not now.wall_known or not meals:
            self.due = now.monotonic + (_LOOK_AGAIN_S if meals else math.inf)
            return
        before_s = self._ground.settings.care.meal_before_min * 60
        near = next((meal for meal in meals if meal - before_s <= now.time_of_day_s < meal + _MEAL_S), None)
        meal = None if near is None else (now.day, near)
        if self._meal is not None and self._meal != meal:
            yield self._task(now, now.monotonic, active=False)
        if meal is not None and self._meal != meal and self._ground.ward.out(self._subject.id, now) is None:
            yield self._task(now, now.monotonic + meal[1] - now.time_of_day_s, active=True)
        self._meal = meal
        edges = [meal - before_s for meal in meals] + [meal + _MEAL_S for meal in meals]
        self.due = now.monotonic + min((edge - now.time_of_day_s) % DAY_S or DAY_S for edge in edges)

    def _task(self, now: Moment, due: float, active: bool) -> Task:
        why = (because("may_choke" if active else "meal_over"),)
        return Task("meal_watch", self._subject, now.monotonic, why, due=due, active=active)


def who_may_choke(site: Site) -> Iterable[Subject]:
    """Every resident with a risk of choking."""
    return [site.resident_subject(one) for one in site.residents.values() if one.choking_risk]


MEALS_ROW = RuleRow("meals", MealWatchRule, Scope.SUBJECT, watches=who_may_choke)
