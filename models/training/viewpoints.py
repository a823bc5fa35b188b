"""Cameras that make it hard: people come up to them, pass under them, or are seen from low down."""

from collections.abc import Callable

import numpy as np

from models.training.anatomy import Random
from models.training.camera import Camera, look_at
from models.training.stories import Story
from models.training.things import pelvis


def _towards(
    heights: tuple[float, float], beyond: tuple[float, float], down: tuple[float, float]
) -> Callable[[Random, Story], Camera]:
    """A camera that the main person comes up to: `beyond` metres past where he ends, looking `down` at his way."""

    def eye(random: Random, story: Story) -> Camera:
        first, _ = pelvis(story.main[0])
        last, yaw = pelvis(story.main[-1])
        way = last[:2] - first[:2]
        length = float(np.hypot(*way))
        ahead = way / length if length > 0.3 else np.array([np.cos(yaw), np.sin(yaw)])
        stands = last[:2] + ahead * random.uniform(*beyond) + random.normal(0, 0.1, 2)
        position = np.array([*stands, random.uniform(*heights)])
        target = np.array([*(stands - ahead * 2.5), position[2] - 2.5 * random.uniform(*down)])
        size = (160, 120) if random.random() < 0.7 else (160, 90)
        return look_at(position, target, float(random.normal(0, 0.02)), float(random.uniform(55, 95)), size)

    return eye


def on_a_low_shelf(random: Random, story: Story) -> Camera:
    """On a low shelf, some way from where the main person ends."""
    last, _ = pelvis(story.main[-1])
    angle, away = random.uniform(0, 2 * np.pi), random.uniform(1.7, 4.0)
    position = np.array([last[0] + away * np.cos(angle), last[1] + away * np.sin(angle), random.uniform(0.35, 0.9)])
    target = np.array([last[0], last[1], position[2] + random.uniform(-0.12, 0.1) * away])
    return look_at(position, target, float(random.normal(0, 0.02)), float(random.uniform(55, 95)), (160, 120))


LOW_AHEAD = _towards((0.35, 0.9), (0.5, 1.3), (-0.05, 0.12))
PASSED_UNDER = _towards((1.4, 2.6), (-1.2, 0.3), (0.25, 0.7))
