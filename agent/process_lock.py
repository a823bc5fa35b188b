"""One process of a kind at a time: a file lock that the kernel drops when its holder dies."""

import fcntl
import os
from pathlib import Path


class AlreadyRunningError(Exception):
    """Another live process holds the lock."""

    def __init__(self, path: Path, pid: int) -> None:
        super().__init__(f"{path}: held by process {pid}; stop that one first")
        self.pid = pid


class ProcessLock:
    """An flock(2) on `path`, whose text is the holder's pid. Kept until the process ends or `release` is called."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def acquire(self) -> "ProcessLock":
        """Take the lock and write our pid; raises `AlreadyRunningError`, OSError when the folder is not writable."""
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _pid_in(fd)
            os.close(fd)
            raise AlreadyRunningError(self._path, pid) from None
        os.ftruncate(fd, 0)
        os.pwrite(fd, str(os.getpid()).encode(), 0)
        self._fd = fd
        return self

    def release(self) -> None:
        """Give the lock up; the file stays, since removing it would race with the next holder."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def holder(path: Path) -> int | None:
    """Pid of the live process that holds the lock at `path`; None when nobody does."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid_in(fd) or None
    finally:
        os.close(fd)
    return None


def _pid_in(fd: int) -> int:
    text = os.pread(fd, 20, 0)
    return int(text) if text.isdigit() else 0
