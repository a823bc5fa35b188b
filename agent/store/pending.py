"""What waits in memory for the disk: bounded, and never in the way of whoever puts."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agent.shadow.candidate import Changes
from agent.store.entry import Entry
from agent.store.lane_file import Batch, SiteFacts
from agent.store.outbox import Receipt
from agent.store.remembered import Remembered

SHADOW_BOUND = 2000  # changes that wait for a disk
ROWS_AT_MOST = 2000  # one commit, so that memory and the time to roll back stay bounded


@dataclass(frozen=True, slots=True)
class Grouping:
    """A commit waits until `rows` entries are there or the first has waited `wait_s`; memory holds `bound` entries."""

    wait_s: float
    rows: int
    bound: int


class Pending:
    """A queue from many threads to one writer."""

    def __init__(self, grouping: Grouping) -> None:
        self.dropped = 0
        self._grouping = grouping
        self._turn = threading.Condition()
        self._entries: deque[Entry] = deque()
        self._since = 0.0  # when the oldest entry or memory came
        self._orders = Batch()
        self._remembered: dict[tuple[str, str], Remembered] = {}
        self._shadow: list[Changes] = []
        self._at_once = False
        self._in_hand = 0
        self._closed = False

    def put(self, entry: Entry) -> None:
        """Keep `entry`; when memory is full the oldest that waits is dropped, counted, and becomes part of a gap."""
        with self._turn:
            if not self._grouped:
                self._since = time.monotonic()
            if len(self._entries) >= self._grouping.bound:
                self._entries.popleft()
                self._orders.lost += 1
                self.dropped += 1
            self._entries.append(entry)
            if len(self._entries) in (1, self._grouping.rows):
                self._turn.notify()

    def remember(self, found: Iterable[Remembered]) -> None:
        """Have them written with the next group of entries; a newer one takes the place of one that waits."""
        with self._turn:
            if not self._grouped:
                self._since = time.monotonic()
                self._turn.notify()
            self._remembered |= {one.key: one for one in found}

    def shadow(self, changes: Changes, at_once: bool = False) -> None:
        """Have candidates written with the next group of entries, or at once; of too many the newest are kept."""
        with self._turn:
            if not self._grouped:
                self._since = time.monotonic()
            self._shadow = [*self._shadow[1 - SHADOW_BOUND :], changes]
            self._at_once = self._at_once or at_once
            self._turn.notify()

    def order(self, order: Receipt | SiteFacts, done: Callable[[], None] | None = None) -> None:
        """Have a receipt or site facts written with the next commit, and `done` called after it."""
        with self._turn:
            if isinstance(order, Receipt):
                self._orders.receipts.append(order)
            else:
                self._orders.sites.append(order)
            if done is not None:
                self._orders.done.append(done)
            self._turn.notify()

    def take(self, idle_s: float) -> Batch | None:
        """The next commit; empty after `idle_s` without one, None once closed and empty."""
        until = time.monotonic() + idle_s
        with self._turn:
            self._in_hand = 0
            while not self._due(time.monotonic()):
                if self._closed:
                    return None
                wake_at = min(until, self._since + self._grouping.wait_s) if self._grouped else until
                if not self._turn.wait(max(0.0, wake_at - time.monotonic())) and time.monotonic() >= until:
                    return Batch()
            batch, self._orders = self._orders, Batch()
            batch.remembered, self._remembered = list(self._remembered.values()), {}
            batch.shadow, self._shadow, self._at_once = self._shadow, [], False
            self._in_hand = min(len(self._entries), ROWS_AT_MOST)  # first, so that `count` misses none meanwhile
            batch.entries = [self._entries.popleft() for _ in range(self._in_hand)]
            return batch

    def close(self) -> None:
        """Nothing more will be put; what waits is due at once."""
        with self._turn:
            self._closed = True
            self._turn.notify()

    @property
    def count(self) -> int:
        """Entries that are not on disk yet, those that the writer has in hand included."""
        return len(self._entries) + self._in_hand

    @property
    def oldest_s(self) -> float:
        """Seconds for which the oldest in the queue has waited."""
        return time.monotonic() - self._since if self._entries else 0.0

    @property
    def _grouped(self) -> bool:
        return bool(self._entries or self._remembered or self._shadow)

    def _due(self, now: float) -> bool:
        if self._orders or self._at_once:
            return True
        if not self._grouped:
            return False
        grouping = self._grouping
        return self._closed or len(self._entries) >= grouping.rows or now >= self._since + grouping.wait_s
