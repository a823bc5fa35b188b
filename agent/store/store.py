"""The store: two files, a writer thread each, and a third thread that notices when a disk answers no more."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.clock import Clock, Stamp
from agent.process_lock import ProcessLock
from agent.shadow.candidate import Changes
from agent.store.alarm_file import AlarmFile, OpenSet, opened_from_copies
from agent.store.candidates import NOTHING, Shadowed
from agent.store.entry import Entry, Lane
from agent.store.health import Health
from agent.store.lane_file import SiteFacts
from agent.store.outbox import Receipt, Rejected
from agent.store.pending import Grouping, Pending
from agent.store.ranges import Range
from agent.store.remembered import Remembered
from agent.store.settings import StoreSettings
from agent.store.telemetry_file import TelemetryFile
from agent.store.writer import Writer

_LOGGER = logging.getLogger(__name__)

ALARMS_BOUND = 100_000
WATCH_S = 0.5


@dataclass(frozen=True, slots=True)
class Opened:
    """What a start finds: open alarms as (state, boot id, wall time), the site facts in force, and what was wrong.

    `lost`: what was wrong with the readings. `remembered`: what rules remember; `alive_at`: when anything was written
    last. `shadow`: what cameras would have raised.
    """

    open_alarms: tuple[tuple[dict[str, Any], str, float], ...]
    site: dict[str, Any] | None
    problems: tuple[str, ...]
    lost: tuple[str, ...] = ()
    remembered: tuple[Remembered, ...] = ()
    alive_at: Stamp | None = None
    shadow: Shadowed = NOTHING


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One file: why it fails (empty when it works), its last number, entries in memory, entries dropped so far."""

    why: str
    last: int
    pending: int
    pending_s: float
    dropped: int


class _Part:
    """One file with its queue and writer."""

    def __init__(
        self,
        file: AlarmFile | TelemetryFile,
        grouping: Grouping,
        prepare: Callable[[], None],
        on_stored: Callable[[Lane, Entry, int], None],
        on_state: Callable[[str, str], None],
    ) -> None:
        self.file = file
        self.pending = Pending(grouping)
        self.health = Health(file.path.name, on_state)
        self.writer = Writer(file, self.pending, self.health, prepare, on_stored)

    def wrong(self) -> list[str]:
        """What was wrong with the file as it was opened, and what is."""
        failing = [f"{self.file.path.name}: {self.health.why}"] if self.health.why else []
        return [*self.file.problems, *failing]

    def status(self) -> FileStatus:
        pending = self.pending
        return FileStatus(self.health.why, self.file.tip.sequence, pending.count, pending.oldest_s, pending.dropped)


class Store:
    """Keeps events in `folder`. Only `begin`, `wait`, what gives `Opened`, `site_copy` and `close` wait for a disk.

    `on_stored(lane, entry, sequence)` and `on_state(file, why)` (empty `why`: works again) come from other threads.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        on_stored: Callable[[Lane, Entry, int], None],
        on_state: Callable[[str, str], None],
        settings: StoreSettings | None = None,
    ) -> None:
        settings = settings or StoreSettings()
        self._folder = folder
        self._lock = ProcessLock(folder / "store.lock")
        self._locked = False
        self._lock_turn = threading.Lock()
        self._alarm_file = AlarmFile(folder, clock)
        alarms = Grouping(0.0, 1, ALARMS_BOUND)
        readings = Grouping(settings.group_s, settings.group_rows, settings.memory_rows)
        self._telemetry_file = TelemetryFile(folder, clock, settings.telemetry_rows)
        self._parts = {
            Lane.ALARMS: _Part(self._alarm_file, alarms, self._prepare, on_stored, on_state),
            Lane.TELEMETRY: _Part(self._telemetry_file, readings, self._prepare, on_stored, on_state),
        }
        self._problems: list[str] = []
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._watch_disks, name="store-watch", daemon=True)

    def open(self, timeout_s: float = 5.0) -> Opened:
        """Open both files, mend what is broken, and give what was open.

        A file that does not open within `timeout_s` is tried further in the background, and the copy beside it serves.
        Raises `AlreadyRunningError` when another process writes to this folder; nothing else.
        """
        self.begin()
        return self.open_by(timeout_s)

    def begin(self) -> None:
        """Let both files be opened and mended; from now on `put` keeps. Raises `AlreadyRunningError`, nothing else."""
        try:
            self._prepare()
        except OSError as error:
            why = f"{self._folder} cannot be written: {error.strerror}; events are kept in memory only"
            self._problems.append(why)
        for part in self._parts.values():
            part.writer.start()
        self._watch.start()

    def open_by(self, timeout_s: float) -> Opened:
        """What `found` gives once both files are open, or after `timeout_s`."""
        self.wait(timeout_s)
        return self.found()

    def wait(self, timeout_s: float) -> bool:
        """Whether both files are open within `timeout_s`; the readings get a fifth of that more."""
        alarms = self._parts[Lane.ALARMS].writer.opened.wait(timeout_s)
        return self._parts[Lane.TELEMETRY].writer.opened.wait(timeout_s / 5) and alarms

    def site_copy(self) -> dict[str, Any] | None:
        """The site facts as they were copied last, for the time until the file is open."""
        return opened_from_copies(self._folder)[1]

    def found(self) -> Opened:
        """What was open, mended, and wrong; out of the copies as long as the file is not open."""
        problems = list(self._problems)
        alarms: OpenSet
        if self._parts[Lane.ALARMS].writer.opened.is_set():
            alarms, site = dict(self._alarm_file.open_alarms), self._alarm_file.site
        else:
            alarms, site = opened_from_copies(self._folder)
            problems.append("alarms.db does not open: open alarms and site facts come from the copy beside it")
        restored = []
        for id_, one in alarms.items():
            if (state := one.restored()) is not None:
                restored.append(state)
            else:
                problems.append(f"alarms.db: open alarm {id_} cannot be read")
        problems += self._parts[Lane.ALARMS].wrong()
        telemetry, lost = self._telemetry_file, tuple(self._parts[Lane.TELEMETRY].wrong())
        kept = telemetry.remembered, telemetry.alive_at, telemetry.shadow
        return Opened(tuple(restored), site, tuple(problems), lost, *kept)

    def put(self, lane: Lane, entry: Entry) -> None:
        """Keep `entry`; returns at once, from any thread. `on_stored` tells when it is safe."""
        self._parts[lane].pending.put(entry)

    def remember(self, found: Iterable[Remembered]) -> None:
        """Keep what rules remember, the newest of each; with the readings, so that no alarm waits for it."""
        self._parts[Lane.TELEMETRY].pending.remember(found)

    def shadow(self, changes: Changes, at_once: bool = False) -> None:
        """Keep what has changed in the books of cameras: with the readings, or at once, as what a person said."""
        self._parts[Lane.TELEMETRY].pending.shadow(changes, at_once)

    def put_site(self, document: dict[str, Any], author: str, done: Callable[[], None] | None = None) -> None:
        """Put site facts in force from now, with an audit event; the document in force already changes nothing.

        `done` is called from the writer's thread once they are safe.
        """
        self._parts[Lane.ALARMS].pending.order(SiteFacts(document, author), done)

    def receipt(
        self,
        consumer: str,
        lane: Lane,
        accepted: tuple[Range, ...],
        rejected: tuple[Rejected, ...] = (),
        done: Callable[[], None] | None = None,
    ) -> None:
        """Take down what `consumer` has of `lane`; `done` is called from the writer's thread once that is safe."""
        self._parts[lane].pending.order(Receipt(consumer, lane, accepted, rejected), done)

    def status(self) -> dict[str, FileStatus]:
        """Each file by name."""
        return {part.file.path.name: part.status() for part in self._parts.values()}

    def close(self, timeout_s: float = 3.0) -> bool:
        """Write what waits and end; False when it takes longer than `timeout_s` and something may be lost."""
        self._ended.set()
        closers = [threading.Thread(target=part.writer.close, args=(timeout_s,)) for part in self._parts.values()]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join()
        if self._watch.ident is not None:
            self._watch.join()
        self._lock.release()
        return not any(part.pending.count for part in self._parts.values())

    def _prepare(self) -> None:
        """Make the folder and take it for this process."""
        with self._lock_turn:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._locked:
                self._lock.acquire()
                self._locked = True

    def _watch_disks(self) -> None:
        while not self._ended.wait(WATCH_S):
            for part in self._parts.values():
                part.health.watch()
