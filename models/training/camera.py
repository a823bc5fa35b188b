"""Where a simulated camera hangs, and what the lens makes of a body."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.body import Capsules, Floats
from models.training.daily import Random

_NEAR_M = 0.25
_SUBPIXEL = 3  # cv2 draws in eighths of a pixel


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole: position, rows right/down/ahead, focal length in pixels, picture size."""

    position: Floats
    axes: Floats
    focal: float
    width: int
    height: int

    def project(self, points: Floats) -> Floats:
        """(n, 3) world points to (n, 3): column, row, depth in metres."""
        seen = (points - self.position) @ self.axes.T
        depth = np.maximum(seen[:, 2], 1e-3)
        return np.stack(
            [
                self.focal * seen[:, 0] / depth + self.width / 2,
                self.focal * seen[:, 1] / depth + self.height / 2,
                seen[:, 2],
            ],
            axis=1,
        )


def look_at(position: Floats, target: Floats, roll: float, view: float, size: tuple[int, int]) -> Camera:
    """A camera at `position` aimed at `target`; `roll` in radians, `view` the horizontal angle in degrees."""
    ahead = (target - position) / np.linalg.norm(target - position)
    right = np.cross(ahead, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right) + 1e-9
    down = np.cross(ahead, right)
    turned = np.cos(roll) * right + np.sin(roll) * down, -np.sin(roll) * right + np.cos(roll) * down
    focal = size[0] / 2 / np.tan(np.radians(view) / 2)
    return Camera(position, np.stack([*turned, ahead]), float(focal), *size)


def camera(random: Random, middle: Floats) -> Camera:
    """One draw: on a shelf, on a wall, in a high corner or on the ceiling, more or less aimed at `middle`."""
    place = random.choice(["shelf", "wall", "corner", "ceiling"], p=[0.3, 0.42, 0.16, 0.12])
    height, distance = {
        "shelf": (random.uniform(0.5, 1.3), random.uniform(2.0, 5.5)),
        "wall": (random.uniform(1.2, 2.3), random.uniform(2.0, 6.0)),
        "corner": (random.uniform(2.2, 2.9), random.uniform(1.6, 4.5)),
        "ceiling": (random.uniform(2.4, 3.2), random.uniform(0.1, 1.3)),
    }[str(place)]
    angle = random.uniform(0, 2 * np.pi)
    position = np.array([middle[0] + distance * np.cos(angle), middle[1] + distance * np.sin(angle), height])
    target = np.array([middle[0] + random.normal(0, 0.4), middle[1] + random.normal(0, 0.4), random.uniform(0.3, 1.2)])
    if place in {"shelf", "wall"} and random.random() < 0.35:
        target[2] = position[2] - random.uniform(0, 0.12) * distance
    size = (160, 120) if random.random() < 0.7 else (160, 90)
    wide = 75 if place == "ceiling" else 48
    return look_at(position, target, float(random.normal(0, 0.035)), float(random.uniform(wide, 95)), size)


def outlines(now: Capsules, eye: Camera) -> list[tuple[int, float, NDArray[Any], float, float]]:
    """Each capsule that the camera sees, farthest first: index, depth, [[x, y], [x, y]], both radii in pixels."""
    first, last = eye.project(now.start), eye.project(now.end)
    shapes = []
    for index, (start, end) in enumerate(zip(first, last, strict=True)):
        if min(start[2], end[2]) < _NEAR_M or max(np.abs(start[:2]).max(), np.abs(end[:2]).max()) > 2000:
            continue
        radii = eye.focal * now.radius[index] / np.array([start[2], end[2]])
        if radii.max() < 200:
            shapes.append((index, float(start[2] + end[2]), np.stack([start[:2], end[:2]]), *map(float, radii)))
    return sorted(shapes, key=lambda shape: -shape[1])


def stroke(picture: NDArray[Any], ends: NDArray[Any], first: float, last: float, colour: tuple[float, ...]) -> None:
    """Paint one capsule's outline, filled."""
    one = 1 << _SUBPIXEL
    for point, radius in zip(ends, (first, last), strict=True):
        centre = (round(point[0] * one), round(point[1] * one))
        cv2.circle(picture, centre, max(1, round(radius * one)), colour, -1, shift=_SUBPIXEL)
    along = ends[1] - ends[0]
    length = float(np.hypot(*along))
    if length > 0.5:
        across = np.array([-along[1], along[0]]) / length
        corners = [ends[0] + across * first, ends[1] + across * last, ends[1] - across * last, ends[0] - across * first]
        cv2.fillConvexPoly(picture, np.round(np.stack(corners) * one).astype(np.int32), colour, shift=_SUBPIXEL)
