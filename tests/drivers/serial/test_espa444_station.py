"""The calling side, step by step, with time as a value."""

from dataclasses import dataclass, field

import pytest

from drivers.serial.protocols.espa444 import Checksum, encode
from drivers.serial.protocols.espa444_station import (
    BLOCK_S,
    PAUSE_S,
    SELECT_S,
    TRIES,
    Call,
    Outcome,
    State,
    Station,
)

SELECT, POLL, ACK, EOT = b"1\x052\x05", b"2\x05", b"\x06", b"\x04"
CALL = Call("815", b"205 Fall", beep=3, priority=1)
BLOCK = encode(
    "1", [("1", b"815"), ("2", b"205 Fall"), ("3", b"3"), ("4", b"3"), ("5", b"1"), ("6", b"1")], Checksum.XOR
)


@dataclass
class Line:
    """A station and what became of its calls."""

    done: list[tuple[Call, Outcome]] = field(default_factory=list)
    station: Station = field(init=False)

    def __post_init__(self) -> None:
        self.station = Station("1", "2", Checksum.XOR, lambda call, outcome: self.done.append((call, outcome)))


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_call_is_handed_over(line: Line) -> None:
    station = line.station
    assert station.idle
    assert station.call(CALL, 0.0) == SELECT
    assert station.feed(ACK, 0.1) == BLOCK
    assert not line.done
    assert station.feed(ACK, 0.2) == EOT
    assert line.done == [(CALL, Outcome())]
    assert station.idle
    assert station.heard


def test_what_nobody_answers_is_tried_three_times(line: Line) -> None:
    station, now, sent = line.station, 0.0, [line.station.call(CALL, 0.0)]
    for _ in range(TRIES):
        assert station.wake_at == now + SELECT_S
        assert station.tick(now + SELECT_S - 0.001) == b""
        now += SELECT_S
        sent.append(station.tick(now))
        if line.done:
            break
        assert station.state is State.PAUSING
        assert station.tick(now + PAUSE_S - 0.001) == b""
        now += PAUSE_S
        sent.append(station.tick(now))
    assert sent == [SELECT, EOT, SELECT, EOT, SELECT, EOT]
    assert line.done == [(CALL, Outcome("no answer", final=False))]
    assert station.idle
    assert station.wake_at == float("inf")
    assert not station.heard


def test_a_block_that_is_not_answered_is_tried_from_the_selection(line: Line) -> None:
    station = line.station
    station.call(CALL, 0.0)
    station.feed(ACK, 1.0)
    assert station.wake_at == 1.0 + BLOCK_S
    assert station.tick(1.0 + BLOCK_S) == EOT
    assert station.tick(1.0 + BLOCK_S + PAUSE_S) == SELECT
    station.feed(ACK, 6.0)
    assert station.feed(ACK, 6.1) == EOT
    assert line.done == [(CALL, Outcome())]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"1\x15", Outcome("transmission error", final=False)),
        (b"2\x15", Outcome("busy", final=False)),
        (b"\x15", Outcome("refused", final=False)),
        (EOT, Outcome("refused", final=False)),
    ],
)
@pytest.mark.parametrize("selected", [False, True])
def test_refusals_are_tried_again(line: Line, answer: bytes, outcome: Outcome, selected: bool) -> None:
    station, now = line.station, 0.0
    station.call(CALL, now)
    for turn in range(TRIES):
        if selected:
            assert station.feed(ACK, now) == BLOCK
        assert station.feed(answer, now) == EOT
        assert bool(line.done) is (turn == TRIES - 1)
        now += PAUSE_S
        station.tick(now)
    assert line.done == [(CALL, outcome)]


def test_a_call_that_the_base_will_never_take_is_tried_once(line: Line) -> None:
    line.station.call(CALL, 0.0)
    line.station.feed(ACK, 0.1)
    assert line.station.feed(b"3\x15", 0.2) == EOT
    assert line.done == [(CALL, Outcome("it does not take this call", final=True))]


def test_polls(line: Line) -> None:
    station = line.station
    assert station.poll(0.0) == POLL
    assert not station.idle
    assert station.feed(EOT, 0.1) == b""
    assert (station.idle, station.heard, station.misses) == (True, True, 0)
    for misses in (1, 2):
        station.poll(10.0)
        assert station.tick(10.0 + SELECT_S - 0.001) == b""
        assert station.tick(10.0 + SELECT_S) == EOT
        assert station.misses == misses
    station.poll(20.0)
    station.feed(EOT, 20.1)
    assert station.misses == 0


def test_a_base_that_has_something_to_tell_is_heard_out(line: Line) -> None:
    station = line.station
    station.poll(0.0)
    assert station.feed(b"1\x05", 0.1) == ACK
    assert station.idle
    assert station.feed(encode("2", [("1", b"815"), ("7", b"3")]), 0.2) == ACK
    assert station.feed(encode("2", [("1", b"815")])[:-1] + b"\x00", 0.3) == b"1\x15"
    assert station.feed(b"9\x05" + EOT + ACK, 0.4) == b"", "others, and what answers nothing"
    assert not line.done
