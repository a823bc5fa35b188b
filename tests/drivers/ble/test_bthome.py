"""The BTHome v2 codec: published frames, then noise."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ble.bthome import Frame, Proof, counter_rises, open_frame
from drivers.ble.bthome_objects import KINDS, length_in, objects_in
from tests.drivers.ble.vectors import vectors
from tests.simulator.wearables import seal

MAC = bytes.fromhex("5448E68F80A5")
KEY = bytes.fromhex("231d39c1d7cc1ab1aee224cd096db932")

_NAMES = {"temperature_0.1": "temperature", "humidity_u8": "humidity"}
_BUTTONS = {"press": 1, "triple_press": 3, "long_press": 4}


def _told(frame: Frame, expect: dict[str, Any]) -> dict[str, Any]:
    """What of `frame` the vector speaks about, in its own words."""
    told = {
        "objects": [[one.name, one.value] for one in frame.objects],
        "counter": frame.counter,
        "trigger_based": frame.trigger_based,
        "mac": frame.mac.hex().upper(),
    }
    return {name: value for name, value in told.items() if name in expect}


def _wanted(expect: dict[str, Any], frame: Frame) -> dict[str, Any]:
    objects = [
        [_NAMES.get(name, name), _BUTTONS.get(value, frame.objects[at].value) if name == "button" else value]
        for at, (name, value) in enumerate(expect["objects"])
    ]
    return expect | {"objects": objects}


def test_published_vectors(shared: Path) -> None:
    for one in vectors(shared, "bthome_v2", "bthome"):
        mac, key = bytes.fromhex(one.get("mac", "000000000000")), bytes.fromhex(one.get("key", ""))
        frame, expect = open_frame(bytes.fromhex(one["hex"]), mac, key), one["expect"]
        if expect.get("error") == "mic":
            assert frame is not None, one["name"]
            assert (frame.proof, frame.whole) == (Proof.BROKEN, False), one["name"]
        elif "error" in expect:
            assert frame is None, one["name"]
        else:
            assert frame is not None, one["name"]
            assert _told(frame, expect) == _wanted(expect, frame), one["name"]
            assert (frame.proof is Proof.KEY) == bool(key), one["name"]


def test_a_sealed_frame_opens_only_with_its_key_its_sender_and_its_bytes() -> None:
    raw = bytes.fromhex("41a47266c95f730011223378237214")
    frame = open_frame(raw, MAC, KEY)
    assert frame is not None
    assert [(one.name, one.value) for one in frame.objects] == [("temperature", 25.06), ("humidity", 50.55)]
    assert (frame.proof, frame.counter) == (Proof.KEY, 857870592)
    assert open_frame(raw, MAC) is None
    for data, mac, key in (
        (raw, MAC, bytes(16)),
        (raw, bytes(6), KEY),
        (raw[:-1] + b"\x00", MAC, KEY),
    ):
        broken = open_frame(data, mac, key)
        assert broken is not None
        assert broken.proof is Proof.BROKEN


def test_a_press_whose_check_alone_is_damaged_can_still_be_read() -> None:
    raw = seal(b"\x00\x07\x3a\x01", 0x45, "54:48:E6:8F:80:A5", KEY, 5)
    frame = open_frame(raw[:-1] + bytes((raw[-1] ^ 1,)), MAC, KEY)
    assert frame is not None
    assert (frame.proof, frame.whole, frame.packet_id) == (Proof.BROKEN, True, 7)
    assert [(one.name, one.value) for one in frame.objects] == [("packet_id", 7), ("button", 1)]


@pytest.mark.parametrize(
    ("last", "new", "rises"),
    [(5, 6, True), (5, 5, False), (5, 4, False), (0xFFFFFFFF, 0, True), (0xFFFFFFF0, 3, True), (0x7FFFFFFF, 0, False)],
)
def test_the_counter_must_rise_and_may_wrap(last: int, new: int, rises: bool) -> None:
    assert counter_rises(last, new) is rises


def test_text_and_raw_objects_have_their_own_length() -> None:
    frame = open_frame(bytes.fromhex("40 53 03 616263 54 02 ffff 3a 01".replace(" ", "")), MAC)
    assert frame is not None
    assert [one.name for one in frame.objects] == ["text", "raw", "button"]


@given(
    noise=st.binary(max_size=60),
    key=st.sampled_from((b"", KEY)),
    info=st.sampled_from((b"", b"\x40", b"\x41", b"\x42", b"\x43", b"\x45")),
)
def test_noise_never_raises(noise: bytes, key: bytes, info: bytes) -> None:
    frame = open_frame(info + noise, MAC, key)
    if frame is not None:
        assert length_in(frame.payload) <= len(frame.payload)
        assert frame.proof is not Proof.KEY


_OBJECTS = st.lists(
    st.sampled_from([number for number, kind in sorted(KINDS.items()) if kind.width]).flatmap(
        lambda number: st.binary(min_size=KINDS[number].width, max_size=KINDS[number].width).map(
            lambda value: bytes((number,)) + value
        )
    ),
    max_size=8,
)


@given(objects=_OBJECTS, cut=st.integers(0, 60))
def test_a_frame_cut_anywhere_gives_its_whole_objects(objects: list[bytes], cut: int) -> None:
    payload = b"".join(objects)
    whole = [one.id for one in objects_in(payload)]
    assert whole == [one[0] for one in objects]
    assert [one.id for one in objects_in(payload[:cut])] == whole[: len(list(objects_in(payload[:cut])))]
    fitting, length = 0, 0
    for one in objects:
        length += len(one)
        fitting += length <= cut
    assert len(list(objects_in(payload[:cut]))) == fitting
