"""What a body is made of: capsules on hinges, one table; nothing here knows of physics or pictures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Random = np.random.Generator
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Hinge:
    """A joint: axis in the parent's frame (x forward, y left, z up) and its range in degrees."""

    name: str
    axis: Point
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """One segment: where it hangs on its parent, its capsules (from, to, radius, mass, cloth) and its hinges."""

    name: str
    parent: str
    at: Point
    capsules: tuple[tuple[Point, Point, float, float, str], ...]
    hinges: tuple[Hinge, ...] = ()


_FORWARD, _BACK = (0.0, -1.0, 0.0), (0.0, 1.0, 0.0)


def _leg(side: str, y: float, outward: Point) -> tuple[Part, ...]:
    return (
        Part(
            f"thigh_{side}",
            "pelvis",
            (0, y, -0.04),
            (((0, 0, 0), (0, 0, -0.39), 0.07, 8, "trousers"),),
            (Hinge(f"hip_{side}", _FORWARD, -30, 128), Hinge(f"spread_{side}", outward, -20, 50)),
        ),
        Part(
            f"shin_{side}",
            f"thigh_{side}",
            (0, 0, -0.42),
            (
                ((0, 0, 0), (0, 0, -0.37), 0.05, 4, "trousers"),
                ((-0.04, 0, -0.41), (0.15, 0, -0.41), 0.036, 1, "shoes"),
            ),
            (Hinge(f"knee_{side}", _BACK, 0, 148),),
        ),
    )


def _arm(side: str, y: float, outward: Point) -> tuple[Part, ...]:
    return (
        Part(
            f"upper_arm_{side}",
            "chest",
            (0, y, 0.41),
            (((0, 0, 0), (0, 0, -0.27), 0.043, 2, "top"),),
            (Hinge(f"shoulder_{side}", _FORWARD, -60, 172), Hinge(f"raise_{side}", outward, -10, 125)),
        ),
        Part(
            f"forearm_{side}",
            f"upper_arm_{side}",
            (0, 0, -0.28),
            (((0, 0, 0), (0, 0, -0.19), 0.035, 1.2, "top"), ((0, 0, -0.22), (0, 0, -0.30), 0.04, 0.4, "skin")),
            (Hinge(f"elbow_{side}", _FORWARD, 0, 148),),
        ),
    )


PARTS: tuple[Part, ...] = (
    Part("pelvis", "", (0, 0, 1), (((0, -0.08, 0), (0, 0.08, 0), 0.105, 11, "trousers"),)),
    *_leg("l", 0.09, (1.0, 0.0, 0.0)),
    *_leg("r", -0.09, (-1.0, 0.0, 0.0)),
    Part(
        "chest",
        "pelvis",
        (0, 0, 0.08),
        (((0, 0, 0.04), (0, 0, 0.25), 0.12, 14, "top"), ((0, -0.12, 0.38), (0, 0.12, 0.38), 0.078, 8, "top")),
        (Hinge("waist", _BACK, -25, 75), Hinge("side", (1.0, 0.0, 0.0), -30, 30)),
    ),
    *_arm("l", 0.2, (1.0, 0.0, 0.0)),
    *_arm("r", -0.2, (-1.0, 0.0, 0.0)),
    Part(
        "head",
        "chest",
        (0, 0, 0.5),
        (((0, 0, 0.07), (0.015, 0, 0.15), 0.092, 4, "skin"), ((-0.03, 0, 0.12), (-0.02, 0, 0.18), 0.09, 1, "hair")),
        (Hinge("neck", _BACK, -30, 40),),
    ),
)
HINGES: tuple[Hinge, ...] = tuple(hinge for part in PARTS for hinge in part.hinges)
CLOTHS: tuple[str, ...] = tuple(capsule[4] for part in PARTS for capsule in part.capsules)


SHOES = [index for index, cloth in enumerate(CLOTHS) if cloth == "shoes"]


@dataclass(frozen=True, slots=True)
class Capsules:
    """The body at one moment: end points (n, 3) and radii (n) in metres, in the order of `CLOTHS`."""

    start: Floats
    end: Floats
    radius: Floats

    def moved(self, x: float, y: float) -> "Capsules":
        """The same beside itself."""
        aside = np.array([x, y, 0.0])
        return Capsules(self.start + aside, self.end + aside, self.radius)

    def beside(self, other: "Capsules") -> "Capsules":
        """Both as one set."""
        return Capsules(
            np.concatenate([self.start, other.start]),
            np.concatenate([self.end, other.end]),
            np.concatenate([self.radius, other.radius]),
        )
