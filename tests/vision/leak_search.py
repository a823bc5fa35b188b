"""Looks for pictures of the marker in bytes, however they are kept: plain, scaled, coded, packed or as text.

A picture of the marker is recognised by correlation at many sizes, so that any size, crop or loss by coding is found.
Bytes become pictures by decoding what has the head of an image file, and by laying them out in rows of those widths
in which neighbouring rows are most alike, as eight-bit grey, as one of three colours (the marker is grey), and as
32-bit numbers. Text is unpacked first, and so is deflate.
"""

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.vision.marker import SEEDS, marker

_SIZES = tuple(round(8 * 1.09**step) for step in range(24))  # pixels each way of the marker, 8 to 58
_WIDE = 200  # a wider picture is looked at as one of 160: the marker fills a fifth of a whole one
_SEEN = 16  # pixels each way at which a marker is compared, or its own size if that is less
_ALIKE = 0.75
_NEIGHBOURS, _LIKELY = 0.15, 4  # correlation of rows below which it is no picture, and how many widths are tried
_WIDTHS = (16, 24, 28, 32, 40, 48, 64, 80, 96, 112, 120, 128, 160, 192, 224, 240, 256, 320, 352, 416, 480, 640, 1280)
_HEAD = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|BM.{4}\0{4}|RIFF.{4}WEBP|GIF8|II\*\0|MM\0\*|P[56]\s", re.DOTALL)
_DEFLATE = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b\x08")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{80,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){80,}")
_LEAST = 256  # bytes that could hold a marker at all
Grey = NDArray[np.uint8]
_MARKERS = {size: {seed: marker(size, seed) for seed in SEEDS} for size in {min(size, _SEEN) for size in _SIZES}}


@dataclass(slots=True)
class LeakSearch:
    """`of` searches and counts what it did; `seen` are the sizes in bytes by name, for the report."""

    seen: dict[str, int] = field(default_factory=dict)
    pictures: int = 0
    seeds: tuple[int, ...] = SEEDS  # of the markers that are looked for

    def of(self, name: str, content: bytes) -> list[str]:
        """The ways in which the marker is in `content`; empty is what is hoped for."""
        self.seen[name] = len(content)
        return sorted({way for way, grey in _pictures(content, 2) if self.shows(grey)})

    def shows(self, grey: Grey) -> bool:
        """Whether the marker is in a picture."""
        self.pictures += 1
        if grey.shape[1] > _WIDE:
            grey = np.asarray(cv2.resize(grey, None, fx=160 / grey.shape[1], fy=160 / grey.shape[1]), np.uint8)
        for size in _SIZES:
            if min(grey.shape) < size:
                break
            seen = min(size, _SEEN)
            small = cv2.resize(grey, None, fx=seen / size, fy=seen / size, interpolation=cv2.INTER_AREA)
            if min(small.shape) < seen:
                break
            for seed in self.seeds:
                if float(cv2.matchTemplate(small, _MARKERS[seen][seed], cv2.TM_CCOEFF_NORMED).max()) > _ALIKE:
                    return True
        return False

    def report(self) -> str:
        """What was searched, for people."""
        rows = [f"  {size:>9,} bytes  {name}" for name, size in sorted(self.seen.items())]
        return "\n".join(
            [*rows, f"  {self.pictures:,} pictures made of them, {len(self.seeds)} markers in {len(_SIZES)} sizes each"]
        )


def _pictures(content: bytes, unpack: int) -> Iterator[tuple[str, Grey]]:
    """Every way to see a picture in `content`, and in what is packed in it `unpack` times."""
    yield from (("image file", grey) for grey in _decoded(content))
    yield from (("rows of pixels", grey) for grey in _laid_out(content))
    if not unpack:
        return
    for way, inner in _unpacked(content):
        yield from ((f"{way}: {deeper}", grey) for deeper, grey in _pictures(inner, unpack - 1))


def _decoded(content: bytes) -> Iterator[Grey]:
    for found in _HEAD.finditer(content):
        picture = cv2.imdecode(np.frombuffer(content[found.start() :], np.uint8), cv2.IMREAD_GRAYSCALE)
        if picture is not None and min(picture.shape) >= _SIZES[0]:
            yield np.asarray(picture, np.uint8)


def _laid_out(content: bytes) -> Iterator[Grey]:
    if len(content) < _LEAST:
        return
    plain = np.frombuffer(content, np.uint8)
    for values in (plain, plain[::3], *_numbers(content)):
        likely = sorted(((_neighbours(values, width), width) for width in _WIDTHS), reverse=True)[:_LIKELY]
        for width in [width for alike, width in likely if alike > _NEIGHBOURS]:
            for begin in (0, width // 2):  # a row may begin in the middle of the marker
                rows = (len(values) - begin) // width
                yield np.ascontiguousarray(values[begin : begin + rows * width].reshape(rows, width))


def _neighbours(values: Grey, width: int) -> float:
    """How alike values are that lie `width` apart; 0 where that makes no picture."""
    above, below = values[:-width], values[width:]
    if len(values) < _SIZES[0] * width or above.std() == 0 or below.std() == 0:
        return 0.0
    return float(np.corrcoef(above, below)[0, 1])


def _numbers(content: bytes) -> Iterator[Grey]:
    """32-bit numbers at each of the four places they may begin, brought to 0..255; what is wild becomes 0."""
    for begin in range(4):
        values = np.frombuffer(content[begin : begin + (len(content) - begin) // 4 * 4], np.float32)
        sound = values[np.isfinite(values) & (np.abs(values) < 1e4) & (np.abs(values) > 1e-6)]
        if len(sound) < _LEAST // 2 or len(sound) < len(values) // 4:
            continue
        low, high = np.percentile(sound, (1, 99))
        with np.errstate(all="ignore"):
            scaled = np.nan_to_num((values - low) / max(high - low, 1e-9) * 255)
        yield np.clip(scaled, 0, 255).astype(np.uint8)


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    for found in _BASE64.finditer(content):
        text = found.group().rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        yield "base64", base64.b64decode(text[: len(text) // 4 * 4])
    for found in _HEX.finditer(content):
        yield "hex", bytes.fromhex(found.group().decode("ascii"))
    for head in _DEFLATE:
        for found in re.finditer(re.escape(head), content):
            stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
            try:
                inner = stream.decompress(content[found.start() :], 4_000_000)
            except zlib.error:
                continue
            if len(inner) >= _LEAST:
                yield "deflate", inner
