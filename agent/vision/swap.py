"""Keeps the pictures in memory out of swap, where they would outlive the process on a card or disk."""

import ctypes
import resource
from pathlib import Path

_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4  # mlockall(2)
_CAP_IPC_LOCK = 14  # capabilities(7)
_IN_MEMORY = "/dev/zram"


def stay_in_memory(swaps: Path = Path("/proc/swaps")) -> str:
    """Lock what we touch into memory where that is allowed; gives why pictures may reach a disk, or nothing.

    It is allowed with LimitMEMLOCK=infinity, or to root. Under a smaller limit it is not even tried: each further
    request for memory would count against it, and fail in the middle of a frame.
    """
    if may_lock() and ctypes.CDLL(None).mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT) == 0:
        return ""
    disks = on_disk(swaps.read_text(encoding="utf-8"))
    if not disks:
        return ""
    return (
        f"pictures in memory may be swapped out to {', '.join(disks)}: allow this process to lock its memory "
        "(LimitMEMLOCK=infinity in its unit), turn swap off (swapoff -a), or use zram"
    )


def on_disk(swaps: str) -> list[str]:
    """The swap areas that outlive a power cut, of `swaps` as /proc/swaps has them."""
    areas = [line.split()[0] for line in swaps.splitlines()[1:] if line.strip()]
    return [area for area in areas if not area.startswith(_IN_MEMORY)]


def may_lock() -> bool:
    """Whether all that we touch may be locked into memory."""
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        return True
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    effective = next(int(line.split()[1], 16) for line in status if line.startswith("CapEff:"))
    return bool(effective >> _CAP_IPC_LOCK & 1)
