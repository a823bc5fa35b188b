"""A fall by geometry alone: the top of the silhouette drops by more than half and stays down, and it grows wide."""

import numpy as np

from agent.vision.background import Floats


class GeometricScore:
    """Scores windows like `models.fall_net.FallNet`, without a net: the line that the net has to beat."""

    threshold = 0.5

    def score(self, window: Floats) -> float:
        """0..1 for a window of (frames, height, width) silhouettes."""
        filled = window > 0.5
        rows, columns = filled.any(axis=2), filled.any(axis=1)
        height = rows.sum(axis=1).astype(np.float32)
        width = columns.sum(axis=1).astype(np.float32)
        if height.min() < 1:
            return 0.0
        tall, after = float(np.sort(height[:-6])[-4:].mean()), float(np.median(height[-6:]))
        top = rows.argmax(axis=1).astype(np.float32)
        drop = float(np.median(top[-6:]) - top[:-6].min()) / tall
        spread = float(np.log(np.median(width[-6:]) / after + 0.1))
        return float(1.0 / (1.0 + np.exp(-6.0 * (drop + 0.35 * np.tanh(spread) - 0.6))))
