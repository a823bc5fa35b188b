"""Falls by physics: a posture, a push, and muscles that give way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import mujoco
import numpy as np

from models.training.anatomy import HINGES, Capsules, Floats, Random
from models.training.body import Body, quaternion
from models.training.daily import Act, arrive, upright
from models.training.furniture import SEATS, Box3, bed, chair, put, sofa
from models.training.postures import Posture, posture
from models.training.script import Playing, Script, Seat, Step, play

_LOW_M, _HIPS_M = 0.75, 0.45  # head and hips below this at the end, or it was no fall
_LEAST_DROP_M = 0.3
_TRIES = 8
_GRAVITY = 9.81


class Moves(Protocol):
    """Where a person is, and how, at any moment."""

    def at(self, moment: float) -> tuple[Posture, float, float, float]:
        """Posture, x, y and facing."""


@dataclass(frozen=True, slots=True)
class FallKind:
    """How a fall begins; pushes in m/s² on the chest (forward, sideways, each a range), `feet` the other way."""

    name: str
    often: float
    start: str  # upright, stumble, hold, sit, wheelchair, rise, bed or bedside
    forward: tuple[float, float]
    sideways: tuple[float, float]
    feet: float
    knees: bool = False  # they buckle
    hands: float = 0.0  # how often the arms go out
    hips: float = 0.0  # share of the push that takes the pelvis, not the chest
    push_s: tuple[float, float] = (0.15, 0.4)
    tone: tuple[float, float] = (80, 250)  # stiffness at first, N m/rad
    tone_left: tuple[float, float] = (0, 15)
    gives_way_s: tuple[float, float] = (0.1, 0.5)
    carried: tuple[float, float] = (0.0, 0.0)  # share of the weight that a hand on furniture carries at first
    lands: str = ""  # the posture in which it ends by itself, without physics: on the knees, sitting


_PUSHED = FallKind("trip", 0.09, "upright", (2.4, 5), (-0.8, 0.8), 1.4, hands=0.6)
_BUCKLES = FallKind(
    "buckle", 0.09, "upright", (-1, 1), (-1, 1), 0.0, knees=True, tone=(100, 250), gives_way_s=(0.3, 0.9)
)
_WEAK = FallKind(
    "slide",
    0.05,
    "sit",
    (1.5, 3.2),
    (-0.6, 0.6),
    -1.0,
    hips=0.6,
    push_s=(0.5, 0.9),
    tone=(40, 120),
    gives_way_s=(0.2, 0.7),
)
FALLS: tuple[FallKind, ...] = (
    replace(_BUCKLES, name="faint", often=0.1, tone_left=(0, 3), gives_way_s=(0.03, 0.2)),
    _BUCKLES,
    _PUSHED,
    replace(_PUSHED, name="stumble", often=0.05, start="stumble", forward=(1.5, 4), sideways=(-1.5, 1.5), feet=0.8),
    replace(_PUSHED, name="slip", forward=(-4.6, -2), feet=1.6, hands=0.0),
    replace(_PUSHED, name="back", forward=(-3.2, -1.2), feet=0.3, hands=0.0, tone=(120, 300), gives_way_s=(0.3, 1.0)),
    replace(_PUSHED, name="left", often=0.07, forward=(-0.6, 0.6), sideways=(2.2, 5), feet=1.0),
    replace(_PUSHED, name="right", often=0.07, forward=(-0.6, 0.6), sideways=(-5, -2.2), feet=1.0),
    replace(_PUSHED, name="walker", often=0.05, start="hold", forward=(-2.5, 4), sideways=(-4, 4), feet=0.6, hands=0.3),
    replace(_BUCKLES, name="rise", often=0.08, start="rise", forward=(-3, 3), sideways=(-3, 3)),
    FallKind("chair", 0.09, "sit", (0.6, 4.6), (-4.5, 4.5), 0.0, hands=0.4, push_s=(0.3, 0.6), tone=(60, 200)),
    _WEAK,
    replace(_WEAK, name="wheelchair", often=0.04, start="wheelchair", forward=(1.5, 4.5), sideways=(-2.5, 2.5)),
    replace(_WEAK, name="bed", start="bed", forward=(-0.3, 0.3), sideways=(2.4, 4.5), feet=-0.8, hips=0.5),
    replace(_WEAK, name="bedside", start="bedside", forward=(1.2, 4), sideways=(-2, 2), feet=0.0, hips=0.4),
    replace(_BUCKLES, name="sits_back", often=0.06, forward=(-3, -1), tone=(120, 280), gives_way_s=(0.5, 1.2)),
    replace(_BUCKLES, name="knees_first", often=0.05, forward=(2, 4.5), sideways=(-1.5, 1.5), feet=0.2, hands=0.8),
    replace(_BUCKLES, name="slow", often=0.05, carried=(0.35, 0.6)),
    replace(_BUCKLES, name="kneels", often=0.02, lands="kneel"),
    replace(_BUCKLES, name="seated", often=0.05, lands="sit_floor"),
)


@dataclass(frozen=True, slots=True)
class Fall:
    """A simulated fall: the body in each frame, when it began and the body was down (seconds), what stood there."""

    kind: str
    frames: tuple[Capsules, ...]
    begun_s: float
    down_s: float
    furniture: tuple[Box3, ...]
    thing: str


def fall(random: Random, length_s: float, rate_hz: float, name: str | None = None) -> Fall | None:
    """One draw of the table, or of the kind `name`; None where no try ended on the floor (it stayed on the chair)."""
    often = np.array([kind.often for kind in FALLS])
    drawn = FALLS[int(random.choice(len(FALLS), p=often / often.sum()))]
    kind = next((kind for kind in FALLS if kind.name == name), drawn)
    for _ in range(_TRIES):
        done = _try(kind, random, length_s, rate_hz)
        if done is not None:
            return done
    return None


def _try(kind: FallKind, random: Random, length_s: float, rate_hz: float) -> Fall | None:
    act = _before(kind, random)
    script = Script.of(act.steps, random, None if kind.start in {"upright", "hold"} else 0.0)
    begun = script.length_s
    if kind.lands:
        script = replace(script, steps=(*script.steps, *_landing(kind, random)))
        frames = play(Playing(Body(random), script), int(length_s * rate_hz), rate_hz).frames
        return _judged(kind, list(frames), begun, rate_hz, (), act.thing)
    playing = Playing(Body(random), script)
    count = int(np.ceil(begun * rate_hz - 1e-9))
    before = play(playing, count, rate_hz)
    stands = [stand(seat, random) for seat in before.seats]
    furniture, solid = [box for one, _ in stands for box in one], [box for _, one in stands for box in one]
    playing.body = body = Body(random, _as_xml(solid), stature=playing.body.stature)
    let_go(body, playing, begun)
    rest = int(length_s * rate_hz) - count
    frames = [*before.frames, *drop(body, kind, random, rest, count / rate_hz - begun, rate_hz)]
    if not np.isfinite(body.pose.qpos).all():
        return None
    return _judged(kind, frames, begun, rate_hz, tuple(furniture), act.thing)


def _before(kind: FallKind, random: Random) -> Act:
    if kind.start in _SEATED:
        kinds = _SEATED[kind.start]
        seat = str(random.choice(kinds))
        first, second = posture("sit", random), posture("sit", random)
        steps = [
            Step(first, 0.0, random.uniform(0.1, 1.0), rests=True, seat=seat),
            Step(second, 1.0, float(random.uniform(0.0, 2.0)), rests=True, seat=seat),
        ]
        if kind.start == "rise":
            steps.append(Step(upright(random), random.uniform(0.8, 2.0), random.uniform(0.0, 0.8)))
        return Act(steps, "wheelchair" if seat == "wheelchair" else "")
    if kind.start == "bed":
        top = float(random.uniform(0.38, 0.56))
        flat = [posture(str(name), random, top) for name in random.choice(["on_back", "on_back", "on_side"], 2)]
        stays = random.uniform(0.2, 1.2, 2)
        return Act([Step(one, n * 1.2, stays[n], rests=True, seat="bed") for n, one in enumerate(flat)])
    if kind.start == "hold":
        held = Step(posture("hold", random), 0.0, random.uniform(0.3, 3.5), random.uniform(0.1, 0.7))
        return Act([held], "walker")
    steps = [Step(upright(random), 0.0, random.uniform(0.0, 3.5), _pace(random))]
    if random.random() < 0.2:
        steps = arrive(random, 2.0)
    if kind.start == "stumble":
        steps.append(Step(posture("stoop", random), 0.15, random.uniform(0.2, 0.7), random.uniform(1.0, 1.7)))
    return Act(steps)


def _landing(kind: FallKind, random: Random) -> list[Step]:
    """Down within less than a second, a little further as the body settles, and there it stays."""
    down, rest = posture(kind.lands, random), posture(kind.lands, random)
    settled = {joint: 0.7 * angle + 0.3 * rest[joint] for joint, angle in down.items()}
    seated = kind.lands == "sit_floor"
    back = float(random.uniform(0.1, 0.4)) if seated else 0.0
    return [
        Step(down, float(random.uniform(0.4, 0.75)), 0.0, back=back, rests=seated),
        Step(settled, float(random.uniform(0.4, 1.0)), 9.0, rests=True),
    ]


_SEATED = {
    "sit": ("chair", "chair", "armchair", "sofa"),
    "wheelchair": ("wheelchair",),
    "bedside": ("bedside",),
    "rise": ("chair", "armchair", "bedside", "bedside", "wheelchair"),
}


def _pace(random: Random) -> float:
    return float(random.uniform(0.2, 1.3)) if random.random() < 0.6 else 0.0


def stand(seat: Seat, random: Random) -> tuple[list[Box3], list[Box3]]:
    """The furniture that belongs under `seat` (none for a wheelchair: it is a thing), and what of it bears a body."""
    ahead = np.radians(seat.facing)
    if seat.kind == "bedside":
        back = 0.28  # from the edge of a bed, where one sits, to its middle
        boxes = put(
            bed(random, seat.top), seat.x - back * np.cos(ahead), seat.y - back * np.sin(ahead), seat.facing + 90
        )
    elif seat.kind == "couch":  # somebody lies along it
        boxes = put(sofa(random, seat.top), seat.x, seat.y, seat.facing + 90)
    elif seat.kind == "wheelchair":
        return [], put(chair(random, seat.top), seat.x, seat.y, seat.facing)[:2]
    else:
        boxes = put(SEATS[seat.kind](random, seat.top), seat.x, seat.y, seat.facing)
    return boxes, boxes[: 1 if seat.kind in {"bed", "bedside"} else 2]


def _as_xml(boxes: Sequence[Box3]) -> str:
    return "".join(
        f'<geom type="box" pos="{box.middle[0]:.4f} {box.middle[1]:.4f} {box.middle[2]:.4f}" '
        f'size="{box.half[0]:.4f} {box.half[1]:.4f} {box.half[2]:.4f}" euler="0 0 {box.yaw:.3f}"/>'
        for box in boxes
    )


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


def drop(body: Body, kind: FallKind, random: Random, count: int, first_s: float, rate_hz: float) -> Iterator[Capsules]:
    """The `count` frames of the fall itself, the first `first_s` seconds after it began."""
    model, state = body.model, body.pose
    chest, hips = model.body("chest").id, model.body("pelvis").id
    feet = [model.body(f"shin_{side}").id for side in "lr"]
    push = _push(body, kind, random)
    push_s, first, left, tau, carried = (
        random.uniform(*pair) for pair in (kind.push_s, kind.tone, kind.tone_left, kind.gives_way_s, kind.carried)
    )
    carried_s = random.uniform(0.8, 2.0)
    goal = _goal(body, kind, random)
    angles, speeds = np.array(body.angle_at), np.array(body.speed_at)
    up = np.array([0.0, 0.0, carried * body.mass * _GRAVITY])
    moment, due, done = 0.0, first_s, 0
    while done < count:
        tone = left + (first - left) * float(np.exp(-moment / tau))
        state.qfrc_applied[speeds] = tone * (goal - state.qpos[angles] - 0.08 * state.qvel[speeds])
        pushing = 1.0 if moment < push_s else 0.0
        state.xfrc_applied[chest, :3] = push * (pushing * (1 - kind.hips)) + up * max(0.0, 1 - moment / carried_s)
        state.xfrc_applied[hips, :3] = push * (pushing * kind.hips)
        for foot in feet:
            state.xfrc_applied[foot, :3] = push * (-pushing * kind.feet / 3)
        mujoco.mj_step(model, state)
        moment += float(model.opt.timestep)
        if moment >= due - 1e-9:
            yield body.capsules()
            due, done = due + 1 / rate_hz, done + 1


def _push(body: Body, kind: FallKind, random: Random) -> Floats:
    turn = np.zeros(9)
    mujoco.mju_quat2Mat(turn, quaternion(_facing(body.pose.qpos[3:7]), 0, 0))
    aside = random.uniform(*kind.sideways)
    if kind.start == "bed" and random.random() < 0.5:
        aside = -aside
    return turn.reshape(3, 3) @ np.array([random.uniform(*kind.forward), aside, 0.0]) * body.mass


def _goal(body: Body, kind: FallKind, random: Random) -> Floats:
    """The angles (radians) that the muscles hold: those of the moment, but for knees that buckle and hands put out."""
    goal = {hinge.name: float(body.pose.qpos[at]) for hinge, at in zip(HINGES, body.angle_at, strict=True)}
    if kind.knees:
        goal |= {"knee_l": 1.25, "knee_r": 1.25}
    if random.random() < kind.hands:
        goal |= {"shoulder_l": 1.4, "shoulder_r": 1.4}
    return np.array([goal[hinge.name] for hinge in HINGES])


def _facing(quat: Floats) -> float:
    w, x, y, z = quat
    return float(np.degrees(np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))))


def _judged(
    kind: FallKind, frames: list[Capsules], begun: float, rate_hz: float, furniture: tuple[Box3, ...], thing: str
) -> Fall | None:
    tops = np.array([max(float(now.start[:, 2].max()), float(now.end[:, 2].max())) for now in frames])
    hips = float(frames[-1].start[0, 2])
    before, after = float(tops[max(0, int(begun * rate_hz) - 2)]), float(tops[-8:].max())
    lying = kind.lands or (after <= _LOW_M and hips <= _HIPS_M)
    if not lying or before - after < _LEAST_DROP_M:
        return None
    after_begin = np.arange(len(tops)) >= int(begun * rate_hz)
    down = np.flatnonzero(after_begin & (tops <= after + 0.2 * (before - after)))
    return Fall(kind.name, tuple(frames), begun, float(down[0]) / rate_hz, furniture, thing)
