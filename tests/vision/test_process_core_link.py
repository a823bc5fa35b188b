"""The vision process's end of the core's socket: what a core that was away must still hear."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.camera_facts import CameraFacts
from agent.detection.observations import Observation
from agent.eyes.judge import LINE_LIMIT, Eyes
from agent.vision.core_link import FRESH_S, LATE_S, LINES_PER_S, WAITING_LIMIT, CoreLink, line_of
from agent.vision.orders import OutlineAsked, Watching
from agent.vision.outline import Outline
from agent.wire import LineDecoder, Message, encode
from agent.zones import Zone, ZoneKind

FALL = Observation("hall", "fall", 100.0, score=0.9, reasons=("silhouette_fell 0.93",), track=2)
EMPTY = Observation("hall", "nobody_in_view", 100.0)


class Core:
    """Listens, and reads when it is told to."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._listener.settimeout(5)
        self._peer: socket.socket | None = None
        self._decoder = LineDecoder(LINE_LIMIT)

    def read(self) -> list[Message]:
        """Everything sent so far."""
        if self._peer is None:
            self._peer = self._listener.accept()[0]
            self._peer.setblocking(False)
        messages: list[Message] = []
        try:
            while data := self._peer.recv(65536):
                messages += self._decoder.feed(data)
        except BlockingIOError:
            pass
        return messages

    def say(self, line: bytes) -> None:
        """To the vision process; after `read`."""
        assert self._peer is not None
        self._peer.sendall(line)

    def names(self) -> list[Any]:
        return [message.get("name", message["t"]) for message in self.read()]

    def die(self) -> None:
        self._listener.close()
        if self._peer is not None:
            self._peer.close()


@pytest.fixture
def core(run_folder: Path) -> Iterator[Core]:
    core = Core(run_folder / "core.sock")
    yield core
    core.die()


@pytest.fixture
def link(run_folder: Path) -> Iterator[CoreLink]:
    link = CoreLink(run_folder / "core.sock", ("hall",))
    yield link
    link.close()


def test_hello_comes_first(core: Core, link: CoreLink) -> None:
    link.tell(FALL)
    link.beat(100.0, {})  # nobody listens yet
    assert link.tick(100.0)
    assert not link.tick(100.05)
    link.beat(100.1, {"hall": {"state": "playing", "fps": 9.5, "frame_age_s": 0.1}})
    messages = core.read()
    assert [message["t"] for message in messages] == ["hello", "observation", "beat"]
    eyes = Eyes(("hall",), 99.0)
    assert [one for message in messages for one in eyes.take(message, 100.2)] == [FALL]


def test_a_fall_waits_for_the_next_core_and_a_state_does_not(run_folder: Path, link: CoreLink) -> None:
    link.tell(EMPTY)
    link.tell(FALL)
    assert not link.tick(100.0)
    core = Core(run_folder / "core.sock")
    assert link.tick(100.0 + FRESH_S + 1)
    assert core.names() == ["hello", "fall"]
    core.die()


def test_a_fall_of_another_time_is_not_told(core: Core, link: CoreLink) -> None:
    link.tell(FALL)
    link.tick(100.0 + LATE_S + 1)
    assert core.names() == ["hello"]


def test_a_fall_that_a_dying_core_may_not_have_read_is_told_again(run_folder: Path, link: CoreLink) -> None:
    first = Core(run_folder / "core.sock")
    link.tell(FALL)
    link.tick(100.0)
    first.read()
    first.die()
    link.tick(100.1)
    assert not link.connected
    second = Core(run_folder / "core.sock")
    link.tell(replace(EMPTY, at=101.0))
    link.tick(101.0)
    assert second.names() == ["hello", "fall", "nobody_in_view"]
    second.die()


def test_orders_are_heard_and_a_bad_one_is_passed_over(core: Core, link: CoreLink) -> None:
    link.tick(100.0)
    core.read()
    core.say(encode("watch", id="hall", on=False) + b"nonsense\n" + encode("watch", id="toilet", on=True))
    core.say(encode("outline", id="hall", n=3))
    link.tick(100.05)
    link.tick(100.1)
    assert link.orders() == [Watching("hall", False), OutlineAsked("hall", 3)]
    assert link.orders() == []
    assert link.connected


def test_a_line_is_heard_however_slowly_it_comes(core: Core, link: CoreLink) -> None:
    facts = CameraFacts("hall", tuple(Zone(ZoneKind.FLOOR, ((0, 0), (1, 0), (1, 1)), bed="") for _ in range(8)))
    link.tick(100.0)
    core.read()
    line = encode("camera", **facts.told())
    for number, start in enumerate(range(0, len(line), 100)):
        core.say(line[start : start + 100])
        link.tick(100.0 + number / 100)
    assert link.orders() == [facts]


def test_half_an_order_of_a_core_that_died_spoils_none_of_the_next(run_folder: Path, link: CoreLink) -> None:
    first = Core(run_folder / "core.sock")
    link.tick(100.0)
    first.read()
    first.say(encode("watch", id="hall", on=False)[:20])
    link.tick(100.05)
    first.die()
    link.tick(100.1)
    second = Core(run_folder / "core.sock")
    link.tick(101.0)
    second.read()
    second.say(encode("watch", id="hall", on=True))
    link.tick(101.1)
    assert link.orders() == [Watching("hall", True)]
    second.die()


@pytest.mark.parametrize("outline", [Outline(160, 120, bytes(range(256)) * 9 + bytes(96)), None])
def test_an_outline_is_one_line_that_the_core_believes(core: Core, link: CoreLink, outline: Outline | None) -> None:
    link.tick(100.0)
    link.answer("hall", 2**31 - 1, outline, "" if outline else "learning")
    hello, told = core.read()  # a longer line than 4 KiB is refused here
    eyes = Eyes(("hall",), 99.0)
    eyes.take(hello, 100.0)
    eyes.take(told, 100.0)
    (answer,) = eyes.answers()
    assert (answer.camera, answer.number, answer.why) == ("hall", 2**31 - 1, "" if outline else "learning")
    assert (answer.width, answer.height, answer.bits) == ((160, 120, outline.bits) if outline else (0, 0, b""))


def test_lines_are_sent_at_a_measured_rate(core: Core, link: CoreLink) -> None:
    for number in range(100):
        link.tell(replace(EMPTY, at=100.0 + number / 1000))
    link.tick(100.0)
    assert len(core.names()) == 1 + LINES_PER_S
    link.tick(100.5)
    assert len(core.names()) == LINES_PER_S / 2


def test_a_fall_is_never_the_one_that_finds_no_room(core: Core, link: CoreLink) -> None:
    link.tell(FALL)
    for _ in range(WAITING_LIMIT + 50):
        link.tell(EMPTY)
    link.tick(100.0)
    assert core.names()[1] == "fall"


def test_a_core_that_reads_no_more_is_left(core: Core, link: CoreLink) -> None:
    link.tick(100.0)
    core.read()
    long = {"hall": {"state": "x" * 3000}}
    for number in range(1000):
        link.beat(100.0 + number, long)
        if not link.connected:
            break
    assert not link.connected
    link.tell(replace(FALL, at=1100.0))
    assert link.tick(1100.0)


@pytest.mark.parametrize(
    "odd",
    [
        replace(FALL, score=float("nan")),
        replace(FALL, score=7.0),
        replace(FALL, bed="3"),
        replace(FALL, reasons=("a\nb\0", "x" * 5000)),
        replace(FALL, reasons=("跌" * 300,) * 20),
    ],
)
def test_whatever_a_pipeline_says_keeps_the_contract(odd: Observation) -> None:
    line = line_of(odd)
    assert len(line) <= LINE_LIMIT
    eyes = Eyes(("hall",), 100.0)
    eyes.take({"v": 1, "t": "hello", "role": "vision", "pid": 1, "cameras": ["hall"]}, 100.0)
    (message,) = LineDecoder(LINE_LIMIT).feed(line)
    (believed,) = eyes.take(message, 100.0)
    assert (believed.name, believed.at, believed.track, believed.bed) == ("fall", 100.0, 2, odd.bed)
