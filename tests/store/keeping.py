"""A store in a folder, and everything that it says."""

import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.clock import Clock
from agent.store.entry import Entry, Lane
from agent.store.settings import StoreSettings
from agent.store.store import Opened, Store

FAST = StoreSettings(group_s=0.05)


def alarm_entry(clock: Clock, alarm: str, number: int = 0, open_: bool = True, happened: str = "raised") -> Entry:
    """An alarm event with the whole state in it, as the core puts it."""
    state = {"id": alarm, "state": happened if open_ else "closed", "number": number}
    kind = f"nightlamp.alarm.{happened}.v1"
    return Entry(
        str(uuid.uuid4()), kind, clock.stamp(), "resident-1", {"alarm": state}, "rule:sos", alarm=alarm, open=open_
    )


def reading_entry(clock: Clock, number: int, **data: object) -> Entry:
    """A reading that carries a number of the test's own."""
    values: dict[str, Any] = {
        "device": "band-1",
        "quantity": "heart_rate",
        "value": 60 + number % 40,
        "number": number,
        **data,
    }
    return Entry(str(uuid.uuid4()), "nightlamp.reading.v1", clock.stamp(), "resident-1", values)


class Keeping:
    """`stored` fills from the writers' threads: (lane, entry, number); so does `states`: (file, why)."""

    def __init__(self, folder: Path, settings: StoreSettings = FAST) -> None:
        self.clock = Clock(synchronised=lambda: True)
        self.stored: list[tuple[Lane, Entry, int]] = []
        self.states: list[tuple[str, str]] = []
        self.folder = folder
        self.on_stored: Callable[[Lane], None] = lambda lane: None  # from the writer's thread
        self.store = Store(folder, self.clock, self._stored, lambda *what: self.states.append(what), settings)
        self.opened: Opened | None = None

    def open(self, timeout_s: float = 5.0) -> Opened:
        self.opened = self.store.open(timeout_s)
        return self.opened

    def _stored(self, lane: Lane, entry: Entry, number: int) -> None:
        self.stored.append((lane, entry, number))
        self.on_stored(lane)

    def alarm(self, alarm: str, number: int = 0, open_: bool = True) -> Entry:
        entry = alarm_entry(self.clock, alarm, number, open_)
        self.store.put(Lane.ALARMS, entry)
        return entry

    def reading(self, number: int, **data: object) -> Entry:
        entry = reading_entry(self.clock, number, **data)
        self.store.put(Lane.TELEMETRY, entry)
        return entry

    def numbers(self, lane: Lane = Lane.ALARMS) -> list[int]:
        return [number for at, _, number in self.stored if at is lane]

    def state(self, file: str = "alarms.db") -> str:
        return next((why for name, why in reversed(self.states) if name == file), "")

    def timed_put(self, lane: Lane, entry: Entry) -> float:
        """Seconds that `put` took."""
        began = time.perf_counter()
        self.store.put(lane, entry)
        return time.perf_counter() - began
