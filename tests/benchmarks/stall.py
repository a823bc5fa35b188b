"""`python -m tests.benchmarks.stall PID FILE FOR_S EVERY_S`: a disk that takes FOR_S seconds for an fsync.

No lock, no preloaded library and no file system of our own: the one thread of process PID that syncs files whose name
begins with FILE is traced (ptrace(2)) until it enters fsync or fdatasync on such a file, is held there, and is let go.
It waits where a thread waits for a slow card, without Python's lock, and no other thread notices. First line: `ready`;
then a line for each stall: `begin` and `end`, monotonic seconds. Needs the right to trace: root, or the same user where
/proc/sys/kernel/yama/ptrace_scope is 0.
"""

import argparse
import contextlib
import ctypes
import os
import platform
import signal
import sys
import time
from pathlib import Path

from tests.simulator.child import say

# ptrace(2); the requests are the same on x86-64 and aarch64, the system calls are not.
_DETACH, _SYSCALL, _SEIZE, _INTERRUPT, _SYSCALL_INFO = 17, 24, 0x4206, 0x4207, 0x420E
_TRACE_SYSCALLS_APART, _STOPPED_AT_SYSCALL = 1, signal.SIGTRAP | 0x80
_ENTRY = 1
_WALL = 0x40000000  # waitpid: threads too
_SYNCS = {"x86_64": (74, 75), "aarch64": (82, 83)}
WAIT_S = 10.0
LOOK_S = 3.0  # a thread that syncs nothing for so long is not the one


class _SyscallInfo(ctypes.Structure):
    _fields_ = (
        ("op", ctypes.c_uint8),
        ("pad", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("instruction", ctypes.c_uint64),
        ("stack", ctypes.c_uint64),
        ("number", ctypes.c_uint64),
        ("arguments", ctypes.c_uint64 * 6),
    )


_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
_LIBC.ptrace.restype = ctypes.c_long


def _ptrace(request: int, thread: int, address: int = 0, data: int = 0) -> None:
    if _LIBC.ptrace(request, thread, address, data) < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"ptrace {request:#x} of thread {thread}: {os.strerror(error)}")


class TracedThread:
    """One thread under our eyes; a context, which lets go of it."""

    def __init__(self, process: int, thread: int) -> None:
        self._process = process
        self._thread = thread
        self._signal = 0  # that stopped it and is to be given to it

    def __enter__(self) -> "TracedThread":
        _ptrace(_SEIZE, self._thread, data=_TRACE_SYSCALLS_APART)
        _ptrace(_INTERRUPT, self._thread)
        self._stop()
        return self

    def __exit__(self, *_: object) -> None:
        _ptrace(_DETACH, self._thread, data=self._signal)

    def until_sync(self, file: str, within_s: float) -> bool:
        """Run the thread until it enters a sync of a file whose name begins so, and hold it there; False: none came.

        The time is looked at whenever the thread makes a system call, which a waiting one does at least each second.
        """
        end = time.monotonic() + within_s
        info = _SyscallInfo()
        while time.monotonic() < end:
            _ptrace(_SYSCALL, self._thread, data=self._signal)
            if not self._stop():
                continue
            _ptrace(_SYSCALL_INFO, self._thread, ctypes.sizeof(info), ctypes.addressof(info))
            if info.op == _ENTRY and info.number in _SYNCS[platform.machine()]:
                synced = Path(f"/proc/{self._process}/fd/{info.arguments[0]}").readlink()
                if synced.name.startswith(file):  # not the folder, which is synced when a WAL is made
                    return True
        return False

    def _stop(self) -> bool:
        """Wait for the thread to stop; whether it did so at a system call."""
        _, status = os.waitpid(self._thread, _WALL)
        if not os.WIFSTOPPED(status):
            raise ProcessLookupError(f"thread {self._thread} has ended")
        at_syscall = os.WSTOPSIG(status) == _STOPPED_AT_SYSCALL
        self._signal = 0 if at_syscall or status >> 16 else os.WSTOPSIG(status)
        return at_syscall


def syncing_thread(process: int, file: str) -> int:
    """The thread of `process` that syncs files whose name begins with `file`; 0 when none did."""
    for thread in sorted(int(one.name) for one in Path(f"/proc/{process}/task").iterdir()):
        if thread == process or not _writes(process, thread):
            continue
        with TracedThread(process, thread) as traced:
            if traced.until_sync(file, LOOK_S):
                return thread
    return 0


def _writes(process: int, thread: int) -> bool:
    lines = Path(f"/proc/{process}/task/{thread}/io").read_text(encoding="ascii").splitlines()
    return any(line.startswith("write_bytes: ") and not line.endswith(" 0") for line in lines)


def stall(process: int, thread: int, file: str, for_s: float) -> tuple[float, float] | None:
    """Hold the next sync of `file` for `for_s` seconds: begin and end; None when none came within `WAIT_S`."""
    with TracedThread(process, thread) as traced:
        if not traced.until_sync(file, WAIT_S):
            return None
        begin = time.monotonic()
        time.sleep(for_s)
        return begin, time.monotonic()


def main() -> int:
    """Stall until SIGTERM or until the process ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.stall", description=__doc__)
    parser.add_argument("pid", type=int)
    parser.add_argument("file")
    parser.add_argument("for_s", type=float)
    parser.add_argument("every_s", type=float)
    options = parser.parse_args()
    with contextlib.suppress(PermissionError):  # a traced thread that stops must not wait for us to get a processor
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    try:
        thread = 0
        while not thread:
            thread = syncing_thread(options.pid, options.file)
        say(ready=True, thread=thread)
        while True:
            time.sleep(options.every_s)
            if (held := stall(options.pid, thread, options.file, options.for_s)) is not None:
                say(begin=held[0], end=held[1])
    except OSError as error:
        sys.stderr.write(f"stall: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
