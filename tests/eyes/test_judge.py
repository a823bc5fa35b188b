"""What the vision process says is believed only when it can be true."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.observations import Observation
from agent.eyes.judge import FRESH_S, LATE_S, SILENT_S, START_S, Eyes
from agent.wire import Message, WireError
from drivers.base import Link, LinkState
from drivers.trouble import trouble

CAMERAS = ("hall", "corridor")
HELLO: Message = {"v": 1, "t": "hello", "role": "vision", "pid": 7, "cameras": list(CAMERAS)}


def beat(at: float, **cameras: object) -> Message:
    given = {id_: {"state": "playing", "fps": 10.0, "frame_age_s": 0.1} for id_ in CAMERAS} | cameras
    return {"v": 1, "t": "beat", "at": at, "cameras": given}


def fall(at: float, **fields: object) -> Message:
    told = {"device": "hall", "name": "fall", "at": at, "value": True, "score": 0.9, "reasons": ["fell"], "track": 3}
    return {"v": 1, "t": "observation", **told, **fields}


@pytest.fixture
def eyes() -> Eyes:
    eyes = Eyes(CAMERAS, 100.0)
    eyes.take(HELLO, 101.0)
    eyes.take(beat(101.0), 101.0)
    return eyes


def test_an_observation_is_given_back(eyes: Eyes) -> None:
    assert eyes.take(fall(101.5), 101.6) == [Observation("hall", "fall", 101.5, True, 0.9, ("fell",), 3)]


def test_the_bed_that_is_meant_is_given_back(eyes: Eyes) -> None:
    bed = "b" * 64
    told = fall(101.5, name="in_bed", value=False, bed=bed)
    assert eyes.take(told, 101.6) == [Observation("hall", "in_bed", 101.5, False, 0.9, ("fell",), 3, bed)]


@pytest.mark.parametrize(
    "lie",
    [
        {"device": "kitchen"},
        {"device": None},
        {"name": "dance"},
        {"name": ["fall"]},
        {"value": 1},
        {"value": False},  # a fall is a happening
        {"score": 1.1},
        {"score": float("nan")},
        {"score": True},
        {"score": "0.9"},
        {"at": 103.0},
        {"at": -1},
        {"at": None},
        {"at": float("inf")},
        {"track": "3"},
        {"track": -1},
        {"track": True},
        {"reasons": "fell"},
        {"reasons": [1]},
        {"reasons": ["x" * 201]},
        {"reasons": ["x"] * 9},
        {"reasons": ["two\nlines"]},
        {"bed": 3},
        {"bed": None},
        {"bed": "b" * 65},
        {"bed": "two\nlines"},
    ],
)
def test_a_lie_is_told_apart(eyes: Eyes, lie: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        eyes.take({**fall(101.5), **lie}, 101.6)


@pytest.mark.parametrize("missing", ["device", "name", "at", "value", "score", "reasons"])
def test_a_missing_field_is_a_lie(eyes: Eyes, missing: str) -> None:
    message = fall(101.5)
    del message[missing]
    with pytest.raises(WireError):
        eyes.take(message, 101.6)


@pytest.mark.parametrize(
    "message",
    [
        {"v": 1, "t": "dance"},
        HELLO,  # a second one
        beat(103.0),
        beat(101.0, hall=None),
        beat(101.0, hall={"state": "happy", "fps": 1, "frame_age_s": 0}),
        beat(101.0, hall={"state": "playing", "fps": -1, "frame_age_s": 0}),
        beat(101.0, hall={"state": "playing", "fps": 1, "frame_age_s": "0"}),
        beat(101.0, hall={"state": "playing", "fps": 1, "frame_age_s": 0, "threshold": 1.1}),
        beat(101.0, hall={"state": "playing", "fps": 1, "frame_age_s": 0, "threshold": "0.8"}),
        beat(101.0, kitchen={"state": "playing", "fps": 1, "frame_age_s": 0}),
        {"v": 1, "t": "beat", "at": 101.0},
        {"v": 1, "t": "beat", "at": 101.0, "cameras": {"hall": {}}},
    ],
)
def test_other_lies(eyes: Eyes, message: Message) -> None:
    with pytest.raises(WireError):
        eyes.take(message, 101.2)


@pytest.mark.parametrize("change", [{"role": "upstream"}, {"cameras": ["hall"]}, {"cameras": None}, {"pid": "7"}])
def test_a_hello_of_somebody_else(change: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        Eyes(CAMERAS, 100.0).take({**HELLO, **change}, 101.0)


def test_nothing_before_hello() -> None:
    with pytest.raises(WireError):
        Eyes(CAMERAS, 100.0).take(beat(101.0), 101.0)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(["device", "name", "at", "value", "score", "reasons", "track", "cameras", "role"])


@given(kind=st.sampled_from(["hello", "beat", "observation"]), fields=st.dictionaries(keys, json_values))
def test_no_message_does_more_than_be_refused(kind: str, fields: dict[str, Any]) -> None:
    eyes = Eyes(CAMERAS, 100.0)
    eyes.take(HELLO, 101.0)
    try:
        told = eyes.take({"v": 1, "t": kind, **fields}, 101.5)
    except WireError:
        return
    assert all(one.device in CAMERAS for one in told)


def test_an_old_state_is_not_believed_but_a_late_fall_is(eyes: Eyes) -> None:
    """The core was held up: what waited in the socket is old, and somebody may lie on the floor."""
    assert eyes.take(fall(101.0, name="nobody_in_view"), 101.0 + FRESH_S + 1) == []
    assert eyes.late == 1
    assert eyes.take(fall(101.0), 101.0 + FRESH_S + 1)
    assert eyes.take(fall(101.0), 101.0 + LATE_S + 1) == []


def test_a_flood_is_told_apart(eyes: Eyes) -> None:
    taken, refused = 0, ""
    try:
        for number in range(1000):
            eyes.take(fall(102.0 + number / 1000), 102.0 + number / 1000)
            taken = number + 1
    except WireError as error:
        refused = str(error)
    assert refused == "sends more than 50 lines a second"
    assert 100 <= taken <= 120


def test_the_backlog_of_a_held_up_core_is_no_flood(eyes: Eyes) -> None:
    for second in range(60):
        eyes.take(beat(101.0 + second), 161.0)


def test_fifty_lines_a_second_are_allowed(eyes: Eyes) -> None:
    for number in range(1000):
        eyes.take(fall(101.0 + number / 50), 101.0 + number / 50)


def test_silence_is_noticed(eyes: Eyes) -> None:
    now = 101.0
    while now < 101.0 + SILENT_S:
        assert eyes.overdue(now) == ""
        assert eyes.blind(now) == ""
        now += 1
    now += 0.1
    assert "silent" in eyes.overdue(now)
    assert "silent" in eyes.blind(now)


def test_old_beats_are_silence(eyes: Eyes) -> None:
    for second in range(10):
        eyes.overdue(101.0 + second)
        eyes.take(beat(100.0), 101.0 + second)
    assert "silent" in eyes.overdue(110.5)


def test_a_hello_without_beats_is_silence() -> None:
    eyes = Eyes(CAMERAS, 100.0)
    eyes.take(HELLO, 101.0)
    assert [eyes.overdue(101.0 + second) for second in range(6)] == [""] * 6
    assert eyes.overdue(106.5)


def test_one_that_never_comes_is_noticed() -> None:
    eyes = Eyes(CAMERAS, 100.0)
    waits = {second: why for second in range(3 * int(START_S)) if (why := eyes.overdue(100.0 + second))}
    assert waits == {21: "has not connected for 21 s", 42: "has not connected for 21 s"}
    assert eyes.blind(100.5)


def test_a_core_that_was_stopped_does_not_blame_the_process(eyes: Eyes) -> None:
    eyes.overdue(101.0)
    assert eyes.overdue(131.0) == ""
    assert eyes.overdue(132.0) == ""
    assert [eyes.overdue(132.0 + second) for second in range(1, 6)][-1]


def test_the_threshold_is_told_or_not(eyes: Eyes) -> None:
    assert eyes.camera_states["hall"].threshold is None
    eyes.take(beat(102.0, hall={"state": "playing", "fps": 1, "frame_age_s": 0, "threshold": 0.8}), 102.0)
    assert eyes.camera_states["hall"].threshold == 0.8


def test_after_the_end_nothing_is_known(eyes: Eyes) -> None:
    assert eyes.camera_states["hall"].state == "playing"
    eyes.gone(102.0)
    assert eyes.camera_states["hall"].state == "unseen"
    assert eyes.blind(102.0)
    assert eyes.links(102.0) == []
    eyes.take(HELLO, 103.0)
    eyes.take(beat(103.0), 103.0)
    assert eyes.blind(103.0) == ""


def test_links_for_the_rule_of_silent_devices(eyes: Eyes) -> None:
    eyes.take(beat(102.0, hall={"state": "fault", "fps": 0, "frame_age_s": None}), 102.0)
    assert eyes.links(102.1) == [
        Link("hall", LinkState.FAULT, 102.1, trouble("stream_fault")),
        Link("corridor", LinkState.CONNECTED, 102.1),
    ]


def test_a_stream_that_stands_still_is_no_link(eyes: Eyes) -> None:
    """Whether the camera or the vision process hangs, long before either is given up."""
    eyes.take(beat(102.0, hall={"state": "playing", "fps": 9, "frame_age_s": 2.5}), 102.0)
    assert [link.state for link in eyes.links(102.1)] == [LinkState.CONNECTED, LinkState.CONNECTED]
    assert [link.state for link in eyes.links(102.9)] == [LinkState.SILENT, LinkState.CONNECTED]
    assert [link.state for link in eyes.links(105.1)] == [LinkState.SILENT, LinkState.SILENT]


def test_the_table_of_states_cannot_be_changed(eyes: Eyes) -> None:
    with pytest.raises(TypeError):
        eyes.camera_states["hall"] = None  # type: ignore[index]
