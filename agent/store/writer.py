"""The thread that owns a database file: commits what waits, and tries again until it is kept."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial

from agent.store.entry import Entry, Lane
from agent.store.health import Health, explain
from agent.store.lane_file import Batch, LaneFile
from agent.store.pending import Pending
from drivers.backoff import Backoff

_LOGGER = logging.getLogger(__name__)

REST_S = 1.0  # nothing to write for so long: look after the file
REST_AT_MOST_S = 10.0  # and this long without such a moment: all the same


class Writer:
    """Writes what is in `pending` to `file`, whatever happens to the disk.

    `on_stored(lane, entry, sequence)` is called from this thread after the commit. `prepare` is called before the file
    is opened and raises OSError while its folder cannot be used.
    """

    def __init__(
        self,
        file: LaneFile,
        pending: Pending,
        health: Health,
        prepare: Callable[[], None],
        on_stored: Callable[[Lane, Entry, int], None],
    ) -> None:
        self.opened = threading.Event()
        self._file = file
        self._pending = pending
        self._health = health
        self._prepare = prepare
        self._on_stored = on_stored
        self._end_at = float("inf")
        self._rested_at = 0.0
        self._told = 0
        self._closing = threading.Event()
        self._backoff = Backoff(first=0.1, cap=2.0)
        self._thread = threading.Thread(target=self._run, name=f"store-{file.lane}", daemon=True)

    def start(self) -> None:
        """Begin; `opened` is set once the file is open."""
        self._thread.start()

    def close(self, timeout_s: float) -> bool:
        """Write what waits and end; False when that takes longer than `timeout_s`: what still waits is then lost."""
        self._end_at = time.monotonic() + timeout_s
        self._closing.set()
        self._pending.close()
        if self._thread.ident is None:
            return True
        self._thread.join(timeout_s + 0.2)
        return not self._thread.is_alive() and not self._pending.count

    def _run(self) -> None:
        try:
            if self._keep_trying(self._open):
                self.opened.set()
                self._serve()
        finally:
            self._file.close()

    def _serve(self) -> None:
        while (batch := self._pending.take(REST_S)) is not None:
            if batch and not self._keep_trying(partial(self._write, batch)):
                return
            if not batch or time.monotonic() > self._rested_at + REST_AT_MOST_S:
                self._attempt(self._file.rest)
                self._rested_at = time.monotonic()
        self._attempt(self._file.rest)

    def _open(self) -> None:
        self._prepare()
        self._file.ready()
        self._told = len(self._file.problems)

    def _write(self, batch: Batch) -> None:
        self._file.ready()
        stored = self._file.write(batch)
        self._health.end()
        for entry, sequence in stored:
            self._call(partial(self._on_stored, self._file.lane, entry, sequence))
        for done in batch.done:
            self._call(done)

    def _keep_trying(self, step: Callable[[], None]) -> bool:
        """Do `step` until it succeeds; False when the time to close ran out first."""
        while not self._attempt(step):
            wait_s = min(self._backoff.next(), max(0.0, self._end_at - time.monotonic()))
            if time.monotonic() >= self._end_at:
                return False
            if self._closing.is_set():
                time.sleep(wait_s)
            else:
                self._closing.wait(wait_s)
        self._backoff.reset()
        return True

    def _attempt(self, step: Callable[[], None]) -> bool:
        self._health.begin()
        try:
            step()
        except (sqlite3.Error, OSError) as error:
            self._health.say(explain(self._mended(error)))
            return False
        except Exception as error:  # the writer must outlive its own mistakes: told, logged whole, tried again
            _LOGGER.exception("%s: the writer failed", self._file.path.name)
            self._health.say(f"{type(error).__name__}: {error}")
            self._file.failed(error)
            return False
        finally:
            self._health.end()
        for problem in self._file.problems[self._told :]:
            self._health.say(problem)
        self._told = len(self._file.problems)
        self._health.say("")
        return True

    def _mended(self, error: sqlite3.Error | OSError) -> sqlite3.Error | OSError:
        """Let the file take in `error`; gives the one that stands in the way now."""
        try:
            self._file.failed(error)
        except (sqlite3.Error, OSError) as second:
            return second
        return error

    @staticmethod
    def _call(call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:  # a listener that has gone must not end the writer
            _LOGGER.exception("store: a listener failed")
