"""How long `nightlamp replay` takes for a day of the simulated home: the command itself, in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.bench import BenchError
from tests.simulator.days.day_file import write

SEED = 1
CPU = "nightlamp replay, a day of sixty residents, CPU"
LINES = "nightlamp replay, lines of that day"


def replayed(folder: Path, days: int = 1) -> Mapping[str, float]:
    """Seconds of CPU, start-up included, and how many lines it were; the processor time is that of one core.

    Raises `BenchError` when the command fails or leaves a line out.
    """
    day, told = folder / "day.jsonl", folder / "told.jsonl"
    with day.open("w", encoding="utf-8") as file:
        lines = write(SEED, days, file)
    with told.open("wb") as out, (folder / "told.err").open("wb") as errors:
        command = [sys.executable, "-m", "agent.cli", "replay", str(day), "--json", "--strict"]
        child = subprocess.Popen(command, stdout=out, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise BenchError(f"replay of {day} ended with {child.returncode}: see {folder / 'told.err'}")
    summary = json.loads(told.read_text(encoding="utf-8").splitlines()[-1])["summary"]
    if summary["lines"] != lines:
        raise BenchError(f"replay read {summary['lines']} of {lines} lines of {day}")
    return {CPU: usage.ru_utime + usage.ru_stime, LINES: float(lines)}
