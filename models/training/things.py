"""What moves with people or by itself, made of capsules: walker, wheelchair, vacuum cleaner, animals."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.training.anatomy import Capsules, Floats, Random


@dataclass(frozen=True, slots=True)
class Thing:
    """Bars in the frame of whoever has it: x ahead, y left of the pelvis, z from the floor; ends and radii."""

    start: Floats
    end: Floats
    radius: Floats

    def held(self, by: Capsules) -> Capsules:
        """Where it is when it goes along with a body."""
        middle, yaw = pelvis(by)
        return self.stands(float(middle[0]), float(middle[1]), yaw)

    def stands(self, x: float, y: float, yaw: float) -> Capsules:
        """Where it is at x, y, turned by `yaw` radians."""
        turn = np.array([[np.cos(yaw), np.sin(yaw), 0], [-np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
        aside = np.array([x, y, 0.0])
        return Capsules(self.start @ turn + aside, self.end @ turn + aside, self.radius)

    def tipped(self, degrees: float) -> "Thing":
        """Fallen forward over its foremost foot by so much."""
        if not degrees:
            return self
        angle = float(np.radians(min(degrees, 88.0)))
        hinge = np.array([float(max(self.start[:, 0].max(), self.end[:, 0].max())), 0.0, 0.03])
        turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
        return Thing((self.start - hinge) @ turn + hinge, (self.end - hinge) @ turn + hinge, self.radius)


def pelvis(body: Capsules) -> tuple[Floats, float]:
    """The middle of a body's pelvis and which way it faces (radians): its first capsule lies from left to right."""
    left = body.start[0] - body.end[0]
    return (body.start[0] + body.end[0]) / 2, float(np.arctan2(-left[0], left[1]))


def walker(random: Random) -> Thing:
    """A frame of tubes, hip high, to be pushed or lifted."""
    high, wide, ahead = random.uniform(0.72, 0.88), random.uniform(0.24, 0.3), random.uniform(0.28, 0.4)
    deep = random.uniform(0.36, 0.5)
    bars = []
    for side in (-wide, wide):
        bars += [
            ((ahead - 0.1, side, high), (ahead + deep * 0.4, side, high)),
            ((ahead + deep * 0.4, side, high), (ahead + deep, side, 0.03)),
            ((ahead - 0.08, side, high), (ahead - 0.12, side, 0.03)),
            ((ahead - 0.1, side, high / 2), (ahead + deep * 0.7, side, high / 2)),
        ]
    bars.append(((ahead + deep * 0.4, -wide, high * 0.8), (ahead + deep * 0.4, wide, high * 0.8)))
    if random.random() < 0.5:  # a seat or a basket
        bars += [((ahead + 0.1, y, 0.5), (ahead + deep * 0.7, y, 0.5)) for y in (-0.15, -0.05, 0.05, 0.15)]
    return _thing(bars, random.uniform(0.013, 0.025))


def wheelchair(random: Random) -> Thing:
    """Two large wheels, seat, back and foot rests round a seated person."""
    seat, wide, wheel = random.uniform(0.42, 0.48), random.uniform(0.25, 0.3), random.uniform(0.27, 0.31)
    round_ = np.linspace(0, 2 * np.pi, 13)
    bars = []
    for side in (-wide - 0.05, wide + 0.05):
        rim = [(-0.12 + wheel * float(np.cos(a)), side, wheel + wheel * float(np.sin(a))) for a in round_]
        bars += list(pairwise(rim))
        bars += [
            ((-0.25, side * 0.9, seat + 0.22), (0.15, side * 0.9, seat + 0.22)),
            ((-0.25, side * 0.9, seat), (-0.28, side * 0.9, seat + 0.5)),
            ((0.25, side * 0.7, seat), (0.42, side * 0.5, 0.1)),
            ((0.25, side * 0.7, seat - 0.05), (0.28, side * 0.7, 0.05)),
        ]
    bars += [((-0.24, y, seat - 0.04), (0.2, y, seat - 0.04)) for y in np.linspace(-wide, wide, 6)]
    bars += [((-0.27, y, seat), (-0.29, y, seat + 0.42)) for y in np.linspace(-wide, wide, 6)]
    return _thing(bars, random.uniform(0.018, 0.035))


def vacuum(random: Random) -> Thing:
    """A tube to the floor, its nozzle, and the canister behind."""
    reach = random.uniform(0.7, 1.1)
    bars = [
        ((0.3, -0.2, 0.9), (reach, -0.15, 0.04)),
        ((reach, -0.3, 0.04), (reach, 0.0, 0.04)),
        ((-0.5, -0.4, 0.14), (-0.8, -0.4, 0.14)),
    ]
    made = _thing(bars, 0.02)
    made.radius[2] = 0.14
    return made


def chair(random: Random) -> Thing:
    """A chair that is pushed or carried before one."""
    seat, wide = random.uniform(0.42, 0.48), random.uniform(0.2, 0.25)
    bars = [((0.5 + a, b, seat), (0.5 + a, b, 0.02)) for a in (-0.2, 0.2) for b in (-wide, wide)]
    bars += [((0.3, b, seat), (0.7, b, seat)) for b in np.linspace(-wide, wide, 6)]
    bars += [((0.3, b, seat), (0.27, b, seat + 0.45)) for b in np.linspace(-wide, wide, 4)]
    return _thing(bars, 0.028)


def animal(random: Random) -> Thing:
    """A cat or a dog, about its own middle."""
    size = random.choice([random.uniform(0.5, 0.7), random.uniform(0.8, 1.3)])
    body, high, thick = 0.22 * size, 0.3 * size, 0.09 * size
    bars = [((-body, 0, high), (body, 0, high)), ((body, 0, high + 0.05), (body + 0.14 * size, 0, high + 0.14 * size))]
    bars += [((a, b, high), (a, b, 0.02)) for a in (-body, body) for b in (-0.06 * size, 0.06 * size)]
    bars.append(((-body, 0, high), (-body - 0.2 * size, 0, high + 0.1 * size)))
    made = _thing(bars, 0.025 * size)
    made.radius[0], made.radius[1] = thick, thick * 0.75
    return made


def _thing(bars: list[tuple[tuple[float, ...], tuple[float, ...]]], radius: float) -> Thing:
    ends = np.array(bars, dtype=np.float64)
    return Thing(ends[:, 0], ends[:, 1], np.full(len(ends), radius))


THINGS: dict[str, Callable[[Random], Thing]] = {
    "walker": walker, "wheelchair": wheelchair, "vacuum": vacuum, "chair": chair,
}  # fmt: skip
