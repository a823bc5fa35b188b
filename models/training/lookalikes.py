"""What looks like a fall and is none, item by item, and falls in the same conditions: how the shipped eyes take them.

Each item of `ITEMS` is a generator of its own; clip N of an item is always the same. A clip without a fall is false if
`fall` is told in it; one with a fall is found if it is told from 0.5 s before to 4 s after its beginning.
"""

import multiprocessing
import os
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from agent.camera_facts import CameraFacts, CameraView
from agent.vision.pipeline import open_pipeline
from agent.vision.statistics import wilson
from models.training.anatomy import Random
from models.training.clips import RATE_HZ, Clip, Shot, shoot
from models.training.daily import Act, upright
from models.training.figure import Actor, Colour
from models.training.light import Change, Conditions
from models.training.postures import posture
from models.training.progress import Remaining, say
from models.training.room import Stir
from models.training.script import Step
from models.training.stories import FRAMES, Story, acted, falling, joined, living, pet_alone
from models.training.viewpoints import LOW_AHEAD, PASSED_UNDER, on_a_low_shelf

_HELD_S = 2.0
_EARLY_S, _LATE_S = 0.5, 4.0


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list of what breaks such eyes: what happens, how it is taken, who is there besides."""

    story: Callable[[Random], Story]
    shot: Shot = field(default_factory=Shot)
    company: tuple[str, ...] = ()
    falls: tuple[str, ...] = ()  # kinds of fall among them; none named: all
    fall_shot: Shot | None = None  # where the view has no room for a fall: how one is taken instead


def _acts(*names: str) -> Callable[[Random], Story]:
    def story(random: Random) -> Story:
        return living(random, str(random.choice(names)))

    return story


def _change(
    what: str, *sizes: tuple[float, float], takes: tuple[int, ...] = (1,)
) -> Callable[[Random, Conditions], Conditions]:
    def conditions(random: Random, drawn: Conditions) -> Conditions:
        size = float(random.uniform(*sizes[int(random.integers(len(sizes)))]))
        change = Change(what, int(random.integers(8, FRAMES - 12)), size, int(random.choice(takes)))
        drawn = replace(drawn, infrared=False, lamp=max(drawn.lamp, 0.35), changes=(change,))
        return drawn if what == "lamp" else replace(drawn, day=max(drawn.day, 0.2))

    return conditions


def _infrared(random: Random, drawn: Conditions) -> Conditions:
    on = bool(random.integers(2))
    change = Change("infrared", int(random.integers(8, FRAMES - 12)), float(on))
    return replace(drawn, infrared=not on, lamp=0.05, day=float(random.uniform(0.03, 0.2)), changes=(change,))


def _dim(random: Random, drawn: Conditions) -> Conditions:
    level = float(random.uniform(0.08, 0.25))
    return replace(
        drawn,
        lamp=drawn.lamp * level,
        day=drawn.day * level,
        exposure=float(random.uniform(25, 60)),
        noise=float(random.uniform(2, 5)),
        trails=float(random.uniform(0.1, 0.4)),
        infrared=False,
        changes=(),
    )


def _dark(actor: Actor) -> Actor:
    def darker(colour: Colour) -> Colour:
        blue, green, red = (min(part, 255.0) * 0.25 for part in colour)
        return blue, green, red

    worn = actor.wardrobe.colours
    return replace(actor, wardrobe=replace(actor.wardrobe, colours={name: darker(worn[name]) for name in worn}))


def _calm(_random: Random, drawn: Conditions) -> Conditions:
    return replace(drawn, changes=())


def _crawls(random: Random) -> Story:
    """Kneels down and crawls on."""
    steps = [
        Step(upright(random), 0.0, random.uniform(0.3, 1.2), random.uniform(0.2, 0.9)),
        Step(posture("squat", random), random.uniform(0.5, 1.2), 0.1),
        Step(
            posture(str(random.choice(["all_fours", "kneel"])), random),
            random.uniform(0.4, 1.0),
            6.0,
            random.uniform(0.15, 0.5),
        ),
    ]
    return acted(random, "crawls", Act(steps))


def _passes(random: Random) -> Story:
    """Walks up to the camera and on."""
    return acted(random, "passes", Act([Step(upright(random), 0.0, 9.0, random.uniform(0.5, 1.4))]), straight=True)


def _tended(random: Random) -> Story:
    """Lies, sits or kneels while somebody comes."""
    return living(random, str(random.choice(["in_bed", "sitting", "in_bed", "sit_down", "to_bed", "kneel"])))


def _television(random: Random) -> Stir:
    return Stir(television=0, cuts=float(random.uniform(0.03, 0.4)))


def _curtain(random: Random) -> Stir:
    return Stir(curtain=0, sway=float(random.uniform(1.0, 5.0)))


def _linen(random: Random) -> Stir:
    return Stir(linen_from=int(random.integers(5, FRAMES - 10)))


_ROOM_LEARNED = Shot(conditions=_calm, learned=True, nudged=False, rearranged=False)


def _learned(**different: object) -> Shot:
    return replace(_ROOM_LEARNED, **different)  # type: ignore[arg-type]


_DIM = _learned(conditions=_dim, dressed=_dark)
ITEMS: dict[str, Item] = {
    "light switched": Item(living, _learned(conditions=_change("lamp", (0.08, 0.5), (1.8, 6.0), takes=(1, 1, 4)))),
    "exposure jump": Item(living, _learned(conditions=_change("exposure", (0.4, 0.75), (1.3, 2.2), takes=(1, 3)))),
    "white balance jump": Item(living, _learned(conditions=_change("white", (0.75, 0.92), (1.08, 1.3), takes=(1, 5)))),
    "infra-red switched": Item(living, _learned(conditions=_infrared)),
    "moved chair, ghost": Item(_acts("sitting", "sit_down", "wheelchair", "get_up"), _learned(rearranged=True)),
    "bed linen": Item(_acts("to_bed", "in_bed", "get_up"), _learned(stir=_linen), falls=("bed", "bedside")),
    "curtains": Item(living, _learned(view="wall", pane="curtain", stir=_curtain)),
    "television": Item(living, _learned(view="wall", pane="screen", stir=_television)),
    "cold start": Item(living, _learned(learned=False)),
    "crawls to a low camera": Item(_crawls, _learned(eye=LOW_AHEAD), fall_shot=_learned(eye=on_a_low_shelf)),
    "drops on a dark sofa": Item(_acts("drop_on_sofa"), _DIM),
    "crouches in the dark": Item(_acts("squat", "kneel"), _DIM),
    "several people": Item(living, _learned(), company=("crossing", "crossing")),
    "carer bends over": Item(_tended, _learned(), company=("carer",)),
    "walks out downwards": Item(_passes, _learned(eye=PASSED_UNDER, seen=0.2), fall_shot=_learned(view="wall")),
    "animals": Item(pet_alone, _learned(smallest=0.0015, seen=0.3), company=("pet",), fall_shot=_learned()),
}


def look_alike(name: str, fell: bool, seed: int, number: int) -> Clip:
    """Clip `number` of the item `name`, with a fall in the same conditions or without: always the same."""
    item = ITEMS[name]
    random = np.random.default_rng([zlib.crc32(name.encode()), int(fell), seed, number])
    shot = item.fall_shot if fell and item.fall_shot is not None else item.shot
    while True:
        story = falling(random, str(random.choice(item.falls)) if item.falls else None) if fell else item.story(random)
        if story is None:
            continue
        for company in item.company:
            story = joined(random, story, company)
        taken = shoot(random, story, shot)
        if taken is not None:
            return taken


@dataclass(frozen=True, slots=True)
class Taken:
    """One clip as the shipped eyes took it: whether a fall was told where there was one, or where there was none."""

    item: str
    fell: bool
    told: bool
    number: int
    kind: str


def take(seed: int, job: tuple[str, bool, int]) -> Taken:
    """Make one clip and show it to the eyes as shipped; the last frame is held for two seconds."""
    name, fell, number = job
    os.nice(1)
    shown = look_alike(name, fell, seed, number)
    eyes = open_pipeline("look-alike")
    eyes.use(CameraFacts("look-alike", view=CameraView(shown.truth.view)))
    for index, frame in enumerate(shown.empty):
        eyes.learn(frame, index / RATE_HZ)
    last = [shown.frames[-1]] * int(_HELD_S * RATE_HZ)
    told = [
        seen.at
        for index, frame in enumerate((*shown.frames, *last))
        for seen in eyes.feed(frame, index / RATE_HZ)
        if seen.name == "fall"
    ]
    begun = shown.truth.begun_s
    hit = bool(told) if begun is None else any(begun - _EARLY_S <= at <= begun + _LATE_S for at in told)
    return Taken(name, fell, hit, number, shown.truth.kind)


def measure(clips: int, seed: int, processes: int, only: Iterable[str] = ()) -> list[Taken]:
    """So many clips of each item (of those named in `only`, where some are), with and without a fall."""
    names = list(only) or list(ITEMS)
    jobs = [(name, fell, number) for name in names for fell in (False, True) for number in range(clips)]
    remaining, done = Remaining(len(jobs)), []
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for one in pool.imap_unordered(partial(take, seed), jobs):
            done.append(one)
            note = remaining.step()
            if len(done) % 200 == 0:
                say(f"look-alike clips {note}")
    return done


def table(taken: Iterable[Taken]) -> str:
    """Item by item: the false ones, and the falls found among them, with 95 % Wilson intervals."""
    every = list(taken)
    lines = ["item                      false               falls found"]
    for name in [name for name in ITEMS if any(one.item == name for one in every)] + [""]:
        shares = []
        for fell in (False, True):
            own = [one.told for one in every if one.fell == fell and name in {one.item, ""}]
            low, high = wilson(sum(own), len(own))
            shares.append(f"{sum(own):4d}/{len(own):<4d} {low:.2f}..{high:.2f}")
        lines.append(f"{name or 'all':24s} {shares[0]} {shares[1]}")
    return "\n".join(lines)
