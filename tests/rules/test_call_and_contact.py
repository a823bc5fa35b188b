"""Buttons and hazard contacts: in the same call, at any quality."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.residents import SubjectKind
from agent.rules.finding import Priority
from agent.rules.hazard_contact import HazardContactRule
from agent.rules.sos import SosRule
from drivers.quantities import PRESSES
from drivers.reading import Quality
from tests.rules.ward import R1, at, device, ground, live, reading


@given(quality=st.sampled_from(list(Quality)), press=st.sampled_from([p for p in PRESSES if p != "release"]))
def test_every_press_is_high_at_once(quality: Quality, press: str) -> None:
    first, *more = SosRule(ground(), device("dev-1")).feed(reading("button", press, 1.0, quality), at(1.0))
    assert (first.kind, first.priority, first.happening, first.active) == ("sos", Priority.HIGH, True, True)
    assert first.subject == R1
    assert first.unverified == (quality is not Quality.GOOD)
    assert [(f.kind, f.subject.kind) for f in more] == (
        [] if quality is Quality.GOOD else [("device_unverified", SubjectKind.DEVICE)]
    )


def test_release_and_remembered_presses_raise_nothing() -> None:
    rule = SosRule(ground(), device("dev-1"))
    stored = replace(reading("button", "press", 1.0), stored=True)
    assert live(rule, [reading("button", "release", 1.0), stored], until=5) == []


def test_a_button_that_nobody_adopted_into_a_room_alarms_by_its_own_name() -> None:
    (finding,) = SosRule(ground(), device("loose")).feed(reading("button", "press", 1.0, device="loose"), at(1.0))
    assert (finding.subject.kind, finding.subject.id) == (SubjectKind.DEVICE, "loose")


@pytest.mark.parametrize(
    ("quantity", "kind"), [("smoke", "smoke"), ("gas", "gas"), ("carbon_monoxide", "gas"), ("arc_fault", "arc_fault")]
)
@pytest.mark.parametrize("quality", Quality)
def test_a_hazard_is_high_at_once_and_each_closing_is_a_happening(quantity: str, kind: str, quality: Quality) -> None:
    rule = HazardContactRule(ground(), device("contact"))
    values = (True, True, False, False, True)
    events = [reading(quantity, value, float(second), quality, "contact") for second, value in enumerate(values, 1)]
    found = live(rule, events)
    assert [(when, f.kind, f.active, f.happening) for when, f in found] == [
        (1.0, kind, True, True),
        (3.0, kind, False, False),
        (5.0, kind, True, True),
    ]
    assert all(f.priority is Priority.HIGH and f.subject.id == "201" for _, f in found)
