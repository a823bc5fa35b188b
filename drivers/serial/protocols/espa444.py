"""ESPA 4.4.4, between a nurse call and a pager or DECT base: blocks as bytes, bytes as signals.

ISO 1745 in outline: a station polls or selects another by ``address ENQ``; the answer is ACK, NAK (with a digit before
it) or EOT. Data travel as ``SOH header STX record RS record … ETX BCC``, each record ``id US text``. BCC is the
exclusive or of all that stands after SOH, ETX included; some stations mask it to seven bits, so both are taken, and
the one that is wanted is sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import xor

SOH, STX, ETX, EOT, ENQ, ACK, NAK, RS, US = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x15, 0x1E, 0x1F
LONGEST = 1024  # bytes of a block; longer ones are noise that looked like a beginning

CALL, STATUS = "1", "2"  # headers
# Records of a call to a pager.
ADDRESS, TEXT, BEEP, CALL_TYPE, TRANSMISSIONS, PRIORITY = "1", "2", "3", "4", "5", "6"
STANDARD_CALL = "3"


class Checksum(StrEnum):
    """Which BCC is sent."""

    XOR = "xor"
    XOR7 = "xor7"


@dataclass(frozen=True, slots=True)
class Block:
    """A block whose BCC was right: its header digit and its records, ids without the blanks that some put there."""

    header: str
    records: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Signal:
    """One control character, with what stood before it: the address of an ENQ, the reason of a NAK."""

    character: int
    before: str = ""


@dataclass(frozen=True, slots=True)
class Damaged:
    """A block whose BCC is wrong: to be answered by NAK."""


Heard = Block | Signal | Damaged


def bcc(body: bytes, checksum: Checksum = Checksum.XOR) -> int:
    """Of everything after SOH up to and with ETX."""
    value = reduce(xor, body, 0)
    return value & 0x7F if checksum is Checksum.XOR7 else value


def encode(header: str, records: Iterable[tuple[str, bytes]], checksum: Checksum = Checksum.XOR) -> bytes:
    """A block; control characters in a text would end it, so they become blanks."""
    told = (id_.encode("ascii") + bytes((US,)) + bytes(max(one, 0x20) for one in text) for id_, text in records)
    body = header.encode("ascii") + bytes((STX,)) + bytes((RS,)).join(told) + bytes((ETX,))
    return bytes((SOH,)) + body + bytes((bcc(body, checksum),))


def select(own: str, base: str) -> bytes:
    """``own ENQ base ENQ``: station `own` has something for station `base`."""
    return own.encode("ascii") + bytes((ENQ,)) + base.encode("ascii") + bytes((ENQ,))


def poll(station: str) -> bytes:
    """``station ENQ``, which asks whether it has anything to tell."""
    return station.encode("ascii") + bytes((ENQ,))


class Decoder:
    """Bytes of the line to blocks and signals. Noise is skipped; at most `LONGEST` bytes are held."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._before = ""
        self.rejected = 0  # bytes skipped and blocks whose BCC was wrong

    def feed(self, data: bytes) -> list[Heard]:
        """What `data` completes, in order; never raises."""
        found: list[Heard] = []
        for byte in data:
            one = self._in_block(byte) if self._held else self._outside(byte)
            if one is not None:
                found.append(one)
        return found

    def _outside(self, byte: int) -> Signal | None:
        before, self._before = self._before, ""
        if byte in _SIGNALS:
            return Signal(byte, before)
        if byte == SOH:
            self._held.append(byte)
        elif byte in _BEFORE:
            self._before = chr(byte)
            self.rejected += bool(before)
        else:
            self.rejected += 1 + bool(before)
        return None

    def _in_block(self, byte: int) -> Heard | None:
        held = self._held
        if held[-1] == ETX and len(held) > 1:
            body = bytes(held[1:])
            held.clear()
            block = _block(body) if byte in {bcc(body), bcc(body, Checksum.XOR7)} else None
            if block is None:
                self.rejected += 1
            return block or Damaged()
        if byte == SOH or byte in _SIGNALS or len(held) >= LONGEST:  # the one before lost its end
            self.rejected += len(held)
            held.clear()
            return self._outside(byte)
        held.append(byte)
        return None


_SIGNALS = frozenset((EOT, ENQ, ACK, NAK))
_BEFORE = frozenset(range(0x30, 0x3A))


def _block(body: bytes) -> Block | None:
    """The block of what stands between SOH and BCC; None when it has no header or a record no id."""
    head, stx, rest = body[:-1].partition(bytes((STX,)))
    header = head.decode("latin-1").strip()
    if not stx or not header.isdecimal():
        return None
    records: dict[str, bytes] = {}
    for record in rest.split(bytes((RS,))):
        id_, us, text = record.partition(bytes((US,)))
        name = id_.decode("latin-1").strip()
        if us and name:
            records[name] = text
    return Block(header, records)
