"""What is handed on of a room to the vision process that follows this one: never what came into the room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Halves = NDArray[np.float16]
Learned = Mapping[str, NDArray[Any]]

_AROUND = cv2.getStructuringElement(cv2.MORPH_RECT, (7, 7))  # soft edges, and shadows close by


@dataclass(frozen=True, slots=True)
class Kept:
    """A camera's room: `room` (h, w, 3) as `agent.vision.background` knows it, nothing (0) where it is `unknown`.

    `unknown` (h, w; 0/1) is where it may show what came into it. `learned` are small arrays by name: what else the
    eyes know of the room, such as where its floor is. `at`: when it was known, CLOCK_BOOTTIME seconds.
    """

    camera: str
    room: Halves
    unknown: Bytes
    learned: Learned = field(default_factory=dict)
    at: float = 0.0

    @classmethod
    def of(cls, camera: str, room: Floats, unknown: Bytes) -> "Kept":
        """The room, without what is `unknown`."""
        return cls(camera, np.where(unknown[..., None] > 0, 0, room).astype(np.float16), unknown)

    @property
    def features(self) -> Floats:
        """`room` to reckon with."""
        return self.room.astype(np.float32)


def hidden(strange: Bytes) -> Bytes:
    """0/1 mask (h, w) of the boxes round whatever is in `strange`: an outline would be a picture of its own.

    A box also covers what within a person looks like the room behind him.
    """
    grown = np.asarray(cv2.dilate(strange, _AROUND), np.uint8)
    boxes = np.zeros_like(grown)
    _, _, places, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    for x, y, wide, high, _ in places[1:]:
        boxes[y : y + high, x : x + wide] = 1
    return boxes
