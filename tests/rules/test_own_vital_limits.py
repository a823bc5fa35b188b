"""A resident's own limits of vital signs, measurements and weight hold in place of the home's, and for nobody else."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import DAY_S, DailySpan
from agent.residents import Site
from agent.rules.apnoea import ApnoeaRule
from agent.rules.finding import Priority
from agent.rules.news2 import News2Rule
from agent.rules.orthostatic import OrthostaticRule
from agent.rules.row import Build, Scope
from agent.rules.spot_checks import SPOTS, SpotCheckRule
from agent.rules.vital_limits import WATCHES, VitalLimitRule
from agent.rules.vital_unreliable import VitalUnreliableRule
from agent.rules.weight_loss import WeightLossRule
from drivers.reading import Quality
from tests.rules.ward import MIDNIGHT, R1, SITE, H, ground, live, reading


class Case(NamedTuple):
    """A rule, one limit of a resident's own, what happens, and when it is raised by the home's limit and by that."""

    build: Build
    scope: Scope
    limit: tuple[str, float]
    events: list[Event]
    by_the_home: list[float]
    by_their_own: list[float]


def told(quantity: str, *values: tuple[float | bool, float], quality: Quality = Quality.GOOD) -> list[Event]:
    return [reading(quantity, value, when, quality) for value, when in values]


WELL: list[Event] = [
    Act("consciousness", R1, 1.0, "wang", "A"),
    *told("systolic", (120, 2.0)), *told("body_temperature", (37.0, 2.0)), *told("respiratory_rate", (16, 2.0)),
    *told("spo2", (97, 2.0)), *told("heart_rate", (111, 2.0)),
]  # fmt: skip

CASES = {
    "apnoea": Case(
        ApnoeaRule, Scope.SUBJECT, ("checks.apnoea_s", 20.0), told("apnoea", (True, 1.0)), [31.0], [21.0]
    ),
    "orthostatic": Case(
        OrthostaticRule, Scope.SUBJECT, ("checks.drop_systolic", 30.0),
        told("systolic", (140, 1.0), (115, 60.0), (110, 61.0)), [60.0], [61.0],
    ),
    "weight": Case(
        WeightLossRule, Scope.SUBJECT, ("checks.loss_month", 3.0),
        told("weight", (60.0, 1.0), (58.1, DAY_S), (57.0, 2 * DAY_S)), [2 * DAY_S], [DAY_S],
    ),
    "measurement": Case(
        partial(SpotCheckRule, SPOTS[1]), Scope.SUBJECT, ("checks.temperature_high.low", 37.5),
        told("body_temperature", (37.6, 1.0), (37.8, 2.0)), [2.0], [1.0],
    ),
    "news2": Case(News2Rule, Scope.SUBJECT, ("news2.single_at", 2), WELL, [], [2.0]),
    "limit": Case(
        partial(VitalLimitRule, WATCHES[4]), Scope.DEVICE, ("vitals.respiratory_rate_high.high.for_s", 30.0),
        told("respiratory_rate", *((30, float(n)) for n in range(1, 200, 10))), [121.0], [31.0],
    ),
    "unreliable": Case(
        VitalUnreliableRule, Scope.DEVICE, ("vitals.unreliable_s", 300.0),
        told("spo2", *((90, float(n)) for n in range(1, 700, 10)), quality=Quality.UNCERTAIN), [601.0], [301.0],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_their_own_limit_holds_for_them_alone(name: str) -> None:
    case = CASES[name]
    for owner, expected in (("r-1", case.by_their_own), ("r-2", case.by_the_home)):
        owners = [replace(one, limits=(case.limit,) if one.id == owner else ()) for one in SITE.residents.values()]
        site = Site.of(owners, SITE.bindings.values())
        on = ground(site)
        rule = case.build(on, case.scope.of_device(site, "dev-1"))
        found = live(rule, case.events, max(expected, default=0.0), on=on)
        assert [when for when, one in found if one.active] == expected


@pytest.mark.parametrize(("until", "raised"), [(9 * H, []), (6 * H, [Priority.MEDIUM])])
def test_their_own_night_is_when_a_heart_may_be_slow(until: float, raised: list[Priority]) -> None:
    site = Site.of([replace(SITE.residents["r-1"], night=DailySpan(21 * H, until))], SITE.bindings.values())
    slow = told("heart_rate", *((45, float(n)) for n in range(1, 310)))
    found = live(VitalLimitRule(WATCHES[0], ground(site), site.device_subject("dev-1")), slow, wall=MIDNIGHT + 7 * H)
    assert [one.priority for _, one in found if one.active] == raised
