"""A short-lived program of ours: bytes in, bytes out, an exit status, and nothing that could make us wait.

fork and exec, not posix_spawn: that one stops its parent until the program has been read from a disk, which may hang,
and the buzzer must not. This process has one thread, so a fork is safe. A killed child is not waited for either, since
a sound driver that hangs may keep it; `reap` collects it whenever it has gone.
"""

import os
import select
import signal
import time
from collections.abc import Sequence

STALL_S = 2.0  # a player takes a piece of sound at least ten times a second
CANNOT_START = 127

_PIECE = 65_536
_LAST_FD = 1024
_MOST_HUNG = 2
_dying: dict[int, tuple[str, float]] = {}  # pid -> what for, and since when


class Child:
    """`argv` with `data` on its standard input; up to `collect` bytes of its output are kept in `output`."""

    def __init__(self, argv: Sequence[str], data: bytes, now: float, deadline_s: float, collect: int = 0) -> None:
        """Raises OSError when there is no process or file descriptor left, or earlier ones cannot be ended."""
        self._what = " ".join(argv)
        refuse_if_hung(self._what)
        self.output = bytearray()
        self._data = memoryview(data)
        self._collect = collect
        self._deadline = now + deadline_s
        self._fed_at = now
        self._in, self._out, self._pid = _start(argv)
        self._ended = os.pidfd_open(self._pid)

    def watched(self) -> dict[int, int]:
        """Descriptors on which something may happen, with the events of `select.poll`."""
        wanted = ((self._ended, select.POLLIN), (self._in, select.POLLOUT), (self._out, select.POLLIN))
        return {fd: events for fd, events in wanted if fd >= 0}

    @property
    def wake_at(self) -> float:
        """When it is overdue."""
        return min(self._deadline, self._fed_at + STALL_S) if self._in >= 0 else self._deadline

    def turn(self, now: float) -> int | None:
        """Feed and read what goes now; its exit status once it has ended (negative: a signal).

        Raises TimeoutError when it takes no input for `STALL_S` or is not done by its deadline.
        """
        self._feed(now)
        self._read()
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        if pid:
            self._read()
            self._pid = 0
            self.kill()
            return os.waitstatus_to_exitcode(status)
        if now >= self.wake_at:
            self.kill()
            raise TimeoutError("it hangs")
        return None

    def kill(self) -> None:
        """End it, now; does nothing when it has ended."""
        pid, self._pid = self._pid, 0
        kill_later(pid, self._what)
        for fd in (self._in, self._out, self._ended):
            if fd >= 0:
                os.close(fd)
        self._in = self._out = self._ended = -1

    def _feed(self, now: float) -> None:
        try:
            while self._in >= 0:
                if not self._data:
                    os.close(self._in)
                    self._in = -1
                    return
                self._data = self._data[os.write(self._in, self._data[:_PIECE]) :]
                self._fed_at = now
        except BlockingIOError:
            return
        except BrokenPipeError:  # it has closed its input: its status will say why
            self._data = self._data[:0]

    def _read(self) -> None:
        try:
            while self._out >= 0:
                piece = os.read(self._out, _PIECE)
                if not piece or len(self.output) + len(piece) > self._collect:
                    os.close(self._out)
                    self._out = -1
                self.output += piece[: self._collect - len(self.output)]
        except BlockingIOError:
            return


def kill_later(pid: int, what: str) -> None:
    """Kill our child `pid`, if there is one, and leave it to `reap`; `what` it was for."""
    if pid:
        os.kill(pid, signal.SIGKILL)
        _dying[pid] = (what, time.monotonic())


def refuse_if_hung(what: str) -> None:
    """Raise OSError when two children for `what` are there still, though killed: each new one would be one more."""
    hung = [pid for pid, (own, since) in _dying.items() if own == what and time.monotonic() - since > STALL_S]
    if len(hung) >= _MOST_HUNG:
        raise OSError(f"{what}: its driver hangs, killed processes stay; pull the device out, or restart the gateway")


def reap() -> None:
    """Collect those that were killed and are gone by now."""
    for pid in tuple(_dying):
        if os.waitpid(pid, os.WNOHANG)[0]:
            del _dying[pid]


def let_go(first: int) -> None:
    """In a child: close what it has of ours from descriptor `first` on, above all our lock."""
    os.closerange(first, _LAST_FD)


def _become(argv: Sequence[str], standard_in: int, standard_out: int) -> None:
    """In a child: become `argv`; never returns."""
    try:
        os.dup2(standard_in, 0)
        os.dup2(standard_out, 1)
        let_go(3)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execvp(argv[0], tuple(argv))  # noqa: S606 - no shell is wanted
    finally:
        os._exit(CANNOT_START)


def _start(argv: Sequence[str]) -> tuple[int, int, int]:
    """Our ends of its input and output, which do not block, and its pid."""
    theirs_in, ours_in = os.pipe()
    ours_out, theirs_out = os.pipe()
    try:
        pid = os.fork()
        if not pid:
            _become(argv, theirs_in, theirs_out)
    except OSError:
        os.close(ours_in)
        os.close(ours_out)
        raise
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    os.set_blocking(ours_in, False)
    os.set_blocking(ours_out, False)
    return ours_in, ours_out, pid
