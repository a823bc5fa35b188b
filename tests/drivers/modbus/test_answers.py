"""Bytes on the line against the question: only its answer passes."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.answers import AnswerGate
from tests.simulator.modbus_board import crc


def sealed(body: bytes) -> bytes:
    return body + crc(body)


QUESTION = sealed(bytes([1, 4, 0, 1, 0, 2]))
ANSWER = bytes.fromhex("010404013102222ace")


def gate(request: bytes = QUESTION) -> AnswerGate:
    made = AnswerGate()
    assert made(True, request) == request
    return made


@pytest.mark.parametrize("name", ["response 141,142", "exception 2", "bad CRC"])
def test_vectors(shared: Path, name: str) -> None:
    vectors = json.loads((shared / "protocols/vectors/modbus_rtu.json").read_text(encoding="utf-8"))
    raw = {v["name"]: bytes.fromhex(v["hex"]) for v in vectors}
    made = gate(raw["read 2 holding @124 from 17"])
    assert made(False, raw[name]) == (b"" if name == "bad CRC" else raw[name])
    made = gate(raw["XY-MD02 read T/H"])
    assert made(False, raw["XY-MD02 30.5 C 54.6 %"]) == raw["XY-MD02 30.5 C 54.6 %"]


@pytest.mark.parametrize(
    ("heard", "passes"),
    [
        (ANSWER, ANSWER),
        (b"\xff\x00\x13" + ANSWER, ANSWER),
        (ANSWER + b"\xff\x00", ANSWER),
        (b"\x01\x04\x04" + ANSWER, ANSWER),
        (QUESTION + ANSWER, ANSWER),
        (QUESTION, b""),
        (QUESTION[:5], b""),
        (ANSWER[:-1], b""),
        (ANSWER[:-1] + b"\x00", b""),
        (sealed(bytes([2, 4, 4, 1, 49, 2, 34])), b""),  # another unit
        (sealed(bytes([2, 4, 4, 1, 49, 2, 34])) + ANSWER, ANSWER),
        (sealed(bytes([1, 3, 4, 1, 49, 2, 34])), b""),  # another function
        (sealed(bytes([1, 4, 2, 1, 49])), b""),  # another number of registers
        (sealed(bytes([1, 0x84, 2])), sealed(bytes([1, 0x84, 2]))),
        (sealed(bytes([1, 0x83, 2])), b""),
        (ANSWER + sealed(bytes([1, 4, 4, 0, 1, 0, 2])), sealed(bytes([1, 4, 4, 0, 1, 0, 2]))),  # the newest
        (ANSWER + QUESTION, b""),  # a late one before the echo answers an earlier question
    ],
)
def test_what_passes(heard: bytes, passes: bytes) -> None:
    assert gate()(False, heard) == passes


def test_an_echo_whose_bytes_look_like_an_answer_is_no_answer() -> None:
    """Reading 8 inputs at 0x01xx: the echo begins as an answer of one byte would; for some xx the CRC fits as well."""
    for unit in range(1, 248):
        for low in range(256):
            body = bytes([unit, 2, 1, low])
            if crc(body) == bytes([0, 8]):
                question = sealed(body + bytes([0, 8]))
                made = gate(question)
                assert all(made(False, question[:n]) == b"" for n in range(1, 9))
                return
    raise AssertionError("no such question exists")


@given(before=st.binary(max_size=80), after=st.binary(max_size=80))
def test_noise_around_the_answer_is_stripped(before: bytes, after: bytes) -> None:
    assert gate()(False, before + ANSWER + after) == ANSWER


@given(noise=st.binary(max_size=264))
def test_noise_alone_never_passes(noise: bytes) -> None:
    assert gate()(False, noise) == b""


def test_nothing_passes_before_the_first_question() -> None:
    assert AnswerGate()(False, ANSWER) == b""
