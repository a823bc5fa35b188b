"""What goes out with the weights: the row of the manifest, and windows whose scores a test holds the export to."""

from pathlib import Path

import numpy as np
import torch

from agent.vision.window import FRAMES, SIZE
from models.training.dataset import Windows
from models.training.manifest_row import Made, row
from models.training.net import FallNetwork, logits

REFERENCE = Path(__file__).parents[2] / "tests" / "models" / "fall_window_reference.npz"
_KEPT = 48


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
    made_by = Made(training, seed, threshold, measured)
    row(weights, made_by, "windows", (FRAMES, SIZE, SIZE), "scores")
