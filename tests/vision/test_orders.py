"""What the core may tell the vision process: taken when it can be meant, refused with a log else, and never fatal."""

import itertools
import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.camera_facts import CameraFacts, CameraMode
from agent.vision.orders import LINE_LIMIT, NUMBER_LIMIT, Order, Orders, OutlineAsked, Watching
from agent.wire import encode
from agent.zones import Zone, ZoneKind

ZONE = Zone(ZoneKind.FLOOR, ((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)))
FACTS = CameraFacts("hall", (ZONE,), CameraMode.SHADOW, 0.6)
ORDERS: tuple[tuple[Order, bytes], ...] = (
    (FACTS, encode("camera", **FACTS.told())),
    (Watching("hall", False), encode("watch", id="hall", on=False)),
    (OutlineAsked("hall", 7), encode("outline", id="hall", n=7)),
    (OutlineAsked("hall", NUMBER_LIMIT - 1), encode("outline", id="hall", n=NUMBER_LIMIT - 1)),
)
STREAM = b"".join(line for _, line in ORDERS)
MEANT = [order for order, _ in ORDERS]


def told(*chunks: bytes) -> list[Order]:
    orders = Orders(("hall", "dining"))
    return [order for chunk in chunks for order in orders.feed(chunk)]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_cutting_the_stream_anywhere_changes_nothing(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    assert told(*(STREAM[a:b] for a, b in itertools.pairwise(places))) == MEANT


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_noise_never_raises_and_the_next_line_is_read(noise: list[bytes]) -> None:
    assert told(*noise, b"\n", STREAM)[-len(MEANT) :] == MEANT


BAD: tuple[dict[str, Any], ...] = (
    {"t": "camera", **FACTS.told(), "id": "toilet"},
    {"t": "camera", **FACTS.told(), "threshold": 2},
    {"t": "camera", "id": "hall"},
    {"t": "watch", "id": "hall"},
    {"t": "watch", "id": "hall", "on": 1},
    {"t": "watch", "id": ["hall"], "on": True},
    {"t": "outline", "id": "hall"},
    {"t": "outline", "id": "hall", "n": -1},
    {"t": "outline", "id": "hall", "n": NUMBER_LIMIT},
    {"t": "outline", "id": "hall", "n": True},
    {"t": "outline", "id": "hall", "n": 1.5},
    {"t": "picture", "id": "hall"},
    {"t": 7, "id": "hall"},
)


@pytest.mark.parametrize("bad", [*(json.dumps({"v": 1, **one}).encode() for one in BAD), b"{", b"", b"[" * 4000])
def test_a_bad_line_is_refused_and_logged_once(bad: bytes, caplog: pytest.LogCaptureFixture) -> None:
    orders = Orders(("hall",))
    with caplog.at_level(logging.WARNING):
        assert orders.feed((bad + b"\n") * 3 + STREAM) == MEANT
    assert orders.refused == 3
    assert len(caplog.records) == 1, "told once, not each time"


def test_a_line_that_is_too_long_is_skipped_to_its_end() -> None:
    orders = Orders(("hall",))
    long = b"x" * (LINE_LIMIT + 1)
    assert orders.feed(long[:LINE_LIMIT]) == []
    assert orders.refused == 0, "it may still end"
    for _ in range(50):
        assert orders.feed(long) == []
        assert len(orders._buffer) <= LINE_LIMIT
    assert orders.feed(b"tail\n" + STREAM) == MEANT
    assert orders.refused == 1
