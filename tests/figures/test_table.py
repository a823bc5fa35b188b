"""The figures for people."""

import pytest

from agent.alarms.alarm import Cause
from agent.figures.kpi import STEPS
from agent.figures.table import WORDS, table
from agent.figures.tally import figures
from tests.figures.log import NOON, Log


def _figures_text(language: str) -> str:
    log = Log()
    log.lived(NOON, "fall", kind="fall")
    log.lived(NOON + 5000, "false_alarm", kind="fall")
    log.raised(NOON + 9000, kind="device_silent", priority="low", alarm_class="technical", subject="band-1")
    return table(figures(log.events, since=NOON, until=NOON + 86400), language)


def _cells(text: str) -> dict[str, str]:
    rows = [line.strip().split("  ") for line in text.splitlines()]
    return {row[0]: row[-1].strip() for row in rows}


def test_the_table_in_english() -> None:
    cells = _cells(_figures_text("en"))
    assert cells["alarms raised"] == "3 / 3 / 0"
    assert cells["per carer and hour"] == "0.04 / 0.07 / 0.00"
    assert cells["of the closed ones needed nobody"] == "50%"
    assert cells["by cause"] == "fall 1, false alarm 1"
    assert cells["Fall"] == "50% (1 / 2)"
    assert cells["busiest sources, 100% of all"]
    assert "high, until seen" in _figures_text("en")


def test_the_table_in_chinese_has_chinese_words_alone() -> None:
    text = _figures_text("zh")
    assert "报警" in text
    assert "per carer" not in text
    assert _cells(text)["跌倒"] == "50% (1 / 2)"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_log_has_a_table_too(language: str) -> None:
    assert table(figures([]), language)


def test_every_cause_and_step_has_words() -> None:
    assert {cause.value for cause in Cause} | set(STEPS) <= set(WORDS)
