"""Pictures stay out of swap where the process may lock its memory, and a person is told where it may not."""

import subprocess
import sys
from pathlib import Path

import pytest

from agent.vision.swap import may_lock, on_disk

_HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
_ZRAM = "/dev/zram0                              partition\t524284\t\t0\t\t100\n"
_FILE = "/var/swap                               file\t\t102396\t\t0\t\t-2\n"
_DISK = "/dev/mmcblk0p3                          partition\t999420\t\t12\t\t-3\n"


@pytest.mark.parametrize(
    ("swaps", "areas"),
    [
        ("", []),
        (_HEAD, []),
        (_HEAD + _ZRAM, []),
        (_HEAD + _ZRAM + _FILE, ["/var/swap"]),
        (_HEAD + _FILE + _DISK, ["/var/swap", "/dev/mmcblk0p3"]),
    ],
)
def test_swap_in_compressed_memory_is_no_disk(swaps: str, areas: list[str]) -> None:
    assert on_disk(swaps) == areas


_LOCKED = """
import sys
from pathlib import Path
from agent.vision import swap
why = swap.stay_in_memory(Path(sys.argv[1]))
block = bytearray(8 << 20)
for line in Path("/proc/self/status").read_text().splitlines():
    if line.startswith("VmLck:"):
        print(int(line.split()[1]) > 8192, why)
"""


def said(swaps: Path, *before: str) -> str:
    """Whether memory was locked in a process of its own, and what it said."""
    program = _LOCKED.replace("why =", "\n".join([*before, "why ="]))
    done = subprocess.run([sys.executable, "-c", program, str(swaps)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(not may_lock(), reason="needs the right to lock memory")
def test_memory_is_locked_where_it_may_be(tmp_path: Path) -> None:
    swaps = tmp_path / "swaps"
    swaps.write_text(_HEAD + _FILE, encoding="utf-8")
    assert said(swaps) == "True"


@pytest.mark.parametrize(("areas", "words"), [(_ZRAM, ""), (_FILE, "swapped out to /var/swap: allow")])
def test_where_it_may_not_be_locked_swap_on_a_disk_is_told(tmp_path: Path, areas: str, words: str) -> None:
    swaps = tmp_path / "swaps"
    swaps.write_text(_HEAD + areas, encoding="utf-8")
    answer = said(swaps, "swap.may_lock = lambda: False")
    assert answer.startswith("False")
    assert words in answer
    assert bool(words) == ("swapoff" in answer)
