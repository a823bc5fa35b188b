"""The memory file in which rooms outlive the vision process: two halves in turn, so that one of them is always whole.

It has no name in any folder and never was on a disk: whoever starts the process holds it (`agent.satellites`), and
does not look into it.
"""

import hashlib
import logging
import mmap
import os
import struct
from collections.abc import Mapping

from agent.vision.kept import Kept
from agent.vision.kept_rooms import RECORD_LIMIT, KeptError, decode, encode

_LOGGER = logging.getLogger(__name__)

SIZE = 4 * 1024 * 1024
OLDEST_S = 600.0  # later the light, the furniture and who sits there may all be others
_HALF = SIZE // 2
_MAGIC, _VERSION = b"NLROOMS\0", 1
_HEADER = struct.Struct("<8sIIQ32s")  # magic, version, length, number, SHA-256
_TRIES = _HEADER.size  # a byte behind the header: how many processes have begun with this record
_RECORD = 4096
_TRIES_LIMIT = 3  # a room with which processes die is not tried for ever


class KeptMemory:
    """The memory file behind `fd`, which is taken over."""

    def __init__(self, fd: int) -> None:
        """Raises OSError or ValueError when `fd` is no such file."""
        os.set_inheritable(fd, False)
        self._map = mmap.mmap(fd, SIZE)
        os.close(fd)
        self._number = max(self._half(half)[0] for half in (0, 1))

    def read(self, now: float) -> dict[str, Kept]:
        """The newest rooms that are whole, by their mark, but those too old at `now` (CLOCK_BOOTTIME seconds).

        Nothing, with a log line, where they cannot be read, or processes have died with them.
        """
        half = max((0, 1), key=lambda half: self._half(half)[0])
        number, record = self._half(half)
        if not number:
            return {}
        tries = self._map[half * _HALF + _TRIES]
        if tries >= _TRIES_LIMIT:
            _LOGGER.warning("vision: %d processes have ended with the rooms known before; they are learned anew", tries)
            return {}
        self._map[half * _HALF + _TRIES] = tries + 1
        try:
            rooms = decode(record)
        except KeptError as error:
            _LOGGER.warning("vision: rooms known before cannot be read (%s); they are learned anew", error)
            return {}
        return {mark: kept for mark, kept in rooms.items() if fresh(kept, now)}

    def write(self, rooms: Mapping[str, Kept]) -> None:
        """Keep `rooms` by their mark, instead of the last but one; they are the newest once their header stands."""
        try:
            record = encode(rooms)
        except KeptError as error:
            _LOGGER.warning("vision: rooms are not kept: %s", error)
            record = encode({})
        number = self._number + 1
        begin = (number % 2) * _HALF
        self._map[begin : begin + _RECORD] = bytes(_RECORD)
        self._map[begin + _RECORD : begin + _HALF] = record.ljust(_HALF - _RECORD, b"\0")
        header = _HEADER.pack(_MAGIC, _VERSION, len(record), number, _sum(number, record))
        self._map[begin : begin + len(header)] = header
        self._number = number

    def replace(self, rooms: Mapping[str, Kept]) -> None:
        """Keep `rooms` and nothing else: what was kept before is wiped out."""
        self.write(rooms)
        self.write(rooms)

    def close(self) -> None:
        """The file stays with whoever started us."""
        self._map.close()

    def _half(self, half: int) -> tuple[int, bytes]:
        """Number and record of a half; number 0 where nothing whole is."""
        begin = half * _HALF
        magic, version, length, number, proof = _HEADER.unpack_from(self._map, begin)
        if magic != _MAGIC or version != _VERSION or length > RECORD_LIMIT:
            return 0, b""
        record = self._map[begin + _RECORD : begin + _RECORD + length]
        return (number, record) if proof == _sum(number, record) else (0, b"")


def fresh(kept: Kept, now: float) -> bool:
    """Whether a room is not too old at `now`; one from the future is of another start of the machine."""
    return 0 <= now - kept.at <= OLDEST_S


def _sum(number: int, record: bytes) -> bytes:
    return hashlib.sha256(struct.pack("<Q", number) + record).digest()
