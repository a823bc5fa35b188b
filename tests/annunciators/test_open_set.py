"""The set of open alarms on the wire."""

import json
from dataclasses import replace
from typing import Any

import pytest

from agent.alarms.alarm import Alarm, State
from agent.annunciators.open_set import One, OpenSet
from agent.residents import Subject, SubjectKind
from agent.rules.finding import AlarmClass, Priority
from agent.rules.reason import because
from agent.wire import LineDecoder
from tests.annunciators.test_board import alarm as row


def alarm(id_: str, priority: Priority = Priority.HIGH, sounding: bool = True) -> Alarm:
    return Alarm(
        id_,
        "fall",
        AlarmClass.PHYSIOLOGICAL,
        priority,
        Subject(SubjectKind.RESIDENT, "张", "205"),
        State.RAISED,
        1.0,
        2.0,
        1.0,
        (because("fall_seen", device="c", sign="fall", score=0.5),),
        sounding=sounding,
    )


def told(line: bytes) -> dict[str, Any]:
    (message,) = LineDecoder(1 << 20).feed(line)
    return message


def test_it_is_the_message_of_the_wire() -> None:
    alarms = [alarm("a"), alarm("b", Priority.LOW)]
    expected = {"v": 1, "t": "open", "seq": 7, "alarms": json.loads(json.dumps([one.to_json() for one in alarms]))}
    assert told(OpenSet().line(7, alarms)) == expected
    assert told(OpenSet().line(0, ())) == {"v": 1, "t": "open", "seq": 0, "alarms": []}


def test_objects_are_taken_too() -> None:
    assert told(OpenSet().line(1, [row("a"), row("b", "low")]))["alarms"] == [row("a"), row("b", "low")]


def test_the_gravest_that_sound_come_first() -> None:
    alarms: list[One] = [
        alarm("seen", sounding=False),
        alarm("low", Priority.LOW),
        alarm("high"),
        row("medium", "medium"),
        row("seen low", "low", sounding=False),
    ]
    assert [one["id"] for one in told(OpenSet().line(1, alarms))["alarms"]] == [
        "high",
        "medium",
        "low",
        "seen",
        "seen low",
    ]


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    exact = len(OpenSet().line(1, [alarm("0"), alarm("1")]))
    alarms = [*(alarm(str(n), sounding=False) for n in range(2, 9)), alarm("0"), alarm("1")]
    for limit, ids in [(exact, ["0", "1"]), (exact - 1, ["0"]), (60, [])]:
        small = OpenSet(limit)
        line = small.line(1, alarms)
        assert [one["id"] for one in told(line)["alarms"]] == ids
        assert small.left_out == 9 - len(ids)
        assert len(line) <= limit


def test_a_thousand_fit_or_are_left_out() -> None:
    many = OpenSet()
    assert len(many.line(1, [alarm(f"{n:032d}") for n in range(1000)])) <= 256 * 1024
    assert many.left_out > 0


def test_what_is_the_same_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = OpenSet()
    first, other = alarm("a"), alarm("b")
    kept.line(1, [first, other])
    encoded: list[str] = []
    whole = Alarm.to_json

    def to_json(self: Alarm) -> dict[str, Any]:
        encoded.append(self.id)
        return whole(self)

    monkeypatch.setattr(Alarm, "to_json", to_json)
    changed = replace(other, sounding=False)
    assert [one["sounding"] for one in told(kept.line(2, [first, changed]))["alarms"]] == [True, False]
    assert encoded == ["b"]
    kept.line(3, [first])
    kept.line(4, [first, changed])
    assert encoded == ["b", "b"], "what was closed is forgotten"
