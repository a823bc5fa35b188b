"""An ordinary room for an hour: where things stand in it, and the people who come, sit, lie, tidy up and leave."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from models.training.anatomy import Capsules, Random
from models.training.body import Body
from models.training.daily import upright
from models.training.furniture import Box3, armchair, bed, chair, put, sofa, table
from models.training.postures import Posture, posture
from models.training.script import Playing, Script, Step

RATE_HZ = 10.0
_SITS_BACK_M = 0.4  # how far the pelvis goes back when one sits down
_OUTSIDE_M = 0.8  # beyond the door


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can sit: the middle of the seat, and which way one faces there (degrees)."""

    x: float
    y: float
    facing: float

    @property
    def before(self) -> tuple[float, float]:
        """Where to stand to sit down."""
        ahead = np.radians(self.facing)
        return self.x + _SITS_BACK_M * float(np.cos(ahead)), self.y + _SITS_BACK_M * float(np.sin(ahead))


@dataclass(slots=True)
class Home:
    """A room: its size in metres from 0, 0; its furniture, seats, bedside and door; where its people are now."""

    wide: float
    deep: float
    furniture: list[Box3]
    seats: list[Place]
    bedside: Place
    bed_top: float
    door: tuple[float, float]
    people: dict[str, tuple[float, float]] = field(default_factory=dict)

    @staticmethod
    def draw(random: Random) -> "Home":
        """A bed along one wall, an armchair, a chair at a table, a sofa if there is room, a door."""
        wide, deep = float(random.uniform(3.6, 5.4)), float(random.uniform(3.2, 4.6))
        top, seat = float(random.uniform(0.4, 0.5)), float(random.uniform(0.4, 0.46))
        boxes = put(bed(random, top), 1.15, 0.65, 0.0)
        seats = [Place(wide - 0.6, 0.7, float(random.uniform(90, 170)))]
        boxes += put(armchair(random, seat), seats[0].x, seats[0].y, seats[0].facing)
        seats.append(Place(wide - 0.7, deep - 0.9, 180.0))
        boxes += put(chair(random, seat), seats[1].x, seats[1].y, 180.0)
        if random.random() < 0.6:
            boxes += put(table(random), wide - 0.4, deep * 0.5 + 0.2, 90.0)
        if wide > 4.4:
            seats.append(Place(0.55, deep - 1.1, 0.0))
            boxes += put(sofa(random, seat, 0.7), 0.55, deep - 1.1, 0.0)
        return Home(wide, deep, boxes, seats, Place(1.15, 0.93, 90.0), top, (wide * 0.45, deep))

    def somewhere(self, random: Random) -> tuple[float, float]:
        """A free point of the floor."""
        return float(random.uniform(1.2, self.wide - 1.2)), float(random.uniform(1.5, self.deep - 0.6))


@dataclass(slots=True)
class _Person:
    """Somebody on his feet: where, which way he faces, how he holds himself."""

    random: Random
    body: Body
    home: Home
    name: str
    x: float
    y: float
    facing: float
    posed: Posture

    def walk_to(self, target: tuple[float, float]) -> list[Step]:
        """Turn that way and go there."""
        x, y = target[0] - self.x, target[1] - self.y
        steps = self.turn_to(float(np.degrees(np.arctan2(y, x))))
        pace = float(self.random.uniform(0.3, 1.1))
        walks = Step(upright(self.random), 0.3, float(np.hypot(x, y)) / pace, pace)
        self.x, self.y = target
        return [*steps, walks]

    def turn_to(self, facing: float) -> list[Step]:
        """Turn on the spot."""
        turn = (facing - self.facing + 180) % 360 - 180
        self.facing = facing
        return [Step(upright(self.random), 0.3 + abs(turn) / 180, 0.0, turn=turn)]

    def live(self, steps: list[Step], facing: float, x: float, y: float) -> Iterator[Capsules]:
        """The steps, from x, y and `facing` on; afterwards he is where they led him."""
        script = Script((Step(self.posed, 0.0, 0.0, rests=True), *steps), facing, 0.0, float(self.random.uniform(0, 6)))
        playing = Playing(self.body, script, x, y)
        for frame in range(max(1, int(script.length_s * RATE_HZ))):
            self.posed, self.x, self.y, self.facing = playing.at(frame / RATE_HZ)
            self.home.people[self.name] = (self.x, self.y)
            yield self.body.capsules()


Bout = Callable[[_Person], list[Step]]


def _sit(who: _Person) -> list[Step]:
    random, home = who.random, who.home
    place = [*home.seats, home.bedside][int(random.integers(len(home.seats) + 1))]
    steps = [*who.walk_to(place.before), *who.turn_to(place.facing)]
    if random.random() < 0.7:
        steps.append(Step(posture("sit_lean", random), random.uniform(0.3, 1.0), 0.0))
    steps.append(Step(posture("sit", random), random.uniform(0.3, 1.0), random.uniform(2, 8)))
    for _ in range(int(random.integers(2, 14))):
        name = str(random.choice(["sit", "sit", "sit_lean", "tie"], p=[0.45, 0.3, 0.2, 0.05]))
        steps.append(Step(posture(name, random), random.uniform(0.5, 2.0), random.uniform(1, 14), rests=True))
    return [*steps, Step(upright(random), random.uniform(0.8, 2.0), 0.4)]


def _lie(who: _Person) -> list[Step]:
    random, home = who.random, who.home
    steps = [*who.walk_to(home.bedside.before), *who.turn_to(home.bedside.facing)]
    steps.append(Step(posture("sit", random), random.uniform(0.6, 1.6), random.uniform(0.5, 4)))
    flat = posture("on_back", random, home.bed_top)
    steps.append(Step(flat, random.uniform(1.0, 3.0), random.uniform(5, 20), turn=-90, back=0.3, rests=True))
    for _ in range(int(random.integers(1, 8))):
        name = str(random.choice(["on_back", "on_side"]))
        steps.append(
            Step(posture(name, random, home.bed_top), random.uniform(1, 2.5), random.uniform(3, 25), rests=True)
        )
    back = Step(
        posture("sit", random), random.uniform(1.0, 2.4), random.uniform(0.5, 3), turn=90, back=-0.3, rests=True
    )
    return [*steps, back, Step(upright(random), random.uniform(0.8, 2.0), 0.4)]


def _about(who: _Person) -> list[Step]:
    return [step for _ in range(int(who.random.integers(1, 5))) for step in who.walk_to(who.home.somewhere(who.random))]


def _low(*names: str, longest_s: float = 4.0, times: int = 2) -> Bout:
    def bout(who: _Person) -> list[Step]:
        random = who.random
        steps = who.walk_to(who.home.somewhere(random))
        for _ in range(int(random.integers(1, times + 1))):
            name = str(random.choice(names))
            steps.append(Step(posture(name, random), random.uniform(0.5, 1.6), random.uniform(0.2, longest_s)))
            steps.append(Step(upright(random), random.uniform(0.5, 1.6), random.uniform(0.1, 2)))
        return steps

    return bout


def _kneel(who: _Person) -> list[Step]:
    random = who.random
    steps = who.walk_to(who.home.somewhere(random))
    steps.append(Step(posture("squat", random), random.uniform(0.6, 1.4), 0.1))
    low = posture(str(random.choice(["kneel", "all_fours"])), random)
    steps.append(Step(low, random.uniform(0.5, 1.2), random.uniform(1, 8), float(random.choice([0.0, 0.15]))))
    return [*steps, Step(posture("squat", random), 0.9, 0.1), Step(upright(random), random.uniform(0.7, 1.6), 0.5)]


def _tend(who: _Person) -> list[Step]:
    """To whoever else is there, and bend over him."""
    random = who.random
    others = [at for name, at in who.home.people.items() if name != who.name]
    if not others:
        return _about(who)
    x, y = others[int(random.integers(len(others)))]
    away = np.arctan2(who.home.deep / 2 - y, who.home.wide / 2 - x) + random.normal(0, 0.4)
    near = random.uniform(0.45, 0.7)
    steps = who.walk_to((float(x + near * np.cos(away)), float(y + near * np.sin(away))))
    steps += who.turn_to(float(np.degrees(away)) + 180)
    for name in random.choice(["lean_over", "bend", "stand", "squat"], int(random.integers(2, 6))):
        steps.append(Step(posture(str(name), random), random.uniform(0.4, 1.2), random.uniform(0.4, 4)))
    return [*steps, Step(upright(random), 0.8, 0.4)]


_RESIDENT: tuple[tuple[Bout, float], ...] = (
    (_sit, 0.34), (_lie, 0.12), (_about, 0.2), (_kneel, 0.06), (_low("bend", "lean_over", "reach", "stoop"), 0.16),
    (_low("squat", "crouch_low"), 0.08), (_low("stand", "squat", "reach", longest_s=0.5, times=8), 0.04),
)  # fmt: skip
_VISITOR: tuple[tuple[Bout, float], ...] = (
    (_tend, 0.55), (_about, 0.15), (_low("bend", "lean_over", "reach"), 0.15), (_sit, 0.15),
)  # fmt: skip


def person(random: Random, home: Home, name: str, absent_s: float) -> Iterator[Capsules | None]:
    """One person for ever, frame by frame; None while he is out, which lasts about `absent_s` seconds each time."""
    body = Body(random)
    bouts = _RESIDENT if name == "resident" else _VISITOR
    often = np.array([weight for _, weight in bouts])
    outside = (home.door[0], home.door[1] + _OUTSIDE_M)
    while True:
        for _ in range(int(random.exponential(absent_s) * RATE_HZ)):
            yield None
        who = _Person(random, body, home, name, *outside, -90.0, upright(random))
        yield from _does(who, lambda who: who.walk_to((home.door[0], home.deep * 0.6)))
        for _ in range(int(random.integers(1, 7))):
            yield from _does(who, bouts[int(random.choice(len(bouts), p=often / often.sum()))][0])
        yield from _does(who, lambda who: [*who.walk_to((home.door[0], home.deep - 0.3)), *who.walk_to(outside)])
        home.people.pop(name, None)


def _does(who: _Person, bout: Bout) -> Iterator[Capsules]:
    x, y, facing = who.x, who.y, who.facing
    steps = bout(who)
    return who.live(steps, facing, x, y)


def moves(random: Random, home: Home) -> list[Iterator[Capsules | None]]:
    """Everybody in the room: a resident, and somebody who looks after him."""
    return [person(random, home, "resident", 45.0), person(random, home, "carer", 150.0)]
