"""One picture, as it lives in memory for a tenth of a second."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3), blue green red


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """`pixels` seen at `at` (CLOCK_MONOTONIC seconds), the `number`th picture of its stream.

    The pixels are never printed: a frame in a log line or traceback shows its size at most.
    """

    pixels: Pixels = field(repr=False)
    at: float
    number: int
