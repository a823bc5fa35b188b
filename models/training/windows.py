"""Clips to labelled windows, through the very pipeline that runs on the gateway."""

import numpy as np
from numpy.typing import NDArray

from agent.vision.fall_watch import Judged
from agent.vision.geometry import GeometricScore
from agent.vision.pipeline import Pipeline
from agent.vision.tracker import Box
from agent.vision.window import LENGTH_S
from models.training.clips import RATE_HZ, Clip, Truth

_SEEN_DOWN_S = 0.3  # a window must show this much of the lying person
_FRESH_S = 1.3  # and end no later than this after he was down: then the whole drop is inside
_SAME = 0.25  # intersection over union with the true box
_HARD, _ANY = 5, 5  # windows of each clip without a fall: those that look most like one, and some others
_FALLING = 8


def labelled(shown: Clip, random: np.random.Generator) -> list[tuple[NDArray[np.uint8], bool]]:
    """The windows of one clip that are worth learning from."""
    rule = GeometricScore()
    falling, others = [], []
    for at, judged in watch(shown):
        label = _label(judged, at, shown.truth)
        if label is None:
            continue
        small = (judged.window * 255).astype(np.uint8)
        (falling if label else others).append((rule.score(judged.window), small))
    others.sort(key=lambda pair: -pair[0])
    rest = others[_HARD:]
    picked = others[:_HARD] + [rest[n] for n in random.permutation(len(rest))[:_ANY]]
    chosen = [falling[n] for n in random.permutation(len(falling))[:_FALLING]]
    return [(window, True) for _, window in chosen] + [(window, False) for _, window in picked]


def watch(shown: Clip) -> list[tuple[float, Judged]]:
    """Every window that the pipeline judges in a clip, with its time."""
    eyes = Pipeline("training", GeometricScore())
    for index, frame in enumerate(shown.empty):
        eyes.learn(frame, index / RATE_HZ)
    seen: list[tuple[float, Judged]] = []
    for index, frame in enumerate(shown.frames):
        eyes.feed(frame, index / RATE_HZ)
        seen += [(index / RATE_HZ, judged) for judged in eyes.judged]
    return seen


def _label(judged: Judged, at: float, truth: Truth) -> bool | None:
    """True: a fall lies in it; False: none does; None: half of one, or it is unclear whose window it is."""
    if truth.begun_s is None or truth.down_s is None:
        return False
    box = truth.boxes[round(at * RATE_HZ)]
    if box is None or _alike(box, judged.box) < _SAME:
        return None
    if truth.down_s + _SEEN_DOWN_S <= at <= truth.down_s + _FRESH_S:
        started = truth.boxes[round(max(0.0, truth.begun_s - 0.3) * RATE_HZ)]
        first = judged.first_box
        return True if started is not None and _alike(started, first) > _SAME / 2 else None
    if at <= truth.begun_s or at - LENGTH_S > truth.down_s:
        return False
    return None


def _alike(first: Box, second: Box) -> float:
    shared = first.overlap(second)
    return shared / (first.width * first.height + second.width * second.height - shared)
