"""A pager base on a serial line, the called side of ESPA 4.4.4: takes calls, answers polls, and fails when told to."""

from pathlib import Path

from tests.simulator.tty import Tty

_SOH, _ETX, _EOT, _ENQ, _ACK, _NAK = 1, 3, 4, 5, 6, 0x15


class PagerBase:
    """Station `base`; `calls` holds the records of each call that it took, texts by record id.

    `dead`: it says nothing. `refuse`: how many of the next blocks it refuses, and with which digit before NAK (empty:
    it refuses the selection). `mask`: it reckons the BCC in seven bits.
    """

    def __init__(self, path: Path, station: str = "2", encoding: str = "ascii", mask: bool = False) -> None:
        self.tty = Tty(path, self._received)
        self.calls: list[dict[str, str]] = []
        self.polls = 0
        self.dead = False
        self.refuse = 0
        self.refuse_with = "1"
        self._station = station.encode()
        self._encoding = encoding
        self._mask = 0x7F if mask else 0xFF
        self._input = bytearray()
        self._selected = False

    def __enter__(self) -> "PagerBase":
        self.tty.plug()
        return self

    def __exit__(self, *_: object) -> None:
        self.tty.close()

    def tell_status(self, number: str, status: str) -> None:
        """Select the caller and tell it what became of a call; it has to acknowledge both."""
        body = b"2\x021\x1f" + number.encode() + b"\x1e7\x1f" + status.encode() + b"\x03"
        self.tty.write(b"1\x05")
        self.tty.write(b"\x01" + body + bytes((self._bcc(body),)))

    def _bcc(self, body: bytes) -> int:
        value = 0
        for byte in body:
            value ^= byte
        return value & self._mask

    def _received(self, data: bytes) -> None:
        self._input += data
        while self._input:
            first = self._input[0]
            if first == _SOH:
                end = self._input.find(_ETX)
                if end < 0 or end + 1 >= len(self._input):
                    return
                block, bcc = bytes(self._input[1 : end + 1]), self._input[end + 1]
                del self._input[: end + 2]
                self._take(block, bcc == self._bcc(block))
                continue
            del self._input[0]
            if first == _EOT:
                self._selected = False
            elif self._input[:1] == bytes((_ENQ,)):
                del self._input[0]
                self._called(bytes((first,)))

    def _called(self, station: bytes) -> None:
        """`station ENQ`: ours is a poll, or a selection when the caller has named itself just before."""
        if station != self._station:
            self._selected = True
        elif not self._selected:
            self.polls += 1
            self._say(bytes((_EOT,)))
        elif self.refuse and not self.refuse_with:
            self.refuse -= 1
            self._say(bytes((_NAK,)))
        else:
            self._say(bytes((_ACK,)))

    def _take(self, block: bytes, good: bool) -> None:
        if self.refuse and self.refuse_with:
            self.refuse -= 1
            self._say(self.refuse_with.encode() + bytes((_NAK,)))
        elif not good:
            self._say(b"1" + bytes((_NAK,)))
        else:
            records = (record.partition(b"\x1f") for record in block[2:-1].split(b"\x1e"))
            if not self.dead:
                self.calls.append({id_.decode(): text.decode(self._encoding) for id_, _, text in records})
            self._say(bytes((_ACK,)))

    def _say(self, answer: bytes) -> None:
        if not self.dead:
            self.tty.write(answer)
