"""Clips whose frames come at uneven times, as phones and cheap cameras write them: an MP4's time table, replaced."""

import struct
from collections.abc import Sequence
from pathlib import Path

_WAY = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stts")  # ISO/IEC 14496-12 8.6.1.2


def with_steps(path: Path, steps: Sequence[int]) -> Path:
    """Give the frames of `path` (one entry a frame) these lengths, in the track's own time units.

    The index (moov) must stand behind the pictures, as OpenCV writes it: then it may grow. Their sum must stay, since
    the edit list ends the track after its first length.
    """
    content = path.read_bytes()
    found = _boxes(content)
    start, end = found[-1]
    table = struct.pack(">4xI", len(steps)) + b"".join(struct.pack(">II", 1, step) for step in steps)
    grown = struct.pack(">I4s", 8 + len(table), b"stts") + table
    more = len(grown) - (end - start)
    made = bytearray(content[:start] + grown + content[end:])
    for box, _ in found[:-1]:
        (size,) = struct.unpack_from(">I", made, box)
        struct.pack_into(">I", made, box, size + more)
    path.write_bytes(made)
    return path


def _boxes(content: bytes) -> list[tuple[int, int]]:
    """Begin and end of each box on the way to the time table."""
    found: list[tuple[int, int]] = []
    at, end = 0, len(content)
    for wanted in _WAY:
        while True:
            assert at < end, f"no {wanted!r}"
            size, name = struct.unpack_from(">I4s", content, at)
            if name == wanted:
                break
            assert name != b"moov" or wanted == b"moov"
            at += size
        found.append((at, at + size))
        at, end = at + 8, at + size
    return found
