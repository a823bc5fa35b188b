"""Four views in one run of a detector: a place before, and now as it is and turned by a quarter to either side.

Detectors learn from people who stand. Who lies is seen when the picture is turned; turned and shown beside each other,
that costs one run instead of four, and the views are as large in it as in a run of the whole frame.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from agent.vision.background import Bytes
from models.person_detector import Person, Region, letterbox

SIDE = 416  # pixels of the whole, as most small detectors take it
_HALF = SIDE // 2
_FRAME = 4  # grey pixels round each view, so that nobody reaches into the next
_INSIDE = _HALF - 2 * _FRAME
_GREY = 114
_MARGIN = 1.4  # of the box that is looked at: who falls reaches beyond his last outline
_SMALLEST = 64  # pixels of the frame: what is smaller would only be blurred
VIEWS = 4


@dataclass(frozen=True, slots=True)
class View:
    """The square round `region` of `frame`, turned by `quarters` to the left (-1: to the right)."""

    frame: Bytes
    region: Region
    quarters: int = 0

    def cut(self) -> tuple[Bytes, int, int]:
        """The pixels, not turned yet, and the column and row where they begin in the frame."""
        side = max(self.region.width, self.region.height, _SMALLEST / _MARGIN) * _MARGIN
        height, width = self.frame.shape[:2]
        left, top = (self.region.left + self.region.right - side) / 2, (self.region.top + self.region.bottom - side) / 2
        columns = _within(left, side, width)
        rows = _within(top, side, height)
        return self.frame[rows[0] : rows[1], columns[0] : columns[1]], columns[0], rows[0]


def mosaic(views: Sequence[View]) -> Bytes:
    """One square picture of up to four views, two in a row; raises ValueError for more."""
    if len(views) > VIEWS:
        raise ValueError(f"{len(views)} views, at most {VIEWS} fit")
    whole = np.full((SIDE, SIDE, 3), _GREY, np.uint8)
    for number, view in enumerate(views):
        pixels, _, _ = view.cut()
        turned = np.ascontiguousarray(np.rot90(pixels, view.quarters))
        left, top = _corner(number)
        whole[top : top + _INSIDE, left : left + _INSIDE], _ = letterbox(turned, (_INSIDE, _INSIDE), _GREY)
    return whole


def apart(found: Iterable[Person], views: Sequence[View]) -> list[list[Person]]:
    """Whom a detector found in the mosaic of `views`, by view, in pixels of each view's own frame."""
    by_view: list[list[Person]] = [[] for _ in views]
    for person in found:
        column, row = (int((person.left + person.right) / SIDE), int((person.top + person.bottom) / SIDE))
        number = 2 * min(1, max(0, row)) + min(1, max(0, column))
        if number < len(views) and max(person.width, person.height) <= _HALF:
            by_view[number].append(_back(person, number, views[number]))
    return by_view


def _back(person: Person, number: int, view: View) -> Person:
    """`person` of the mosaic in pixels of the frame of `view`."""
    pixels, left, top = view.cut()
    height, width = pixels.shape[:2]
    scale = _scale(pixels)
    corner = _corner(number)
    x0, x1 = (person.left - corner[0]) / scale, (person.right - corner[0]) / scale
    y0, y1 = (person.top - corner[1]) / scale, (person.bottom - corner[1]) / scale
    if view.quarters == 1:
        x0, x1, y0, y1 = width - y1, width - y0, x0, x1
    elif view.quarters == -1:
        x0, x1, y0, y1 = y0, y1, height - x1, height - x0
    return Person(left + x0, top + y0, left + x1, top + y1, person.score)


def _corner(number: int) -> tuple[int, int]:
    return number % 2 * _HALF + _FRAME, number // 2 * _HALF + _FRAME


def _scale(pixels: Bytes) -> float:
    return _INSIDE / float(max(pixels.shape[:2]))


def _within(start: float, side: float, limit: int) -> tuple[int, int]:
    """First and last pixel (exclusive) of a span, cut off at the frame's edges; one pixel at least."""
    first = min(limit - 1, max(0, round(start)))
    return first, max(first + 1, min(limit, round(start + side)))
