"""A camera whose consent has ended looks no more; outlines are believed when they can be one."""

import base64
from typing import Any

import pytest

from agent.eyes.judge import OBEYS_S, Eyes, OutlineAnswer
from agent.wire import Message, WireError
from drivers.base import Link, LinkState
from drivers.trouble import trouble
from tests.eyes.test_judge import CAMERAS, HELLO, beat, fall

OFF = {"state": "off", "fps": 0.0, "frame_age_s": None, "settings": "0a1b2c3d"}
BITS = bytes(range(256)) * 9 + bytes(96)
OUTLINE: Message = {
    "v": 1, "t": "outline", "device": "hall", "n": 3, "width": 160, "height": 120, "why": "",
    "bits": base64.b64encode(BITS).decode(),
}  # fmt: skip
NONE = {"width": 0, "height": 0, "bits": ""}


@pytest.fixture
def eyes() -> Eyes:
    eyes = Eyes(CAMERAS, 100.0)
    eyes.take(HELLO, 101.0)
    eyes.take(beat(101.0), 101.0)
    return eyes


def test_what_is_news_is_told_once(eyes: Eyes) -> None:
    assert eyes.may_look == set(CAMERAS)
    assert eyes.allow(("corridor",), 102.0) == {"hall"}
    assert eyes.allow(("corridor",), 103.0) == frozenset()
    assert eyes.may_look == {"corridor"}
    assert eyes.allow(CAMERAS, 104.0) == {"hall"}


def test_a_camera_that_may_not_look_is_off_and_no_fault(eyes: Eyes) -> None:
    eyes.allow(("corridor",), 102.0)
    eyes.take(beat(102.5, hall=OFF), 102.5)
    off = Link("hall", LinkState.OFF, 102.6, trouble("no_consent"))
    assert eyes.links(102.6) == [off, Link("corridor", LinkState.CONNECTED, 102.6)]
    eyes.gone(103.0)
    assert eyes.links(102.6) == [off], "also while there is no vision process"


def test_one_that_may_look_again_and_does_not_is_a_fault(eyes: Eyes) -> None:
    eyes.take(beat(102.0, hall=OFF), 102.0)
    assert eyes.links(102.1)[0] == Link("hall", LinkState.FAULT, 102.1, trouble("stream_off"))


def test_what_it_says_before_it_obeys_is_not_believed(eyes: Eyes) -> None:
    eyes.allow(("corridor",), 102.0)
    assert eyes.take(fall(101.9), 102.1) == []
    assert eyes.take(fall(102.0, device="corridor"), 102.1)


def test_one_that_goes_on_looking_is_a_liar(eyes: Eyes) -> None:
    eyes.allow(("corridor",), 102.0)
    eyes.take(beat(102.0 + OBEYS_S), 102.0 + OBEYS_S)
    with pytest.raises(WireError, match="looks through hall, which may not look"):
        eyes.take(beat(102.1 + OBEYS_S), 102.1 + OBEYS_S)


def test_a_beat_from_before_it_was_told_is_no_lie_however_late_it_is_read(eyes: Eyes) -> None:
    eyes.allow(("corridor",), 102.0)
    assert eyes.take(beat(102.0 + OBEYS_S), 150.0) == []
    assert eyes.take(beat(149.0, hall=OFF), 150.0) == []
    assert eyes.blind(150.0) == ""


def test_a_new_process_has_the_same_time_to_obey(eyes: Eyes) -> None:
    eyes.allow(("corridor",), 102.0)
    eyes.gone(150.0)
    eyes.take(HELLO, 200.0)
    eyes.take(beat(200.0 + OBEYS_S), 200.0 + OBEYS_S)
    with pytest.raises(WireError):
        eyes.take(beat(200.1 + OBEYS_S), 200.1 + OBEYS_S)


@pytest.mark.parametrize(("mark", "known"), [("0a1b2c3d", "0a1b2c3d"), ("x" * 16, "x" * 16), (None, "")])
def test_the_mark_of_what_it_uses_is_noted(eyes: Eyes, mark: str | None, known: str) -> None:
    said = {"state": "playing", "fps": 9, "frame_age_s": 0.1} | ({} if mark is None else {"settings": mark})
    eyes.take(beat(102.0, hall=said), 102.0)
    assert eyes.camera_states["hall"].settings == known


@pytest.mark.parametrize("mark", [7, "x" * 17, ["a"], {}])
def test_what_is_no_mark_is_a_lie(eyes: Eyes, mark: object) -> None:
    with pytest.raises(WireError):
        eyes.take(beat(102.0, hall={"state": "playing", "fps": 9, "frame_age_s": 0.1, "settings": mark}), 102.0)


def test_an_outline_is_given_once(eyes: Eyes) -> None:
    assert eyes.take(OUTLINE, 102.0) == []
    assert eyes.take({**OUTLINE, **NONE, "why": "learning"}, 102.0) == []
    assert eyes.answers() == [
        OutlineAnswer("hall", 3, 160, 120, BITS),
        OutlineAnswer("hall", 3, 0, 0, b"", "learning"),
    ]
    assert eyes.answers() == []


@pytest.mark.parametrize(
    "lie",
    [
        {"device": "toilet"},
        {"width": 161},
        {"height": 121},
        {"width": 150},
        {"width": "160"},
        {"height": None},
        {"bits": "?"},
        {"bits": None},
        {"bits": base64.b64encode(BITS + b"x").decode()},
        {"n": -1},
        {"n": "3"},
        {"why": "learning"},
        {"why": "because", **NONE},
        {"why": ["off"], **NONE},
        {"why": None},
        NONE,
    ],
)
def test_what_can_be_no_outline_is_a_lie(eyes: Eyes, lie: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        eyes.take({**OUTLINE, **lie}, 102.0)
