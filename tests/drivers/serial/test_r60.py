"""Frames of the ``53 59`` radars, and what an R60ABD1 says with them."""

import json
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.quantities import QUANTITIES
from drivers.reading import Quality
from drivers.serial.framing import Measured
from drivers.serial.protocols import r60, r60abd1
from drivers.serial.protocols.registry import PROTOCOLS
from drivers.serial.settings import ProtocolName
from tests.simulator.radar import frame

GOOD, BAD, UNCERTAIN = Quality.GOOD, Quality.BAD, Quality.UNCERTAIN
MEANINGS = {
    "heart_rate": lambda v: Measured("heart_rate", v),
    "body_movement": lambda v: Measured("body_movement", v),
    "distance_cm": lambda v: Measured("distance", v),
    "in_bed": lambda v: Measured("bed_occupied", bool(v)),
}

frames = st.builds(r60.Frame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=r60.MAX_DATA))


def test_every_vector(shared: Path) -> None:
    vectors = json.loads((shared / "protocols/vectors/micradar_r60.json").read_text(encoding="utf-8"))
    assert len(vectors) >= 11
    for vector in vectors:
        raw, expect = bytes.fromhex(vector["hex"]), vector["expect"]
        decoder = r60.FrameDecoder()
        found = decoder.feed(raw)
        if "error" in expect:
            assert (found, decoder.rejected) == ([], 1), vector["name"]
            continue
        assert found == [r60.Frame(expect["ctrl"], expect["cmd"], bytes.fromhex(expect["data"]))], vector["name"]
        assert r60.encode(found[0]) == raw
        if not vector["name"].startswith("MR60BHA1"):
            values = r60abd1.R60abd1().feed(raw)
            wanted = [MEANINGS[k](v) for k, v in expect.get("meaning", {}).items() if k in MEANINGS]
            assert values == wanted, vector["name"]


@pytest.mark.parametrize(
    ("control", "command", "data", "value"),
    [
        (0x80, 0x01, b"\x01", Measured("presence", True)),
        (0x80, 0x81, b"\x00", Measured("presence", False)),
        (0x80, 0x01, b"\x0f", None),  # our own question, echoed
        (0x80, 0x02, b"\x02", Measured("motion", True)),
        (0x80, 0x02, b"\x01", Measured("motion", False)),
        (0x80, 0x02, b"\x09", None),
        (0x80, 0x03, b"\x65", Measured("body_movement", 101.0, BAD)),
        (0x80, 0x04, b"\x04\x00", Measured("distance", 1024.0, BAD)),
        (0x80, 0x04, b"\x23", None),  # one byte where two belong
        (0x81, 0x01, b"\x04", Measured("respiratory_rate", 0.0, BAD)),
        (0x81, 0x01, b"\x01", None),
        (0x81, 0x02, b"\x0e", Measured("respiratory_rate", 14.0)),
        (0x81, 0x02, b"\x00", Measured("respiratory_rate", 0.0, BAD)),
        (0x81, 0x02, b"\x24", Measured("respiratory_rate", 36.0, BAD)),
        (0x81, 0x82, b"\x0f", None),  # our own question, echoed: no breathing rate of 15
        (0x84, 0x01, b"\x00", Measured("bed_occupied", False)),
        (0x84, 0x81, b"\x01", Measured("bed_occupied", True)),
        (0x84, 0x01, b"\x02", Measured("bed_occupied", False, UNCERTAIN)),
        (0x85, 0x02, b"\x00", Measured("heart_rate", 0.0, BAD)),
        (0x85, 0x02, b"\x13", Measured("heart_rate", 19.0, BAD)),
        (0x85, 0x02, b"\xff", Measured("heart_rate", 255.0)),
        (0x01, 0x01, b"\x0f", None),
        (0x81, 0x05, b"\x80\x80\x80\x80\x80", None),
        (0x84, 0x8E, b"\x01", None),
    ],
)
def test_what_an_r60abd1_says(control: int, command: int, data: bytes, value: Measured | None) -> None:
    decoder = r60abd1.R60abd1()
    assert decoder.feed(frame(control, command, data)) == ([value] if value else [])
    assert (decoder.accepted, decoder.rejected) == (1, 0)


def test_rates_are_uncertain_while_the_body_moves() -> None:
    decoder = r60abd1.R60abd1()
    decoder.feed(frame(0x80, 0x03, b"\x3c"))
    assert decoder.feed(frame(0x85, 0x02, b"\x82") + frame(0x81, 0x02, b"\x00")) == [
        Measured("heart_rate", 130.0, UNCERTAIN),
        Measured("respiratory_rate", 0.0, BAD),
    ]
    decoder.feed(frame(0x80, 0x03, b"\x02"))
    assert decoder.feed(frame(0x85, 0x02, b"\x82")) == [Measured("heart_rate", 130.0)]


@given(sent=st.lists(frames, max_size=8), cuts=st.lists(st.integers(0, 700), max_size=12), noise=st.binary(max_size=40))
def test_cutting_the_stream_anywhere_changes_nothing(sent: list[r60.Frame], cuts: list[int], noise: bytes) -> None:
    stream = noise + b"".join(r60.encode(one) for one in sent)
    whole, cut = r60.FrameDecoder(), r60.FrameDecoder()
    places = [0, *sorted(min(cut_at, len(stream)) for cut_at in cuts), len(stream)]
    pieces = [one for a, b in pairwise(places) for one in cut.feed(stream[a:b])]
    assert pieces == whole.feed(stream)
    assert cut.rejected == whole.rejected
    if not noise:
        assert pieces == sent


@given(noise=st.lists(st.one_of(st.binary(max_size=300), st.just(r60.HEAD), st.just(r60.TAIL)), max_size=8))
def test_noise_never_raises_and_never_piles_up(noise: list[bytes]) -> None:
    decoder = r60.FrameDecoder()
    for piece in noise:
        decoder.feed(piece)
        assert len(decoder._buffer) < r60.MAX_DATA + 9
    # Whatever the noise pretended to begin, as many bytes later a true frame is heard again.
    decoder.feed(bytes(r60.MAX_DATA + 9))
    last = r60.Frame(0x84, 0x01, b"\x00")
    assert decoder.feed(r60.encode(last)) == [last]


@given(data=st.binary(max_size=60), at=st.integers(0, 60), bit=st.integers(0, 7))
def test_one_wrong_bit_is_never_a_frame_of_another_meaning(data: bytes, at: int, bit: int) -> None:
    raw = bytearray(r60.encode(r60.Frame(0x85, 0x02, data)))
    raw[at % len(raw)] ^= 1 << bit
    decoder = r60.FrameDecoder()
    assert all(one.data != data or (one.control, one.command) != (0x85, 0x02) for one in decoder.feed(bytes(raw)))


def test_a_frame_inside_one_that_was_cut_short_is_found() -> None:
    decoder = r60.FrameDecoder()
    half = frame(0x84, 0x0D, bytes(12))[:11]
    true = frame(0x84, 0x01, b"\x01")
    assert decoder.feed(half + true + true) == [r60.Frame(0x84, 0x01, b"\x01")] * 2
    assert decoder.rejected == 1


def test_the_table_names_what_the_settings_and_the_vocabulary_know() -> None:
    assert set(PROTOCOLS) == set(get_args(ProtocolName))
    for name, row in PROTOCOLS.items():
        assert row.name == name
        assert set(row.quantities) <= set(QUANTITIES)
