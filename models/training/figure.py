"""Bodies and things made of capsules, drawn: in cloth with stripes that move with the limb, nearest last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.anatomy import CLOTHS, Capsules, Floats, Random
from models.training.camera import Camera

Picture = NDArray[np.float32]
Colour = tuple[float, float, float]
Outlines = tuple[NDArray[np.int32], Floats, NDArray[np.bool_]]  # corners, depths (m), which can be seen

_NEAR_M = 0.2
_FAR_PIXELS = 3000.0
_SUBPIXEL = 3  # cv2 draws in eighths of a pixel
_SEGMENT_M = 0.11
_ROUND = np.linspace(-np.pi / 2, np.pi / 2, 5)
_SHADES = ((1.0, 0.0, 0.8), (0.6, 0.22, 1.05))  # width, shift towards the light in radii, brightness
_SKIN, _HAIR, _METAL = (115.0, 150.0, 200.0), (60.0, 65.0, 75.0), (140.0, 140.0, 140.0)


@dataclass(frozen=True, slots=True)
class Cover:
    """Cloth over several capsules as one: a gown, or a blanket from frame `since` on, `wider` than what it covers."""

    over: tuple[int, ...]
    colour: Colour
    wider: float
    since: int = 0


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """One person's colours (blue, green, red) by cloth, how striped they are, and what covers him."""

    colours: dict[str, Colour]
    stripes: float
    seed: int
    covers: tuple[Cover, ...] = ()

    @staticmethod
    def draw(random: Random, room: Picture) -> "Wardrobe":
        """Mostly any colour, sometimes the room's own: then parts of the silhouette are missing."""
        chosen = {name: _cloth(random, room) for name in ("top", "trousers", "shoes")}
        if random.random() < 0.25:  # a nightdress, or overalls
            chosen["trousers"] = chosen["top"]
        chosen["skin"] = _bgr(np.array(_SKIN) * random.uniform(0.35, 1.2))
        chosen["hair"] = _bgr(np.array(_HAIR) * random.uniform(0.2, 3.4))
        chosen["metal"] = _bgr(np.array(_METAL) * random.uniform(0.2, 1.5))
        stripes = float(random.choice([0.0, 0.06, 0.25]))
        covers: tuple[Cover, ...] = ()
        if random.random() < 0.2:
            covers = (Cover(_GOWN, chosen["top"], 1.1),)
        return Wardrobe(chosen, stripes, int(random.integers(1 << 30)), covers)


@dataclass(frozen=True, slots=True)
class Actor:
    """What moves in a clip: its capsules in each frame (None: out of the picture), their cloths, its colours."""

    frames: tuple[Capsules | None, ...]
    wardrobe: Wardrobe
    cloths: tuple[str, ...] = CLOTHS


@dataclass(frozen=True, slots=True)
class Shapes:
    """Outlines to be filled, farthest first: corners in eighths of a pixel, and blue, green, red, depth (m) of each."""

    corners: list[NDArray[np.int32]]
    paints: list[tuple[float, ...]]

    def within(self, width: int, height: int) -> tuple[slice, slice] | None:
        """Rows and columns that they touch; None where they touch none."""
        if not self.corners:
            return None
        points = np.concatenate(self.corners) >> _SUBPIXEL
        across, down = points[:, 0], points[:, 1]
        left, right = max(0, int(across.min())), min(width, int(across.max()) + 2)
        top, bottom = max(0, int(down.min())), min(height, int(down.max()) + 2)
        return (slice(top, bottom), slice(left, right)) if right > left and bottom > top else None


def shapes(actors: Sequence[Actor], eye: Camera, count: int, first: int = 0) -> list[Shapes]:
    """All that is to be painted in each of `count` frames, the first of which has the number `first`."""
    drawn = [one for actor in actors for one in _dressed(actor, eye, first)]
    found = []
    for frame in range(count):
        here = [one[frame] for one in drawn if one[frame] is not None]
        if not here:
            found.append(Shapes([], []))
            continue
        paints = np.concatenate([paints for _, paints in here])
        corners = [shape for shapes_, _ in here for shape in shapes_]
        order = np.argsort(-paints[:, 3], kind="stable")
        found.append(Shapes([corners[n] for n in order], [tuple(paints[n].tolist()) for n in order]))
    return found


def paint(layer: Picture, painted: Shapes) -> None:
    """Fill the shapes into a (h, w, 4) picture: colours and depth."""
    for corners, colour in zip(painted.corners, painted.paints, strict=True):
        cv2.fillConvexPoly(layer, corners, colour, shift=_SUBPIXEL)


def outlines(
    eye: Camera, start: Floats, end: Floats, radius: Floats
) -> tuple[NDArray[np.int32], Floats, NDArray[np.bool_]]:
    """Capsules to (n, 10, 2) corners in eighths of a pixel, their depths, and which can be seen."""
    return _Projected.of(eye, start, end, radius).hulls(eye, 1.0, 0.0)


def shadow(layer: NDArray[np.uint8], corners: NDArray[np.int32]) -> None:
    """Fill one frame of `shadows` with 1."""
    for shape in corners:
        cv2.fillConvexPoly(layer, shape, 1, shift=_SUBPIXEL)


def shadows(actor: Actor, eye: Camera, lamp: Floats) -> list[NDArray[np.int32]]:
    """In each frame: outlines of what a body takes from the floor of the lamp's light."""
    found: list[NDArray[np.int32]] = []
    for now in actor.frames:
        if now is None:
            found.append(np.zeros((0, 10, 2), np.int32))
            continue
        corners, _, seen = outlines(eye, _on_floor(now.start, lamp), _on_floor(now.end, lamp), now.radius * 0.8)
        found.append(corners[seen])
    return found


def mirrored(actor: Actor) -> Actor:
    """The body as a polished floor shows it."""
    under = np.array([1.0, 1.0, -1.0])
    frames = tuple(
        None if now is None else Capsules(now.start * under, now.end * under, now.radius) for now in actor.frames
    )
    return replace(actor, frames=frames)


def silhouettes(frames: Sequence[Capsules], eye: Camera, depth: NDArray[np.float32]) -> list[NDArray[np.uint8]]:
    """Where a body truly is, 0/1, without what stands before it at `depth` metres."""
    start, end = np.concatenate([now.start for now in frames]), np.concatenate([now.end for now in frames])
    radius = np.concatenate([now.radius for now in frames])
    corners, depths, seen = outlines(eye, start, end, radius)
    count, masks = len(frames[0].radius), []
    for first in range(0, len(corners), count):
        layer = np.zeros((eye.height, eye.width), np.float32)
        order = first + np.argsort(-depths[first : first + count])
        for index in order[seen[order]]:
            cv2.fillConvexPoly(layer, corners[index], float(depths[index]), shift=_SUBPIXEL)
        masks.append(((layer != 0) & (layer < depth)).astype(np.uint8))
    return masks


_Painted = tuple[list[NDArray[np.int32]], Floats]  # corners, and blue, green, red, depth of each


def _dressed(actor: Actor, eye: Camera, first: int) -> list[list[_Painted | None]]:
    """Per layer of cloth and frame: what of the actor can be seen."""
    frames = actor.frames
    there = [n for n, now in enumerate(frames) if now is not None]
    if not there:
        return []
    every = [now for now in frames if now is not None]
    start, end = np.stack([now.start for now in every]), np.stack([now.end for now in every])
    which, begin, stop = _segments(every[0])
    way = (end - start)[:, which]
    ends = ((start[:, which] + way * share[:, None]).reshape(-1, 3) for share in (begin, stop))
    radius = np.tile(every[0].radius[which], len(every))
    random = np.random.default_rng(actor.wardrobe.seed)
    stripe = 1.0 + actor.wardrobe.stripes * random.uniform(-1, 1, len(which))
    base = np.array([actor.wardrobe.colours[actor.cloths[index]] for index in which]) * stripe[:, None]
    projected = _Projected.of(eye, *ends, radius)
    layers = []
    for wide, shift, light in _SHADES:
        corners, depth, seen = projected.hulls(eye, wide, shift)
        layer: list[_Painted | None] = [None] * len(frames)
        for place, n in enumerate(there):
            mine = slice(place * len(which), (place + 1) * len(which))
            shown = np.flatnonzero(seen[mine])
            near = depth[mine][shown] - 0.001 * (wide < 1)
            layer[n] = (list(corners[mine][shown]), np.column_stack([base[shown] * light, near]))
        layers.append(layer)
    for cover in actor.wardrobe.covers:
        shown_from = [
            None if now is None or first + n < cover.since else _cover(now, cover, eye) for n, now in enumerate(frames)
        ]
        layers.append(shown_from)
    return layers


def _cover(now: Capsules, cover: Cover, eye: Camera) -> _Painted | None:
    over = np.array(cover.over)
    corners, depth, seen = outlines(eye, now.start[over], now.end[over], now.radius[over] * cover.wider)
    if not seen.all():
        return None
    around = cv2.convexHull(corners.reshape(-1, 2))[:, 0]
    return [around], np.array([[*cover.colour, float(depth.min()) - 0.02]])


def _segments(now: Capsules) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Each capsule cut into pieces of about a hand's breadth: which capsule, from and to as shares of its length."""
    count = np.maximum(1, np.rint(np.linalg.norm(now.end - now.start, axis=1) / _SEGMENT_M)).astype(int)
    which = np.repeat(np.arange(len(count)), count)
    order = np.concatenate([np.arange(n) for n in count])
    return which, order / count[which], (order + 1) / count[which]


def visible(now: Capsules, eye: Camera, depth: NDArray[np.float32]) -> float:
    """The share of a body's parts that lie in the picture and not behind what stands at `depth` metres."""
    middle = eye.ahead((now.start + now.end) / 2)
    columns, rows = np.floor(eye.pixels(middle[:, :2])).astype(int).T
    inside = (middle[:, 2] > _NEAR_M) & (columns >= 0) & (columns < eye.width) & (rows >= 0) & (rows < eye.height)
    before = middle[inside, 2] - now.radius[inside] < depth[rows[inside], columns[inside]]
    return float(before.sum()) / len(inside)


@dataclass(frozen=True, slots=True)
class _Projected:
    """Capsules on the plane at depth 1 before the camera: ends, radii, the way they run, nearest and mean depth."""

    first: Floats
    last: Floats
    before: Floats
    after: Floats
    arc: Floats
    nearest: Floats
    depth: Floats

    @staticmethod
    def of(eye: Camera, start: Floats, end: Floats, radius: Floats) -> "_Projected":
        first, last = eye.ahead(start), eye.ahead(end)
        before, after = (radius / np.maximum(points[:, 2], _NEAR_M) for points in (first, last))
        along = np.arctan2(last[:, 1] - first[:, 1], last[:, 0] - first[:, 0])
        angles = along[:, None] + _ROUND
        arc = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        nearest = np.minimum(first[:, 2], last[:, 2])
        return _Projected(first, last, before, after, arc, nearest, (first[:, 2] + last[:, 2]) / 2 - radius * 0.8)

    def hulls(self, eye: Camera, wide: float, shift: float) -> Outlines:
        """(n, 10, 2) corners in eighths of a pixel, depths, and which can be seen."""
        head = self.last[:, None, :2] + self.after[:, None, None] * (self.arc * wide - shift)
        tail = self.first[:, None, :2] + self.before[:, None, None] * (self.arc * -wide - shift)
        pixels = eye.pixels(np.concatenate([head, tail], axis=1))
        middle = np.abs(pixels[:, ::5]).reshape(-1, 4)
        seen = (self.nearest > _NEAR_M) & (middle.max(axis=1) < _FAR_PIXELS)
        corners = np.rint(np.clip(pixels, -_FAR_PIXELS, _FAR_PIXELS) * (1 << _SUBPIXEL)).astype(np.int32)
        return corners, self.depth, seen


def _on_floor(points: Floats, lamp: Floats) -> Floats:
    height = np.minimum(points[:, 2], lamp[2] - 0.2)
    far = lamp[2] / (lamp[2] - height)
    flat = lamp[:2] + (points[:, :2] - lamp[:2]) * far[:, None]
    return np.concatenate([flat, np.full((len(points), 1), 0.01)], axis=1)


def _cloth(random: Random, room: Picture) -> Colour:
    kind = random.random()
    if kind < 0.14:  # the colour of something in the room
        y, x = int(random.integers(room.shape[0])), int(random.integers(room.shape[1]))
        return _bgr(room[y, x] * random.uniform(0.85, 1.15))
    if kind < 0.34:  # dark cloth is common
        return _bgr(random.uniform(12, 45) * (1 + random.normal(0, 0.2, 3)))
    return _bgr(random.uniform(15, 225) * (1 + random.normal(0, 0.3, 3)))


def _bgr(colour: NDArray[np.floating]) -> Colour:
    blue, green, red = (float(value) for value in np.clip(colour, 3, 250))
    return blue, green, red


_GOWN = (0, 1, 4)  # pelvis and both thighs: the order of `body.CLOTHS`
