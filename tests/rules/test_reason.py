"""Reasons are codes; each reader gets them in his own words."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from string import Formatter

import pytest

from agent.rules import words
from agent.rules.reason import Reason, because
from agent.rules.words import WORDS
from drivers.quantities import PRESSES

AGENT = Path(__file__).resolve().parents[2] / "agent"


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(WORDS))
def test_both_languages_tell_the_same_values(code: str) -> None:
    english, chinese = WORDS[code]
    assert _names(english) == _names(chinese)


def test_every_code_that_is_used_has_words_and_the_other_way_round() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in AGENT.rglob("*.py") if path.name != "reason.py")
    assert set(re.findall(r'because\(\s*"(\w+)"', source)) <= set(WORDS)
    assert set(re.findall(r'"(\w+)"', source)) >= set(WORDS)


def test_no_code_has_two_meanings() -> None:
    """Else one group's words are given the other's values, and the reason of a fall cannot be read."""
    groups = [import_module(one.name) for one in iter_modules(words.__path__, f"{words.__name__}.")]
    codes = [code for group in groups for code in group.WORDS]
    assert len(codes) == len(WORDS) == len(set(codes))


def test_a_carer_and_the_platform_read_the_same_reason() -> None:
    reason = because("at_or_below", quantity="spo2", value=85.0, unit="%", limit=87.0, for_s=60.0)
    assert reason.text() == "SpO2 85 % ≤ 87 for 60 s"
    assert reason.text("zh") == "血氧 85 % ≤ 87，持续 60 秒"
    assert reason.to_json() == {
        "code": "at_or_below", "quantity": "spo2", "value": 85.0, "unit": "%", "limit": 87.0, "for_s": 60.0,
    }  # fmt: skip
    assert Reason.from_json(reason.to_json()) == reason


def test_every_press_and_every_sign_has_words() -> None:
    for press in set(PRESSES) - {"release"}:
        assert (
            because("pressed", device="b", press=press).text("zh") != because("pressed", device="b", press=press).text()
        )
    assert (
        because("evidence", evidence="camera", device="c", score=0.9, before_s=0.0).text("zh")
        == "摄像头：跌倒 0.90（c），0 秒前"
    )


def test_only_a_quantity_is_read_as_one() -> None:
    assert because("silent", device="smoke", silent_s=60.0).text() == "smoke: nothing heard for 60 s"


def test_a_reason_of_an_older_version_is_shown_as_it_is() -> None:
    assert because("gone", value=3).text("zh") == "gone value=3"
    assert because("silent", device="x").text() == "silent device=x"
