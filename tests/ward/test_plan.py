"""What a seed may vary and what it may not, and that the ward plays by the shipped rules."""

from pathlib import Path

import pytest

from agent.rules.settings import RuleSettings
from agent.settings.load import load, shipped_config
from tests.simulator.ward import plan as planned
from tests.simulator.ward.plan import FALL_AT_S, SCENARIO_S, draw
from tests.simulator.ward.settings import SHIPPED, Places, write
from tests.simulator.ward.stage import WEAK, Stage
from tests.simulator.ward.verdict import SOUND_S
from tests.simulator.ward.words import ACTS, act_words

SEEDS = range(200)


def places(folder: Path) -> Places:
    return Places(
        folder / "rs485", folder / "radar", folder / "pager", folder / "relays", "http://127.0.0.1:1/a", "http://127.0.0.1:1/b",
        "https://127.0.0.1:1/in", folder / "token", folder / "ca.pem", folder / "lines.jsonl", 0,
    )  # fmt: skip


def test_seeds_vary_order_rooms_and_times() -> None:
    plans = [draw(seed) for seed in SEEDS]
    assert draw(7) == draw(7)
    assert len({tuple(act.name for act in plan.acts) for plan in plans}) > len(SEEDS) / 2
    assert len({plan.presser.room for plan in plans}) > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_every_evening_ends_in_time_and_holds_every_happening(seed: int) -> None:
    plan = draw(seed)
    at = {act.name: act.at_s for act in plan.acts}
    assert [act.at_s for act in plan.acts] == sorted(act.at_s for act in plan.acts)
    assert {act.name for act in plan.acts if act.decoy} == {"dip", "sit_and_bend", "strange_button", "line_noise"}
    assert all(hasattr(Stage, name) for name in at)
    assert set(at) | {"witness"} == set(ACTS)
    assert {one.act for one in plan.expected} | {one.act for one in plan.beside} <= set(at)
    assert all(act_words(name, plan) for name in at)
    for one in plan.expected:
        happens = at[one.act] + (FALL_AT_S if one.act == "fall" else 0.0)
        assert happens + one.within_s < SCENARIO_S, one.what
    assert plan.calm_s < SCENARIO_S
    first, last = sorted((at["press"], at["smoke"]))
    assert first < at["pause"] < last, "one sounds when the sound is paused, the other breaks the pause"
    assert last - at["pause"] < SOUND_S, "what is quiet meanwhile may still sound in time"
    assert at["mend_network"] - at["cut_network"] == pytest.approx(20.0)
    assert at["cut_network"] <= min(at["press"], at["smoke"]) <= at["mend_network"], "a backlog is made"
    assert len({person.room for person in plan.people} | {plan.smoke_room}) == 5


def test_a_fall_is_high_at_once_when_somebody_sees_it_and_after_the_time_to_get_up_else() -> None:
    seen = {
        any(act.name == "witness" for act in plan.acts): next(one for one in plan.expected if one.kind == "fall")
        for plan in map(draw, SEEDS)
    }
    assert set(seen) == {True, False}
    assert seen[True].within_s < planned.RECOVERY_S < seen[False].within_s


def test_no_limit_and_no_ladder_is_made_milder_for_the_demo(tmp_path: Path) -> None:
    write(tmp_path, draw(1), places(tmp_path))
    for name in SHIPPED:
        assert (tmp_path / name).read_bytes() == (shipped_config() / name).read_bytes()
    told, shipped = load(tmp_path), load(shipped_config())
    assert (told.rules, told.alarms) == (shipped.rules, shipped.alarms)


def test_the_times_that_the_ward_expects_are_those_of_the_rules() -> None:
    rules = RuleSettings()
    assert rules.vitals.spo2_low.high.for_s == planned.SPO2_HIGH_S
    assert rules.bed_exit.high_risk_high_s == planned.BED_EXIT_S
    assert rules.devices.charge_at >= WEAK
    assert rules.fall.recovery_s == planned.RECOVERY_S
    assert rules.silent_device.life_safety.link_counts  # three polls unanswered: well within SILENT_S
