"""One row of the manifest, written by the program that made the weights; the other rows stay as they are."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from models.manifest import MANIFEST

_HEAD = "# The models that ship; written by `python -m models.training`. README.md says what they can and cannot do.\n"
_SOURCE = "Trained by this project on simulated people in simulated rooms only; no picture of a real person."


@dataclass(frozen=True, slots=True)
class Made:
    """How weights came about: the command, its seed, the threshold that was set, and what was measured."""

    training: str
    seed: int
    threshold: float
    measured: dict[str, str]


def row(weights: Path, made: Made, takes: str, shape: tuple[int, ...], gives: str, manifest: Path = MANIFEST) -> None:
    """Put the row of `weights`, named as the file is, in the place of its last one, or at the end.

    `takes` and `gives` are the names of the net's input and output, `shape` is that of one input without the batch.
    """
    name = weights.stem
    measured = "\n".join(f'"{key}" = "{value}"' for key, value in made.measured.items())
    block = f"""[model.{name}]
file = "{weights.relative_to(manifest.parent)}"
sha256 = "{hashlib.sha256(weights.read_bytes()).hexdigest()}"
licence = "Apache-2.0"
source = "{_SOURCE}"
training = "{made.training}"
seed = {made.seed}
input = "{takes}"
shape = [{", ".join(str(side) for side in shape)}]
output = "{gives}"
threshold = {made.threshold}

[model.{name}.measured]
{measured}
"""
    blocks = dict(_blocks(manifest.read_text(encoding="utf-8"))) if manifest.exists() else {}
    blocks[name] = block
    manifest.write_text("\n".join((_HEAD, *blocks.values())), encoding="utf-8")


def _blocks(text: str) -> list[tuple[str, str]]:
    """Each model's part of the manifest, with its name."""
    parts = re.split(r"(?m)^(?=\[model\.\w+\]$)", text)[1:]
    return [(part[len("[model.") : part.index("]")], part.rstrip() + "\n") for part in parts]
