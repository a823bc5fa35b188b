"""What is said aloud of an alarm, and how much of a name."""

from typing import Any

import pytest

from agent.annunciators.orders import alarms_of, site_of, texts_of
from agent.annunciators.speech import (
    Place,
    SiteFacts,
    room_of,
    sentence,
    spoken_name,
    spoken_room,
    surname,
    what,
    written,
)
from agent.wire import WireError
from tests.annunciators.test_board import alarm

SITE = SiteFacts({"s1": "815"}, {"r1": Place("205", "欧阳兰"), "r2": Place("", "Anna Berg")})


def of(resident: str, kind: str = "fall", room: str = "") -> dict[str, Any]:
    return {**alarm("a"), "kind": kind, "subject": {"kind": "resident", "id": resident, "room": room}}


@pytest.mark.parametrize(
    ("names", "language", "said"),
    [
        ("none", "zh", "二零五房，跌倒"),
        ("surname", "zh", "二零五房，跌倒，欧阳"),
        ("full", "zh", "二零五房，跌倒，欧阳兰"),
        ("none", "en", "Room 2 0 5, Fall"),
    ],
)
def test_room_what_and_name(names: str, language: str, said: str) -> None:
    assert sentence(of("r1"), SITE, names, language) == said


def test_on_a_small_display() -> None:
    assert written(of("r1"), SITE, "full", "zh") == "205 跌倒 欧阳兰"
    assert written(of("r1"), SITE, "none", "en") == "205 Fall"


def test_what_is_not_known_is_left_out() -> None:
    assert sentence(of("r2"), SITE, "surname", "zh") == "跌倒，Berg"
    assert sentence(of("nobody"), SITE, "full", "zh") == "跌倒"
    assert sentence(alarm("a"), SITE, "full", "zh") == "报警"
    assert sentence(of("r1", kind="of a later version"), SITE, "none", "en") == "Room 2 0 5, Alarm"
    assert what({"kind": "smoke"}, "zh") == "烟雾报警"


def test_the_room_of_the_alarm_goes_first() -> None:
    assert room_of(of("r1", room="301"), SITE) == "301"
    assert room_of(of("r1"), SITE) == "205"
    assert room_of({"subject": None}, SITE) == ""


def test_a_sentence_is_never_long() -> None:
    assert len(sentence(of("r1", room="很长" * 100), SITE, "none", "zh")) == 60


@pytest.mark.parametrize(
    ("name", "first"),
    [("张三", "张"), ("欧阳兰", "欧阳"), ("欧阳", "欧"), ("张兰英", "张"), ("Anna Berg", "Berg"), ("Anna", "Anna")],
)
def test_surnames(name: str, first: str) -> None:
    assert surname(name) == first


def test_names_by_privacy() -> None:
    assert [spoken_name(" 张三 ", names) for names in ("none", "surname", "full")] == ["", "张", "张三"]
    assert [spoken_name("", names) for names in ("none", "surname", "full")] == ["", "", ""]


def test_rooms_are_called_digit_by_digit() -> None:
    assert spoken_room("1208A", "zh") == "一二零八A"
    assert spoken_room("12", "en") == "1 2"


def test_site_facts_from_the_core() -> None:
    site = site_of({"pagers": {"s1": "815", "s2": ""}, "rooms": {"r1": {"room": "205", "name": "张三"}}})
    assert site == SiteFacts({"s1": "815"}, {"r1": Place("205", "张三")})


@pytest.mark.parametrize(
    "message",
    [{}, {"pagers": {}}, {"pagers": [], "rooms": {}}, {"pagers": {}, "rooms": {"张三": {"room": "205"}}}],
)
def test_site_facts_that_are_none_tell_no_name(message: dict[str, Any]) -> None:
    with pytest.raises(WireError) as caught:
        site_of(message)
    assert "张三" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": 1},
        {"sounding": "yes"},
        {"priority": "urgent"},
        {"alarm_class": None},
        {"subject": "r1"},
        {"people": "s1"},
        {"people": [1]},
    ],
)
def test_an_alarm_that_the_board_could_not_live_with_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        alarms_of({"alarms": [{**alarm("a"), **wrong}]})


@pytest.mark.parametrize("message", [{}, {"alarms": 1}, {"alarms": [1]}, {"alarms": [{}]}])
def test_a_set_of_alarms_that_is_none(message: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        alarms_of(message)


def test_an_alarm_with_all_and_with_least() -> None:
    rows = [alarm("a"), {**of("r1"), "people": ["s1"], "held": False}]
    assert alarms_of({"alarms": rows}) == rows


def test_texts() -> None:
    assert texts_of({"t": "heard", "name": "a"}, "name", "by") == ["a", ""]
    with pytest.raises(WireError, match="heard: name"):
        texts_of({"t": "heard", "name": 1}, "name")
