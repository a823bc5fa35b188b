"""From what people said of a camera's candidates to a threshold, and what is to be expected of it. Pure.

What nobody labelled is unknown: it counts as false where a rate is told from above, and not where it is told from
below. A threshold is never proposed above the score of a fall that a person confirmed.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from agent.shadow.poisson import interval

WEEK_H = 168.0
NEEDED_H = 168.0  # a whole week: weekends, bathing days and nights are not like each other
GOAL_A_WEEK = 1.0  # false alarms of one camera that staff bear; a dozen cameras make two a day
LOWEST, HIGHEST = 30, 95  # hundredths: candidates are told from .3 on, so that nothing is known of less


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of one camera: hours in which it could have seen a fall, and the scores, each sorted upward.

    `falls` are those that a person confirmed, of whatever age, none below `LOWEST`; `unseen` counts falls that it told
    nothing of, or less.
    """

    hours: float
    false: tuple[float, ...] = ()
    unknown: tuple[float, ...] = ()
    falls: tuple[float, ...] = ()
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a threshold would have come to; `low` and `high` bound the false alarms a week (95 %, Garwood).

    `a_week` counts the unknown as false, as `high` does. `found` of `falls` would have been raised.
    """

    threshold: float
    false: int
    unknown: int
    a_week: float
    low: float
    high: float
    found: int
    falls: int


class Why(StrEnum):
    """How a proposal came about."""

    HOURS = "hours"  # not enough of them: there is none
    GOAL = "goal"  # the lowest threshold that keeps to the goal
    FALLS = "falls"  # a higher one would lose a fall that a person confirmed: the goal is not reached
    HIGHEST = "highest"  # not even the highest reaches the goal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A threshold with what it would come to; `forecast` is None before there are `needed_h` hours."""

    why: Why
    hours: float
    needed_h: float
    goal_a_week: float
    forecast: Forecast | None = None


def forecast(tally: Tally, threshold: float) -> Forecast | None:
    """What `threshold` would have come to; None before anything was watched."""
    if tally.hours <= 0:
        return None
    false, unknown = _from(tally.false, threshold), _from(tally.unknown, threshold)
    weeks = tally.hours / WEEK_H
    found, falls = _from(tally.falls, threshold), len(tally.falls) + tally.unseen
    low, high = interval(false)[0] / weeks, interval(false + unknown)[1] / weeks
    return Forecast(threshold, false, unknown, (false + unknown) / weeks, low, high, found, falls)


def propose(tally: Tally, goal_a_week: float = GOAL_A_WEEK, needed_h: float = NEEDED_H) -> Proposal:
    """The lowest threshold by which at most `goal_a_week` false or unknown ones are raised, if no fall forbids it."""
    if tally.hours < needed_h:
        return Proposal(Why.HOURS, tally.hours, needed_h, goal_a_week)
    highest = min((HIGHEST, *(_hundredths(score) for score in tally.falls)))
    why, chosen = (Why.HIGHEST if highest == HIGHEST else Why.FALLS), highest
    bearable = goal_a_week * tally.hours / WEEK_H
    for one in range(LOWEST, highest + 1):
        if _from(tally.false, one / 100) + _from(tally.unknown, one / 100) <= bearable:
            why, chosen = Why.GOAL, one
            break
    return Proposal(why, tally.hours, needed_h, goal_a_week, forecast(tally, chosen / 100))


def _from(scores: tuple[float, ...], threshold: float) -> int:
    """How many of the sorted `scores` reach `threshold`."""
    return len(scores) - bisect_left(scores, threshold)


def _hundredths(score: float) -> int:
    """The highest threshold, in hundredths, that `score` reaches."""
    found = math.floor(score * 100) + 1
    while found / 100 > score:
        found -= 1
    return found
