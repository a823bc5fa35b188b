"""The pull feed's cursor: opaque to whoever holds it, checked when it comes back. Pure."""

import base64
import binascii

from agent.panel.errors import ApiError
from agent.store.entry import Lane

VERSION = "1"
MOST_CHARACTERS = 200


def cursor_of(lane: Lane, sequence: int) -> str:
    """The cursor that stands after `sequence` of `lane`."""
    text = f"{VERSION}.{lane.value}.{sequence}"
    return base64.urlsafe_b64encode(f"{text}.{_check(text)}".encode()).decode().rstrip("=")


def sequence_of(lane: Lane, cursor: str) -> int:
    """Where a cursor of `lane` stands; raises `ApiError` for one that we did not give for that lane."""
    if len(cursor) > MOST_CHARACTERS:
        raise ApiError("bad_cursor")
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        raise ApiError("bad_cursor") from None
    head, _, check = text.rpartition(".")
    version, _, rest = head.partition(".")
    name, _, sequence = rest.partition(".")
    if (version, name, check) != (VERSION, lane.value, _check(head)) or not sequence.isdecimal():
        raise ApiError("bad_cursor")
    return int(sequence)


def _check(text: str) -> str:
    """Against typing errors and truncation; there is no secret in a cursor."""
    return f"{binascii.crc32(text.encode()):08x}"
