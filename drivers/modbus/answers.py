"""Which bytes on the line are the answer to our question.

RTU answers carry no transaction id, so everything else that they do carry is held against the question: unit,
function, byte count, CRC. Noise around the answer, our own question echoed by the adapter, frames of other units and
half frames never reach pymodbus, whose own framer gives up a good answer when anything stands before it.

What cannot be told apart here is a late answer to an earlier question of the same form: `drivers.modbus.schedule`.
"""

from pymodbus.framer import FramerRTU

_EXCEPTION = 0x80
_BITS = (1, 2)


def _sealed(body: bytes) -> bytes:
    return body + FramerRTU.compute_CRC(body).to_bytes(2, "big")


class AnswerGate:
    """A pymodbus `trace_packet`: lets requests out, and in nothing but the answer to the last of them.

    pymodbus hands it all that has arrived since the request went out, again with each new piece (264 bytes at most).
    """

    def __init__(self) -> None:
        self._request = b""

    def __call__(self, sending: bool, data: bytes) -> bytes:
        """Give `data` back when `sending`, else the answer alone, or nothing as long as it is not whole."""
        if sending:
            self._request = data
            return data
        return self._answer(data)

    def _answer(self, data: bytes) -> bytes:
        request = self._request
        if len(request) < 8 or request.startswith(data):  # nothing but the beginning of an echo
            return b""
        heard = data[data.rfind(request) + len(request) :] if request in data else data
        unit, function, count = request[0], request[1], int.from_bytes(request[4:6], "big")
        length = (count + 7) // 8 if function in _BITS else 2 * count
        good = _last(heard, bytes((unit, function, length)), 3 + length)
        return good or _last(heard, bytes((unit, function | _EXCEPTION)), 3)


def _last(heard: bytes, head: bytes, body_length: int) -> bytes:
    """The newest whole frame in `heard` that begins with `head` and whose CRC is right; empty if there is none.

    The newest: what a hung adapter held back comes in one burst, and only its end is true now.
    """
    at = heard.rfind(head)
    while at >= 0:
        frame = heard[at : at + body_length + 2]
        if len(frame) == body_length + 2 and _sealed(frame[:-2]) == frame:
            return frame
        at = heard.rfind(head, 0, at + len(head) - 1)
    return b""
