"""What the frames of an R60ABD1 (bed radar: presence, breathing, heart rate) say.

Source: R60ABD1 user manual V3.0. The radar sends states when they change and numbers every 1 to 3 s; a state whose
frame was lost in noise would stay lost, so states are also asked for (`QUESTIONS`). Rates are never asked for: our own
question, echoed by an adapter, carries data `0F` and would read as a breathing rate of 15.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from drivers.quantities import QUANTITIES
from drivers.reading import Quality
from drivers.serial.framing import Measured
from drivers.serial.protocols import r60

SYSTEM, PRESENCE, BREATH, BED, HEART = 0x01, 0x80, 0x81, 0x84, 0x85

# The sleeper turns or is moved: the radar then guesses at heart and breath (manual: 2-30 small, above 30 large).
MOVING = 30
BREATH_RANGE = (1, 35)  # 0: none could be measured; the manual's range ends at 35
BREATH_NONE = 4  # breath state: 1 normal, 2 fast, 3 slow, 4 none detected

QUESTIONS = (r60.question(PRESENCE, 0x01), r60.question(PRESENCE, 0x02), r60.question(BED, 0x01))


def _presence(code: int) -> Measured | None:
    return Measured("presence", code == 1) if code in {0, 1} else None


def _motion(code: int) -> Measured | None:
    return Measured("motion", code == 2) if code in {0, 1, 2} else None  # none, still, active


def _bed(code: int) -> Measured | None:
    if code == 2:  # the radar does not judge the bed: shown as empty, never an alarm by itself
        return Measured("bed_occupied", False, Quality.UNCERTAIN)
    return Measured("bed_occupied", code == 1) if code in {0, 1} else None


def _breath_state(code: int) -> Measured | None:
    # None detected may be a held breath, an empty bed or a turned-away chest: no number is known.
    return Measured("respiratory_rate", 0.0, Quality.BAD) if code == BREATH_NONE else None


def _number(quantity: str, low: float, high: float) -> Callable[[int], Measured]:
    """A number that counts between `low` and `high`; outside, the radar has none to give."""

    def read(raw: int) -> Measured:
        return Measured(quantity, float(raw), Quality.GOOD if low <= raw <= high else Quality.BAD)

    return read


def _within(quantity: str) -> Callable[[int], Measured]:
    return _number(quantity, QUANTITIES[quantity].low, QUANTITIES[quantity].high)


@dataclass(frozen=True, slots=True)
class _Item:
    """How to read one report: bytes of its data (big endian), whether it may come as an answer, and its meaning."""

    width: int
    answers: bool
    read: Callable[[int], Measured | None]


_ITEMS = MappingProxyType(
    {
        (PRESENCE, 0x01): _Item(1, True, _presence),
        (PRESENCE, 0x02): _Item(1, True, _motion),
        (PRESENCE, 0x03): _Item(1, False, _within("body_movement")),
        (PRESENCE, 0x04): _Item(2, False, _within("distance")),
        (BREATH, 0x01): _Item(1, False, _breath_state),
        (BREATH, 0x02): _Item(1, False, _number("respiratory_rate", *BREATH_RANGE)),
        (BED, 0x01): _Item(1, True, _bed),
        (HEART, 0x02): _Item(1, False, _within("heart_rate")),
    }
)
_RATES = frozenset({"respiratory_rate", "heart_rate"})


class R60abd1:
    """Bytes of one R60ABD1 to values (a `StreamDecoder`).

    A rate of 0, or out of range, is `BAD`: the radar has no value. While the body moves, rates are `UNCERTAIN`.
    """

    def __init__(self) -> None:
        self._frames = r60.FrameDecoder()
        self._moving = False
        self.accepted = 0

    @property
    def rejected(self) -> int:
        """Frames dropped: wrong length, sum or tail."""
        return self._frames.rejected

    def feed(self, data: bytes) -> list[Measured]:
        """The values that `data` completes, in order; frames that carry none (heartbeat, waveforms) only count."""
        values: list[Measured] = []
        for frame in self._frames.feed(data):
            self.accepted += 1
            if (value := self._meaning(frame)) is not None:
                values.append(value)
        return values

    def _meaning(self, frame: r60.Frame) -> Measured | None:
        item = _ITEMS.get((frame.control, frame.command & ~r60.QUERY))
        if item is None or len(frame.data) != item.width or (frame.command & r60.QUERY and not item.answers):
            return None
        value = item.read(int.from_bytes(frame.data, "big"))
        if value is None:
            return None
        if value.quantity == "body_movement":
            self._moving = value.quality is Quality.GOOD and float(value.value) > MOVING
        if self._moving and value.quantity in _RATES and value.quality is Quality.GOOD:
            return Measured(value.quantity, value.value, Quality.UNCERTAIN)
        return value
