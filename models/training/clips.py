"""One simulated clip: a story in a room, through a camera, and the truth about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.vision.tracker import Box
from models.training import light
from models.training.anatomy import Capsules, Random
from models.training.camera import Camera, camera
from models.training.figure import Actor, silhouettes, visible
from models.training.furniture import spare
from models.training.light import Conditions
from models.training.plate import Interior, Picture, Plate, facing, grain, take
from models.training.room import Room, Stir
from models.training.stories import FRAMES, RATE_HZ, Story, falling, joined, living
from models.training.viewpoints import LOW_AHEAD, PASSED_UNDER

__all__ = ["LENGTH_S", "RATE_HZ", "Clip", "Truth", "clip"]

LENGTH_S = FRAMES / RATE_HZ
_FALLS = 0.45  # share of clips
_COMPANY = 0.22  # share with a second person or an animal
_COMES = {"walk", "walker", "kneel", "vacuum", "wheelchair"}
_HARD = 0.3  # share of those in which he comes up to the camera, or passes under it
_LEARNED = 0.7  # share in which the empty room was seen before
_NUDGED = 0.25  # share of those in which the camera has moved a little since
_REARRANGED = 0.12  # share of those in which some furniture has been moved since
_SMALLEST, _LARGEST = 0.004, 0.45  # share of the picture that the person fills
_FALL_SEEN = (0.35, 0.5)  # share of a body that must be seen as its fall begins, and once it is down
_DOWN_FOR = 4  # frames after it is down in which that is asked
_SEEN = 0.5  # share of the frames in which he is in the picture
_ON_FLOOR_M = (0.45, 1.0)  # pelvis and top of who sits or lies on the floor


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened, frame by frame and in seconds from the first.

    Where the main person is, when he fell and was down (None: he did not), `wall` or `ceiling` for the camera's view,
    and in which frames he sits or lies on the floor (not on furniture).
    """

    kind: str
    boxes: tuple[Box | None, ...]
    begun_s: float | None
    down_s: float | None
    view: str = "wall"
    low: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames at ten a second, the empty room if it was learned, and the truth."""

    empty: tuple[NDArray[np.uint8], ...]
    frames: tuple[NDArray[np.uint8], ...]
    truth: Truth


@dataclass(frozen=True, slots=True)
class Shot:
    """How a story is taken; what is None is drawn."""

    view: str | None = None
    eye: Callable[[Random, Story], Camera] | None = None
    conditions: Callable[[Random, Conditions], Conditions] | None = None
    dressed: Callable[[Actor], Actor] | None = None
    pane: str = ""  # a kind of pane on the wall that the camera looks at
    stir: Callable[[Random], Stir] | None = None
    learned: bool | None = None
    rearranged: bool | None = None
    nudged: bool | None = None
    smallest: float = _SMALLEST
    seen: float = _SEEN


def clip(seed: int, number: int, view: str | None = None) -> Clip:
    """The clip `number` of the set `seed`: always the same for the same pair (and `view`: "wall" or "ceiling")."""
    random = np.random.default_rng([seed, number])
    is_fall, company, hard = random.random() < _FALLS, random.random() < _COMPANY, random.random()
    while True:
        story = falling(random) if is_fall else living(random)
        if story is None:
            continue
        if company:
            story = joined(random, story)
        shot = Shot(view)
        if view != "ceiling" and story.kind in _COMES and hard < _HARD:
            shot = Shot(eye=LOW_AHEAD if hard < _HARD / 2 else PASSED_UNDER, seen=0.3)
        taken = shoot(random, story, shot)
        if taken is not None and view in {None, taken.truth.view}:
            return taken


def shoot(random: Random, story: Story, shot: Shot) -> Clip | None:
    """The story as one camera sees it; None where the main person is hardly in the picture."""
    middle = np.concatenate([now.start for now in story.main[::6]]).mean(axis=0)
    eye = shot.eye(random, story) if shot.eye is not None else camera(random, middle, shot.view)
    room, before = _furnished(random, story, eye)
    if shot.pane:
        room = facing(room, eye, random, shot.pane)
        before = replace(before, panes=room.panes)
    conditions = light.draw(random, FRAMES)
    if shot.conditions is not None:
        conditions = shot.conditions(random, conditions)
    plate = take(room, eye, atlas())
    masks = silhouettes(story.main, eye, plate.depth)
    sizes = np.array([mask.mean() for mask in masks])
    shown = sizes > shot.smallest / 2
    if shown.mean() < shot.seen or not shot.smallest < float(np.median(sizes[shown])) < _LARGEST:
        return None
    if not _fall_seen(story, eye, plate):
        return None
    stir = shot.stir(random) if shot.stir is not None else _stir(random, room)
    stage = Room(random, eye, plate, room.lamp, conditions, stir)
    actors = [role.dressed(random, plate.colours) for role in story.roles]
    if shot.dressed is not None:
        actors = [shot.dressed(actor) for actor in actors]
    empty = _learned(random, stage, before, eye, shot, conditions)
    frames = tuple(stage.frames(actors, FRAMES))
    boxes = tuple(_box(mask) for mask in masks)
    low = tuple(_low(now, story) for now in story.main)
    return Clip(empty, frames, Truth(story.kind, boxes, story.begun_s, story.down_s, eye.view, low))


def _fall_seen(story: Story, eye: Camera, plate: Plate) -> bool:
    """Whether a fall, if there is one, happens before the camera and not behind a cupboard."""
    if story.begun_s is None or story.down_s is None:
        return True
    frames = round(story.begun_s * RATE_HZ), min(FRAMES - 1, round(story.down_s * RATE_HZ) + _DOWN_FOR)
    return all(
        visible(story.main[frame], eye, plate.depth) >= least for frame, least in zip(frames, _FALL_SEEN, strict=True)
    )


@cache
def atlas() -> Picture:
    """The mottling of all surfaces, drawn once."""
    return grain(np.random.default_rng(0))


def _furnished(random: Random, story: Story, eye: Camera) -> tuple[Interior, Interior]:
    """The room as it is, and as it may have been when it was learned."""
    ways = story.ways()
    middle = ways.mean(axis=0)
    here = eye.position[None, :2]
    more = spare(random, int(random.integers(0, 7)), (float(middle[0]), float(middle[1])), 3.2, ways, here)
    inside = np.concatenate(
        [ways, here, np.array([box.middle[:2] for box in (*story.furniture, *more)]).reshape(-1, 2)]
    )
    high = max(float(random.uniform(2.35, 3.1)), float(eye.position[2]) + 0.05)
    room = Interior.draw(random, inside, high, (*story.furniture, *more))
    gone = spare(random, 1, (float(middle[0]), float(middle[1])), 1.6, ways[:1], here)
    x, y = random.normal(0, 0.25, 2)
    moved = [replace(box, middle=(box.middle[0] + x, box.middle[1] + y, box.middle[2])) for box in story.furniture]
    return room, replace(room, furniture=(*moved, *more, *gone))


def _stir(random: Random, room: Interior) -> Stir:
    """Now and then a television, a curtain in the wind, or a bed that is made."""
    kind = random.random()
    pane = int(random.integers(len(room.panes))) if room.panes else -1
    if kind < 0.06:
        return Stir(television=pane)
    if kind < 0.12:
        return Stir(curtain=pane, sway=float(random.uniform(0.5, 3)))
    return Stir(linen_from=int(random.integers(5, 60))) if kind < 0.16 else Stir()


def _learned(
    random: Random, room: Room, before: Interior, eye: Camera, shot: Shot, conditions: Conditions
) -> tuple[NDArray[np.uint8], ...]:
    """The empty room in changing light, sometimes rearranged or seen by a camera that was nudged since."""
    if not _whether(random, shot.learned, _LEARNED):
        return ()
    rearranged, nudged = _whether(random, shot.rearranged, _REARRANGED), _whether(random, shot.nudged, _NUDGED)
    if rearranged:
        room = Room(random, eye, take(before, eye, atlas()), before.lamp, conditions)
    pictures = [room.empty(float(random.uniform(0.7, 1.3))) for _ in range(5)]
    if not nudged:
        return tuple(pictures)
    height, width = pictures[0].shape[:2]
    nudge = cv2.getRotationMatrix2D(
        (width / 2, height / 2), float(random.normal(0, 0.7)), float(random.normal(1, 0.008))
    )
    nudge[:, 2] += random.normal(0, 1.2, 2)
    return tuple(
        np.asarray(cv2.warpAffine(picture, nudge, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)
        for picture in pictures
    )


def _whether(random: Random, said: bool | None, often: float) -> bool:
    drawn = bool(random.random() < often)
    return drawn if said is None else said


def _low(now: Capsules, story: Story) -> bool:
    hips, top = (now.start[0] + now.end[0]) / 2, max(float(now.start[:, 2].max()), float(now.end[:, 2].max()))
    if hips[2] > _ON_FLOOR_M[0] or top > _ON_FLOOR_M[1]:
        return False
    return not any(
        box.near(float(hips[0]), float(hips[1])) < 0.05 and hips[2] > box.middle[2] for box in story.furniture
    )


def _box(mask: NDArray[np.uint8]) -> Box | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    return Box(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)
