"""What goes next: alarms before all, then what is live, then what is late."""

from pathlib import Path

from agent.store import reader
from agent.store.entry import Lane
from agent.store.events import Origin
from agent.store.outbox import Receipt
from agent.store.ranges import Range, count, merge, within
from agent.upstream.parcel import Parcel

FIRST_SIZE = 50  # after an outage: a small batch finds out what the link can do
QUICK_S, SLOW_S = 0.5, 2.0  # an alarm never waits longer for the batch in front of it


class Selection:
    """Reads the store for one consumer. Every method raises `StoreUnreadableError`.

    Numbers that the platform has, but whose receipt the core has not yet confirmed, are left out.
    """

    def __init__(self, folder: Path, consumer: str, origin: Origin, largest: int) -> None:
        self._folder = folder
        self._consumer = consumer
        self._origin = origin
        self._largest = largest
        self._size = min(FIRST_SIZE, largest)
        self._point = 0  # readings up to this number are late
        self._unconfirmed: dict[Lane, list[tuple[Range, ...]]] = {lane: [] for lane in Lane}

    def returned(self) -> None:
        """The platform answers again: what is more than one batch behind goes as backfill, after what is live."""
        lacking = self._outstanding(Lane.TELEMETRY)
        self._point = lacking[-1][1] if count(lacking) > self._largest else 0
        self._size = min(FIRST_SIZE, self._largest)

    def next(self) -> Parcel | None:
        """The next batch; None when the platform has everything."""
        alarms = self._outstanding(Lane.ALARMS)
        if alarms:
            return self._parcel(Lane.ALARMS, alarms, "live")
        readings = self._outstanding(Lane.TELEMETRY)
        if live := within(readings, self._point + 1, 2**62):
            return self._parcel(Lane.TELEMETRY, live, "live")
        return self._parcel(Lane.TELEMETRY, readings, "backfill") if readings else None

    def took(self, seconds: float) -> None:
        """A batch took so long: size the next one by it."""
        if seconds < QUICK_S:
            self._size = min(self._largest, self._size * 2)
        elif seconds > SLOW_S:
            self.smaller()

    def smaller(self) -> None:
        """A batch was too much: halve the next."""
        self._size = max(1, self._size // 2)

    def settled(self, receipt: Receipt) -> None:
        """The platform has these; the core does not know it yet."""
        self._unconfirmed[receipt.lane].append(receipt.settles())

    def confirmed(self, receipt: Receipt) -> None:
        """The core has written `receipt` down."""
        settles = receipt.settles()
        if settles in self._unconfirmed[receipt.lane]:
            self._unconfirmed[receipt.lane].remove(settles)

    def backlog(self) -> dict[str, int]:
        """How many numbers of each lane the platform lacks."""
        return {lane.value: count(self._outstanding(lane)) for lane in Lane}

    def _outstanding(self, lane: Lane) -> tuple[Range, ...]:
        also = merge(pair for ranges in self._unconfirmed[lane] for pair in ranges)
        return reader.outstanding(self._folder, lane, self._consumer, also)

    def _parcel(self, lane: Lane, ranges: tuple[Range, ...], stream: str) -> Parcel | None:
        events = reader.events_in(self._folder, lane, ranges, self._size, self._origin, stream)
        return Parcel.of(lane, events) if events else None
