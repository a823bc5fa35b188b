"""What drivers say of a link: each code has words in both languages, with the same values and the same cure."""

import re
from string import Formatter

import pytest

from agent.rules.reason import of_trouble
from agent.rules.words import WORDS
from drivers.modbus.bus import refused
from drivers.trouble import TROUBLES, Trouble, trouble

NUMBERS = {"unit", "times", "each_s", "for_s", "scans", "exception"}
COMMAND = re.compile(r"(?:systemctl|bluetoothctl|rfkill|usermod|journalctl)[ a-z-]*|`\w+`|\w+\.toml|/dev/[\w/-]+")


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def made(code: str) -> Trouble:
    return trouble(code, **{name: 3 if name in NUMBERS else "x" for name in fields(TROUBLES[code])})


@pytest.mark.parametrize("code", TROUBLES)
def test_both_languages_say_the_same(code: str) -> None:
    english, chinese = WORDS[code]
    assert fields(english) == fields(chinese)
    assert set(COMMAND.findall(english)) == set(COMMAND.findall(chinese)), "the same thing to type or look at"
    reason = of_trouble(made(code))
    assert reason.text() == str(made(code))
    assert re.search("[一-鿿]", reason.text("zh"))


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        (
            trouble("no_answer", unit=2, times=3, each_s=0.3),
            "unit 2 does not answer (asked 3 times, 0.3 s each): check power, A/B, unit",
            "从站 2 无应答（已询问 3 次，每次 0.3 秒）：请检查电源、A/B 接线和站号",
        ),
        (
            refused(7, 6),
            "unit 7 refuses: busy (exception 6)",
            "从站 7 拒绝：忙（异常 6）",
        ),
        (
            refused(7, 99),
            "unit 7 refuses: unknown exception (exception 99)",
            "从站 7 拒绝：未知异常（异常 99）",
        ),
        (
            trouble("port_unplugged", link="/dev/ttyUSB0"),
            "/dev/ttyUSB0: unplugged; plug it in again",
            "/dev/ttyUSB0：已拔出；请重新插好",
        ),
    ],
)
def test_what_staff_read(said: Trouble, english: str, chinese: str) -> None:
    assert (of_trouble(said).text(), of_trouble(said).text("zh")) == (english, chinese)
