"""Where are people in this picture? A detector that the home installed: numpy in, boxes out.

The decoding is that of YOLOX (Ge et al. 2021, sections 2.1 and 2.3): a grid of cells for each stride, in each cell a
box as offset and log size, how sure it is that anything is there, and how sure of each class.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelAlteredError, ModelMissingError
from models.session import Session

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

STRIDES = (8, 16, 32)
OVERLAP = 0.45  # shared area over joint area from which on two boxes are one person (YOLOX's own demo)
_BOX, _SURE, _CLASSES = slice(0, 4), 4, 5  # columns of the output
_LARGEST_LOG = 10.0  # e**10 strides is beyond any picture: what is larger is noise that would overflow
_FARTHEST = 1e4  # cells, for the same reason
_ADD_AGAIN = "Install it again: nightlamp models add."


@dataclass(frozen=True, slots=True)
class DetectorFile:
    """A detector's file and what it takes: `shape` is that of one input (3, height, width).

    `colours` is the order of the planes (`bgr` or `rgb`); a pixel goes in as ``(pixel - mean) / scale``. `padding` is
    the grey round a picture of another form; `person` the number of the class.
    """

    name: str
    file: Path
    sha256: str
    input: str
    output: str
    shape: tuple[int, int, int]
    colours: str = "bgr"
    mean: float = 0.0
    scale: float = 1.0
    padding: int = 114
    person: int = 0

    def read(self) -> bytes:
        """The file's bytes; raises ModelMissingError, or ModelAlteredError where it is not the one installed."""
        try:
            content = self.file.read_bytes()
        except OSError as error:
            raise ModelMissingError(self.file, f"cannot be read ({error.strerror})", _ADD_AGAIN) from error
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ModelAlteredError(self.file, f"SHA-256 is {found}, installed was {self.sha256}", _ADD_AGAIN)
        return content


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in pixels of a picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Across."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Down."""
        return self.bottom - self.top

    def shared(self, other: "Region") -> float:
        """Pixels that `other` and this have in common."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, down)


@dataclass(frozen=True, slots=True)
class Person(Region):
    """A box round somebody, in pixels of the picture that was asked about, and how sure the detector is (0..1)."""

    score: float


class PersonDetector:
    """The detector of one process, on `threads` threads; raises a ModelError that names the file and the cure."""

    def __init__(self, weights: DetectorFile, threads: int = 1) -> None:
        self._weights = weights
        self._session = Session(weights, threads)

    def find(self, picture_bgr: Bytes, least: float = 0.25) -> tuple[Person, ...]:
        """Everybody in a picture (h, w, 3) of whom it is at least `least` sure, the surest first.

        Raises ModelAlteredError when the file gives something else than it was installed for.
        """
        height, width = self._weights.shape[1:]
        blob, shrunk = letterbox(picture_bgr, (height, width), self._weights.padding)
        planes = blob[..., ::-1] if self._weights.colours == "rgb" else blob
        given = (planes.transpose(2, 0, 1).astype(np.float32) - self._weights.mean) / np.float32(self._weights.scale)
        output = self._session.run(np.ascontiguousarray(given)[None])
        try:
            boxes, scores = decode(output[0], (height, width), self._weights.person)
        except ValueError as error:
            raise ModelAlteredError(self._weights.file, str(error), _ADD_AGAIN) from error
        limits = np.array([picture_bgr.shape[1], picture_bgr.shape[0]] * 2, np.float32)
        found = []
        for number in suppress(boxes, scores, least):
            left, top, right, bottom = (float(side) for side in np.clip(boxes[number] / shrunk, 0, limits))
            found.append(Person(left, top, right, bottom, float(scores[number])))
        return tuple(found)


def letterbox(picture: Bytes, size: tuple[int, int], padding: int) -> tuple[Bytes, float]:
    """`picture` scaled into the upper left of (height, width) `size`, the rest grey, and the scale."""
    height, width = size
    scale = min(height / picture.shape[0], width / picture.shape[1])
    inside = (max(1, min(width, round(picture.shape[1] * scale))), max(1, min(height, round(picture.shape[0] * scale))))
    box = np.full((height, width, 3), padding, np.uint8)
    box[: inside[1], : inside[0]] = cv2.resize(picture, inside, interpolation=cv2.INTER_LINEAR)
    return box, scale


def decode(output: Floats, size: tuple[int, int], person: int) -> tuple[Floats, Floats]:
    """Boxes (n, 4; left, top, right, bottom in pixels of the input) and scores (n,) of the class `person`.

    Raises ValueError when `output` (n, 5 + classes) does not fit an input of (height, width) `size`.
    """
    cells, strides = _grid(size)
    if output.ndim != 2 or len(output) != len(cells) or output.shape[1] <= _CLASSES + person:
        wanted = f"({len(cells)}, at least {_CLASSES + person + 1})"
        raise ValueError(f"gives {output.shape}, a YOLOX of {size[1]}x{size[0]} gives {wanted}")
    raw = np.nan_to_num(output, nan=0.0, posinf=_LARGEST_LOG, neginf=-_LARGEST_LOG)
    middle = (np.clip(raw[:, :2], -_FARTHEST, _FARTHEST) + cells) * strides
    half = np.exp(np.clip(raw[:, 2:4], -_LARGEST_LOG, _LARGEST_LOG)) * strides / 2
    scores = np.clip(raw[:, _SURE], 0.0, 1.0) * np.clip(raw[:, _CLASSES + person], 0.0, 1.0)
    return np.concatenate([middle - half, middle + half], axis=1), scores


def suppress(boxes: Floats, scores: Floats, least: float) -> list[int]:
    """Numbers of the boxes to keep, best first: of those that overlap, the surest (non-maximum suppression)."""
    order = [int(n) for n in np.argsort(-scores, kind="stable") if scores[n] >= least]
    kept: list[int] = []
    while order:
        best = order.pop(0)
        kept.append(best)
        order = [n for n, shared in zip(order, _shared(boxes[best], boxes[order]), strict=True) if shared <= OVERLAP]
    return kept


def _grid(size: tuple[int, int]) -> tuple[Floats, Floats]:
    """Column and row of each cell (n, 2), row by row, finest stride first; and its stride (n, 1)."""
    cells, strides = [], []
    for stride in STRIDES:
        rows, columns = size[0] // stride, size[1] // stride
        across, down = np.meshgrid(np.arange(columns), np.arange(rows))
        cells.append(np.stack([across.ravel(), down.ravel()], axis=1))
        strides.append(np.full((rows * columns, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _shared(box: Floats, others: Floats) -> Sequence[float]:
    """Shared area over joint area of `box` with each of `others` (n, 4)."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    both = np.clip(high - low, 0, None).prod(axis=1)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod()
    return [float(share) for share in both / np.maximum(areas - both, 1e-6)]
