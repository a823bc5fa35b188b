"""On what a benchmark ran: figures without it mean nothing."""

import os
import platform
import sqlite3
from pathlib import Path
from typing import Any


def machine(folder: Path) -> dict[str, Any]:
    """Processor, cores, memory, kernel, Python, SQLite, the file system of `folder`, and the load before we began."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "kernel": platform.release(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "disk": _file_system(folder),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() in ("model name", "Model"):
            return value.strip()
    return platform.processor() or "unknown"


def _file_system(folder: Path) -> str:
    """Device and type of the file system that holds `folder`, such as ``/dev/mmcblk0p2 ext4``."""
    best = ("", "unknown")
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        device, point, kind = line.split()[:3]
        if folder.resolve().is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, f"{device} {kind}")
    return best[1]
