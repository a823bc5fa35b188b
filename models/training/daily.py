"""Daily life as scripts: postures, how long to take them and to stay, and walking in between."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from models.training.body import Body, Capsules
from models.training.postures import Posture, between, lying, posture, stride

Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Step:
    """Take `posture` within `take_s`, then stay for `stay_s`, walking on at `walk` m/s meanwhile."""

    posture: Posture
    take_s: float
    stay_s: float
    walk: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """A person's seconds in the picture, with the way he faces (degrees) and how much he turns (degrees/s)."""

    steps: tuple[Step, ...]
    facing: float
    turning: float
    phase: float

    def at(self, moment: float) -> tuple[Posture, float, float, float]:
        """Posture, x, y and facing `moment` seconds after the beginning."""
        facing = self.facing + self.turning * moment
        before, posed, way, begun = self.steps[0].posture, self.steps[0].posture, 0.0, 0.0
        walk = 0.0
        for step in self.steps:
            if moment < begun:
                break
            into = moment - begun
            posed = between(before, step.posture, into / step.take_s if step.take_s else 1.0)
            stayed = min(max(0.0, into - step.take_s), step.stay_s)
            way += step.walk * stayed
            walk = step.walk if 0 < stayed < step.stay_s else 0.0
            before = step.posture
            begun += step.take_s + step.stay_s
        if walk:
            posed = stride(posed, self.phase + moment * (2.2 + 3.6 * walk), min(1.0, 0.35 + 0.7 * walk))
        heading = np.radians(self.facing)
        return posed, way * float(np.cos(heading)), way * float(np.sin(heading)), facing


def _upright(random: Random) -> Posture:
    return posture(str(random.choice(["stand", "stand", "stand", "stoop"])), random)


def arrive(random: Random) -> list[Step]:
    """Walks in or just stands, for up to four seconds."""
    walk = float(random.uniform(0.25, 1.3)) if random.random() < 0.6 else 0.0
    return [Step(_upright(random), 0.0, float(random.uniform(0.4, 4.0)), walk)]


def _walk(random: Random) -> list[Step]:
    return [Step(_upright(random), 0.0, 9.0, float(random.uniform(0.25, 1.5)))]


def _fidget(random: Random) -> list[Step]:
    names = random.choice(["stand", "stoop", "reach"], 5)
    return [Step(posture(str(n), random), random.uniform(0.3, 1.4), random.uniform(0, 1.2)) for n in names]


def _sit_down(random: Random) -> list[Step]:
    whole, steps = random.uniform(0.5, 2.2), arrive(random)
    if random.random() < 0.7:
        steps.append(Step(posture("sit_lean", random), whole * 0.6, 0.0))
    seat = float(random.choice([0.0, 0.0, 0.1]))
    steps.append(Step(posture("sit", random, seat), whole * 0.5, random.uniform(0.4, 3.0)))
    if random.random() < 0.4:
        steps.append(Step(posture("sit_lean", random, seat), random.uniform(0.4, 1.2), random.uniform(0, 1.5)))
    if random.random() < 0.35:
        steps.append(Step(_upright(random), random.uniform(0.7, 1.8), 1.0, random.uniform(0, 0.8)))
    return steps


def _sitting(random: Random) -> list[Step]:
    names = random.choice(["sit", "sit_lean", "sit"], 6)
    return [Step(posture(str(n), random), random.uniform(0.5, 2.0), random.uniform(0.2, 1.5)) for n in names]


def _down_and_up(name: str) -> Callable[[Random], list[Step]]:
    def script(random: Random) -> list[Step]:
        down = Step(posture(name, random), random.uniform(0.45, 1.8), random.uniform(0.1, 3.5))
        up = Step(_upright(random), random.uniform(0.6, 1.6), 1.5, random.uniform(0, 0.9))
        return [*arrive(random), down, up]

    return script


def _kneel(random: Random) -> list[Step]:
    first = Step(posture(str(random.choice(["squat", "bend"])), random), random.uniform(0.5, 1.5), 0.1)
    then = str(random.choice(["kneel", "all_fours", "sit_floor"]))
    crawl = random.uniform(0.1, 0.35) if then == "all_fours" and random.random() < 0.5 else 0.0
    return [*arrive(random), first, Step(posture(then, random), random.uniform(0.5, 1.4), random.uniform(1, 4), crawl)]


def _to_bed(random: Random) -> list[Step]:
    bed, steps = float(random.uniform(0.35, 0.6)), arrive(random)
    if random.random() < 0.75:
        steps.append(Step(posture("sit", random), random.uniform(0.8, 1.8), random.uniform(0.0, 1.0)))
    return [
        *steps,
        Step(posture(str(random.choice(["on_back", "on_side"])), random, bed), random.uniform(1.1, 3.2), 4.0),
    ]


def _to_floor(random: Random) -> list[Step]:
    middle = str(random.choice(["squat", "kneel", "sit_floor", "all_fours"]))
    return [
        *arrive(random),
        Step(posture(middle, random), random.uniform(0.9, 1.9), random.uniform(0.3, 1.0)),
        Step(lying(random), random.uniform(1.7, 3.3), 4.0),
    ]


def _get_up(random: Random) -> list[Step]:
    start = str(random.choice(["sit", "floor", "squat", "bed"]))
    bed = float(random.uniform(0.35, 0.6))
    steps = [Step(_begin(start, bed, random), 0.0, random.uniform(0.8, 2.5))]
    if start == "floor":
        steps.append(Step(posture(str(random.choice(["all_fours", "squat"])), random), random.uniform(1, 2.4), 0.3))
    if start == "bed":
        steps.append(Step(posture("sit", random), random.uniform(0.8, 2.0), 0.6))
    return [*steps, Step(_upright(random), random.uniform(0.7, 2.0), 3.0, random.uniform(0, 1.2))]


def _begin(start: str, bed: float, random: Random) -> Posture:
    if start == "floor":
        return lying(random)
    return posture("on_back", random, bed) if start == "bed" else posture(start, random)


# name -> (script, how often): weighted towards what looks like a fall for a moment
SCRIPTS: dict[str, tuple[Callable[[Random], list[Step]], float]] = {
    "walk": (_walk, 0.15),
    "fidget": (_fidget, 0.06),
    "sit_down": (_sit_down, 0.2),
    "sitting": (_sitting, 0.05),
    "squat": (_down_and_up("squat"), 0.11),
    "bend": (_down_and_up("bend"), 0.13),
    "kneel": (_kneel, 0.1),
    "to_bed": (_to_bed, 0.08),
    "to_floor": (_to_floor, 0.06),
    "get_up": (_get_up, 0.06),
}


def daily_script(random: Random) -> tuple[str, Script]:
    """One draw of the table."""
    names = list(SCRIPTS)
    weights = np.array([SCRIPTS[name][1] for name in names])
    name = str(random.choice(names, p=weights / weights.sum()))
    return name, as_script(SCRIPTS[name][0](random), random)


def as_script(steps: list[Step], random: Random) -> Script:
    """Steps with a way to face."""
    turning = float(random.normal(0, 12)) if random.random() < 0.4 else 0.0
    return Script(tuple(steps), float(random.uniform(0, 360)), turning, float(random.uniform(0, 6)))


def play(body: Body, script: Script, length_s: float, rate_hz: float) -> Iterator[Capsules]:
    """The body at each frame of the script."""
    for frame in range(int(length_s * rate_hz)):
        body.put(*script.at(frame / rate_hz))
        yield body.capsules()
