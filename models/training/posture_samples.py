"""Bodies in every posture, seen by every camera, as crops for the posture net; the label is the body's own height."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.vision.posture_crop import FRAMES, Stature, posture_crop
from agent.vision.tracker import Box, Sighting
from models.training.anatomy import Capsules, Floats, Random
from models.training.body import Body
from models.training.camera import Camera, camera
from models.training.falls import fall
from models.training.postures import Posture, between, posture, stride
from models.training.progress import Remaining, say

UPRIGHT, MIDDLE, LOW = range(3)
# Mean height of the body over what carries it, for a body of 1.73 m: lying .15 to .4, sitting on the floor .3 to .5,
# squatting, on all fours and sitting on a chair .5 to .75, kneeling up and bending .7 to .85, standing .95.
_LOW_M, _UPRIGHT_M = 0.43, 0.87
_UNCLEAR_M = 0.05  # so near to a limit no label is given
_SMALLEST, _LARGEST = 0.004, 0.4  # share of the picture
_NEAR_M = 0.25  # nothing nearer to the lens is drawn
_ALONG = 6  # circles that make a capsule
_BATCH = 40  # crops of one body
_KNOWN = 0.6  # how often the stature of people at that place is known, within this factor:
_MISTAKEN = 1.2
_FALLS = 0.3  # share of bodies that fall by physics: these lie in every way
_DOWN = 0.6  # share of their moments after they were down
_FALL_S, _RATE_HZ = 6.5, 10.0
_CHANGING = 0.3  # how often the half second lies between two postures
_ABOVE = 0.35  # how often the camera looks down from the ceiling
# name -> how often
_POSTURES = {
    "stand": 0.1, "stoop": 0.06, "reach": 0.03, "hold": 0.04, "sit": 0.1, "sit_lean": 0.04, "tie": 0.03,
    "sit_floor": 0.07, "recline": 0.03, "squat": 0.05, "crouch_low": 0.04, "bend": 0.05, "lean_over": 0.03,
    "kneel": 0.07, "all_fours": 0.1, "on_back": 0.08, "on_side": 0.08,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Samples:
    """Crops (n, 3, 32, 32) as bytes, labels (n,), and whether each was seen from above."""

    crops: NDArray[np.uint8]
    labels: NDArray[np.int64]
    above: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether the stature of people at that place was known."""
        return np.asarray(self.crops[:, 2].any(axis=(1, 2)))


def make(seed: int, bodies: int, processes: int) -> Samples:
    """The crops of so many bodies, forty each: always the same for the same seed."""
    remaining = Remaining(bodies)
    crops: list[NDArray[np.uint8]] = []
    labels: list[int] = []
    above: list[bool] = []
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for number, drawn in enumerate(pool.imap(partial(of_body, seed), range(bodies), chunksize=10)):
            for crop, label, steep in drawn:
                crops.append(crop)
                labels.append(label)
                above.append(steep)
            note = remaining.step()
            if number % 200 == 199:
                say(f"bodies {number + 1}, {len(labels)} crops; {note}")
    return Samples(np.stack(crops), np.array(labels, np.int64), np.array(above))


def label_of(now: Capsules, scale: float, support: float = 0.0) -> int | None:
    """Upright, middle or low by the mean height of the body over `support` (m); None where it is between two."""
    length = np.linalg.norm(now.end - now.start, axis=1)
    weight = now.radius**2 * (length + 4 / 3 * now.radius)
    height = (now.start[:, 2] + now.end[:, 2]) / 2
    mean = (float((height * weight).sum() / weight.sum()) - support) / scale
    if min(abs(mean - _LOW_M), abs(mean - _UPRIGHT_M)) < _UNCLEAR_M:
        return None
    return LOW if mean < _LOW_M else UPRIGHT if mean > _UPRIGHT_M else MIDDLE


def of_body(seed: int, number: int) -> list[tuple[NDArray[np.uint8], int, bool]]:
    """The crops of one body of the set `seed`, each with its label and whether it was seen from above."""
    random = np.random.default_rng([seed, number])
    found = []
    walker = Body(random)
    for moments, label in _moments(random):
        if label is None:
            continue
        middle = moments[0].start.mean(axis=0)
        view = "ceiling" if random.random() < _ABOVE else "wall"
        eye = camera(random, np.array([*(middle[:2] + random.normal(0, 0.8, 2)), middle[2]]), view)
        sightings = list(_sightings(moments, eye, random))
        if len(sightings) == FRAMES:
            stature = _stature(walker, middle, eye, random) if random.random() < _KNOWN else None
            crop = posture_crop(sightings, sightings[-1].at, (eye.height, eye.width), stature)
            found.append(((crop * 255).astype(np.uint8), label, eye.view == "ceiling"))
    return found


def _moments(random: Random) -> Iterator[tuple[list[Capsules], int | None]]:
    """Half seconds of one body: of a fall by physics, or of postures, held or changing."""
    if random.random() < _FALLS and (fallen := fall(random, _FALL_S, _RATE_HZ)) is not None:
        scale = 1.0
        last, down = len(fallen.frames) - FRAMES, int(fallen.down_s * _RATE_HZ)
        for _ in range(_BATCH):
            first = int(random.integers(min(last, down) if random.random() < _DOWN else 0, last + 1))
            moments = list(fallen.frames[first : first + FRAMES])
            yield moments, label_of(moments[-1], scale)
        return
    body = Body(random)
    for _ in range(_BATCH):
        support = float(random.uniform(0.3, 0.6)) if random.random() < 0.1 else 0.0
        poses = list(_poses(random, support))
        yaw = float(random.uniform(0, 360))
        moments = []
        for pose in poses:
            body.put(pose, 0.0, 0.0, yaw)
            moments.append(body.capsules())
        yield moments, label_of(moments[-1], body.scale, support)


def _stature(walker: Body, place: Floats, eye: Camera, random: Random) -> Stature | None:
    """How large another person looks who stands there, as well as that is known; None where he is cut off."""
    walker.put(posture("stand", random), float(place[0]), float(place[1]), float(random.uniform(0, 360)))
    mask = np.zeros((eye.height * 3, eye.width * 3), np.uint8)
    draw(mask, walker.capsules(), replace(eye, width=eye.width * 3, height=eye.height * 3))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows) or np.ptp(rows) >= eye.height:
        return None
    wrong = random.uniform(1 / _MISTAKEN, _MISTAKEN, 2)
    return Stature(float((np.ptp(columns) + 1) * wrong[0]), float((np.ptp(rows) + 1) * wrong[1]))


def _poses(random: Random, support: float) -> Iterator[Posture]:
    often = np.array(list(_POSTURES.values()))
    names = random.choice(list(_POSTURES), 2, p=often / often.sum())
    first, second = (posture(str(name), random, support) for name in names)
    if random.random() >= _CHANGING:  # walking on the spot where one stands, else nearly still
        phase = float(random.uniform(0, 6.3))
        walks = first.get("pitch", 0.0) == 0.0 and random.random() < 0.6
        for step in range(FRAMES):
            yield stride(first, phase + step * 0.5, float(random.uniform(0.3, 1.0))) if walks else first
        return
    begun, pace = float(random.uniform(0, 0.9)), float(random.uniform(0.02, 0.12))
    for step in range(FRAMES):
        yield between(first, second, begun + pace * step)


def _sightings(moments: list[Capsules], eye: Camera, random: Random) -> Iterator[Sighting]:
    """As the tracker would give them: with holes, ragged edges, shadows, and furniture in the way."""
    flaws = _Flaws.draw(random, eye)
    for step, now in enumerate(moments):
        mask = np.zeros((eye.height, eye.width), np.uint8)
        draw(mask, now, eye)
        if not _SMALLEST < mask.mean() < _LARGEST:
            return
        mask = flaws.on(mask, random)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if mask.mean() < _SMALLEST / 2:
            return
        box = Box(int(columns[0]), int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
        inside = mask[box.y : box.bottom, box.x : box.right]
        yield Sighting(step / _RATE_HZ, box, inside, int(inside.sum()), 1.0)


def draw(mask: NDArray[np.uint8], now: Capsules, eye: Camera) -> None:
    """Paint the body's outline, filled: each capsule as circles along it."""
    steps = np.linspace(0, 1, _ALONG)[:, None, None]
    points = (now.start + (now.end - now.start) * steps).reshape(-1, 3)
    radii = np.tile(now.radius, _ALONG)
    plane = eye.ahead(points)
    away = np.linalg.norm(points - eye.position, axis=1) if eye.barrel else plane[:, 2]
    pixels = eye.pixels(plane[:, :2])
    seen = (plane[:, 2] > _NEAR_M) & (np.abs(pixels).max(axis=1) < 1000)
    centres = np.round(pixels[seen] * 8).astype(int).tolist()
    wide = np.maximum(4, np.round((eye.focal * radii / away)[seen] * 8)).astype(int).tolist()
    for centre, radius in zip(centres, wide, strict=True):
        cv2.circle(mask, centre, radius, 1, -1, shift=3)


@dataclass(frozen=True, slots=True)
class _Flaws:
    """What is wrong with all silhouettes of one sample."""

    hidden: float  # share of the body's rows, from below, behind furniture
    holes: tuple[tuple[float, float, float], ...]  # x, y, size as shares of the box
    grown: int  # pixels; below zero: eaten away
    shadow: tuple[float, float] | None  # of the body on the floor, in heights of the box
    flicker: float

    @staticmethod
    def draw(random: Random, eye: Camera) -> "_Flaws":
        holes = int(random.integers(1, 4)) if random.random() < 0.3 else 0
        return _Flaws(
            float(random.uniform(0.05, 0.5)) if random.random() < 0.2 and eye.view == "wall" else 0.0,
            tuple((*random.uniform(0, 1, 2), random.uniform(0.1, 0.35)) for _ in range(holes)),
            int(random.choice([-1, 0, 0, 1, 1, 2])),
            (float(random.uniform(-0.5, 0.5)), float(random.uniform(0.02, 0.12))) if random.random() < 0.25 else None,
            float(random.uniform(0, 0.03)),
        )

    def on(self, mask: NDArray[np.uint8], random: Random) -> NDArray[np.uint8]:
        """`mask` with these flaws."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        top, left, high, wide = int(rows[0]), int(columns[0]), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
        flawed = mask.copy()
        if self.shadow is not None:
            aside, flat = self.shadow
            centre = (int(left + wide / 2 + aside * high / 2), top + high - 1)
            axes = (max(1, int(wide / 2 + abs(aside) * high / 2)), max(1, int(flat * high)))
            cv2.ellipse(flawed, centre, axes, 0, 0, 360, 1, -1)
        if self.hidden:
            flawed[top + int(high * (1 - self.hidden)) :] = 0
        for x, y, size in self.holes:
            side = int(size * max(high, wide))
            row, column = top + int(y * high), left + int(x * wide)
            flawed[row : row + side, column : column + side] = 0
        if self.grown:
            kernel = np.ones((3, 3), np.uint8)
            change = cv2.dilate if self.grown > 0 else cv2.erode
            flawed = np.asarray(change(flawed, kernel, iterations=abs(self.grown)), np.uint8)
        if self.flicker:
            specks = (random.random(mask.shape) < self.flicker).astype(np.uint8)
            flawed ^= cv2.dilate(specks, np.ones((2, 2), np.uint8)) & cv2.dilate(mask, np.ones((3, 3), np.uint8))
        return cv2.morphologyEx(flawed, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
