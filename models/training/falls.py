"""Falls by physics: a posture, a push, and muscles that give way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import mujoco
import numpy as np

from models.training.body import HINGES, Body, Capsules, Floats, quaternion
from models.training.daily import Random, Step, arrive, as_script
from models.training.postures import Posture, posture

LOW_M = 0.75  # head and shoulders below this at the end, or it was no fall
_SEAT = '<body name="seat" mocap="true" pos="0 0 -5"><geom name="seat" type="box" size=".22 .22 .21"/></body>'
_BED = '<body name="bed" mocap="true" pos="0 0 -5"><geom name="bed" type="box" size="1 .45 .22"/></body>'


class Moves(Protocol):
    """Where a person is, and how, at any moment."""

    def at(self, moment: float) -> tuple[Posture, float, float, float]:
        """Posture, x, y and facing."""


@dataclass(frozen=True, slots=True)
class FallKind:
    """How a fall begins; pushes in m/s² on the chest (forward, sideways, each a range), `feet` the other way."""

    name: str
    often: float
    start: str  # upright, sit or bed
    forward: tuple[float, float]
    sideways: tuple[float, float]
    feet: float
    knees: bool = False  # they buckle
    hands: float = 0.0  # how often the arms go out
    push_s: tuple[float, float] = (0.15, 0.4)
    tone: tuple[float, float] = (80, 250)  # stiffness at first, N m/rad
    tone_left: tuple[float, float] = (0, 15)
    gives_way_s: tuple[float, float] = (0.1, 0.5)


FALLS: tuple[FallKind, ...] = (
    FallKind(
        "faint", 0.14, "upright", (-0.8, 0.8), (-0.8, 0.8), 0.0, knees=True, tone_left=(0, 3), gives_way_s=(0.03, 0.2)
    ),
    FallKind("buckle", 0.13, "upright", (-1, 1), (-1, 1), 0.0, knees=True, tone=(100, 250), gives_way_s=(0.3, 0.9)),
    FallKind("trip", 0.16, "upright", (2.4, 5), (-0.8, 0.8), 1.4, hands=0.6),
    FallKind("slip", 0.12, "upright", (-4.6, -2), (-0.8, 0.8), 1.6),
    FallKind("left", 0.09, "upright", (-0.6, 0.6), (2.2, 5), 1.0, hands=0.5),
    FallKind("right", 0.09, "upright", (-0.6, 0.6), (-5, -2.2), 1.0, hands=0.5),
    FallKind("chair", 0.16, "sit", (0.6, 4.6), (-4.5, 4.5), 0.0, hands=0.4, push_s=(0.3, 0.6), tone=(60, 200)),
    FallKind(
        "slide", 0.06, "sit", (1.5, 3), (-0.6, 0.6), -1.2, push_s=(0.5, 0.9), tone=(40, 120), gives_way_s=(0.3, 0.8)
    ),
    FallKind("bed", 0.05, "bed", (-0.3, 0.3), (2.4, 4), 0.0, push_s=(0.4, 0.6), tone=(40, 120), gives_way_s=(0.2, 0.6)),
)


@dataclass(frozen=True, slots=True)
class Fall:
    """A simulated fall: the body in each frame, when it began and when the body was down (seconds)."""

    kind: str
    frames: tuple[Capsules, ...]
    begun_s: float
    down_s: float


def fall(random: Random, length_s: float, rate_hz: float) -> Fall | None:
    """One draw of the table, or None where the body did not end on the floor (it stays on the chair, it blew up)."""
    weights = np.array([kind.often for kind in FALLS])
    kind = FALLS[int(random.choice(len(FALLS), p=weights / weights.sum()))]
    body = Body(random, _SEAT + _BED)
    script = as_script(_before(kind, random), random)
    begun = sum(step.take_s + step.stay_s for step in script.steps)
    frames: list[Capsules] = []
    while len(frames) / rate_hz < begun:
        body.put(*script.at(len(frames) / rate_hz))
        frames.append(body.capsules())
    let_go(body, script, begun)
    _furnish(body, kind, script.at(begun)[3])
    frames += drop(body, kind, random, int(length_s * rate_hz) - len(frames), len(frames) / rate_hz - begun, rate_hz)
    return _judged(kind.name, frames, begun, rate_hz) if np.isfinite(body.pose.qpos).all() else None


def _before(kind: FallKind, random: Random) -> list[Step]:
    if kind.start == "upright":
        return arrive(random)
    if kind.start == "bed":
        bed = float(random.uniform(0.4, 0.6))
        return [Step(posture("on_back", random, bed), 0.0, float(random.uniform(1.4, 3.5)))]
    first, second = posture("sit", random), posture("sit", random)
    return [Step(first, 0.0, 0.5), Step(second, 1.0, float(random.uniform(0.2, 2.5)))]


def let_go(body: Body, script: Moves, at: float) -> None:
    """Hand the body over to physics with the speed that it has."""
    body.put(*script.at(at - 0.05))
    before = body.pose.qpos.copy()
    body.put(*script.at(at))
    now = body.pose.qpos.copy()
    speed = np.zeros(body.model.nv)
    mujoco.mj_differentiatePos(body.model, speed, 0.05, before, now)
    mujoco.mj_resetData(body.model, body.pose)
    body.pose.qpos[:] = now
    body.pose.qpos[2] += 0.005
    body.pose.qvel[:] = np.clip(speed, -6, 6)


def _furnish(body: Body, kind: FallKind, facing: float) -> None:
    """Put the seat or the bed under the body."""
    x, y, z = body.pose.qpos[:3]
    if kind.start == "sit":
        ahead = np.array([np.cos(np.radians(facing)), np.sin(np.radians(facing))])
        seat = body.model.body("seat").mocapid[0]
        top = max(0.1, float(z) - 0.16 * body.scale)
        body.pose.mocap_pos[seat] = (x - 0.12 * ahead[0], y - 0.12 * ahead[1], top - 0.21)
        body.pose.mocap_quat[seat] = quaternion(facing, 0, 0)
    if kind.start == "bed":
        bed = body.model.body("bed").mocapid[0]
        body.pose.mocap_pos[bed] = (x, y, float(z) - 0.35)
        body.pose.mocap_quat[bed] = quaternion(facing, 0, 0)


def drop(body: Body, kind: FallKind, random: Random, count: int, first_s: float, rate_hz: float) -> Iterator[Capsules]:
    """The `count` frames of the fall itself, the first `first_s` seconds after it began."""
    model, state = body.model, body.pose
    chest, feet = model.body("chest").id, [model.body(f"shin_{side}").id for side in "lr"]
    turn = np.zeros(9)
    mujoco.mju_quat2Mat(turn, quaternion(_facing(state.qpos[3:7]), 0, 0))
    push = (
        turn.reshape(3, 3) @ np.array([random.uniform(*kind.forward), random.uniform(*kind.sideways), 0.0]) * body.mass
    )
    push_s, first, left, tau = (
        random.uniform(*pair) for pair in (kind.push_s, kind.tone, kind.tone_left, kind.gives_way_s)
    )
    goal = {hinge.name: float(state.qpos[at]) for hinge, at in zip(HINGES, body.angle_at, strict=True)}
    if kind.knees:
        goal |= {"knee_l": 1.25, "knee_r": 1.25}
    if random.random() < kind.hands:
        goal |= {"shoulder_l": 1.4, "shoulder_r": 1.4}
    moment, due, done = 0.0, first_s, 0
    while done < count:
        tone = left + (first - left) * float(np.exp(-moment / tau))
        for hinge, angle, speed in zip(HINGES, body.angle_at, body.speed_at, strict=True):
            state.qfrc_applied[speed] = tone * (goal[hinge.name] - state.qpos[angle] - 0.08 * state.qvel[speed])
        pushing = moment < push_s
        state.xfrc_applied[chest, :3] = push if pushing else 0.0
        for foot in feet:
            state.xfrc_applied[foot, :3] = -push * kind.feet / 3 if pushing else 0.0
        mujoco.mj_step(model, state)
        moment += float(model.opt.timestep)
        if moment >= due - 1e-9:
            yield body.capsules()
            due, done = due + 1 / rate_hz, done + 1


def _facing(quat: Floats) -> float:
    w, x, y, z = quat
    return float(np.degrees(np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))))


def _judged(name: str, frames: list[Capsules], begun: float, rate_hz: float) -> Fall | None:
    tops = np.array([max(float(now.start[:, 2].max()), float(now.end[:, 2].max())) for now in frames])
    before, after = float(tops[max(0, int(begun * rate_hz) - 2)]), float(tops[-8:].max())
    if after > LOW_M or before - after < 0.3:
        return None
    after_begin = np.arange(len(tops)) >= int(begun * rate_hz)
    down = np.flatnonzero(after_begin & (tops <= after + 0.2 * (before - after)))
    return Fall(name, tuple(frames), begun, float(down[0]) / rate_hz)
