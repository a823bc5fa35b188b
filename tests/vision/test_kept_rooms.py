"""Rooms as bytes: they come back as they were, and no bytes do harm."""

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from agent.vision.kept import Bytes, Halves, Kept
from agent.vision.kept_rooms import KeptError, decode, encode, mark_of

_SIDES = st.integers(16, 40)
_SMALL = st.floats(-6, 6, width=16)
_ARRAYS = st.sampled_from(["i4", "f4", "f8", "u1"]).flatmap(
    lambda kind: npst.arrays(
        kind,
        npst.array_shapes(max_dims=3, max_side=5),
        elements={"allow_nan": False, "allow_infinity": False} if kind[0] == "f" else None,
    )
)


@st.composite
def rooms(draw: st.DrawFn) -> Kept:
    shape = (draw(_SIDES), draw(_SIDES))
    room = draw(npst.arrays(np.float16, (*shape, 3), elements=_SMALL, fill=_SMALL))
    unknown = draw(npst.arrays(np.uint8, shape, elements=st.integers(0, 1), fill=st.just(0)))
    learned = draw(st.dictionaries(st.text(max_size=8), _ARRAYS, max_size=3))
    return Kept(draw(st.text(max_size=10)), room, unknown, learned, draw(st.floats(0, 1e9)))


def a_record() -> bytes:
    return encode({"m": Kept("hall", np.ones((16, 20, 3), np.float16), np.zeros((16, 20), np.uint8), {}, 5.0)})


def with_head(change: Callable[[Any], object]) -> bytes:
    """A record whose head `change` has put its hands on."""
    record = a_record()
    (length,) = struct.unpack_from("<I", record)
    heads = json.loads(record[4 : 4 + length])
    changed = change(heads)
    head = json.dumps(heads if changed is None else changed).encode()
    return struct.pack("<I", len(head)) + head + record[4 + length :]


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.text("0123456789abcdef", min_size=1, max_size=32), rooms(), max_size=4))
def test_rooms_come_back_as_they_were(kept: dict[str, Kept]) -> None:
    again = decode(encode(kept))
    assert list(again) == list(kept)
    for mark, room in kept.items():
        found = again[mark]
        assert (found.camera, found.at) == (room.camera, room.at)
        assert np.array_equal(found.room, room.room)
        assert np.array_equal(found.unknown, room.unknown)
        assert list(found.learned) == list(room.learned)
        for name, part in room.learned.items():
            assert found.learned[name].dtype == part.dtype
            assert np.array_equal(found.learned[name], part)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_garbage_is_refused(record: bytes) -> None:
    with pytest.raises(KeptError):
        decode(record)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 400), st.integers(0, 255), st.integers(0, 2400))
def test_a_record_that_is_torn_or_bent_is_a_room_or_refused(place: int, byte: int, length: int) -> None:
    bent = bytearray(a_record())
    bent[place] = byte
    for record in (bytes(bent), bytes(bent[:length])):
        try:
            found = decode(record)
        except KeptError:
            continue
        for kept in found.values():
            assert kept.room.shape == (*kept.unknown.shape, 3)
            assert np.abs(kept.room).max() <= 16


@pytest.mark.parametrize(
    "change",
    [
        lambda heads: {},
        lambda heads: heads * 2,
        lambda heads: [*heads, None],
        lambda heads: heads[0].pop("mark") and None,
        lambda heads: heads[0].update(mark=1),
        lambda heads: heads[0].update(camera="h" * 65),
        lambda heads: heads[0].update(at=float("nan")),
        lambda heads: heads[0].update(at="now"),
        lambda heads: heads[0]["parts"].pop(),
        lambda heads: heads[0]["parts"].append(heads[0]["parts"][0]),
        lambda heads: heads[0]["parts"][0].__setitem__(0, "_room"),
        lambda heads: heads[0]["parts"][0].__setitem__(1, "O"),
        lambda heads: heads[0]["parts"][0].__setitem__(1, "f4"),
        lambda heads: heads[0]["parts"][0].__setitem__(2, [20, 16, 3]),
        lambda heads: heads[0]["parts"][0].__setitem__(2, [-16, -20, 3]),
        lambda heads: heads[0]["parts"][0].__setitem__(2, [16, True, 3]),
        lambda heads: heads[0]["parts"][0].__setitem__(2, [2**40, 2**40, 3]),
    ],
)
def test_a_head_that_lies_is_refused(change: Callable[[Any], object]) -> None:
    with pytest.raises(KeptError):
        decode(with_head(change))


def test_the_unchanged_head_is_none_that_lies() -> None:
    assert decode(with_head(lambda heads: None))["m"].camera == "hall"


@pytest.mark.parametrize(
    ("room", "unknown"),
    [
        (np.full((16, 20, 3), np.nan, np.float16), np.zeros((16, 20), np.uint8)),
        (np.full((16, 20, 3), 17, np.float16), np.zeros((16, 20), np.uint8)),
        (np.ones((16, 20, 3), np.float16), np.full((16, 20), 2, np.uint8)),
        (np.ones((15, 20, 3), np.float16), np.zeros((15, 20), np.uint8)),
        (np.ones((16, 161, 3), np.float16), np.zeros((16, 161), np.uint8)),
        (np.ones((16, 20, 3), np.uint8), np.zeros((16, 20), np.uint8)),
    ],
)
def test_no_picture_of_a_room_is_refused(room: Halves, unknown: Bytes) -> None:
    with pytest.raises(KeptError):
        decode(encode({"m": Kept("hall", room, unknown)}))


def test_four_large_rooms_fit_and_no_more_than_the_limit() -> None:
    large = Kept("hall", np.ones((160, 160, 3), np.float16), np.zeros((160, 160), np.uint8))
    assert len(decode(encode({str(number): large for number in range(4)}))) == 4
    heavy = Kept("hall", large.room, large.unknown, {"a": np.zeros(2_000_000, np.uint8)})
    with pytest.raises(KeptError, match="is the most that is kept"):
        encode({"0": heavy})


def test_the_address_of_a_camera_is_not_in_its_mark() -> None:
    mark = mark_of("hall", "rtsp://staff:secret@10.0.0.7/1")
    assert len(mark) == 32
    assert "secret" not in mark
    assert mark != mark_of("hall", "rtsp://staff:secret@10.0.0.8/1")
    assert mark != mark_of("attic", "rtsp://staff:secret@10.0.0.7/1")
