"""Framing of the Micradar / Seeed ``53 59`` radars: R60ABD1, R60AFD1 (MR60FDA1), MR60BHA1; 115200 8N1.

`53 59` · control · command · length (2 bytes, big endian) · data · sum · `54 43`; the sum is the low byte of all bytes
from `53` to the last of the data (R60ABD1 user manual V3.0, "protocol"). The models share these frames and give the
same codes different meanings: what a frame says stands in a file per model, never here.
"""

from dataclasses import dataclass

BAUDRATE = 115200

HEAD = b"\x53\x59"
TAIL = b"\x54\x43"
MAX_DATA = 64  # the longest report has 12 bytes, the longest text about 32; more is noise in the length
QUERY = 0x80  # set in the command of a question and of its answer
ASK = b"\x0f"  # the data of a question

_BEFORE_DATA = 6
_AROUND_DATA = _BEFORE_DATA + 3


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame whose length, sum and tail were right."""

    control: int
    command: int
    data: bytes


def encode(frame: Frame) -> bytes:
    """The bytes of `frame`."""
    head = HEAD + bytes((frame.control, frame.command)) + len(frame.data).to_bytes(2, "big") + frame.data
    return head + bytes((sum(head) & 0xFF,)) + TAIL


def question(control: int, command: int) -> bytes:
    """The bytes that ask for what `control`/`command` reports; the answer comes as `command` | `QUERY`."""
    return encode(Frame(control, command | QUERY, ASK))


class FrameDecoder:
    """Cuts frames out of a stream; holds at most one unfinished frame (73 bytes)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.rejected = 0

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes, in order; never raises."""
        self._buffer += data
        frames: list[Frame] = []
        at = 0
        while (at := self._next_head(at)) < len(self._buffer):
            left = len(self._buffer) - at
            if left < _BEFORE_DATA:
                break
            length = int.from_bytes(self._buffer[at + 4 : at + 6], "big")
            if length <= MAX_DATA:
                if left < length + _AROUND_DATA:
                    break
                if (frame := self._frame(at, length)) is not None:
                    frames.append(frame)
                    at += length + _AROUND_DATA
                    continue
            # Only the head is skipped: a true frame may begin inside what noise announced as a longer one.
            self.rejected += 1
            at += 1
        del self._buffer[:at]
        return frames

    def _next_head(self, at: int) -> int:
        """Where the next head begins, or may begin once more bytes come; the end of the buffer if nowhere."""
        found = self._buffer.find(HEAD, at)
        if found >= 0:
            return found
        return len(self._buffer) - (1 if self._buffer[at:].endswith(HEAD[:1]) else 0)

    def _frame(self, at: int, length: int) -> Frame | None:
        whole = bytes(self._buffer[at : at + length + _AROUND_DATA])
        if whole[-2:] != TAIL or sum(whole[:-3]) & 0xFF != whole[-3]:
            return None
        return Frame(whole[2], whole[3], whole[_BEFORE_DATA:-3])
