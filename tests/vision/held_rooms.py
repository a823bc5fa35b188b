"""The memory file of rooms as the core could see it, if it looked: for the tests that do."""

import os
from pathlib import Path

import cv2
import numpy as np

from agent.app.satellite_set import ROOMS
from agent.satellites import KEPT_BYTES
from agent.vision.kept import Kept
from agent.vision.kept_rooms import decode
from tests.vision.leak_search import LeakSearch


def held() -> int:
    """Our descriptor of the memory file; there is one."""
    (fd,) = [int(link.name) for link in Path("/proc/self/fd").iterdir() if _is_rooms(link)]
    return fd


def content() -> bytes:
    """All of it."""
    return os.pread(held(), KEPT_BYTES, 0)


def mapped() -> bool:
    """Whether we have it in our memory."""
    return ROOMS in Path("/proc/self/maps").read_text(encoding="ascii")


def found_in(content: bytes) -> dict[str, Kept]:
    """Every room in either half of the memory file, whether or not it would be used."""
    halves = (content[: KEPT_BYTES // 2], content[KEPT_BYTES // 2 :])
    return {
        f"{number} {mark}": kept
        for number, half in enumerate(halves)
        if half.startswith(b"NLROOMS")
        for mark, kept in decode(half[4096 : 4096 + int.from_bytes(half[12:16], "little")]).items()
    }


def shows(search: LeakSearch, kept: Kept) -> bool:
    """Whether a marker is in what is kept, looked at as a picture in each of its three features."""
    parts = [kept.room[..., number].astype(np.float32) for number in range(3)]
    greys = [cv2.normalize(part, np.zeros_like(part), 0, 255, cv2.NORM_MINMAX).astype(np.uint8) for part in parts]
    return any(search.shows(grey) for grey in greys)


def _is_rooms(link: Path) -> bool:
    try:
        return ROOMS in str(link.readlink())
    except OSError:  # the listing's own descriptor
        return False
