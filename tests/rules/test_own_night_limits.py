"""A resident's own limits of turning and of nights hold in place of the home's."""

from dataclasses import replace

from agent.residents import Resident, Site
from agent.rules.finding import Finding
from agent.rules.not_back_in_bed import NotBackInBedRule
from agent.rules.turning import TurningRule
from tests.rules.ward import MIDNIGHT, R1, SITE, act, ground, live, play, reading, tasks


def of_their_own(resident: Resident) -> Site:
    return Site.of([resident], SITE.bindings.values())


def test_how_long_before_a_turn_is_asked_for() -> None:
    owner = Resident("r-1", "甲", "201", turning_min=120.0)
    for limits, asked in (((), 6600.0), ((("bed.turn_soon_min", 20.0),), 6000.0)):
        rule = TurningRule(ground(of_their_own(replace(owner, limits=limits))), R1)
        assert [when for when, _ in tasks(play(rule, [act("turned", 0.0)], 7000.0))] == [asked]


def test_how_long_somebody_may_be_out_of_bed() -> None:
    up = [reading("bed_occupied", True, 1.0), reading("bed_occupied", False, 10.0)]
    for limits, raised in (((), 910.0), ((("bed.not_back_medium_min", 10.0),), 610.0)):
        on = ground(of_their_own(Resident("r-1", "甲", "201", limits=limits)))
        found: list[tuple[float, Finding]] = live(NotBackInBedRule(on, R1), up, 920.0, MIDNIGHT, on)
        assert [when for when, one in found if one.active] == [raised]
