"""Whether a database file does its work, told once at each change."""

import errno
import logging
import sqlite3
import threading
import time
from collections.abc import Callable

from agent.store.database import kind_of

_LOGGER = logging.getLogger(__name__)

STUCK_S = 2.0  # a commit takes milliseconds; a card that answers no more takes for ever

_CAUSES = {
    sqlite3.SQLITE_FULL: "no space left on the disk; free some",
    sqlite3.SQLITE_BUSY: "locked by another program; end it",
    sqlite3.SQLITE_LOCKED: "locked by another program; end it",
    sqlite3.SQLITE_READONLY: "cannot be written; check that its file system is not read-only",
    sqlite3.SQLITE_IOERR: "the disk reports an error; replace the card",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check its folder and permissions",
    sqlite3.SQLITE_PERM: "cannot be opened; check its permissions",
}


def explain(error: Exception) -> str:
    """The cause and the cure of `error`, for staff and installer."""
    if isinstance(error, OSError):
        return f"{error.strerror or error} ({errno.errorcode.get(error.errno or 0, '?')})"
    cause = _CAUSES.get(kind_of(error))
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return f"{cause} ({name})" if cause else f"{name}: {error}"


class Health:
    """The state of the file `name`; calls `on_state(name, why)` when it changes, from whichever thread saw it."""

    def __init__(self, name: str, on_state: Callable[[str, str], None]) -> None:
        self.name = name
        self.why = ""
        self._on_state = on_state
        self._lock = threading.Lock()
        self._began: float | None = None

    def say(self, why: str) -> None:
        """The file fails because of `why`; empty when it works."""
        with self._lock:  # the listener within it, so that it hears of changes in their order
            if why == self.why:
                return
            self.why = why
            (_LOGGER.warning if why else _LOGGER.info)("%s: %s", self.name, why or "works")
            try:
                self._on_state(self.name, why)
            except Exception:  # a listener that has gone must not end the writer
                _LOGGER.exception("%s: its state could not be told", self.name)

    def begin(self) -> None:
        """The writer turns to the disk."""
        self._began = time.monotonic()

    def end(self) -> None:
        """The disk has answered."""
        self._began = None

    def watch(self) -> None:
        """Say so when the disk has not answered for a while; called from a thread that does not need it."""
        began = self._began
        if began is not None and time.monotonic() - began > STUCK_S:
            self.say(f"the disk has not answered for {STUCK_S:g} s")
