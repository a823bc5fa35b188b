"""What goes out with the weights: the row of the manifest, and windows whose scores a test holds the export to."""

import hashlib
from pathlib import Path

import numpy as np
import torch

from agent.vision.window import FRAMES, SIZE
from models.manifest import MANIFEST
from models.training.dataset import Windows
from models.training.net import FallNetwork, logits

REFERENCE = Path(__file__).parents[2] / "tests" / "models" / "fall_window_reference.npz"
_KEPT = 48
_NAME = "fall_window"
_SOURCE = "Trained by this project on simulated people in simulated rooms only; no picture of a real person."


def reference(network: FallNetwork, windows: Windows, path: Path = REFERENCE) -> None:
    """Keep some windows, falls and others, with the scores of the network as trained (not as exported)."""
    random = np.random.default_rng(0)
    falls, others = np.flatnonzero(windows.falls), np.flatnonzero(~windows.falls)
    chosen = np.concatenate([random.choice(falls, _KEPT // 2), random.choice(others, _KEPT // 2)])
    pictures = windows.pictures[chosen]
    scores = 1.0 / (1.0 + np.exp(-logits(network, torch.from_numpy(pictures))))
    np.savez_compressed(path, windows=pictures, scores=scores.astype(np.float32))


def manifest(weights: Path, training: str, seed: int, threshold: float, measured: dict[str, str]) -> None:
    """Write the manifest's row of `weights`."""
    rows = "\n".join(f'"{name}" = "{value}"' for name, value in measured.items())
    MANIFEST.write_text(
        f"""# The models that ship; written by `python -m models.training`. README.md says what they can and cannot do.

[model.{_NAME}]
file = "{weights.relative_to(MANIFEST.parent)}"
sha256 = "{hashlib.sha256(weights.read_bytes()).hexdigest()}"
licence = "Apache-2.0"
source = "{_SOURCE}"
training = "{training}"
seed = {seed}
input = "windows"
shape = [{FRAMES}, {SIZE}, {SIZE}]
output = "scores"
threshold = {threshold}

[model.{_NAME}.measured]
{rows}
""",
        encoding="utf-8",
    )
