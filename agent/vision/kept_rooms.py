"""Rooms as bytes, and back: versioned, checked, without pickle. Whatever the bytes are, they do no harm.

A record is a head in JSON (length first) and then the arrays it names, one after the other, little-endian.
"""

import hashlib
import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.vision.kept import Kept

RECORD_LIMIT = 2 * 1024 * 1024 - 4096  # bytes: half of the memory file, without its header
_LENGTH = struct.Struct("<I")
_HEAD_LIMIT = 16_384
_ROOMS, _PARTS, _SIDES = 4, 16, 3
_SIDE_LIMIT = 20_000
_NAME_LIMIT = 64
_LEAST, _MOST = 16, 160  # pixels each way of a picture, as the pipeline shrinks it
_WILDEST = 16.0  # log units: what can be seen lies between 0 and 6
_KINDS = {"u1": np.uint8, "i4": np.int32, "f2": np.float16, "f4": np.float32, "f8": np.float64}


class KeptError(ValueError):
    """What was kept cannot be used; the text says why."""


def mark_of(camera: str, address: str) -> str:
    """Stands for a camera and where its pictures come from; the address, which may carry a password, is not in it."""
    return hashlib.sha256(f"{camera}\0{address}".encode()).hexdigest()[:32]


def encode(rooms: Mapping[str, Kept]) -> bytes:
    """`rooms` by `mark_of`, as one record; raises `KeptError` when they are more than it may hold."""
    heads: list[dict[str, Any]] = []
    content: list[bytes] = []
    for mark, kept in rooms.items():
        parts = {
            "room": kept.room,
            "unknown": kept.unknown,
            **{f"_{name}": part for name, part in kept.learned.items()},
        }
        named = {name: np.ascontiguousarray(part) for name, part in parts.items()}
        heads.append(
            {
                "mark": mark,
                "camera": kept.camera,
                "at": kept.at,
                "parts": [[name, part.dtype.str[1:], list(part.shape)] for name, part in named.items()],
            }
        )
        content += [part.astype(part.dtype.newbyteorder("<")).tobytes() for part in named.values()]
    head = json.dumps(heads).encode()
    record = b"".join((_LENGTH.pack(len(head)), head, *content))
    if len(head) > _HEAD_LIMIT or len(record) > RECORD_LIMIT:
        raise KeptError(f"{len(record)} bytes of rooms; {RECORD_LIMIT} is the most that is kept")
    return record


def decode(record: bytes) -> dict[str, Kept]:
    """The rooms in `record`; raises `KeptError`, and nothing else, when it is not one."""
    if len(record) < _LENGTH.size or len(record) > RECORD_LIMIT:
        raise KeptError(f"{len(record)} bytes are no record of rooms")
    (length,) = _LENGTH.unpack_from(record)
    if length > min(_HEAD_LIMIT, len(record) - _LENGTH.size):
        raise KeptError(f"a head of {length} bytes in a record of {len(record)}")
    try:
        heads = json.loads(record[_LENGTH.size : _LENGTH.size + length])
    except (ValueError, RecursionError) as error:
        raise KeptError("its head is no JSON") from error
    if not isinstance(heads, list) or len(heads) > _ROOMS:
        raise KeptError("its head is no list of rooms")
    body = _Body(record, _LENGTH.size + length)
    rooms = dict(_room(head, body) for head in heads)
    if body.at != len(record) or len(rooms) != len(heads):
        raise KeptError("its parts do not fill it, or a room is there twice")
    return rooms


class _Body:
    """Takes arrays off a record, from byte `at` on."""

    def __init__(self, record: bytes, at: int) -> None:
        self._record = record
        self.at = at

    def take(self, kind: str, shape: tuple[int, ...]) -> NDArray[Any]:
        kept = np.dtype(_KINDS[kind]).newbyteorder("<")
        size = math.prod(shape) * kept.itemsize
        if size > len(self._record) - self.at:
            raise KeptError("it ends within an array")
        array = np.frombuffer(self._record, kept, math.prod(shape), self.at).reshape(shape).astype(_KINDS[kind])
        self.at += size
        if not np.isfinite(array).all():
            raise KeptError("a number in it is none")
        return array


def _room(head: object, body: _Body) -> tuple[str, Kept]:
    match head:
        case {"mark": str(mark), "camera": str(camera), "at": float(at), "parts": list(parts)} if len(parts) <= _PARTS:
            pass
        case _:
            raise KeptError("the head of a room is wrong")
    arrays = {name: body.take(kind, shape) for name, kind, shape in map(_part, parts)}
    room, unknown = arrays.pop("room", None), arrays.pop("unknown", None)
    if max(len(mark), len(camera)) > _NAME_LIMIT or len(arrays) != len(parts) - 2 or room is None or unknown is None:
        raise KeptError("a room lacks a part, or has one twice")
    if room.dtype != np.float16 or unknown.dtype != np.uint8 or room.shape != (*unknown.shape, 3):
        raise KeptError("the picture of a room has another form")
    if not all(_LEAST <= side <= _MOST for side in unknown.shape) or np.abs(room).max() > _WILDEST or unknown.max() > 1:
        raise KeptError("the picture of a room is out of bounds")
    if not math.isfinite(at) or any(not name.startswith("_") for name in arrays):
        raise KeptError("the time of a room, or a part of it, is none")
    return mark, Kept(camera, room, unknown, {name[1:]: array for name, array in arrays.items()}, at)


def _part(part: object) -> tuple[str, str, tuple[int, ...]]:
    match part:
        case [str(name), str(kind), list(shape)] if kind in _KINDS and len(name) <= _NAME_LIMIT:
            if len(shape) <= _SIDES and all(type(side) is int and 0 <= side <= _SIDE_LIMIT for side in shape):
                return name, kind, tuple(shape)
    raise KeptError("the head of an array is wrong")
