"""`python -m tests.store.flat_out FOLDER`: put events as fast as they are stored, print each id stored."""

import itertools
import os
import sys
import threading
from pathlib import Path

from agent.clock import Clock
from agent.store.entry import Entry, Lane
from agent.store.store import Store
from tests.store.keeping import alarm_entry, reading_entry


def main() -> None:
    """Until killed."""
    room = threading.Semaphore(50)

    def stored(lane: Lane, entry: Entry, sequence: int) -> None:
        if lane is Lane.ALARMS:
            os.write(1, f"{entry.id}\n".encode())
            room.release()

    clock = Clock()
    store = Store(Path(sys.argv[1]), clock, stored, lambda *_: None)
    store.open()
    for number in itertools.count():
        room.acquire()
        store.put(Lane.ALARMS, alarm_entry(clock, f"a{number % 9}", number))
        store.put(Lane.TELEMETRY, reading_entry(clock, number))


if __name__ == "__main__":
    main()
