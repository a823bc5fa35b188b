"""What every benchmark is: a line about it, its own options, and a run."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figures import Measured

Tell = Callable[[str], None]  # progress, for people


class BenchError(Exception):
    """It cannot run here; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Bench:
    """`run(options, folder, tell)` measures in `folder`, which is on the disk to be measured and is removed after.

    `has_peers`: whether it can measure others beside us.
    """

    summary: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Path, Tell], Measured]
    has_peers: bool = False
