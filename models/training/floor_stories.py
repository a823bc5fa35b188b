"""Silhouettes of a minute each for the tests of `agent.vision`: who slides down slowly, who scrubs, who goes to bed.

True outlines from one camera on a wall, packed to bits: they show what happens, not how well a background is learned.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.anatomy import Capsules, Random
from models.training.body import Body
from models.training.camera import Camera, look_at
from models.training.posture_samples import draw
from models.training.postures import Posture, between, posture, stride
from models.training.progress import say

RATE_HZ = 10.0
STORIES = Path(__file__).parents[2] / "tests" / "vision" / "floor_stories.npz"
_SEED = 11
_SEAT_M, _BED_M = 0.42, 0.5
_WALKS_M_S = 0.3
_FIDGET_DEG = 9.0


@dataclass(frozen=True, slots=True)
class Mark:
    """At `at` seconds somebody is in `posture` at x, y (m), facing `facing` (degrees)."""

    at: float
    posture: Posture
    x: float
    y: float
    facing: float = 0.0


def render(path: Path = STORIES) -> None:
    """Write every story: `<name>` (frames, h * w / 8) bits, and the size of the picture as `shape`."""
    eye = look_at(np.array([0.0, -3.9, 2.1]), np.array([0.2, 0.1, 0.7]), 0.0, 70.0, (160, 120))
    kept = {name: _packed(make(np.random.default_rng(_SEED)), eye) for name, make in _STORIES.items()}
    np.savez_compressed(path, shape=np.array([eye.height, eye.width]), **kept)
    say(f"{path}: {len(kept)} stories, {path.stat().st_size / 1000:.0f} kB")


def _packed(marks: list[Mark], eye: Camera) -> NDArray[np.uint8]:
    random = np.random.default_rng(_SEED + 1)
    body = Body(random)
    frames = []
    for step in range(int(marks[-1].at * RATE_HZ)):
        mask = np.zeros((eye.height, eye.width), np.uint8)
        draw(mask, _body_at(body, marks, step / RATE_HZ), eye)
        frames.append(np.packbits(mask))
    return np.stack(frames)


def _body_at(body: Body, marks: list[Mark], moment: float) -> Capsules:
    first, second = next(pair for pair in pairwise(marks) if moment < pair[1].at)
    share = (moment - first.at) / (second.at - first.at)
    posed = between(first.posture, second.posture, share)
    x, y = first.x + (second.x - first.x) * share, first.y + (second.y - first.y) * share
    speed = float(np.hypot(second.x - first.x, second.y - first.y)) / (second.at - first.at)
    if speed > _WALKS_M_S:
        posed = stride(posed, moment * (2.2 + 3.6 * speed), min(1.0, 0.35 + 0.7 * speed))
    elif first.posture == second.posture:  # nobody who lives is quite still: an arm, the head
        swing = _FIDGET_DEG * float(np.sin(moment * 1.7) * np.sin(moment * 0.4))
        posed = {**posed, "elbow_l": posed.get("elbow_l", 20.0) + 3 * swing, "neck": posed.get("neck", 0.0) + swing}
    body.put(posed, x, y, first.facing + (second.facing - first.facing) * share)
    return body.capsules()


def _walks_in(random: Random, to: tuple[float, float]) -> list[Mark]:
    upright = posture("stand", random)
    return [Mark(0, upright, -3.6, to[1]), Mark(6, upright, to[0], to[1]), Mark(7, upright, to[0], to[1], -90)]


def _slides_down(random: Random) -> list[Mark]:
    """Walks in, sits on a chair, slides off it within four seconds, sinks to the side and stays there."""
    seated, on_floor, lying = posture("sit", random, _SEAT_M), posture("sit_floor", random), posture("on_side", random)
    marks = [*_walks_in(random, (0.3, 0.5)), Mark(9, seated, 0.3, 0.6, -90), Mark(16, seated, 0.3, 0.6, -90)]
    marks += [Mark(20, on_floor, 0.3, 0.2, -90), Mark(24, lying, 0.3, 0.0, -20), Mark(50, lying, 0.3, 0.0, -20)]
    return marks


def _scrubs(random: Random) -> list[Mark]:
    """Walks in, kneels, scrubs the floor on all fours for a good while, gets up and goes."""
    kneels, scrubs, upright = (posture(name, random) for name in ("kneel", "all_fours", "stand"))
    marks = [*_walks_in(random, (0.2, 0.2)), Mark(9, kneels, 0.2, 0.2, -40), Mark(11, scrubs, 0.2, 0.2, -40)]
    marks += [Mark(at, scrubs, 0.2 + 0.1 * (n % 2), 0.2, -40) for n, at in enumerate(range(13, 40, 2))]
    return [*marks, Mark(42, kneels, 0.2, 0.2, -40), Mark(44, upright, 0.2, 0.2, 0), Mark(50, upright, 3.8, 0.2, 0)]


def _goes_to_bed(random: Random) -> list[Mark]:
    """Walks in, sits down on the bed, lies for long, sits at its edge and walks out."""
    edge, lies, upright = posture("sit", random, _BED_M), posture("on_back", random, _BED_M), posture("stand", random)
    marks = [*_walks_in(random, (0.6, 0.3)), Mark(9, edge, 0.6, 0.7, -90), Mark(11, edge, 0.6, 0.7, -90)]
    marks += [Mark(14, lies, 0.6, 0.9, 0), Mark(40, lies, 0.6, 0.9, 0), Mark(43, edge, 0.6, 0.7, -90)]
    return [*marks, Mark(50, edge, 0.6, 0.7, -90), Mark(52, upright, 0.6, 0.3, -90), Mark(58, upright, -3.6, 0.0, -180)]


def _sits(random: Random) -> list[Mark]:
    """Walks in and sits on a chair for the rest."""
    seated, leans = posture("sit", random, _SEAT_M), posture("sit_lean", random, _SEAT_M)
    marks = [*_walks_in(random, (0.3, 0.5)), Mark(9, seated, 0.3, 0.6, -90), Mark(25, seated, 0.3, 0.6, -90)]
    return [*marks, Mark(27, leans, 0.3, 0.6, -90), Mark(38, leans, 0.3, 0.6, -90), Mark(50, leans, 0.3, 0.6, -90)]


_STORIES = {"slides_down": _slides_down, "scrubs": _scrubs, "goes_to_bed": _goes_to_bed, "sits": _sits}
