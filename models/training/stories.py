"""Who does what in a clip: one person who falls or does not, his things, company, animals, and the furniture."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.training.anatomy import CLOTHS, Capsules, Floats, Random
from models.training.body import Body
from models.training.daily import Act, daily_act, upright
from models.training.falls import fall, stand
from models.training.figure import Actor, Cover, Picture, Wardrobe
from models.training.furniture import Box3
from models.training.postures import posture
from models.training.script import Playing, Script, Step, play
from models.training.things import THINGS, Thing, animal, pelvis

LENGTH_S = 6.5
RATE_HZ = 10.0
FRAMES = int(LENGTH_S * RATE_HZ)
_BLANKET = (0, 1, 2, 4, 5)  # pelvis, thighs and shins in the order of `body.CLOTHS`


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody's motion, before he is dressed: frames (None: not there), cloths, since when a blanket lies on him."""

    frames: tuple[Capsules | None, ...]
    cloths: tuple[str, ...] = CLOTHS
    blanket: int = -1

    def dressed(self, random: Random, room: Picture) -> Actor:
        """With clothes that may or may not be of the room's colours; a thing wears no gown."""
        wardrobe = Wardrobe.draw(random, room)
        if self.cloths != CLOTHS:
            wardrobe = replace(wardrobe, covers=())
        if self.blanket >= 0:
            linen = (float(random.uniform(60, 240)),) * 3
            cover = Cover(_BLANKET, linen, float(random.uniform(1.4, 2.2)), self.blanket)
            wardrobe = replace(wardrobe, covers=(*wardrobe.covers, cover))
        return Actor(self.frames, wardrobe, self.cloths)


@dataclass(frozen=True, slots=True)
class Story:
    """What happens: the main person first, everybody and everything else after; the seconds of his fall."""

    kind: str
    main: tuple[Capsules, ...]
    roles: tuple[Role, ...]
    furniture: tuple[Box3, ...]
    begun_s: float | None = None
    down_s: float | None = None

    def ways(self) -> Floats:
        """Points of the floor (n, 2) over which somebody moves, thinned."""
        points = [now.start[:, :2] for role in self.roles for now in role.frames[::5] if now is not None]
        return np.round(np.concatenate(points), 1)


def falling(random: Random, name: str | None = None) -> Story | None:
    """One fall of the table, or of the kind `name`; None where it could not be had."""
    done = fall(random, LENGTH_S, RATE_HZ, name)
    if done is None:
        return None
    roles = [Role(done.frames)]
    if done.thing:
        roles.append(_left_behind(THINGS[done.thing](random), done.frames, int(done.begun_s * RATE_HZ), random))
    return Story(f"fall {done.kind}", done.frames, tuple(roles), done.furniture, done.begun_s, done.down_s)


def living(random: Random, name: str | None = None) -> Story:
    """One act of daily life, or that of the name."""
    name, act = daily_act(random, name)
    return acted(random, name, act)


def acted(random: Random, name: str, act: Act, straight: bool = False) -> Story:
    """An act as a story of its own; `straight`: without a turn that is not in its steps."""
    script = Script.of(act.steps, random, 0.0 if straight else None)
    played = play(Playing(Body(random), script), FRAMES, RATE_HZ)
    furniture = [box for seat in played.seats for box in stand(seat, random)[0]]
    blanket = played.seats[0].frame + int(random.integers(5, 30)) if act.thing == "blanket" and played.seats else -1
    roles = [Role(played.frames, blanket=blanket)]
    thing = "wheelchair" if any(seat.kind == "wheelchair" for seat in played.seats) else act.thing
    if thing in THINGS:
        made = THINGS[thing](random)
        first = played.seats[0] if thing == "wheelchair" and act.thing != "wheelchair" else None
        if first is None:
            moved = tuple(made.held(now) for now in played.frames)
        else:
            moved = (made.stands(first.x, first.y, float(np.radians(first.facing))),) * FRAMES
        roles.append(Role(moved, ("metal",) * len(made.radius)))
    return Story(name, played.frames, tuple(roles), tuple(furniture))


def joined(random: Random, story: Story, company: str | None = None) -> Story:
    """The story with somebody else in it: of `COMPANY`, drawn where none is named."""
    names = list(COMPANY)
    name = company or str(random.choice(names))
    return replace(story, roles=(*story.roles, *COMPANY[name](random, story)))


def _beside(random: Random, story: Story) -> list[Role]:
    other = living(random)
    middle, _ = pelvis(story.main[0])
    angle, away = random.uniform(0, 2 * np.pi), random.uniform(0.8, 2.2)
    x, y = float(middle[0] + away * np.cos(angle)), float(middle[1] + away * np.sin(angle))
    return [
        replace(role, frames=tuple(None if now is None else now.moved(x, y) for now in role.frames))
        for role in other.roles
    ]


def _carer(random: Random, story: Story) -> list[Role]:
    """Comes to within reach of the main person (after a fall: from a while later on), bends over him, lifts, stands."""
    middle, _ = pelvis(story.main[-1 if story.begun_s is None else 0])
    angle, near = random.uniform(0, 2 * np.pi), random.uniform(0.4, 0.75)
    begin = random.uniform(1.0, 2.6)
    pace = random.uniform(0.5, 1.2)
    way = near + pace * begin
    names = random.choice(["lean_over", "lean_over", "bend", "squat", "stand"], 3)
    steps = [
        Step(upright(random), 0.0, begin, pace),
        *(Step(posture(str(n), random), random.uniform(0.4, 1.2), random.uniform(0.2, 1.5)) for n in names),
        Step(upright(random), random.uniform(0.6, 1.4), 3.0),
    ]
    script = Script(tuple(steps), float(np.degrees(angle + np.pi)), 0.0, 0.0)
    x, y = middle[0] + way * np.cos(angle), middle[1] + way * np.sin(angle)
    return [Role(play(Playing(Body(random), script, float(x), float(y)), FRAMES, RATE_HZ).frames)]


def _crossing(random: Random, story: Story) -> list[Role]:
    """Walks past, before or behind."""
    middle, _ = pelvis(story.main[FRAMES // 2])
    facing, aside, pace = random.uniform(0, 2 * np.pi), random.uniform(-1.2, 1.2), random.uniform(0.5, 1.5)
    behind = pace * random.uniform(1.5, 4.0)
    x = middle[0] - behind * np.cos(facing) - aside * np.sin(facing)
    y = middle[1] - behind * np.sin(facing) + aside * np.cos(facing)
    script = Script(
        (Step(upright(random), 0.0, 9.0, pace),), float(np.degrees(facing)), 0.0, float(random.uniform(0, 6))
    )
    return [Role(play(Playing(Body(random), script, float(x), float(y)), FRAMES, RATE_HZ).frames)]


def _pet(random: Random, story: Story) -> list[Role]:
    return [pet(random, pelvis(story.main[0])[0])]


def pet(random: Random, near: Floats) -> Role:
    """A cat or a dog that runs about, sits, jumps."""
    made = animal(random)
    x, y = near[:2] + random.normal(0, 1.0, 2)
    yaw, pace, leap = random.uniform(0, 2 * np.pi), 0.0, 0.0
    frames = []
    for _ in range(FRAMES):
        if random.random() < 0.08:
            yaw, pace = yaw + random.normal(0, 0.8), float(random.choice([0.0, 0.5, 1.6]))
        leap = max(0.0, leap - 0.2) if leap > 0 else float(random.random() < 0.01)
        x, y = x + pace / RATE_HZ * np.cos(yaw), y + pace / RATE_HZ * np.sin(yaw)
        now = made.stands(float(x), float(y), float(yaw))
        up = np.array([0.0, 0.0, 1.2 * leap * (1 - leap)])
        frames.append(Capsules(now.start + up, now.end + up, now.radius))
    return Role(tuple(frames), ("hair",) * len(made.radius))


def pet_alone(random: Random) -> Story:
    """Nobody there but a cat or a dog."""
    role = pet(random, np.zeros(3))
    return Story("animal", tuple(now for now in role.frames if now is not None), (role,), ())


COMPANY: dict[str, Callable[[Random, Story], list[Role]]] = {
    "beside": _beside, "carer": _carer, "crossing": _crossing, "pet": _pet,
}  # fmt: skip


def _left_behind(thing: Thing, frames: tuple[Capsules, ...], begun: int, random: Random) -> Role:
    """Goes along until the fall begins; then a wheelchair stays, a walker rolls on or tips over."""
    middle, yaw = pelvis(frames[max(0, begun - 1)])
    stays = len(thing.radius) > 20  # a wheelchair's wheels alone are more bars than a walker has
    speed, tips = (0.0, 0.0) if stays else (random.uniform(0.1, 1.2), random.choice([0.0, random.uniform(60, 130)]))
    moved = []
    for index, now in enumerate(frames):
        if index < begun:
            moved.append(thing.held(now))
            continue
        since = (index - begun) / RATE_HZ
        rolled = speed * min(since, 0.8)
        lying = thing.tipped(float(min(1.0, since / 0.8) ** 2 * tips))
        x, y = middle[0] + rolled * np.cos(yaw), middle[1] + rolled * np.sin(yaw)
        moved.append(lying.stands(float(x), float(y), yaw))
    return Role(tuple(moved), ("metal",) * len(thing.radius))
