"""One simulated clip: a room, one or two people, a fall or none, and the truth about it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.vision.tracker import Box
from models.training.body import Body, Capsules
from models.training.camera import camera
from models.training.daily import Random, daily_script, play
from models.training.falls import fall
from models.training.room import Room, Wardrobe

RATE_HZ = 10.0
LENGTH_S = 6.5
_FALLS = 0.45  # share of clips
_COMPANY = 0.18  # share with a second person
_LEARNED = 0.7  # share in which the empty room was seen before
_NUDGED = 0.2  # share of those in which the camera has moved a little since
_SMALLEST, _LARGEST = 0.005, 0.4  # share of the picture that the person fills


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened: where the main person is in each frame, and when he fell and was down."""

    kind: str
    boxes: tuple[Box | None, ...]
    begun_s: float | None
    down_s: float | None


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames at ten a second, the empty room if it was learned, and the truth."""

    empty: tuple[NDArray[np.uint8], ...]
    frames: tuple[NDArray[np.uint8], ...]
    truth: Truth


def clip(seed: int, number: int) -> Clip:
    """The clip `number` of the set `seed`: always the same for the same pair."""
    random = np.random.default_rng([seed, number])
    while True:
        drawn = _draw(random)
        if drawn is not None:
            return drawn


def _draw(random: Random) -> Clip | None:
    begun = down = None
    if random.random() < _FALLS:
        fallen = fall(random, LENGTH_S, RATE_HZ)
        if fallen is None:
            return None
        kind, moves, begun, down = f"fall {fallen.kind}", fallen.frames, fallen.begun_s, fallen.down_s
    else:
        kind, script = daily_script(random)
        moves = tuple(play(Body(random), script, LENGTH_S, RATE_HZ))
    middle = np.concatenate([now.start for now in moves[::6]]).mean(axis=0)
    eye = camera(random, middle)
    room = Room(random, eye)
    masks = [room.silhouette(now) for now in moves]
    sizes = np.array([mask.mean() for mask in masks])
    if not _SMALLEST < float(np.median(sizes)) < _LARGEST or (sizes > 0).mean() < 0.6:
        return None
    others = _company(random) if random.random() < _COMPANY else None
    dressed, second = Wardrobe.draw(random, room.plate), Wardrobe.draw(random, room.plate)
    empty = _learned(room, random) if random.random() < _LEARNED else ()
    frames = []
    for index, now in enumerate(moves):
        people = [(now, dressed)]
        if others is not None:
            people.append((others[index], second))
        frames.append(room.frame(people))
    return Clip(empty, tuple(frames), Truth(kind, tuple(_box(mask) for mask in masks), begun, down))


def _learned(room: Room, random: Random) -> tuple[NDArray[np.uint8], ...]:
    """The empty room in changing light, sometimes from a camera that was nudged since."""
    pictures = [room.empty() for _ in range(5)]
    if random.random() >= _NUDGED:
        return tuple(pictures)
    height, width = pictures[0].shape[:2]
    nudge = cv2.getRotationMatrix2D(
        (width / 2, height / 2), float(random.normal(0, 0.7)), float(random.normal(1, 0.008))
    )
    nudge[:, 2] += random.normal(0, 1.2, 2)
    return tuple(cv2.warpAffine(picture, nudge, (width, height), borderMode=cv2.BORDER_REFLECT) for picture in pictures)


def _company(random: Random) -> list[Capsules]:
    """A second person somewhere beside."""
    _, script = daily_script(random)
    angle, away = random.uniform(0, 2 * np.pi), random.uniform(0.8, 2.2)
    aside = np.array([away * np.cos(angle), away * np.sin(angle), 0.0])
    moves = list(play(Body(random), script, LENGTH_S, RATE_HZ))
    return [Capsules(now.start + aside, now.end + aside, now.radius) for now in moves]


def _box(mask: NDArray[np.uint8]) -> Box | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    return Box(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)
