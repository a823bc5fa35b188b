"""The calling side of ESPA 4.4.4: we select the base, hand over a call, and ask now and then whether it is there.

No port and no clock inside: bytes go in and come out, `now` is monotonic seconds. The steps are those of ISO 1745:
select, ACK, block, ACK, EOT; each is tried `TRIES` times, and then ended by EOT, so that the base is free again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from drivers.serial.protocols import espa444
from drivers.serial.protocols.espa444 import ACK, CALL, ENQ, EOT, NAK, Block, Checksum, Damaged, Decoder, Heard, Signal

SELECT_S = 2.5
BLOCK_S = 3.0
PAUSE_S = 1.0  # before the next try, and between two exchanges that failed
TRIES = 3

# What a NAK tells by the digit before it.
_REFUSALS = MappingProxyType({"1": "transmission error", "2": "busy", "3": "it does not take this call"})
_FINAL = "3"

_EOT, _ACK, _NAK = bytes((EOT,)), bytes((ACK,)), b"1" + bytes((NAK,))


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a pager: its number, the text as bytes of the line, and digits for beep, priority and repeats."""

    number: str
    text: bytes
    beep: int = 1
    priority: int = 3
    transmissions: int = 1

    def records(self) -> list[tuple[str, bytes]]:
        """As they travel."""
        values = {
            espa444.ADDRESS: self.number.encode("ascii", "replace"),
            espa444.TEXT: self.text,
            espa444.BEEP: b"%d" % self.beep,
            espa444.CALL_TYPE: espa444.STANDARD_CALL.encode("ascii"),
            espa444.TRANSMISSIONS: b"%d" % self.transmissions,
            espa444.PRIORITY: b"%d" % self.priority,
        }
        return list(values.items())


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a call: taken, or `why` not; `final`: trying again would change nothing."""

    why: str = ""
    final: bool = True


class State(Enum):
    """What the station waits for."""

    IDLE = "nothing"
    SELECTING = "the answer to a selection"
    SENDING = "the answer to a block"
    PAUSING = "the next try"
    POLLING = "the answer to a poll"


class Station:
    """Calls and polls one base. `on_done(call, outcome)` hears what became of each call."""

    def __init__(self, own: str, base: str, checksum: Checksum, on_done: Callable[[Call, Outcome], None]) -> None:
        self.state = State.IDLE
        self.misses = 0  # polls in a row that were not answered
        self.heard = False  # whether the base has said anything that we understand since the start
        self._own, self._base, self._checksum = own, base, checksum
        self._on_done = on_done
        self._decoder = Decoder()
        self._call: Call | None = None
        self._tries = 0
        self._until = 0.0

    @property
    def idle(self) -> bool:
        """Whether a call or a poll may begin."""
        return self.state is State.IDLE

    @property
    def wake_at(self) -> float:
        """When `tick` has something to do."""
        return float("inf") if self.idle else self._until

    def call(self, call: Call, now: float) -> bytes:
        """Begin to hand over `call`; gives what to send. Only when `idle`."""
        self._call, self._tries = call, 0
        return self._select(now)

    def poll(self, now: float) -> bytes:
        """Ask whether the base is there; gives what to send. Only when `idle`."""
        self._wait(State.POLLING, now + SELECT_S)
        return espa444.poll(self._base)

    def feed(self, data: bytes, now: float) -> bytes:
        """Take what has arrived; gives what to send."""
        return b"".join(self._obey(heard, now) for heard in self._decoder.feed(data))

    def tick(self, now: float) -> bytes:
        """Note what did not come in time; gives what to send."""
        if self.idle or now < self._until:
            return b""
        if self.state is State.POLLING:
            self.misses += 1
            self.state = State.IDLE
            return _EOT
        if self.state is State.PAUSING:
            return self._select(now)
        return self._failed("no answer", now)

    def _obey(self, heard: Heard, now: float) -> bytes:
        if isinstance(heard, Block):
            return self._there(_ACK)  # a status: nothing here depends on it, but its sender waits
        if isinstance(heard, Damaged):
            return _NAK
        if heard.character == ENQ:
            return self._there(_ACK) if heard.before == self._own else b""
        if self.state is State.POLLING and heard.character in {EOT, NAK}:
            self.state = State.IDLE
            return self._there(b"")
        if self.state is State.SELECTING and heard.character == ACK:
            return self._send_block(now)
        if self.state is State.SENDING and heard.character == ACK:
            return self._there(self._done(Outcome()))
        if self.state in {State.SELECTING, State.SENDING} and heard.character in {NAK, EOT}:
            return self._refused(heard, now)
        return b""

    def _there(self, answer: bytes) -> bytes:
        """The base has shown that it works."""
        self.heard, self.misses = True, 0
        if self.state is State.POLLING:
            self.state = State.IDLE
        return answer

    def _select(self, now: float) -> bytes:
        self._tries += 1
        self._wait(State.SELECTING, now + SELECT_S)
        return espa444.select(self._own, self._base)

    def _send_block(self, now: float) -> bytes:
        assert self._call is not None
        self._wait(State.SENDING, now + BLOCK_S)
        return espa444.encode(CALL, self._call.records(), self._checksum)

    def _refused(self, heard: Signal, now: float) -> bytes:
        why = _REFUSALS.get(heard.before, "refused")
        if heard.before == _FINAL:
            return self._done(Outcome(why))
        return self._failed(why, now)

    def _failed(self, why: str, now: float) -> bytes:
        if self._tries >= TRIES:
            return self._done(Outcome(why, final=False))
        self._wait(State.PAUSING, now + PAUSE_S)
        return _EOT

    def _done(self, outcome: Outcome) -> bytes:
        call, self._call, self.state = self._call, None, State.IDLE
        assert call is not None
        self._on_done(call, outcome)
        return _EOT

    def _wait(self, state: State, until: float) -> None:
        self.state, self._until = state, until
