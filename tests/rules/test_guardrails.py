"""Every number that staff may set has bounds, and those that belong together are held together."""

import math
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest

from agent.rules.guardrail_table import ORDERS, ROWS, Rail
from agent.rules.guardrails import Verdict, check, check_settings, contradictions, numbers, rail_of
from agent.rules.settings import RuleSettings

NUMBERS = dict(numbers(RuleSettings()))


def bounds(name: str) -> tuple[float, float]:
    """What the class of the settings itself allows."""
    part: Any = RuleSettings()
    *path, last = name.split(".")
    for one in path:
        part = getattr(part, one)
    hint = get_type_hints(type(part), include_extras=True)[last]
    (bounded,) = [one for one in (hint, *get_args(hint)) if hasattr(one, "__metadata__")]  # perhaps `| None`
    told = {type(one).__name__: one for one in bounded.__metadata__}
    return told["Ge"].ge, told["Le"].le


def set_to(*changes: tuple[str, float]) -> RuleSettings:
    return RuleSettings().overridden(changes)


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_a_guardrail_that_holds(name: str) -> None:
    rail, (lowest, highest) = rail_of(name), bounds(name)
    assert rail is not None, f"give {name} a row in agent/rules/guardrail_table.py"
    assert lowest <= rail.low <= rail.good_low <= rail.good_high <= rail.high <= highest
    assert rail.good_low <= NUMBERS[name] <= rail.good_high, "what is shipped is recommended"


def test_numbers_are_all_and_only_numbers() -> None:
    assert dict(numbers(RuleSettings())) == NUMBERS
    assert len(NUMBERS) > 100
    assert NUMBERS["vitals.spo2_low.high.at"] == 87
    assert NUMBERS["utilities.days"] == 14
    assert "bed_exit.by_day" not in NUMBERS
    assert "care.round_missed" not in NUMBERS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_row_is_of_use(row: tuple[str, Rail]) -> None:
    assert any(rail_of(name) is row[1] for name in NUMBERS)


@pytest.mark.parametrize(
    "name", ["vitals.x", "vitals.heart_rate_low.medium", "vitals", "x.spo2_low.high.at", "fall.weights.camera.x"]
)
def test_a_name_that_there_is_not_has_none(name: str) -> None:
    assert rail_of(name) is None
    assert check(name, 1e9) == Verdict(name)


@pytest.mark.parametrize(
    ("value", "refused", "warned"),
    [
        (74.9, True, False), (75, False, True), (83.9, False, True), (84, False, False), (87, False, False),
        (90, False, False), (90.1, False, True), (92, False, True), (92.1, True, False), (math.nan, True, False),
        (math.inf, True, False),
    ],
)  # fmt: skip
def test_refused_outside_and_told_where_it_is_unusual(value: float, refused: bool, warned: bool) -> None:
    verdict = check("vitals.spo2_low.high.at", value)
    assert (verdict.refused, verdict.warned) == (refused, warned)
    assert bool(verdict.en) is bool(verdict.zh) is (refused or warned)


def test_its_words_name_the_limit_the_value_and_the_bounds() -> None:
    name = "vitals.spo2_low.high.at"
    assert check(name, 70) == Verdict(
        name,
        refused=True,
        en=f"{name} = 70 is refused: it must lie from 75 to 92",
        zh=f"{name} = 70 不允许：须在 75 至 92 之间",
    )
    assert check(name, 80) == Verdict(
        name,
        warned=True,
        en=f"{name} = 80 is unusual: 84 to 90 is recommended; a doctor or charge nurse answers for it",
        zh=f"{name} = 80 不常见：建议 84 至 90，须由医生或护士长负责",
    )
    assert check(name, 85) == Verdict(name)


def test_what_is_shipped_says_nothing() -> None:
    assert check_settings(RuleSettings()) == ()


def test_each_number_is_told_and_then_what_does_not_go_together() -> None:
    settings = set_to(("vitals.spo2_low.high.at", 92), ("fall.lie_s", 5), ("hazards.scald_medium", 50.0),
                      ("hazards.scald_high", 49.0))  # fmt: skip
    assert [(one.name, one.refused, one.warned) for one in check_settings(settings)] == [
        ("vitals.spo2_low.high.at", False, True),
        ("fall.lie_s", True, False),
        ("hazards.scald_medium", False, True),
        ("hazards.scald_medium", True, False),
        ("vitals.spo2_low.high.at", True, False),
    ]


@pytest.mark.parametrize(("lesser", "greater"), ORDERS)
def test_what_belongs_together_keeps_its_order(lesser: str, greater: str) -> None:
    value = NUMBERS[greater]
    assert contradictions(set_to((lesser, value))) == ()
    found = contradictions(set_to((lesser, value + 0.5)))
    assert Verdict(
        lesser,
        refused=True,
        en=f"{lesser} = {value + 0.5:g} must not be above {greater} = {value:g}",
        zh=f"{lesser} = {value + 0.5:g} 不得大于 {greater} = {value:g}",
    ) in found  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "names"),
    [
        ("vitals.spo2_low.high.at", 91, []),
        ("vitals.spo2_low.high.at", 91.5, ["vitals.spo2_low.high.at"]),
        ("vitals.heart_rate_low.high.at", 51, ["vitals.heart_rate_low.high.at"]),
        ("vitals.spo2_low_scale_2.high.at", 86, ["vitals.spo2_low_scale_2.high.at"]),
        ("vitals.heart_rate_high.medium.at", 131, []),
        ("vitals.respiratory_rate_high.medium.at", 28, ["vitals.respiratory_rate_high.medium.at"]),
        ("vitals.spo2_low.high.for_s", 180, []),
        ("vitals.spo2_low.high.for_s", 181, ["vitals.spo2_low.high.for_s"]),
        ("vitals.heart_rate_high.high.for_s", 301, ["vitals.heart_rate_high.high.for_s"]),
    ],
)  # fmt: skip
def test_the_graver_limit_lies_further_out_and_needs_no_longer(name: str, value: float, names: list[str]) -> None:
    assert [one.name for one in contradictions(set_to((name, value)))] == names


@pytest.mark.parametrize(
    ("low_s", "medium_s", "wrong"),
    [(10, 60, False), (60, 60, False), (61, 60, True), (0, 60, False), (10, 0, False), (0, 0, True)],
)
def test_a_device_that_dies_is_missed(low_s: float, medium_s: float, wrong: bool) -> None:
    settings = RuleSettings()
    camera = replace(settings.silent_device.camera, low_s=low_s, medium_s=medium_s)
    found = contradictions(replace(settings, silent_device=replace(settings.silent_device, camera=camera)))
    assert [(one.name, one.refused) for one in found] == ([("silent_device.camera.low_s", True)] if wrong else [])
    if wrong:
        (one,) = found
        cure = "set low_s or medium_s" if not low_s else "silent_device.camera.medium_s = 60"
        assert one.en.endswith(cure)
        assert one.zh.endswith(cure.replace("set low_s or medium_s", "请设置 low_s 或 medium_s"))
