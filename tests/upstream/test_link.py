"""What the core makes of the upstream process's words."""

from typing import Any

import pytest

from agent.store.entry import Lane
from agent.store.outbox import Receipt, Rejected
from agent.upstream.link import (
    CALLS_AT_MOST,
    NOTES_AT_MOST,
    SILENT_S,
    CallState,
    CallTold,
    PlatformNote,
    UpstreamLink,
    receipted,
    wake,
)
from agent.wire import LineDecoder, Message, WireError


def beat(online: bool, **fields: Any) -> Message:  # noqa: ANN401 - any JSON value
    backlog = {"alarms": 0, "telemetry": 7}
    return {"v": 1, "t": "beat", "at": 1.0, "online": online, "detail": "", "backlog": backlog, **fields}


def test_a_receipt_is_handed_on() -> None:
    message = {
        "t": "receipt",
        "consumer": "platform",
        "lane": "alarms",
        "accepted": [[1, 3], [5, 5]],
        "rejected": [{"sequence": 4, "id": "x", "reason": "no"}],
    }
    receipt = UpstreamLink(0).take(message, 1)
    assert isinstance(receipt, Receipt)
    assert receipt == Receipt("platform", Lane.ALARMS, ((1, 3), (5, 5)), (Rejected(4, "x", "no"),))
    assert receipt.settles() == ((1, 5),)


@pytest.mark.parametrize(
    "message",
    [
        {"t": "receipt"},
        {"t": "receipt", "consumer": "", "lane": "alarms", "accepted": [], "rejected": []},
        {"t": "receipt", "consumer": "p", "lane": "sound", "accepted": [], "rejected": []},
        {"t": "receipt", "consumer": "p", "lane": "alarms", "accepted": [[1]], "rejected": []},
        {"t": "receipt", "consumer": "p", "lane": "alarms", "accepted": [[1, "2"]], "rejected": []},
        {"t": "receipt", "consumer": "p", "lane": "alarms", "accepted": [[1, 2**70]], "rejected": []},
        {"t": "receipt", "consumer": "p", "lane": "alarms", "accepted": [], "rejected": [3]},
        {"t": "close", "alarm": "a"},
        {"t": "note", "alarm": "a", "text": "t"},
        {"t": "note", "alarm": "a", "text": 5, "author": ""},
        {**beat(True), "calls": []},
        {**beat(True), "calls": {"sms": "HTTP 503"}},
        {"t": "call", "name": "sms", "alarm": 1, "made": True, "failed": 0, "why": "", "final": True},
        {"t": "call", "name": "sms", "alarm": "a", "made": True, "failed": -1, "why": "", "final": True},
        {"t": "call", "name": "sms", "alarm": "a", "made": True, "failed": True, "why": "", "final": True},
        {"t": "call", "name": "sms"},
        beat("yes"),  # type: ignore[arg-type]
        beat(True, backlog=[]),
        beat(True, backlog={"sound": 1}),
    ],
)
def test_what_breaks_the_contract_ends_the_connection(message: Message) -> None:
    with pytest.raises(WireError):
        UpstreamLink(0).take(message, 1)


def test_offline_is_counted_from_the_first_beat_that_says_so() -> None:
    link = UpstreamLink(100.0)
    assert link.state.down_s(150.0) == 50.0
    link.take(beat(True), 160.0)
    assert (link.state.online, link.state.down_s(500.0)) == (True, 0.0)
    for now in (200.0, 201.0, 260.0):
        link.take(beat(False, detail="no route"), now)
    assert (link.state.down_s(300.0), link.state.detail) == (100.0, "no route")
    assert link.state.backlog == {"alarms": 0, "telemetry": 7}


def test_a_process_that_hangs_or_dies_is_offline() -> None:
    link = UpstreamLink(0)
    link.take(beat(True), 10)
    assert link.check(10 + SILENT_S) == ""
    assert link.check(11 + SILENT_S) == "silent for 5 s"
    assert not link.state.online
    link.take(beat(True), 20)
    link.lost(21)
    assert (link.state.online, link.state.since) == (False, 21)
    assert link.check(1000) == ""  # the satellite's supervisor has it in hand


def test_its_own_words_are_lines_of_the_wire() -> None:
    receipt = Receipt("platform", Lane.TELEMETRY, ((1, 2),))
    lines = list(LineDecoder(1000).feed(wake(Lane.ALARMS) + receipted(receipt)))
    assert lines == [
        {"v": 1, "t": "wake", "lane": "alarms"},
        {"v": 1, "t": "receipted", "consumer": "platform", "lane": "telemetry", "accepted": [[1, 2]]},
    ]


def test_a_note_is_cut_and_ten_a_minute_are_enough() -> None:
    link = UpstreamLink(0)
    note = {"t": "note", "alarm": "a", "text": "x" * 600, "author": "y" * 200}
    assert link.take(note, 0.0) == PlatformNote("a", "x" * 500, "y" * 100)
    taken = [link.take(note, 1.0) for _ in range(NOTES_AT_MOST)]
    assert [one is not None for one in taken] == [True] * 9 + [False]
    assert link.take(note, 59.9) is None
    assert link.take(note, 60.0) is not None
    assert link.take(note, 60.0) is None


def test_each_call_says_why_it_fails() -> None:
    link = UpstreamLink(0)
    told = {"sms": {"failed": 3, "why": "HTTP 503"}, "12349": {"failed": 0, "why": ""}}
    link.take(beat(True, calls=told), 1)
    assert link.state.calls == {"sms": CallState(3, "HTTP 503"), "12349": CallState(0, "")}
    link.lost(2)
    assert link.state.calls == {"sms": CallState(3, "HTTP 503"), "12349": CallState(0, "")}


def test_what_became_of_a_call_is_cut_and_bounded() -> None:
    link = UpstreamLink(0)
    told = {"t": "call", "name": "n" * 200, "alarm": "a" * 200, "made": False, "failed": 2, "why": "w" * 300}
    taken = link.take({**told, "final": True}, 0.0)
    assert taken == CallTold("n" * 100, "a" * 100, made=False, failed=2, why="w" * 200, final=True)
    rest = [link.take({**told, "final": True}, 1.0) for _ in range(CALLS_AT_MOST)]
    assert [one is not None for one in rest] == [True] * (CALLS_AT_MOST - 1) + [False]
    assert link.take({**told, "final": True}, 59.9) is None
    assert link.take({**told, "final": True}, 60.0) is not None
