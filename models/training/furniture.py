"""Furniture as boxes: what a person sits and lies on, and what stands between him and the camera."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.training.anatomy import Point, Random


@dataclass(frozen=True, slots=True)
class Box3:
    """A box in the room: middle and half sizes in metres, turned by `yaw` degrees; what it is made of."""

    middle: Point
    half: Point
    yaw: float
    stuff: str

    def near(self, x: float, y: float) -> float:
        """How far a point on the floor is from the box's footprint, metres; 0 inside."""
        turn = np.radians(self.yaw)
        ahead, aside = x - self.middle[0], y - self.middle[1]
        along = abs(ahead * np.cos(turn) + aside * np.sin(turn)) - self.half[0]
        across = abs(aside * np.cos(turn) - ahead * np.sin(turn)) - self.half[1]
        return float(np.hypot(max(0.0, along), max(0.0, across)))


# one piece: boxes as middle and half sizes, x ahead of whoever sits on it, z from the floor, and their stuff
Piece = list[tuple[Point, Point, str]]


def put(piece: Piece, x: float, y: float, yaw: float) -> list[Box3]:
    """The boxes of `piece` standing at x, y and turned by `yaw` degrees."""
    turn = np.radians(yaw)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    return [
        Box3((x + cos * a - sin * b, y + sin * a + cos * b, c), half, yaw, stuff) for (a, b, c), half, stuff in piece
    ]


def chair(random: Random, seat: float) -> Piece:
    """With a back, sometimes arms; `seat` is how high its top is."""
    deep, wide = random.uniform(0.2, 0.26), random.uniform(0.21, 0.28)
    back, leg = random.uniform(0.2, 0.3), seat / 2 - 0.02
    middle = -0.05
    boxes: Piece = [
        ((middle, 0, seat - 0.025), (deep, wide, 0.025), "wood"),
        ((middle - deep, 0, seat + back), (0.02, wide, back), "wood"),
    ]
    boxes += [
        ((middle + a * (deep - 0.02), b * (wide - 0.02), leg), (0.02, 0.02, leg), "wood")
        for a in (-1, 1)
        for b in (-1, 1)
    ]
    if random.random() < 0.4:
        boxes += [((middle, side * wide, seat + 0.2), (deep, 0.03, 0.02), "wood") for side in (-1, 1)]
    return boxes


def armchair(random: Random, seat: float) -> Piece:
    """Upholstered, on the floor."""
    return sofa(random, seat, random.uniform(0.26, 0.34))


def sofa(random: Random, seat: float, wide: float = 0.0) -> Piece:
    """A seat with a back and arms, for two or three where no width is given."""
    wide, deep = wide or random.uniform(0.6, 1.0), random.uniform(0.26, 0.36)
    back = random.uniform(0.18, 0.32)
    return [
        ((-0.06, 0, seat / 2), (deep, wide, seat / 2), "cloth"),
        ((-0.06 - deep, 0, seat / 2 + back), (0.08, wide, seat / 2 + back), "cloth"),
        *(((-0.06, side * wide, seat / 2 + 0.1), (deep, 0.07, seat / 2 + 0.1), "cloth") for side in (-1, 1)),
    ]


def bed(random: Random, top: float) -> Piece:
    """A mattress on a frame, its long side along x; the head at -x."""
    wide, board = random.uniform(0.42, 0.6), random.uniform(0.1, 0.3)
    boxes: Piece = [
        ((0.0, 0.0, top - 0.08), (1.02, wide, 0.08), "linen"),
        ((0.0, 0.0, top - 0.21), (1.02, wide, 0.05), "wood"),
        ((-1.04, 0.0, (top + board) / 2), (0.02, wide, (top + board) / 2), "wood"),
        ((-0.8, 0.0, top + 0.02), (0.18, 0.3, 0.05), "linen"),
    ]
    if random.random() < 0.5:
        boxes.append(((1.04, 0.0, (top + 0.1) / 2), (0.02, wide, (top + 0.1) / 2), "wood"))
    if random.random() < 0.5:  # to the floor, or on legs with a gap under it
        boxes.append(((0.0, 0.0, (top - 0.2) / 2), (1.0, wide - 0.02, (top - 0.2) / 2), "wood"))
    return boxes


def table(random: Random) -> Piece:
    """A table top on four legs."""
    long, wide, top = random.uniform(0.3, 0.8), random.uniform(0.25, 0.5), random.uniform(0.4, 0.78)
    legs: Piece = [
        ((a * (long - 0.04), b * (wide - 0.04), top / 2), (0.025, 0.025, top / 2), "wood")
        for a in (-1, 1)
        for b in (-1, 1)
    ]
    return [((0.0, 0.0, top), (long, wide, 0.02), "wood"), *legs]


def cupboard(random: Random) -> Piece:
    """Anything closed from a bedside locker to a wardrobe."""
    high = random.choice([random.uniform(0.25, 0.5), random.uniform(0.5, 1.05)])
    return [((0.0, 0.0, high), (random.uniform(0.2, 0.3), random.uniform(0.2, 0.6), high), "wood")]


def spare_chair(random: Random) -> Piece:
    """A chair that nobody sits on."""
    return chair(random, random.uniform(0.4, 0.5))


def spare_bed(random: Random) -> Piece:
    """The other bed in the room."""
    return bed(random, random.uniform(0.4, 0.6))


def spare_sofa(random: Random) -> Piece:
    """A sofa or an armchair."""
    return sofa(random, random.uniform(0.35, 0.48), random.choice([0.3, 0.0]))


SEATS: dict[str, Callable[[Random, float], Piece]] = {
    "chair": chair, "armchair": armchair, "sofa": sofa, "bed": bed,
}  # fmt: skip
_SPARE: tuple[Callable[[Random], Piece], ...] = (
    table, table, cupboard, cupboard, spare_chair, spare_chair, spare_bed, spare_sofa,
)  # fmt: skip
_APART_M = 0.12
_TRIES = 5


def spare(
    random: Random, count: int, around: tuple[float, float], reach: float, ways: np.ndarray, keep_off: np.ndarray
) -> list[Box3]:
    """Up to `count` pieces within `reach` of `around`, clear of the floor points `ways` and of `keep_off`."""
    placed: list[Box3] = []
    busy = np.concatenate([ways, keep_off])
    for _ in range(count * _TRIES):
        piece = _SPARE[int(random.integers(len(_SPARE)))](random)
        angle, away = random.uniform(0, 2 * np.pi), random.uniform(0.4, reach)
        yaw = float(random.choice([0, 90, 180, 270])) + float(random.normal(0, 4))
        boxes = put(piece, around[0] + away * np.cos(angle), around[1] + away * np.sin(angle), yaw)
        if all(box.near(float(x), float(y)) > _APART_M for box in boxes for x, y in busy):
            placed += boxes
            count -= 1
        if count <= 0:
            break
    return placed
