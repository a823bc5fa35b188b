"""Limits of stillness and of a stay in the toilet that are one resident's own."""

import pytest

from agent.detection.event import Event
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site
from agent.rules.inactivity import InactivityRule
from agent.rules.toilet_stay import ToiletStayRule
from tests.rules.moving import NOON, room, said_by
from tests.rules.ward import ground, live

OWN = (("movement.toilet_medium_min", 5.0), ("movement.inactive_min", 60.0))


@pytest.mark.parametrize(("shared", "toilet_s", "still_s"), [(False, 300, 3600), (True, 1200, 14_400)])
def test_who_lives_alone_has_limits_of_their_own_and_two_have_the_home_s(
    shared: bool, toilet_s: int, still_s: int
) -> None:
    living = [Resident("r-1", "甲", "201", limits=OWN), *([Resident("r-9", "乙", "201")] if shared else [])]
    bound = [Binding("wc-motion", DeviceRole.ENVIRONMENT, room="wc-201")]
    site = Site.of(living, bound, places=[Place("wc-201", PlaceKind.TOILET, "201")])
    moves: list[Event] = [said_by("wc-motion", "motion", True, float(at)) for at in range(0, toilet_s + 1, 300)]
    stayed = live(ToiletStayRule(ground(site), room("201")), moves, float(toilet_s), NOON)
    assert [(when, f.active) for when, f in stayed] == [(float(toilet_s), True)]
    still = live(InactivityRule(ground(site), room("201")), moves[:1], float(still_s), NOON)
    assert [(when, f.active) for when, f in still] == [(0.0, False), (float(still_s), True)]
