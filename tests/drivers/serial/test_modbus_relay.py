"""Coils on the wire: published frames, pymodbus as a second opinion, cuts and noise."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU
from pymodbus.pdu.bit_message import WriteMultipleCoilsRequest

from drivers.serial.protocols.modbus_relay import (
    MOST_COILS,
    WRITE_ONE,
    WRITE_SEVERAL,
    Answer,
    AnswerDecoder,
    crc,
    write_one,
    write_several,
)


def sealed(body: bytes) -> bytes:
    return body + crc(body)


def test_check_value_of_the_crc() -> None:
    assert crc(b"123456789") == b"\x37\x4b"


@given(st.binary(max_size=40))
def test_crc_is_the_library_s(body: bytes) -> None:
    assert crc(body) == FramerRTU.compute_CRC(body).to_bytes(2, "big")


def test_published_frames(shared: Path) -> None:
    rows = json.loads((shared / "protocols/vectors/modbus_rtu.json").read_text(encoding="utf-8"))
    coils = [row for row in rows if row["expect"].get("fc") == WRITE_ONE]
    assert len(coils) >= 3
    for row in coils:
        told = row["expect"]
        assert write_one(told["unit"], told["coil"], told["on"]).hex() == row["hex"], row["name"]
        assert AnswerDecoder(told["unit"]).feed(bytes.fromhex(row["hex"])) == [
            Answer(told["unit"], WRITE_ONE, told["coil"], 0xFF00)
        ]


def test_off() -> None:
    assert write_one(1, 258, on=False)[:6] == bytes((1, 5, 1, 2, 0, 0))


@given(first=st.integers(0, 1000), on=st.lists(st.booleans(), min_size=1, max_size=40))
def test_several_coils_are_packed_as_the_library_packs_them(first: int, on: list[bool]) -> None:
    body = WriteMultipleCoilsRequest(dev_id=7, address=first, bits=on).encode()
    assert write_several(7, first, on) == sealed(bytes((7, WRITE_SEVERAL)) + body)


@pytest.mark.parametrize(("count", "allowed"), [(0, False), (1, True), (MOST_COILS, True), (MOST_COILS + 1, False)])
def test_how_many_coils_go_into_one_request(count: int, allowed: bool) -> None:
    if allowed:
        assert write_several(1, 0, [True] * count)
    else:
        with pytest.raises(ValueError, match="1 to 1968"):
            write_several(1, 0, [True] * count)


def test_a_refusal_and_what_others_say() -> None:
    decoder = AnswerDecoder(1)
    other = sealed(bytes((2, WRITE_ONE, 0, 0, 0xFF, 0)))
    assert decoder.feed(other + sealed(bytes((1, 0x8F, 2)))) == [Answer(1, WRITE_SEVERAL, exception=2)]


ANSWERS = st.one_of(
    st.builds(
        Answer,
        st.just(1),
        st.sampled_from([WRITE_ONE, WRITE_SEVERAL]),
        st.integers(0, 0xFFFF),
        st.integers(0, 0xFFFF),
    ),
    st.builds(Answer, st.just(1), st.sampled_from([WRITE_ONE, WRITE_SEVERAL]), exception=st.integers(1, 255)),
)


def on_the_wire(answer: Answer) -> bytes:
    if answer.exception:
        return sealed(bytes((answer.unit, answer.function | 0x80, answer.exception)))
    return sealed(
        bytes((answer.unit, answer.function)) + answer.coil.to_bytes(2, "big") + answer.value.to_bytes(2, "big")
    )


@given(answers=st.lists(ANSWERS, max_size=6), cuts=st.lists(st.integers(0, 60), max_size=6))
def test_cutting_the_stream_anywhere_changes_nothing(answers: list[Answer], cuts: list[int]) -> None:
    stream = b"".join(map(on_the_wire, answers))
    places = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    decoder = AnswerDecoder(1)
    found = [one for a, b in itertools.pairwise(places) for one in decoder.feed(stream[a:b])]
    assert found == answers


@given(noise=st.lists(st.binary(max_size=300), max_size=5))
def test_noise_never_raises_and_never_piles_up(noise: list[bytes]) -> None:
    decoder = AnswerDecoder(1)
    for piece in noise:
        decoder.feed(piece)
    good = Answer(1, WRITE_ONE, 3, 0xFF00)
    assert good in decoder.feed(bytes(16) + on_the_wire(good)), "at most one frame's length is held back"


def test_a_damaged_answer_is_none() -> None:
    decoder = AnswerDecoder(1)
    frame = bytearray(write_one(1, 0, on=True))
    frame[-1] ^= 1
    assert decoder.feed(bytes(frame)) == []
    assert decoder.rejected == len(frame)
