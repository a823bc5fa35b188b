"""What the rows of the rules ask for exists: a name that is misspelt would be a rule that never hears anything."""

import pytest

from agent.detection.acts import ACTS
from agent.detection.observations import OBSERVATIONS
from agent.rules.kinds import KINDS
from agent.rules.registry import ROWS
from agent.rules.row import RuleRow
from drivers.quantities import QUANTITIES


def test_every_rule_has_a_name_of_its_own() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_rule_asks_only_for_what_there_is(row: RuleRow) -> None:
    assert set(row.quantities) <= set(QUANTITIES)
    assert set(row.observations) <= set(OBSERVATIONS)
    assert set(row.acts) <= set(ACTS)
    assert set(row.resumes) <= set(KINDS)


def test_no_rule_hears_what_only_might_be_a_fall() -> None:
    """Candidates are for people who set a camera's threshold (docs/shadow.md)."""
    assert not [row.name for row in ROWS if "fall_candidate" in row.observations]


HEARD = {
    "fall": {"body_fall", "button", "bed_occupied", "motion", "presence", "worn", "fall", "low_on_floor", "recovered"},
    "sos": {"button"},
    "hazard_contact": {"smoke", "gas", "carbon_monoxide", "arc_fault"},
    "water_leak": {"moisture"},
    "pump_fault": {"pump_fault"},
    "scald": {"water_temperature"},
    "noise": {"sound_level"},
    "battery": {"battery", "battery_low"},
    "bed_flutter": {"bed_occupied"},
    "worn": {"worn", "battery"},
    "mains": {"mains", "battery"},
    "service_request": {"service"},
    "meals": set(),
    "camera_sight": {
        "no_frames", "picture_frozen", "picture_dark", "picture_overexposed", "picture_covered", "picture_blurred",
        "camera_moved", "frame_rate_low",
    },
    "night_rounds": {"card", "round", "task_done"},
    "assessment": {"assessed", "task_done"},
    "visit": {
        "motion", "presence", "opening", "bed_occupied", "button", "service", "visited", "back", "task_done",
    },
    "water_use": {"water_volume", "back"},
    "electricity_use": {"electric_energy", "back"},
}  # fmt: skip


@pytest.mark.parametrize("name", HEARD)
def test_a_rule_hears_all_its_evidence(name: str) -> None:
    (row,) = (row for row in ROWS if row.name == name)
    assert {*row.quantities, *row.observations, *row.acts} == HEARD[name]
