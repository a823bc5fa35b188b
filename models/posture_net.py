"""How high is a person above what carries him? One silhouette in, a posture out."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.manifest import MANIFEST, find
from models.session import Session

_NAME = "posture"


@dataclass(frozen=True, slots=True)
class Posture:
    """Three shares of one: `upright` stands or walks, `middle` sits, kneels or bends, `low` lies, or sits low."""

    upright: float
    middle: float
    low: float


class PostureNet:
    """The posture net; `threshold`: from this share of `low` on somebody is taken to be low."""

    def __init__(self, session: Session, threshold: float) -> None:
        self._session = session
        self.threshold = threshold

    @staticmethod
    def open(manifest: Path = MANIFEST, threads: int = 1) -> "PostureNet":
        """The net as shipped; raises a ModelError that names the file and the cure."""
        model = find(_NAME, manifest)
        return PostureNet(Session(model, threads), model.threshold)

    def posture(self, crop: NDArray[np.float32]) -> Posture:
        """The posture in one crop (3, 32, 32) in 0..1 of `agent.vision.posture_crop`; ValueError for other shapes."""
        upright, middle, low = (float(share) for share in self._session.run(crop[None])[0])
        return Posture(upright, middle, low)
