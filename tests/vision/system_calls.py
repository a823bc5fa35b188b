"""Every way out of a process, as the kernel sees it: strace(1) on all its threads, where that is there and allowed."""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, Process
from dataclasses import dataclass, field
from pathlib import Path

from tests.waiting import until

_OUT = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg"
_OTHER = "sendfile,splice,vmsplice,tee,copy_file_range,process_vm_writev,memfd_create,shmat,msgsnd,mq_timedsend"
_NAMES = "openat,open,creat,connect,mmap"
_LONGEST = 1_000_000  # bytes of one call that are shown
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")
_BYTES = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_TARGET = re.compile(r"^\d+<((?:->|[^>])*)>")


@dataclass(slots=True)
class Calls:
    """What was written, by target; paths opened for writing; where it connected; and calls that nobody expects."""

    written: dict[str, bytearray] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    connected: set[str] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)


def may_trace() -> bool:
    """Whether a process that allows nobody to look into it can be traced here."""
    return shutil.which("strace") is not None and os.geteuid() == 0


class Tracer:
    """Attached to `pid` from `start` to `end`."""

    def __init__(self, pid: int, log: Path) -> None:
        self._pid = pid
        self._log = log
        self._process: Process | None = None

    async def start(self) -> None:
        """Until the kernel stops the process for us at each call."""
        trace = f"trace={_OUT},{_OTHER},{_NAMES}"
        self._process = await asyncio.create_subprocess_exec(
            *("strace", "-f", "-yy", "-xx", "-s", str(_LONGEST), "-e", trace, "-o", str(self._log)),
            *("-p", str(self._pid)),
            stderr=DEVNULL,
        )
        status = Path(f"/proc/{self._pid}/status")
        await until(lambda: "TracerPid:\t0\n" not in status.read_text(encoding="ascii"), "it is traced")

    async def end(self) -> Calls:
        """After the process has ended."""
        assert self._process is not None
        await self._process.wait()
        return calls(self._log.read_text(encoding="ascii"))


def calls(log: str) -> Calls:
    """What a log of strace tells."""
    found = Calls()
    for line in log.splitlines():
        call = _CALL.match(line)
        if call is None:
            continue
        name, rest = call.groups()
        if name in _OUT.split(","):
            _note_written(found, rest)
        elif name in ("open", "openat", "creat"):
            if name == "creat" or any(flag in rest for flag in ("O_WRONLY", "O_RDWR", "O_CREAT")):
                found.opened.add(_text(rest))
        elif name == "connect":
            found.connected.add(_text(rest))
        elif name != "mmap" or ("MAP_SHARED" in rest and "PROT_WRITE" in rest and "MAP_ANONYMOUS" not in rest):
            found.odd.append(line[:200])
    return found


def _note_written(found: Calls, rest: str) -> None:
    target = _TARGET.match(rest)
    to = found.written.setdefault(_unhex(target.group(1)) if target else rest[:20], bytearray())
    for shown, cut in _BYTES.findall(rest):
        if cut:
            found.odd.append(f"more than {_LONGEST} bytes in one call")
        to += bytes.fromhex(shown.replace("\\x", ""))


def _text(rest: str) -> str:
    """The first name in a call's arguments."""
    shown = _BYTES.search(rest)
    return _unhex(shown.group(1)) if shown else rest[:80]


def _unhex(shown: str) -> str:
    """A name in plain letters, as it is or as strace's ``\\x`` has it."""
    return bytes.fromhex(shown.replace("\\x", "")).decode(errors="replace") if shown.startswith("\\x") else shown
