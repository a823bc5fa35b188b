"""Where a simulated camera hangs, and what its lens makes of points in the room."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.anatomy import Floats, Random

CEILING_DEG = 55.0  # an optical axis steeper than this looks down on people: another view, another net
_STEEPEST_DEG = 80.0  # beyond this angle from the axis no lens sees anything


@dataclass(frozen=True, slots=True)
class Camera:
    """Position, rows right/down/ahead, focal length in pixels, barrel distortion (0 none), picture size.

    Distortion is that of a lens whose image radius goes with the angle (the "field of view" model), `barrel` being
    its one parameter in radians.
    """

    position: Floats
    axes: Floats
    focal: float
    barrel: float
    width: int
    height: int

    @property
    def view(self) -> str:
        """`ceiling` where it looks down more steeply than 55 degrees, else `wall`."""
        return "ceiling" if self.axes[2, 2] < -np.sin(np.radians(CEILING_DEG)) else "wall"

    def ahead(self, points: Floats) -> Floats:
        """(n, 3) world points to (n, 3): right and down as multiples of the depth, and the depth in metres."""
        seen = (points - self.position) @ self.axes.T
        depth = np.maximum(seen[:, 2], 1e-3)
        return np.stack([seen[:, 0] / depth, seen[:, 1] / depth, seen[:, 2]], axis=1)

    def pixels(self, plane: Floats) -> Floats:
        """(…, 2) points of the plane at depth 1 to columns and rows, through the lens."""
        if self.barrel > 0:
            radius = np.maximum(np.hypot(plane[..., 0], plane[..., 1]), 1e-9)[..., None]
            plane = plane * np.arctan(2 * radius * np.tan(self.barrel / 2)) / (self.barrel * radius)
        return plane * self.focal + np.array([self.width / 2, self.height / 2])

    def rays(self) -> NDArray[np.float32]:
        """(height, width, 3): for each pixel the way it looks, one metre of depth long."""
        rows, columns = np.mgrid[0 : self.height, 0 : self.width]
        x = (columns + 0.5 - self.width / 2) / self.focal
        y = (rows + 0.5 - self.height / 2) / self.focal
        if self.barrel > 0:
            radius = np.maximum(np.hypot(x, y), 1e-9)
            angle = np.minimum(radius * self.barrel, np.radians(_STEEPEST_DEG))
            wider = np.tan(angle) / (2 * np.tan(self.barrel / 2)) / radius
            x, y = x * wider, y * wider
        return np.asarray(np.stack([x, y, np.ones_like(x)], axis=-1) @ self.axes, np.float32)


def look_at(
    position: Floats, target: Floats, roll: float, view: float, size: tuple[int, int], barrel: float = 0.0
) -> Camera:
    """A camera at `position` aimed at `target`; `roll` in radians, `view` the horizontal angle in degrees."""
    ahead = (target - position) / np.linalg.norm(target - position)
    right = np.cross(ahead, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right) + 1e-9
    down = np.cross(ahead, right)
    turned = np.cos(roll) * right + np.sin(roll) * down, -np.sin(roll) * right + np.cos(roll) * down
    half = np.tan(np.radians(view) / 2)
    if barrel > 0:
        half = np.arctan(2 * half * np.tan(barrel / 2)) / barrel
    return Camera(position, np.stack([*turned, ahead]), float(size[0] / 2 / half), barrel, *size)


# how often, height (m), distance from the middle (m), horizontal angle (degrees)
_PLACES: dict[str, tuple[float, tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "shelf": (0.24, (0.5, 1.3), (1.7, 5.5), (50, 95)),
    "wall": (0.34, (1.2, 2.3), (1.8, 6.0), (48, 95)),
    "corner": (0.2, (2.1, 2.9), (1.6, 4.8), (60, 110)),
    "ceiling": (0.22, (2.3, 3.2), (0.0, 1.5), (55, 110)),
}
_SIZES = ((160, 120), (160, 120), (160, 120), (160, 90), (160, 90), (90, 160))
_WIDE_DEG = 80.0


def camera(random: Random, middle: Floats, view: str | None = None) -> Camera:
    """One draw: on a shelf, on a wall, in a high corner or on the ceiling, more or less aimed at `middle`.

    With `view` ("wall" or "ceiling") only cameras of that view are drawn.
    """
    while True:
        drawn = _draw(random, middle, view)
        if view in {None, drawn.view}:
            return drawn


def _draw(random: Random, middle: Floats, view: str | None) -> Camera:
    names = ["ceiling"] if view == "ceiling" else [name for name in _PLACES if view is None or name != "ceiling"]
    often = np.array([_PLACES[name][0] for name in names])
    place = str(random.choice(names, p=often / often.sum()))
    _, heights, distances, angles = _PLACES[place]
    height, distance, wide = (float(random.uniform(*span)) for span in (heights, distances, angles))
    angle = random.uniform(0, 2 * np.pi)
    position = np.array([middle[0] + distance * np.cos(angle), middle[1] + distance * np.sin(angle), height])
    aside = 0.5 if place == "ceiling" else 0.4
    target = np.array([*(middle[:2] + random.normal(0, aside, 2)), random.uniform(0.3, 1.2)])
    if place in {"shelf", "wall"} and random.random() < 0.35:
        target[2] = position[2] - random.uniform(-0.05, 0.12) * distance
    if place == "ceiling" and random.random() < 0.6:  # screwed to the ceiling and left looking straight down
        target = position + np.array([*random.normal(0, 0.08, 2), -1.0])
    size = _SIZES[int(random.integers(len(_SIZES)))]
    if size[0] < size[1]:  # a telephone on end
        wide = min(wide, 65.0)
    barrel = float(random.uniform(0.3, 1.1)) if wide > _WIDE_DEG or random.random() < 0.3 else 0.0
    roll = float(random.uniform(-np.pi, np.pi)) if place == "ceiling" else float(random.normal(0, 0.035))
    return look_at(position, target, roll, wide, size, barrel)
