"""What the vision process gives up before it opens a camera: it must not leak a picture, nor harm the core."""

import ctypes
import os
import resource
from pathlib import Path

_PR_SET_DUMPABLE = 4  # prctl(2)
_NICENESS = 5
_OOM_SCORE = 500  # of 1000: when memory runs out, the kernel ends us before the core or the sounder
_MIB = 1024 * 1024
_DATA = 5  # field of /proc/PID/statm: data and stack, in pages, which is what RLIMIT_DATA counts


def keep_in() -> None:
    """No core dump, no debugger, no telemetry: what has pictures in its memory gives none of them away; raises OSError.

    Call it before ONNX Runtime is imported: from its import on, unless told otherwise, it keeps a device id and a
    database below the home folder and reports to its maker. Core dumps and ptrace(2) would carry frames out.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE) is refused")


def confine(memory_mib: int) -> None:
    """`keep_in`, bounded memory, and behind the core in all; raises OSError.

    Memory is bounded as RLIMIT_DATA (private writable mappings), not RLIMIT_AS, since shared libraries and thread
    stacks reserve address space that they never use.
    """
    Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE), encoding="ascii")  # only while still dumpable
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mib * _MIB, memory_mib * _MIB))
    keep_in()


def memory_mib() -> float:
    """What counts against the bound, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[_DATA])
    return pages * resource.getpagesize() / _MIB
