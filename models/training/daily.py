"""Daily life: what people in a home do in a few seconds, weighted towards what looks like a fall for a moment."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.training.anatomy import Random
from models.training.postures import Posture, lying, posture
from models.training.script import Step


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does: its steps, and what he has with him (a name of `things.THINGS`)."""

    steps: list[Step]
    thing: str = ""


def upright(random: Random) -> Posture:
    """Standing, as often stooped as not."""
    return posture(str(random.choice(["stand", "stoop"])), random)


def arrive(random: Random, longest_s: float = 4.0) -> list[Step]:
    """Walks in or just stands, for up to `longest_s` seconds."""
    walk = float(random.uniform(0.25, 1.3)) if random.random() < 0.6 else 0.0
    steps = [Step(upright(random), 0.0, float(random.uniform(0.3, longest_s)), walk)]
    if random.random() < 0.25:
        steps.append(Step(upright(random), random.uniform(0.4, 1.2), random.uniform(0, 0.6), turn=random.normal(0, 80)))
    return steps


def seat_of(random: Random) -> str:
    """What one sits on."""
    return str(random.choice(["chair", "chair", "armchair", "sofa", "bedside", "wheelchair"]))


def _walk(random: Random) -> Act:
    return Act([Step(upright(random), 0.0, 9.0, float(random.uniform(0.25, 1.5)))])


def _with(thing: str) -> Callable[[Random], Act]:
    def act(random: Random) -> Act:
        first = Step(posture("hold", random), 0.0, random.uniform(1.5, 5.0), random.uniform(0.15, 0.8))
        turned = Step(
            posture("hold", random), random.uniform(0.8, 1.6), random.uniform(0, 0.5), turn=random.normal(0, 60)
        )
        return Act([first, turned, Step(posture("hold", random), 0.3, 6.0, random.uniform(0.15, 0.8))], thing)

    return act


def _wheeled(random: Random) -> Act:
    pace = random.uniform(0.2, 1.1)
    names = random.choice(["sit", "sit", "sit_lean"], 3)
    steps = [
        Step(posture(str(n), random), 0.6, random.uniform(0.8, 2.5), pace, turn=random.normal(0, 30), rests=True)
        for n in names
    ]
    return Act(steps, "wheelchair")


def _fidget(random: Random) -> Act:
    names = random.choice(["stand", "stoop", "reach", "hold"], 6)
    return Act([Step(posture(str(n), random), random.uniform(0.3, 1.4), random.uniform(0, 1.2)) for n in names])


def _exercise(random: Random) -> Act:
    pair = [str(n) for n in random.permutation(["stand", "reach", "squat", "bend", "stoop"])[:2]]
    pace = random.uniform(0.35, 1.1)
    return Act([Step(posture(pair[n % 2], random), pace, random.uniform(0, 0.3)) for n in range(12)])


def _sit_down(random: Random) -> Act:
    whole, steps = random.uniform(0.5, 2.2), arrive(random)
    seat = seat_of(random)
    if random.random() < 0.7:
        steps.append(Step(posture("sit_lean", random), whole * 0.6, 0.0))
    steps.append(Step(posture("sit", random), whole * 0.5, random.uniform(0.4, 3.0), seat=seat))
    if random.random() < 0.4:
        lean = posture(str(random.choice(["sit_lean", "tie"])), random)
        steps.append(Step(lean, random.uniform(0.4, 1.2), random.uniform(0, 1.5), rests=True, seat=seat))
    if random.random() < 0.35:
        steps.append(Step(upright(random), random.uniform(0.7, 1.8), 1.0, random.uniform(0, 0.8)))
    return Act(steps)


def _drop_on_sofa(random: Random) -> Act:
    steps = arrive(random, 3.0)
    steps.append(Step(posture("sit", random), random.uniform(0.35, 0.7), 0.0, back=0.1, seat="sofa"))
    rest = posture("recline", random) | {"support": 0.4}
    steps.append(Step(rest, random.uniform(0.25, 0.8), random.uniform(0.5, 3), rests=True, seat="sofa"))
    return Act(steps)


def _lie_on_sofa(random: Random) -> Act:
    steps = arrive(random, 2.5)
    steps.append(Step(posture("sit", random), random.uniform(0.7, 1.6), random.uniform(0, 0.5)))
    side = float(random.choice([-90, 90]))
    flat = posture(str(random.choice(["on_back", "on_side"])), random, 0.42)
    steps.append(Step(flat, random.uniform(0.7, 2.0), 4.0, turn=side, rests=True, seat="couch"))
    return Act(steps)


def _sitting(random: Random) -> Act:
    names = random.choice(["sit", "sit_lean", "sit", "tie"], 6)
    seat = seat_of(random)
    return Act(
        [
            Step(posture(str(n), random), random.uniform(0.5, 2.0), random.uniform(0.2, 1.5), rests=True, seat=seat)
            for n in names
        ]
    )


def _down_and_up(*names: str) -> Callable[[Random], Act]:
    def act(random: Random) -> Act:
        down = Step(posture(str(random.choice(names)), random), random.uniform(0.45, 1.8), random.uniform(0.1, 3.5))
        up = Step(upright(random), random.uniform(0.6, 1.6), 1.5, random.uniform(0, 0.9))
        return Act([*arrive(random), down, up])

    return act


def _kneel(random: Random) -> Act:
    first = Step(posture(str(random.choice(["squat", "bend"])), random), random.uniform(0.5, 1.5), 0.1)
    then = str(random.choice(["kneel", "all_fours", "all_fours", "sit_floor"]))
    crawl = random.uniform(0.1, 0.4) if then == "all_fours" and random.random() < 0.6 else 0.0
    low = Step(posture(then, random), random.uniform(0.5, 1.4), random.uniform(1, 4), crawl, rests=then == "sit_floor")
    return Act([*arrive(random, 2.5), first, low])


def _to_bed(random: Random) -> Act:
    bed, steps = float(random.uniform(0.38, 0.56)), arrive(random, 2.5)
    flat = posture(str(random.choice(["on_back", "on_side"])), random, bed)
    taken = random.uniform(0.9, 3.0)
    if random.random() < 0.75:
        steps.append(Step(posture("sit", random), random.uniform(0.6, 1.8), random.uniform(0.0, 1.0)))
        side = float(random.choice([-90, 90]))
        steps.append(Step(flat, taken, 4.0, turn=side, back=0.35, rests=True, seat="bed"))
    else:  # lets himself fall on it backwards, across or along
        steps.append(Step(flat, taken * 0.6, 4.0, back=random.uniform(0.2, 0.5), rests=True, seat="bed"))
    return Act(steps, "blanket" if random.random() < 0.35 else "")


def _in_bed(random: Random) -> Act:
    bed = float(random.uniform(0.38, 0.56))
    names = random.choice(["on_back", "on_side"], 4)
    steps = [
        Step(posture(str(n), random, bed), random.uniform(0.8, 2), random.uniform(0.3, 2), rests=True, seat="bed")
        for n in names
    ]
    return Act(steps, "blanket" if random.random() < 0.6 else "")


def _to_floor(random: Random) -> Act:
    middle = str(random.choice(["squat", "kneel", "sit_floor", "all_fours"]))
    steps = [
        *arrive(random, 2.0),
        Step(posture(middle, random), random.uniform(0.9, 1.9), random.uniform(0.3, 1.0)),
        Step(lying(random), random.uniform(1.7, 3.3), 4.0, rests=True),
    ]
    return Act(steps)


def _get_up(random: Random) -> Act:
    start = str(random.choice(["sit", "floor", "squat", "bed", "bed"]))
    bed = float(random.uniform(0.38, 0.56))
    seat = {"sit": seat_of(random), "bed": "bed"}.get(start, "")
    steps = [Step(_begin(start, bed, random), 0.0, random.uniform(0.8, 2.5), rests=True, seat=seat)]
    if start == "floor":
        steps.append(Step(posture(str(random.choice(["all_fours", "squat"])), random), random.uniform(1, 2.4), 0.3))
    if start == "bed":
        side = float(random.choice([-90, 90]))
        steps.append(Step(posture("sit", random), random.uniform(0.8, 2.0), 0.6, turn=side, back=-0.4, rests=True))
    return Act([*steps, Step(upright(random), random.uniform(0.7, 2.0), 3.0, random.uniform(0, 1.2))])


def _begin(start: str, bed: float, random: Random) -> Posture:
    if start == "floor":
        return lying(random)
    return posture("on_back", random, bed) if start == "bed" else posture(start, random)


# name -> (what, how often)
ACTS: dict[str, tuple[Callable[[Random], Act], float]] = {
    "walk": (_walk, 0.12),
    "walker": (_with("walker"), 0.04),
    "vacuum": (_with("vacuum"), 0.03),
    "wheelchair": (_wheeled, 0.03),
    "moves_chair": (_with("chair"), 0.02),
    "fidget": (_fidget, 0.04),
    "exercise": (_exercise, 0.05),
    "sit_down": (_sit_down, 0.15),
    "drop_on_sofa": (_drop_on_sofa, 0.06),
    "lie_on_sofa": (_lie_on_sofa, 0.03),
    "sitting": (_sitting, 0.05),
    "squat": (_down_and_up("squat", "crouch_low"), 0.08),
    "bend": (_down_and_up("bend", "lean_over"), 0.09),
    "kneel": (_kneel, 0.08),
    "to_bed": (_to_bed, 0.07),
    "in_bed": (_in_bed, 0.02),
    "to_floor": (_to_floor, 0.05),
    "get_up": (_get_up, 0.05),
}


def daily_act(random: Random, name: str | None = None) -> tuple[str, Act]:
    """One draw of the table, or one act of that name."""
    if name is None:
        names = list(ACTS)
        often = np.array([ACTS[one][1] for one in names])
        name = str(random.choice(names, p=often / often.sum()))
    return name, ACTS[name][0](random)
