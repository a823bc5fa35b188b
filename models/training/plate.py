"""The empty room as a picture: each pixel's ray followed to a wall, the floor or a piece of furniture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.anatomy import Floats, Random
from models.training.camera import Camera
from models.training.furniture import Box3

Picture = NDArray[np.float32]
_ATLAS = 256
_PATTERNS = ("plain", "plain", "tiles", "checks", "boards", "folds", "blots")
_FLOOR, _TOP, _WALLS, _FURNITURE = 0, 1, 2, 6  # surface numbers: floor, ceiling, four walls, boxes


@dataclass(frozen=True, slots=True)
class Cloth:
    """How a surface looks: two colours (blue, green, red), the pattern that mixes them, its period in metres."""

    colour: Floats
    other: Floats
    pattern: str
    period: float
    grain: float


@dataclass(frozen=True, slots=True)
class Pane:
    """A window, door, picture or screen on a wall: which wall, its rectangle along and up (m), its cloth."""

    wall: int
    along: tuple[float, float]
    up: tuple[float, float]
    cloth: Cloth
    glows: float  # share of the daylight that comes from behind it


@dataclass(frozen=True, slots=True)
class Interior:
    """A room without its people: size (x from, to, y from, to, height; m), surfaces, furniture, lamp, window light."""

    size: tuple[float, float, float, float, float]
    cloths: tuple[Cloth, ...]  # floor, ceiling, walls
    stuffs: dict[str, tuple[Cloth, ...]]
    panes: tuple[Pane, ...]
    furniture: tuple[Box3, ...]
    lamp: Floats
    daylight: Floats  # the way it falls

    @staticmethod
    def draw(
        random: Random, inside: Floats, height: float, furniture: Sequence[Box3], margin_m: float = 2.0
    ) -> "Interior":
        """Some room that holds all points `inside` (n, 2 or 3), with up to `margin_m` to the walls."""
        low, high = inside.min(axis=0), inside.max(axis=0)
        margins = random.uniform(min(0.15, margin_m), margin_m, 4)
        size = (low[0] - margins[0], high[0] + margins[1], low[1] - margins[2], high[1] + margins[3])
        walls = _cloth(random, bright=True)
        cloths = (_cloth(random), _cloth(random, bright=True, plain=True), walls, walls, walls, walls)
        stuffs = {
            stuff: tuple(_cloth(random, bright=stuff == "linen") for _ in range(3))
            for stuff in ("wood", "cloth", "linen")
        }
        lamp = np.array([*random.uniform(low[:2], high[:2] + 0.01), height - random.uniform(0.05, 0.8)])
        fall = random.normal(0, 1, 3) + np.array([0, 0, -0.7])
        panes = tuple(_pane(random, size) for _ in range(int(random.integers(0, 5))))
        room = (float(size[0]), float(size[1]), float(size[2]), float(size[3]), height)
        return Interior(room, cloths, stuffs, panes, tuple(furniture), lamp, fall / np.linalg.norm(fall))


@dataclass(frozen=True, slots=True)
class Plate:
    """An interior through one camera: colours, depth (m), the light of lamp and day, where floor and linen are."""

    colours: Picture
    depth: Picture
    lamp: Picture
    day: Picture
    glow: Picture
    floor: NDArray[np.bool_]
    panes: NDArray[np.int16]  # number of the pane seen, -1 elsewhere
    linen: NDArray[np.bool_]


def take(room: Interior, eye: Camera, atlas: Picture) -> Plate:
    """Follow every ray."""
    rays = eye.rays().reshape(-1, 3)
    depth, surface, normal = _inside(room, eye.position, rays)
    for number, box in enumerate(room.furniture):
        _hit(box, number + _FURNITURE, eye.position, rays, depth, surface, normal)
    points = eye.position.astype(np.float32) + rays * depth[:, None]
    colours, panes, glow = _coloured(room, points, surface, normal, atlas)
    shape = (eye.height, eye.width)
    lamp, day = _lit(room, points, normal)
    linen = np.array([*[False] * _FURNITURE, *[box.stuff == "linen" for box in room.furniture]])
    return Plate(
        colours.reshape(*shape, 3),
        depth.reshape(shape),
        lamp.reshape(shape),
        day.reshape(shape),
        glow.reshape(shape),
        (surface == _FLOOR).reshape(shape),
        panes.reshape(shape),
        linen[surface].reshape(shape),
    )


def grain(random: Random) -> Picture:
    """A square of mottled noise, mean 0 and spread 1, that repeats: every surface takes its own part of it."""
    noise = np.zeros((_ATLAS, _ATLAS), np.float32)
    for spread, share in ((0.8, 0.5), (3.0, 0.7), (12.0, 0.6)):
        layer = cv2.GaussianBlur(random.normal(0, 1, noise.shape).astype(np.float32), (0, 0), spread)
        noise += share * layer / layer.std()
    return np.asarray(noise / noise.std(), np.float32)


def _inside(room: Interior, eye: Floats, rays: Picture) -> tuple[Picture, NDArray[np.int32], NDArray[np.int8]]:
    """Where each ray leaves the room: depth, surface, and the way that surface faces (axis + 1, signed)."""
    x0, x1, y0, y1, high = room.size
    low, top = np.array([x0, y0, 0.0], np.float32), np.array([x1, y1, high], np.float32)
    safe = np.where(np.abs(rays) < 1e-6, np.float32(1e-6), rays)
    ends = np.where(safe > 0, top, low)
    reach = (ends - eye.astype(np.float32)) / safe
    axis = reach.argmin(axis=1)
    depth = np.take_along_axis(reach, axis[:, None], 1)[:, 0]
    up = np.take_along_axis(safe, axis[:, None], 1)[:, 0] > 0
    surface = np.where(axis == 2, np.where(up, _TOP, _FLOOR), _WALLS + 2 * axis + up).astype(np.int32)
    return depth, surface, np.where(up, -(axis + 1), axis + 1).astype(np.int8)


def _hit(
    box: Box3,
    number: int,
    eye: Floats,
    rays: Picture,
    depth: Picture,
    surface: NDArray[np.int32],
    normal: NDArray[np.int8],
) -> None:
    """Let the rays that meet `box` first end there."""
    turn = np.radians(box.yaw)
    into = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]], np.float32)
    origin = into @ (eye - np.array(box.middle)).astype(np.float32)
    ways = rays @ into.T
    ways = np.where(np.abs(ways) < 1e-6, np.float32(1e-6), ways)
    half = np.array(box.half, np.float32)
    first, second = (-half - origin) / ways, (half - origin) / ways
    enter, leave = np.minimum(first, second), np.maximum(first, second).min(axis=1)
    near = enter.max(axis=1)
    hit = (near < leave) & (near > 0.05) & (near < depth)
    if hit.any():
        axis = enter[hit].argmax(axis=1)
        sign = np.sign(np.take_along_axis(ways[hit], axis[:, None], 1)[:, 0])
        depth[hit], surface[hit] = near[hit], number
        normal[hit] = (-sign * (axis + 1)).astype(np.int8)


def _coloured(
    room: Interior, points: Picture, surface: NDArray[np.int32], normal: NDArray[np.int8], atlas: Picture
) -> tuple[Picture, NDArray[np.int16], Picture]:
    colours = np.empty_like(points)
    panes = np.full(len(points), -1, np.int16)
    glow = np.zeros(len(points), np.float32)
    for number in np.unique(surface):
        mine = np.flatnonzero(surface == number)
        here = points[mine]
        if number < _FURNITURE:
            cloth = room.cloths[number]
            flat = _flat(here, np.abs(normal[mine]))
        else:
            box = room.furniture[number - _FURNITURE]
            cloth = room.stuffs[box.stuff][int(abs(box.middle[0]) * 50) % 3]
            flat = _flat(_turned(here - np.array(box.middle, np.float32), box.yaw), np.abs(normal[mine]))
        colours[mine] = _patterned(cloth, flat, atlas, number)
        for index, pane in reversed(list(enumerate(room.panes))):
            if pane.wall == number:
                inside = _within(flat[:, 0], pane.along) & _within(flat[:, 1], pane.up)
                colours[mine[inside]] = _patterned(pane.cloth, flat[inside], atlas, 50 + index)
                panes[mine[inside]], glow[mine[inside]] = index, pane.glows
    return np.clip(colours, 3, 252), panes, glow


def _within(value: Picture, span: tuple[float, float]) -> NDArray[np.bool_]:
    return (value >= span[0]) & (value < span[1])


def _turned(points: Picture, yaw: float) -> Picture:
    cos, sin = np.float32(np.cos(np.radians(yaw))), np.float32(np.sin(np.radians(yaw)))
    return np.stack(
        [points[:, 0] * cos + points[:, 1] * sin, points[:, 1] * cos - points[:, 0] * sin, points[:, 2]], axis=1
    )


def _flat(points: Picture, axis: NDArray[np.int8]) -> Picture:
    """The two coordinates along the surface: the one that runs level, and the other."""
    along = np.where(axis == 1, points[:, 1], points[:, 0])
    return np.stack([along, np.where(axis == 3, points[:, 1], points[:, 2])], axis=1)


def _patterned(cloth: Cloth, flat: Picture, atlas: Picture, number: int) -> Picture:
    steps = np.floor(flat / cloth.period)
    rest = flat / cloth.period - steps
    if cloth.pattern == "tiles":
        mix = ((rest < 0.06).any(axis=1)).astype(np.float32)
    elif cloth.pattern == "checks":
        mix = 0.5 * (np.mod(steps, 2) == 0).sum(axis=1).astype(np.float32)
    elif cloth.pattern == "boards":
        mix = np.mod(np.sin(steps[:, 0] * 12.9898 + 78.233) * 43758.5453, 1.0)
    elif cloth.pattern == "folds":
        mix = 0.5 + 0.5 * np.sin(flat[:, 0] * (2 * np.pi / cloth.period))
    elif cloth.pattern == "blots":
        mix = (_mottled(atlas, flat, cloth.period * 0.04, number) > 0.5).astype(np.float32)
    else:
        mix = np.zeros(len(flat), np.float32)
    colours = cloth.colour + (cloth.other - cloth.colour) * mix[:, None]
    return np.asarray(colours * (1 + cloth.grain * _mottled(atlas, flat, 0.02, number + 7))[:, None], np.float32)


def _mottled(atlas: Picture, flat: Picture, cell: float, number: int) -> Picture:
    where = np.mod((flat / cell).astype(np.int32) + number * 37, _ATLAS)
    return np.asarray(atlas[where[:, 0], where[:, 1]], np.float32)


def _lit(room: Interior, points: Picture, normal: NDArray[np.int8]) -> tuple[Picture, Picture]:
    """Light of the lamp and of the day on each point, about 1 where it is full."""
    axis, sign = np.abs(normal).astype(np.int64) - 1, np.sign(normal).astype(np.float32)
    to_lamp = room.lamp.astype(np.float32) - points
    far = np.linalg.norm(to_lamp, axis=1)
    facing = np.take_along_axis(to_lamp, axis[:, None], 1)[:, 0] * sign / far
    lamp = 0.45 + 0.9 * np.maximum(facing, 0) / (0.5 + 0.12 * far * far)
    x0, x1, y0, y1, _ = room.size
    across = np.array([x1 - x0, y1 - y0], np.float32)
    from_window = ((points[:, :2] - [x0, y0]) / across - 0.5) @ np.sign(room.daylight[:2])
    lit = np.maximum(-(room.daylight.astype(np.float32)[axis] * sign), 0)
    return lamp.astype(np.float32), np.asarray(0.6 + 0.5 * lit - 0.22 * from_window, np.float32)


def _cloth(random: Random, bright: bool = False, plain: bool = False) -> Cloth:
    pattern = "plain" if plain else str(random.choice(_PATTERNS))
    colour = random.uniform(90, 225) if bright else random.uniform(25, 210)
    first = np.clip(colour * (1 + random.normal(0, 0.14, 3)), 5, 250)
    other = np.clip(first * random.uniform(0.55, 1.35) * (1 + random.normal(0, 0.1, 3)), 5, 250)
    return Cloth(first, other, pattern, float(random.uniform(0.08, 0.6)), float(random.uniform(0.01, 0.08)))


# kind -> width (m), from and to above the floor (m)
_PANES = {
    "window": (1.4, (0.9, 2.1)),
    "curtain": (2.0, (0.1, 2.2)),
    "door": (0.9, (0.0, 2.0)),
    "picture": (0.6, (1.1, 1.8)),
    "screen": (1.0, (0.7, 1.3)),
}


def facing(room: Interior, eye: Camera, random: Random, kind: str) -> Interior:
    """The room with one more pane, of `kind`, on the wall that the camera looks at; it becomes the first."""
    x, y = float(eye.axes[2, 0]), float(eye.axes[2, 1])
    axis, ahead = (0, x > 0) if abs(x) > abs(y) else (1, y > 0)
    pane = _pane(random, room.size, _WALLS + 2 * axis + ahead, kind)
    low, high = (room.size[2], room.size[3]) if axis == 0 else (room.size[0], room.size[1])
    middle, half = float(eye.position[1 - axis]), (pane.along[1] - pane.along[0]) / 2
    middle = min(max(middle + float(random.normal(0, 0.6)), low + half), high - half)
    return replace(room, panes=(replace(pane, along=(middle - half, middle + half)), *room.panes))


def _pane(random: Random, size: tuple[float, ...], wall: int | None = None, kind: str = "") -> Pane:
    """A window (it glows), a curtain, a door or a picture."""
    wall = int(random.integers(_WALLS, _WALLS + 4)) if wall is None else wall
    low, high = (size[2], size[3]) if wall < _WALLS + 2 else (size[0], size[1])
    kind = kind or str(random.choice(["window", "curtain", "door", "picture"]))
    wide, up = _PANES[kind]
    wide *= float(random.uniform(0.7, 1.2))
    left = float(random.uniform(low, max(low + 0.01, high - wide)))
    cloth = _cloth(random)
    if kind == "curtain":
        cloth = Cloth(cloth.colour, cloth.other * 0.7, "folds", float(random.uniform(0.1, 0.3)), cloth.grain)
    return Pane(wall, (left, left + wide), up, cloth, float(random.uniform(0.5, 2.5)) if kind == "window" else 0.0)
