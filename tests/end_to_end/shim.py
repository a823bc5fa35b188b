"""A wall clock that jumps and a disk that hangs: `shim.c`, compiled and loaded into the daemon's processes."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

SOURCE = Path(__file__).with_name("shim.c")


class Shim:
    """`environment` is for the daemon; `jump` and `hang` take effect at once in all its processes."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("needs a C compiler (cc) to move the clock and to hang the disk")
        library, self._order = folder / "shim.so", folder / "shim.order"
        subprocess.run(
            [compiler, "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"],
            check=True,
        )
        self._order.write_bytes(bytes(16))
        self._file = self._order.open("r+b")
        self._map = mmap.mmap(self._file.fileno(), 16)
        self.environment = {"LD_PRELOAD": str(library), "NIGHTLAMP_SHIM": str(self._order)}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang(False)
        self._map.close()
        self._file.close()

    def jump(self, seconds: int) -> None:
        """From now on the wall clock is so far off the truth."""
        self._map[:8] = struct.pack("<q", seconds)

    def hang(self, on: bool) -> None:
        """From now on fsync does not return, or does again."""
        self._map[8:] = struct.pack("<q", on)
