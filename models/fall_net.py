"""Is there a fall in these 2.4 seconds? Silhouettes of one track in, a score out."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.manifest import MANIFEST, find
from models.session import Session

_NAME = "fall_window"


class FallNet:
    """The window net with its threshold, both as the manifest gives them."""

    def __init__(self, session: Session, threshold: float) -> None:
        self._session = session
        self.threshold = threshold

    @staticmethod
    def open(manifest: Path = MANIFEST, threads: int = 1) -> "FallNet":
        """The net as shipped; raises a ModelError that names the file and the cure."""
        model = find(_NAME, manifest)
        return FallNet(Session(model, threads), model.threshold)

    def score(self, window: NDArray[np.float32]) -> float:
        """0..1 for one window of silhouettes (24, 24, 24) in 0..1, oldest first; raises ValueError for other shapes."""
        return float(self._session.run(window[None])[0])
