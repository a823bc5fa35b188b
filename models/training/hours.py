"""Hours of an ordinary room in which nobody falls, and what the shipped eyes tell in them; streamed, never kept.

Each hour is a room of its own with its own camera, light and people: ``hour(seed, number)`` is always the same.
"""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from agent.camera_facts import CameraFacts, CameraView
from agent.vision.pipeline import open_pipeline
from models.training import light
from models.training.anatomy import Capsules, Random
from models.training.camera import Camera, look_at
from models.training.clips import atlas
from models.training.figure import Actor, Wardrobe
from models.training.home import RATE_HZ, Home, moves
from models.training.light import Change, Conditions
from models.training.plate import Interior, facing, take
from models.training.progress import Remaining, say
from models.training.room import Room, Stir

HOUR = int(3600 * RATE_HZ)
_AT_ONCE = 200  # frames
_COUNTED = ("fall", "low_on_floor")
_PER_WEEK = 7 * 24


@dataclass(frozen=True, slots=True)
class Hour:
    """What was told in one hour: (name, second) of each that counts, whether its camera looked down, learning in s."""

    number: int
    view: str
    told: tuple[tuple[str, float], ...]
    learning_s: float
    peopled_s: float


def hour(seed: int, number: int, frames: int = HOUR) -> tuple[Camera, Iterator[tuple[NDArray[np.uint8], bool]]]:
    """The camera of one room, and its frames with whether anybody is in it."""
    random = np.random.default_rng([seed, number, 3])
    home = Home.draw(random)
    high = float(random.uniform(2.4, 2.9))
    eye = _camera(random, home, high)
    corners = np.array([[0.0, 0.0], [home.wide, home.deep]])
    room = Interior.draw(random, corners, high, home.furniture, margin_m=0.0)
    room = facing(room, eye, random, "screen" if random.random() < 0.5 else "curtain")
    return eye, _frames(random, home, eye, room, frames)


def _frames(
    random: Random, home: Home, eye: Camera, room: Interior, frames: int
) -> Iterator[tuple[NDArray[np.uint8], bool]]:
    plate = take(room, eye, atlas())
    conditions = _day(random, frames)
    stage = Room(random, eye, plate, room.lamp, conditions, _stir(random, room, frames))
    people = moves(random, home)
    worn = [Wardrobe.draw(random, plate.colours) for _ in people]
    for first in range(0, frames, _AT_ONCE):
        count = min(_AT_ONCE, frames - first)
        seen: list[tuple[Capsules | None, ...]] = list(zip(*(islice(zip(*people, strict=True), count)), strict=True))
        actors = [Actor(tuple(now), wardrobe) for now, wardrobe in zip(seen, worn, strict=True)]
        for index, frame in enumerate(stage.frames(actors, count, first)):
            yield frame, any(now[index] is not None for now in seen)


def _camera(random: Random, home: Home, high: float) -> Camera:
    """In a corner, on a wall, on a shelf or on the ceiling, looking at the middle of the room."""
    place = str(random.choice(["corner", "corner", "wall", "shelf", "ceiling"]))
    wide, deep = home.wide, home.deep
    corner = [(0.1, deep - 0.1), (wide - 0.1, deep - 0.1), (wide - 0.1, 0.1)][int(random.integers(3))]
    wall = [(0.1, deep * 0.6), (wide - 0.1, deep * 0.4), (wide * 0.75, deep - 0.1)][int(random.integers(3))]
    x, y, z = {
        "corner": (*corner, min(high - 0.1, random.uniform(2.1, 2.7))),
        "wall": (*wall, random.uniform(1.3, 2.2)),
        "shelf": (*wall, random.uniform(0.7, 1.3)),
        "ceiling": (wide / 2 + random.normal(0, 0.3), deep / 2 + random.normal(0, 0.3), high - 0.08),
    }[place]
    target = np.array([wide / 2, deep / 2, random.uniform(0.5, 0.9)]) + random.normal(0, 0.15, 3)
    barrel = float(random.uniform(0.4, 1.0)) if place in {"ceiling", "corner"} else 0.0
    roll = float(random.uniform(-np.pi, np.pi)) if place == "ceiling" else float(random.normal(0, 0.02))
    size = (160, 120) if random.random() < 0.6 else (160, 90)
    return look_at(np.array([x, y, z]), target, roll, float(random.uniform(75, 105)), size, barrel)


def _day(random: Random, frames: int) -> Conditions:
    """Clouds, a lamp switched now and then, an exposure that follows; some rooms turn to night within the hour."""
    drawn = replace(light.draw(random, frames), drift=0.0, changes=(), infrared=False)
    lamp, day = max(drawn.lamp, 0.3), max(drawn.day, 0.15)
    changes: list[Change] = []
    on, at = True, 0.0
    while (at := at + random.exponential(700) * RATE_HZ) < frames:
        factor = random.uniform(0.05, 0.4)
        changes.append(Change("lamp", int(at), factor if on else 1 / factor))
        on = not on
    cloud, at = 1.0, 0.0
    while (at := at + random.exponential(120) * RATE_HZ) < frames:
        size = float(np.clip(random.uniform(0.55, 1.6), 0.5 / cloud, 1.6 / cloud))
        changes.append(Change("day", int(at), size, int(random.uniform(3, 60) * RATE_HZ)))
        cloud *= size
    if random.random() < 0.2:
        changes.append(Change("infrared", int(random.uniform(0.2, 0.9) * frames), 1.0))
    reaction = drawn.reaction or 0.1
    return replace(drawn, lamp=lamp, day=day, reaction=reaction, changes=tuple(changes))


def _stir(random: Random, room: Interior, frames: int) -> Stir:
    """The first pane is a television or a curtain; the bed is made once."""
    made = int(random.integers(frames)) if random.random() < 0.5 else 1 << 30
    if room.panes[0].cloth.pattern == "folds":
        return Stir(curtain=0, sway=float(random.uniform(0, 2)), linen_from=made)
    return Stir(television=0, cuts=float(random.uniform(0.02, 0.2)), linen_from=made)


def watch(seed: int, number: int, frames: int = HOUR) -> Hour:
    """One hour through the eyes as shipped, from a cold start."""
    os.nice(1)
    eye, shown = hour(seed, number, frames)
    eyes = open_pipeline("hours")
    eyes.use(CameraFacts("hours", view=CameraView(eye.view)))
    told: list[tuple[str, float]] = []
    learning = peopled = 0
    for index, (frame, somebody) in enumerate(shown):
        seen = eyes.feed(frame, index / RATE_HZ)
        told += [(one.name, one.at) for one in seen if one.name in _COUNTED and one.value]
        learning += eyes.state == "learning"
        peopled += somebody
    return Hour(number, eye.view, tuple(told), learning / RATE_HZ, peopled / RATE_HZ)


def measure(hours: int, seed: int, processes: int, frames: int = HOUR) -> list[Hour]:
    """So many hours, each in a room of its own."""
    remaining, done = Remaining(hours), []
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for one in pool.imap_unordered(partial(watch, seed, frames=frames), range(hours)):
            done.append(one)
            say(f"room {one.number} ({one.view}): {_words(one)}; {remaining.step()}")
    return done


def _words(one: Hour) -> str:
    told = ", ".join(f"{name} at {at:.1f} s" for name, at in one.told) or "nothing told"
    return f"{told}; somebody there for {one.peopled_s / 60:.0f} min, learning {one.learning_s:.0f} s"


def table(hours: Iterable[Hour], frames: int = HOUR) -> str:
    """How many false ones in how many hours, and what that is a week at most (95 %, Poisson)."""
    every = list(hours)
    whole = len(every) * frames / HOUR
    peopled, learning = sum(one.peopled_s for one in every) / 3600, sum(one.learning_s for one in every)
    lines = [f"{whole:.1f} h in {len(every)} rooms, somebody there for {peopled:.1f} h, learning {learning:.0f} s"]
    for name in _COUNTED:
        count = sum(told == name for one in every for told, _ in one.told)
        most = _most(count) / whole * _PER_WEEK
        lines.append(f"  {name:14s} {count:3d} false: {count / whole:.2f} an hour, at most {most:.0f} a week (95 %)")
    return "\n".join(lines)


def _most(count: int) -> float:
    """The mean below which so few are seen in one case of twenty."""
    low, high = 0.0, count * 3.0 + 10.0
    for _ in range(60):
        mean = (low + high) / 2
        term, total = np.exp(-mean), 0.0
        for n in range(count + 1):
            total += term
            term *= mean / (n + 1)
        low, high = (mean, high) if total > 0.05 else (low, mean)
    return high
