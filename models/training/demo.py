"""The three demo clips: an empty room, a fall, and somebody who sits down and bends, as a camera would see them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("MUJOCO_GL", "egl")

import cv2
import mujoco
import numpy as np
from numpy.typing import NDArray

from models.training.anatomy import CLOTHS
from models.training.body import Body
from models.training.falls import FALLS, drop, let_go
from models.training.postures import Posture, between, posture, stride
from models.training.progress import say

RATE_HZ = 12.0
WIDTH, HEIGHT = 320, 240
CLIPS = Path(__file__).parents[2] / "tests" / "simulator" / "clips"
_LIES_S = 24.0
_SEED = 5
_NOISE = 1.6  # grey levels: a small sensor by daylight

_HEAD = f"""<visual><quality shadowsize="1024" offsamples="4"/><global offwidth="{WIDTH}" offheight="{HEIGHT}"/>
<headlight ambient=".5 .5 .5" diffuse=".3 .3 .3" specular="0 0 0"/></visual>
<asset><texture name="wood" type="2d" builtin="checker" width="128" height="128" rgb1=".62 .5 .38" rgb2=".56 .45 .34"/>
<material name="wood" texture="wood" texrepeat="14 14" reflectance="0"/></asset>"""
_ROOM = """<light pos="-.5 -1 4" dir=".15 .2 -1" cutoff="80" exponent="1" diffuse=".6 .6 .57" castshadow="true"/>
<camera name="wall" pos="-.4 -3.7 2.1" xyaxes="1 0 0 0 .36 .93" fovy="56"/>
<geom type="box" size="5 .05 1.5" pos="0 1.9 1.5" rgba=".82 .8 .72 1"/>
<geom type="box" size=".05 3 1.5" pos="3 0 1.5" rgba=".74 .78 .76 1"/>
<geom type="box" size="1 .45 .25" pos="1.85 1.35 .25" rgba=".45 .32 .22 1"/>
<geom type="box" size=".98 .43 .08" pos="1.85 1.35 .56" rgba=".85 .87 .93 1"/>
<geom type="box" size=".2 .35 .06" pos="2.55 1.35 .68" rgba=".95 .95 .95 1"/>
<geom type="box" size=".5 .02 .4" pos="-1.3 1.83 1.6" rgba=".55 .7 .85 1"/>
<geom type="box" size=".35 .2 .4" pos="-2.6 1.55 .4" rgba=".5 .36 .25 1"/>
<geom name="seat" type="box" size=".23 .22 .03" pos="-.2 .62 .43" rgba=".25 .4 .3 1"/>
<geom name="back" type="box" size=".23 .03 .3" pos="-.2 .85 .72" rgba=".25 .4 .3 1"/>
<geom type="box" size=".02 .02 .2" pos="-.4 .44 .2" rgba=".2 .15 .1 1"/>
<geom type="box" size=".02 .02 .2" pos="0 .44 .2" rgba=".2 .15 .1 1"/>
<geom type="box" size=".02 .02 .2" pos="-.4 .82 .2" rgba=".2 .15 .1 1"/>
<geom type="box" size=".02 .02 .2" pos="0 .82 .2" rgba=".2 .15 .1 1"/>"""
_COLOURS = {
    "skin": (0.86, 0.66, 0.54), "hair": (0.75, 0.75, 0.73), "top": (0.2, 0.28, 0.6),
    "trousers": (0.24, 0.2, 0.2), "shoes": (0.1, 0.08, 0.08),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """At `at` seconds the person is in `posture` at x, y (m), facing `facing` (degrees, 0 to the right)."""

    at: float
    posture: Posture
    x: float
    y: float
    facing: float


@dataclass(frozen=True, slots=True)
class Way:
    """Marks in order of time; in between one walks straight, turns and changes posture softly."""

    marks: tuple[Mark, ...]

    def at(self, moment: float) -> tuple[Posture, float, float, float]:
        """Posture, x, y and facing."""
        for first, second in pairwise(self.marks):
            if moment < second.at:
                share = max(0.0, (moment - first.at) / (second.at - first.at))
                posed = between(first.posture, second.posture, share)
                x, y = first.x + (second.x - first.x) * share, first.y + (second.y - first.y) * share
                speed = float(np.hypot(second.x - first.x, second.y - first.y)) / (second.at - first.at)
                if speed > 0.35:
                    posed = stride(posed, moment * (2.2 + 3.6 * speed), min(1.0, 0.35 + 0.7 * speed))
                return posed, x, y, first.facing + (second.facing - first.facing) * share
        last = self.marks[-1]
        return last.posture, last.x, last.y, last.facing


def render(folder: Path = CLIPS) -> None:
    """Write empty.mp4, fall.mp4 and sit_and_bend.mp4 into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, story in (("empty", _empty), ("sit_and_bend", _sit_and_bend), ("fall", _fall)):
        random = np.random.default_rng(_SEED)
        body = Body(random, _ROOM, _HEAD)
        _dress(body)
        path = folder / f"{name}.mp4"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), RATE_HZ, (WIDTH, HEIGHT))
        with mujoco.Renderer(body.model, HEIGHT, WIDTH) as renderer:
            count = 0
            for _ in story(body, random):
                mujoco.mj_camlight(body.model, body.pose)  # posing alone moves neither camera nor light
                renderer.update_scene(body.pose, "wall")
                writer.write(_through_a_sensor(renderer.render(), random))
                count += 1
        writer.release()
        say(f"{path}: {count / RATE_HZ:.1f} s, {path.stat().st_size / 1000:.0f} kB")


def _empty(body: Body, random: np.random.Generator) -> Iterator[None]:
    yield from _walked(body, Way((Mark(0, posture("stand", random), -9, 0, 0),)), 0, 20)


def _fall(body: Body, random: np.random.Generator) -> Iterator[None]:
    upright = posture("stand", random)
    path = Way((Mark(3, upright, -4.2, -0.2, 0), Mark(8, upright, 0.5, -0.2, 0)))
    falls_at = 7.0
    yield from _walked(body, path, 0, falls_at)
    let_go(body, path, falls_at)
    kind = next(kind for kind in FALLS if kind.name == "trip")
    for _ in drop(body, kind, random, int(_LIES_S * RATE_HZ), 1 / RATE_HZ, RATE_HZ):
        yield


def _sit_and_bend(body: Body, random: np.random.Generator) -> Iterator[None]:
    upright, seated = posture("stand", random), {**posture("sit", random), "pitch": 0.0}
    leaning, bent = posture("sit_lean", random), posture("bend", random)
    path = Way(
        (
            Mark(2.5, upright, -4.2, 0.0, 0),
            Mark(6.5, upright, -0.2, 0.15, 0),
            Mark(7.6, upright, -0.2, 0.25, -90),
            Mark(8.6, leaning, -0.2, 0.45, -90),
            Mark(9.4, seated, -0.2, 0.62, -90),
            Mark(14, seated, -0.2, 0.62, -90),
            Mark(15.2, leaning, -0.2, 0.5, -90),
            Mark(16.4, upright, -0.2, 0.2, -90),
            Mark(17.6, upright, 0.2, -0.1, -30),
            Mark(18.8, bent, 0.2, -0.1, -30),
            Mark(20.3, bent, 0.2, -0.1, -30),
            Mark(21.6, upright, 0.2, -0.1, -30),
            Mark(22.8, upright, 0.2, -0.1, -180),
            Mark(27, upright, -4.2, -0.1, -180),
        )
    )
    yield from _walked(body, path, 0, 28)


def _walked(body: Body, path: Way, first_s: float, last_s: float) -> Iterator[None]:
    for frame in range(int((last_s - first_s) * RATE_HZ)):
        body.put(*path.at(first_s + frame / RATE_HZ))
        yield


def _dress(body: Body) -> None:
    names = [body.model.geom(index).name for index in range(body.model.ngeom)]
    for index, cloth in zip([i for i, name in enumerate(names) if name.startswith("body")], CLOTHS, strict=True):
        body.model.geom_rgba[index] = (*_COLOURS[cloth], 1.0)
    floor = names.index("floor")
    body.model.geom_matid[floor] = body.model.material("wood").id


def _through_a_sensor(picture: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """With noise and a flicker of the mains light, as no two frames of a camera are the same."""
    light = 1.0 + float(random.normal(0, 0.004))
    seen = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR).astype(np.float32) * light
    seen += random.normal(0, _NOISE, picture.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)
