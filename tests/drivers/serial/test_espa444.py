"""ESPA 4.4.4 on the wire: published blocks, cuts, noise, and the called side's answers."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.serial.protocols import espa444
from drivers.serial.protocols.espa444 import (
    ACK,
    ENQ,
    EOT,
    LONGEST,
    NAK,
    Block,
    Checksum,
    Damaged,
    Decoder,
    Heard,
    Signal,
    encode,
)

MINIMAL = bytes.fromhex("013102311f41035f")


def test_published_blocks(shared: Path) -> None:
    rows = json.loads((shared / "protocols/vectors/espa444.json").read_text(encoding="utf-8"))
    assert len(rows) >= 6
    for row in rows:
        (heard,) = Decoder().feed(bytes.fromhex(row["hex"]))
        if "error" in row["expect"]:
            assert heard == Damaged(), row["name"]
        else:
            records = {id_: text.encode("latin-1") for id_, text in row["expect"]["records"].items()}
            assert heard == Block(row["expect"]["function"], records), row["name"]


def test_a_block_is_written_as_it_is_published() -> None:
    assert encode("1", [("1", b"A")]) == MINIMAL
    records = [("1", b"0815"), ("2", b"Feuer Zimmer 12"), ("3", b"2"), ("4", b"3"), ("5", b"1"), ("6", b"1")]
    published = "013102311f303831351e321f4665756572205a696d6d65722031321e331f321e341f331e351f311e361f310342"
    assert encode("1", records).hex() == published


def test_control_characters_of_a_text_end_no_block() -> None:
    (heard,) = Decoder().feed(encode("1", [("2", b"a\x03b\x1ec\x1fd\x00")]))
    assert heard == Block("1", {"2": b"a b c d "})


@pytest.mark.parametrize("checksum", Checksum)
def test_both_checksums_are_taken(checksum: Checksum) -> None:
    block = encode("1", [("2", b"\xe4")], checksum)
    assert Decoder().feed(block) == [Block("1", {"2": b"\xe4"})]
    assert (block[-1] < 0x80) is (checksum is Checksum.XOR7)


def test_selection_and_poll() -> None:
    assert espa444.select("1", "2") == b"1\x052\x05"
    assert espa444.poll("2") == b"2\x05"
    heard = Decoder().feed(b"1\x052\x05\x06\x041\x15")
    assert heard == [Signal(ENQ, "1"), Signal(ENQ, "2"), Signal(ACK), Signal(EOT), Signal(NAK, "1")]


def test_a_block_without_its_end_does_not_swallow_what_follows() -> None:
    decoder = Decoder()
    assert decoder.feed(MINIMAL[:5] + bytes((EOT,)) + MINIMAL) == [Signal(EOT), Block("1", {"1": b"A"})]
    assert decoder.feed(MINIMAL[:5] + MINIMAL) == [Block("1", {"1": b"A"})]
    assert decoder.rejected == 10


@pytest.mark.parametrize("body", [b"\x021\x1fA\x03", b"x\x021\x1fA\x03", b"11\x1fA\x03", b"\x03"])
def test_a_block_of_no_form_is_damaged(body: bytes) -> None:
    assert Decoder().feed(b"\x01" + body + bytes((espa444.bcc(body),))) == [Damaged()]


TEXT = st.binary(max_size=20).map(lambda raw: bytes(max(byte, 0x20) for byte in raw))
RECORDS = st.dictionaries(st.sampled_from("12345678"), TEXT, max_size=6)
PIECES = st.one_of(
    st.builds(
        lambda header, records, checksum: (encode(header, records.items(), checksum), Block(header, records)),
        st.sampled_from("12345"),
        RECORDS,
        st.sampled_from(Checksum),
    ),
    st.sampled_from([ACK, EOT]).map(lambda one: (bytes((one,)), Signal(one))),
    st.tuples(st.sampled_from("0123456789"), st.sampled_from([ENQ, NAK])).map(
        lambda one: (one[0].encode() + bytes((one[1],)), Signal(one[1], one[0]))
    ),
)


@given(pieces=st.lists(PIECES, max_size=6), cuts=st.lists(st.integers(0, 200), max_size=8))
def test_cutting_the_stream_anywhere_changes_nothing(pieces: list[tuple[bytes, Heard]], cuts: list[int]) -> None:
    stream = b"".join(raw for raw, _ in pieces)
    places = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    decoder = Decoder()
    found = [one for a, b in itertools.pairwise(places) for one in decoder.feed(stream[a:b])]
    assert found == [meant for _, meant in pieces]
    assert decoder.rejected == 0


@given(noise=st.lists(st.binary(max_size=300), max_size=5))
def test_noise_never_raises_and_never_piles_up(noise: list[bytes]) -> None:
    decoder = Decoder()
    for piece in noise:
        decoder.feed(piece)
    # One EOT may be the BCC of what looked like a block; the second is heard in any case.
    assert decoder.feed(bytes((EOT, EOT)) + MINIMAL)[-1] == Block("1", {"1": b"A"})


def test_a_block_has_a_longest_length() -> None:
    decoder = Decoder()
    decoder.feed(b"\x01" + b"A" * (LONGEST - 1))
    assert decoder.rejected == 0
    decoder.feed(b"A")
    assert decoder.rejected == LONGEST + 1
    assert decoder.feed(MINIMAL) == [Block("1", {"1": b"A"})]
