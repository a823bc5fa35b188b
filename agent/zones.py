"""Zones of a camera's picture: what a polygon means there, and which polygons can be meant at all. Pure."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from annotated_types import MaxLen, MinLen

CORNERS_LEAST, CORNERS_MOST = 3, 12
NAME_LENGTH, BED_LENGTH = 40, 40
SMALLEST = 0.0005  # share of the picture: a tenth of a person at the far end of a room; less is a slip of the finger
_DECIMALS = 3  # a thousandth of the picture is finer than the 160 pixels that are looked at

Corner = tuple[float, float]

_OUTSIDE = "a corner lies outside the picture; corners are shares of its width and height, 0 to 1"
_CROSSES = "the zone's edges cross or touch each other; go round it in one direction"
_SMALL = "the zone is too small to be meant; draw it larger"
# What `wrong_with` says to those who draw, in Chinese.
IN_CHINESE: MappingProxyType[str, str] = MappingProxyType(
    {
        _OUTSIDE: "有角点在画面外；角点坐标为画面宽高的比例，0 至 1",
        _CROSSES: "区域的边线交叉或相碰；请沿同一方向依次画出",
        _SMALL: "区域太小；请画大一些",
    }
)


class ZoneKind(StrEnum):
    """What is there: where lying is a fall, where it is none, where passing is told, and what is not looked at."""

    FLOOR = "floor"
    BED = "bed"
    SOFA = "sofa"
    EXIT = "exit"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Zone:
    """One polygon, in shares of the picture's width and height from its upper left corner.

    `name` is staff's own word for it and goes no further than the panel. `bed`: as of a resident of that room, for
    kind bed alone. Raises ValueError for what is no simple polygon inside the picture.
    """

    kind: ZoneKind
    polygon: Annotated[tuple[Corner, ...], MinLen(CORNERS_LEAST), MaxLen(CORNERS_MOST)]
    name: Annotated[str, MaxLen(NAME_LENGTH)] = ""
    bed: Annotated[str, MaxLen(BED_LENGTH)] = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if self.bed and self.kind is not ZoneKind.BED:
            raise ValueError(f"a zone of kind {self.kind} belongs to no bed; leave bed out, or make it kind bed")
        if not (self.name + self.bed).isprintable():
            raise ValueError("name and bed are plain text in one line")
        if why := wrong_with(self.polygon):
            raise ValueError(why)
        corners = tuple((round(float(x), _DECIMALS), round(float(y), _DECIMALS)) for x, y in self.polygon)
        object.__setattr__(self, "polygon", corners)

    def told(self) -> dict[str, Any]:
        """As JSON for the vision process: without the name."""
        bed = {"bed": self.bed} if self.bed else {}
        return {"kind": self.kind.value, "polygon": [list(corner) for corner in self.polygon], **bed}


def zone_from(given: object) -> Zone:
    """The zone that `Zone.told` gave; raises ValueError for anything else."""
    if not isinstance(given, Mapping) or not {"kind", "polygon"} <= set(given) <= {"kind", "polygon", "bed", "name"}:
        raise ValueError("a zone has kind and polygon, and may have bed and name")
    corners, bed, name = given["polygon"], given.get("bed", ""), given.get("name", "")
    if not isinstance(corners, list) or not all(_is_corner(one) for one in corners):
        raise ValueError("a polygon is a list of pairs of numbers")
    if not _is_text(bed, BED_LENGTH) or not _is_text(name, NAME_LENGTH):
        raise ValueError(f"bed and name are texts of at most {BED_LENGTH} and {NAME_LENGTH} characters")
    return Zone(ZoneKind(given["kind"]), tuple((x, y) for x, y in corners), name, bed)


def wrong_with(polygon: Sequence[Corner]) -> str:
    """Why `polygon` cannot be a zone, and the cure; empty when it can."""
    if not CORNERS_LEAST <= len(polygon) <= CORNERS_MOST:
        return f"a zone has {CORNERS_LEAST} to {CORNERS_MOST} corners, not {len(polygon)}"
    if not all(0.0 <= share <= 1.0 for corner in polygon for share in corner):  # NaN is not either
        return _OUTSIDE
    if _crosses(polygon):
        return _CROSSES
    if _area(polygon) < SMALLEST:
        return _SMALL
    return ""


def _is_corner(given: object) -> bool:
    if not isinstance(given, list) or len(given) != 2:
        return False
    return all(isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < math.inf for one in given)


def _is_text(given: object, longest: int) -> bool:
    return isinstance(given, str) and len(given) <= longest


def _area(polygon: Sequence[Corner]) -> float:
    """By the shoelace formula."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(polygon))) / 2


def _edges(polygon: Sequence[Corner]) -> list[tuple[Corner, Corner]]:
    return list(zip(polygon, (*polygon[1:], polygon[0]), strict=True))


def _crosses(polygon: Sequence[Corner]) -> bool:
    """Whether two edges meet elsewhere than where one follows the other, or two corners are one."""
    if len(set(polygon)) < len(polygon):
        return True
    edges = _edges(polygon)
    last = len(edges) - 1
    return any(
        _meet(*edges[first], *edges[second])
        for first, second in itertools.combinations(range(len(edges)), 2)
        if second - first > 1 and (first, second) != (0, last)
    )


def _meet(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    """Whether the segments a-b and c-d share a point."""
    sides = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if sides[0] != sides[1] and sides[2] != sides[3]:
        return True
    touching = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(side == 0 and _within(*one) for side, one in zip(sides, touching, strict=True))


def _side(a: Corner, b: Corner, c: Corner) -> int:
    """On which side of the line a-b the point c lies: 1, -1, or 0 on it."""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)


def _within(a: Corner, b: Corner, c: Corner) -> bool:
    """Whether c, which lies on the line a-b, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
