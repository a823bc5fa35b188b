"""The search that the proof of privacy rests on: it finds the marker in every form, and nothing where none is."""

import base64
import json
import zlib
from collections.abc import Callable
from itertools import islice

import cv2
import numpy as np
import pytest

from agent.vision.anchor import log_luminance
from agent.vision.pipeline import shrink
from tests.vision.leak_search import LeakSearch
from tests.vision.marker import Picture, marked_room

WORN = next(islice(marked_room(2, hung=False), 7, None))
HUNG = next(marked_room(1, worn=False))
NOISE = np.random.default_rng(8).integers(0, 256, 5003, np.uint8).tobytes()


def coded(kind: str, picture: Picture, *how: int) -> bytes:
    return cv2.imencode(kind, picture, how)[1].tobytes()


def grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def crop(picture: Picture) -> Picture:
    """The marker and little else."""
    return np.ascontiguousarray(picture[0:64, 96:160] if picture[20:40, 115:145].std() > 50 else picture[44:108, :64])


def scaled(picture: Picture, by: float) -> Picture:
    return np.asarray(cv2.resize(picture, None, fx=by, fy=by, interpolation=cv2.INTER_AREA), np.uint8)


FORMS: dict[str, Callable[[Picture], bytes]] = {
    "a frame as it is in memory": lambda one: one.tobytes(),
    "the small picture": lambda one: shrink(one).tobytes(),
    "grey": lambda one: grey(one).tobytes(),
    "half the size": lambda one: scaled(grey(one), 0.5).tobytes(),
    "four times the area": lambda one: scaled(one, 2).tobytes(),
    "a crop": lambda one: crop(grey(one)).tobytes(),
    "32-bit numbers": lambda one: (grey(one) / np.float32(255)).astype(np.float32).tobytes(),
    "log luminance": lambda one: log_luminance(grey(one).astype(np.float32)).tobytes(),
    "numpy": lambda one: b"\x93NUMPY\x01\x00v\x00" + b" " * 118 + grey(one).tobytes(),
    "PNG": lambda one: coded(".png", one),
    "JPEG": lambda one: coded(".jpg", one),
    "poor JPEG, half the size": lambda one: coded(".jpg", scaled(one, 0.5), cv2.IMWRITE_JPEG_QUALITY, 40),
    "bitmap": lambda one: coded(".bmp", one),
    "WebP": lambda one: coded(".webp", one),
    "base64 of JPEG in JSON": lambda one: json.dumps({"p": base64.b64encode(coded(".jpg", one)).decode()}).encode(),
    "base64 of pixels": lambda one: base64.b64encode(scaled(grey(one), 0.5).tobytes()),
    "hex of pixels": lambda one: scaled(grey(one), 0.5).tobytes().hex().encode(),
    "deflated": lambda one: zlib.compress(grey(one).tobytes()),
    "deflated, as base64": lambda one: base64.b64encode(zlib.compress(grey(one).tobytes())),
}  # fmt: skip


@pytest.mark.parametrize("picture", [WORN, HUNG], ids=["worn", "hung"])
@pytest.mark.parametrize("form", FORMS)
def test_a_planted_marker_is_found(form: str, picture: Picture) -> None:
    assert LeakSearch().of(form, b'{"t":"beat"}\n' * 13 + FORMS[form](picture) + b"\nend") != []


def test_it_is_found_deep_in_noise() -> None:
    assert LeakSearch().of("noise", NOISE + coded(".jpg", WORN) + NOISE) == ["image file"]


PLAIN = next(marked_room(1, worn=False, hung=False))
LINES = b"".join(
    json.dumps({"t": "observation", "device": "hall", "at": at / 7, "score": at / 999, "reasons": []}).encode() + b"\n"
    for at in range(400)
)


@pytest.mark.parametrize(
    "content",
    [b"", NOISE, LINES, PLAIN.tobytes(), coded(".png", PLAIN), coded(".jpg", PLAIN), base64.b64encode(NOISE)],
)
def test_nothing_is_found_where_none_is(content: bytes) -> None:
    assert LeakSearch().of("clean", content) == []


def test_it_says_what_was_searched() -> None:
    search = LeakSearch()
    search.of("log", LINES)
    assert f"{len(LINES):>9,} bytes  log" in search.report()
