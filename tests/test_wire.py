"""The lines between our processes."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire import LineDecoder, WireError, encode

MESSAGES = [{"v": 1, "t": "beat", "seq": 7}, {"v": 1, "t": "open", "alarms": [{"id": "a", "place": "二〇一"}]}]
STREAM = b"".join(encode(str(m["t"]), **{k: v for k, v in m.items() if k not in ("v", "t")}) for m in MESSAGES)


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=8).map(sorted))
def test_cutting_the_stream_anywhere_changes_nothing(cuts: list[int]) -> None:
    decoder = LineDecoder(1000)
    edges = [0, *cuts, len(STREAM)]
    got = [m for a, b in itertools.pairwise(edges) for m in decoder.feed(STREAM[a:b])]
    assert got == MESSAGES


@given(noise=st.binary(max_size=300))
def test_noise_is_refused_or_waited_for_but_never_piles_up(noise: bytes) -> None:
    decoder = LineDecoder(64)
    try:
        messages = list(decoder.feed(noise))
    except WireError:
        return
    assert all(m["v"] == 1 for m in messages)
    assert len(noise.rsplit(b"\n", 1)[-1]) <= 64


@pytest.mark.parametrize(
    "line",
    [b"{}\n", b"[]\n", b'{"v":2,"t":"beat"}\n', b'{"v":1,"t":3}\n', b"x" * 65, b'{"v":1,"t":"' + b"x" * 80 + b'"}\n'],
)
def test_a_broken_peer_is_told_apart(line: bytes) -> None:
    with pytest.raises(WireError):
        list(LineDecoder(64).feed(line))


def test_brackets_without_end_are_not_json() -> None:
    with pytest.raises(WireError):
        list(LineDecoder(64 * 1024).feed(b"[" * 50_000 + b"\n"))


def test_an_encoded_line_is_one_line_of_json() -> None:
    line = encode("note", text="a\nb")
    assert line.count(b"\n") == 1
    assert json.loads(line) == {"v": 1, "t": "note", "text": "a\nb"}
