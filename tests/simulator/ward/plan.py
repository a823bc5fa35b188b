"""Who lives in the virtual ward, what happens there and what must come of it: drawn from a seed, and nothing else."""

import random
from dataclasses import dataclass
from pathlib import Path

from agent.rules.finding import Priority

CLIPS = Path(__file__).resolve().parents[1] / "clips"
FALL_AT_S = 7.0  # in clips/fall.mp4

# Limits and ladders are the shipped ones (docs/rules.md), so most of these times are theirs.
SPO2_HIGH_S = 60.0
SINKS_S = 10.0  # from 97 % to the limit
BED_EXIT_S = 60.0
RECOVERY_S = 15.0
SILENT_S = 15.0

WITNESS_S = 3.0  # a button pressed where somebody fell is a second source: high at once
PAUSE_S = 0.8  # from the carer's tap to the call that must break the pause; shorter than what a sound may take

HALL, DINING = "hall", "dining"
CARER, CARER_PAGER = "s-1", "21"
SCENARIO_S = 140.0  # by then all must have come; bringing the ward up takes the rest of three minutes


@dataclass(frozen=True, slots=True)
class Person:
    """One resident, with the devices by which the ward knows them."""

    id: str
    name: str
    room: str
    high_risk: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """The alarm that must come of `act`: its kind and subject, and the priority that it must reach.

    It must be raised within `raised_s` of the act, and reach `priority` within `within_s`.
    """

    what: str
    act: str
    kind: str
    subject: str
    priority: Priority
    raised_s: float
    within_s: float


@dataclass(frozen=True, slots=True)
class Beside:
    """What must come of `act` and is no alarm: a row of the log with `noted`, of `record` and for `reason` if given.

    `kind`: of a task.
    """

    what: str
    act: str
    noted: str
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the ward does at `at_s`, for `lasts_s`; a `decoy` must not raise anything.

    `name` is a method of the stage.
    """

    at_s: float
    name: str
    decoy: bool = False
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a seed decides."""

    seed: int
    presser: Person
    breathless: Person
    fidget: Person  # whose oximeter shows a dip under poor signal
    sleeper: Person  # who leaves the bed
    smoke_room: str
    acts: tuple[Act, ...]
    expected: tuple[Expected, ...]
    beside: tuple[Beside, ...]
    calm_s: float  # from then on nothing more happens that could alarm wrongly

    @property
    def people(self) -> tuple[Person, ...]:
        """All residents."""
        return (self.presser, self.breathless, self.fidget, self.sleeper)

    @property
    def lamps(self) -> tuple[str, ...]:
        """Rooms and places with a corridor lamp, in the order of the relay board's coils."""
        return (*(one.room for one in self.people), self.smoke_room, HALL)


SURNAMES = "王李张刘陈杨赵黄周吴徐孙"
GIVEN = ("桂英", "秀兰", "建国", "玉珍", "德福", "淑华", "志强", "凤英")


def draw(seed: int) -> Plan:
    """The plan of `seed`: rooms, names, order and times vary; what must be heard does not."""
    dice = random.Random(seed)
    rooms = [
        f"{floor}{number:02d}" for floor, number in dice.sample([(f, n) for f in (1, 2, 3) for n in range(1, 13)], 5)
    ]
    people = [
        Person(f"r-{room}", dice.choice(SURNAMES) + dice.choice(GIVEN), room, high_risk=index == 3)
        for index, room in enumerate(rooms[:4])
    ]
    presser, breathless, fidget, sleeper = people
    smoke_room = rooms[4]
    press, smoke, die = dice.uniform(6, 110), dice.uniform(8, 110), dice.uniform(6, 100)
    while abs(press - smoke) < 2 * PAUSE_S:  # one of them sounds when the sound is paused, the other breaks the pause
        smoke = dice.uniform(8, 110)
    breath, leave, fall = dice.uniform(2, 50), dice.uniform(2, 50), dice.uniform(3, 85)
    cut = max(4.0, min(press, smoke) - dice.uniform(2, 8))
    witness = dice.random() < 0.5
    acts = [
        Act(press, "press"),
        Act(breath, "lose_breath"),
        Act(leave, "leave_bed"),
        Act(smoke, "smoke"),
        Act(fall, "fall", lasts_s=31),
        Act(die, "kill_detector"),
        Act(cut, "cut_network"),
        Act(cut + 20, "mend_network"),
        Act(dice.uniform(5, 85), "dip", decoy=True, lasts_s=20),
        Act(dice.uniform(3, 80), "sit_and_bend", decoy=True, lasts_s=28),
        Act(dice.uniform(5, 110), "strange_button", decoy=True),
        Act(dice.uniform(10, 110), "line_noise", decoy=True, lasts_s=2),
        Act(max(press, smoke) - PAUSE_S, "pause"),
        Act(dice.uniform(5, 100), "weaken_battery"),
    ]
    seen_s = FALL_AT_S + dice.uniform(3, 6)
    high, medium = Priority.HIGH, Priority.MEDIUM
    breath_s, bed_s = SINKS_S + SPO2_HIGH_S + 6, BED_EXIT_S + 5
    fall_s = seen_s - FALL_AT_S + WITNESS_S if witness else 2.5 + RECOVERY_S + 3
    expected = [
        Expected("call button", "press", "sos", presser.id, high, 1.0, 1.0),
        Expected("SpO2 low", "lose_breath", "spo2_low", breathless.id, high, breath_s, breath_s),
        Expected("bed exit", "leave_bed", "bed_exit", sleeper.id, high, bed_s, bed_s),
        Expected("smoke", "smoke", "smoke", smoke_room, high, 3.0, 3.0),
        Expected("fall", "fall", "fall", HALL, high, 4.0, fall_s),
        Expected("dead detector", "kill_detector", "device_silent", "smoke-corridor", medium, SILENT_S, SILENT_S),
    ]
    if witness:  # else nobody saw it, and it is high when nobody has got up
        acts.append(Act(fall + seen_s, "witness"))
        expected.append(Expected("button beside the fall", "witness", "sos", HALL, high, 1.0, 1.0))
    beside = (
        Beside("pause broken by a call", "pause", "resumed", reason="pause_broken"),
        Beside("task: charge the button", "weaken_battery", "task_opened", kind="charge_device"),
    )
    return Plan(
        seed, presser, breathless, fidget, sleeper, smoke_room, tuple(sorted(acts, key=lambda act: act.at_s)),
        tuple(expected), beside, max(act.at_s + act.lasts_s for act in acts) + 3,
    )  # fmt: skip
