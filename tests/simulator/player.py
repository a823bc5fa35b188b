"""A program in place of aplay that plays into files: as slow as a sound card, with the faults of one."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

BYTES_A_SECOND = 2 * 22_050

# Apart from the standard library's start-up (-S), so that it begins as fast as aplay does.
_PROGRAM = """#!{python} -ES
import os, sys, time
begun = time.monotonic()
folder = {folder!r}
fault = {{name for name in ("broken", "hung") if os.path.exists(os.path.join(folder, name))}}
with open(os.path.join(folder, "arguments"), "a") as told:
    told.write(" ".join(sys.argv[1:]) + "\\n")
if "broken" in fault:
    sys.exit(1)
if "hung" in fault:
    time.sleep(60)
path = os.path.join(folder, "%.6f" % begun)
with open(path + ".part", "wb", buffering=0) as played:
    sent = 0
    while piece := os.read(0, 4096):
        played.write(piece)
        sent += len(piece)
        time.sleep(max(0, begun + sent / {rate} - time.monotonic() - 0.05))
    time.sleep(max(0, begun + sent / {rate} - time.monotonic()))
os.rename(path + ".part", path + ".whole")
"""


@dataclass(frozen=True, slots=True)
class Play:
    """One run: when it began (CLOCK_MONOTONIC), what it got, and whether it was played to its end."""

    at: float
    sound: bytes
    whole: bool


class Player:
    """The program `program`, which records into `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.program = folder / "player"
        self.program.write_text(_PROGRAM.format(python=sys.executable, folder=str(folder), rate=BYTES_A_SECOND))
        self.program.chmod(0o755)

    def plays(self, longer_than_s: float = 0.1) -> list[Play]:
        """What was played so far, in order; the short silences by which it is supervised are left out."""
        found = []
        for path in sorted((*self.folder.glob("*.part"), *self.folder.glob("*.whole"))):
            try:
                sound = path.read_bytes()
            except FileNotFoundError:  # it has just ended
                continue
            if len(sound) > longer_than_s * BYTES_A_SECOND:
                found.append(Play(float(path.stem), sound, path.suffix == ".whole"))
        return found

    @property
    def arguments(self) -> list[str]:
        """The command line of each run."""
        path = self.folder / "arguments"
        return path.read_text().splitlines() if path.exists() else []

    def fail(self, how: str) -> None:
        """From now on it is `broken` (ends with status 1) or `hung` (takes nothing)."""
        (self.folder / how).touch()

    def recover(self) -> None:
        """It works again."""
        for how in ("broken", "hung"):
            (self.folder / how).unlink(missing_ok=True)


def now() -> float:
    """The clock of `Play.at`."""
    return time.monotonic()
