"""A person's seconds as a script: postures, how long to take them and to stay, walking and turning in between."""

from dataclasses import dataclass

import numpy as np

from models.training.anatomy import SHOES, Capsules, Random
from models.training.body import Body
from models.training.postures import Posture, between, stride

_THIGHS = (1, 4)  # their capsules in the order of `body.CLOTHS`


@dataclass(frozen=True, slots=True)
class Step:
    """Take `posture` within `take_s`, then stay for `stay_s`, walking on at `walk` m/s meanwhile.

    While it is taken the body turns by `turn` degrees and slides `back` metres backwards; the feet stay where they
    are unless `rests` says that the body's weight is elsewhere. `seat` names what carries the body from then on.
    """

    posture: Posture
    take_s: float
    stay_s: float
    walk: float = 0.0
    turn: float = 0.0
    back: float = 0.0
    rests: bool = False
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """A person's seconds in the picture, with the way he faces at first and how much he turns (degrees, degrees/s)."""

    steps: tuple[Step, ...]
    facing: float
    turning: float
    phase: float

    @staticmethod
    def of(steps: list[Step], random: Random, turning: float | None = None) -> "Script":
        """Steps with some way to face."""
        if turning is None:
            turning = float(random.normal(0, 12)) if random.random() < 0.4 else 0.0
        return Script(tuple(steps), float(random.uniform(0, 360)), turning, float(random.uniform(0, 6)))

    @property
    def length_s(self) -> float:
        """Until the last step ends."""
        return sum(step.take_s + step.stay_s for step in self.steps)


@dataclass(frozen=True, slots=True)
class Seat:
    """What has to stand under a person: what it is, where the pelvis rests, how high it is, which way he faces."""

    kind: str
    x: float
    y: float
    top: float
    facing: float
    frame: int


@dataclass(slots=True)
class Playing:
    """A script being played by one body: ask `at` for moments in order of time."""

    body: Body
    script: Script
    x: float = 0.0
    y: float = 0.0
    _last: float = 0.0
    _feet: tuple[float, float] | None = None
    _slid: float = 0.0
    _slid_in: int = -1

    def at(self, moment: float) -> tuple[Posture, float, float, float]:
        """Posture, x, y and facing `moment` seconds after the beginning; the body is left in that posture."""
        number, into = self._step(moment)
        step = self.script.steps[number]
        before = self.script.steps[number - 1].posture if number else step.posture
        share = min(1.0, into / step.take_s) if step.take_s else 1.0
        posed = between(before, step.posture, share)
        turned = sum(done.turn for done in self.script.steps[:number]) + step.turn * _soft(share)
        facing = self.script.facing + self.script.turning * moment + turned
        ahead = np.array([np.cos(np.radians(facing)), np.sin(np.radians(facing))])
        walking = step.walk if into > step.take_s else 0.0
        if walking:
            posed = stride(posed, self.script.phase + moment * (2.2 + 3.6 * walking), min(1.0, 0.35 + 0.7 * walking))
            self._go(ahead * walking * (moment - self._last))
        if step.back:
            self._slide(number, step.back * _soft(share), ahead)
        self._last = moment
        self.body.put(posed, self.x, self.y, facing)
        self._plant(step.rests or bool(walking))
        return posed, self.x, self.y, facing

    def _go(self, way: np.ndarray) -> None:
        self.x, self.y = self.x + float(way[0]), self.y + float(way[1])

    def _slide(self, number: int, so_far: float, ahead: np.ndarray) -> None:
        if self._slid_in != number:
            self._slid_in, self._slid = number, 0.0
        self._go(-ahead * (so_far - self._slid))
        self._slid = so_far

    def _plant(self, free: bool) -> None:
        """Move the body so that its feet stay where they were."""
        now = self.body.capsules()
        shoes = now.start[SHOES, :2].mean(axis=0)
        if self._feet is not None and not free:
            way = np.array(self._feet) - shoes
            self._go(way)
            self.body.shift(*way)
            return
        self._feet = (float(shoes[0]), float(shoes[1]))

    def _step(self, moment: float) -> tuple[int, float]:
        begun = 0.0
        for number, step in enumerate(self.script.steps):
            whole = step.take_s + step.stay_s
            if moment < begun + whole or number == len(self.script.steps) - 1:
                return number, moment - begun
            begun += whole
        raise ValueError("a script without steps: give it one")

    def seat(self, moment: float) -> Step | None:
        """The step that sits on something at `moment`, once its posture is taken."""
        number, into = self._step(moment)
        step = self.script.steps[number]
        return step if step.seat and into >= step.take_s else None


@dataclass(frozen=True, slots=True)
class Played:
    """The body in each frame, and what it sat or lay on."""

    frames: tuple[Capsules, ...]
    seats: tuple[Seat, ...]


def play(playing: Playing, count: int, rate_hz: float) -> Played:
    """The first `count` frames."""
    frames: list[Capsules] = []
    seats: dict[int, Seat] = {}
    for frame in range(count):
        _, x, y, facing = playing.at(frame / rate_hz)
        frames.append(playing.body.capsules())
        step = playing.seat(frame / rate_hz)
        if step is not None and not any(_near(seat, x, y) for seat in seats.values()):
            seats[frame] = Seat(step.seat, x, y, _carried(playing.body, step), facing, frame)
    return Played(tuple(frames), tuple(seats.values()))


def _carried(body: Body, step: Step) -> float:
    """How high what carries him is."""
    support = step.posture.get("support", 0.0)
    if support > 0.2:
        return support
    now = body.capsules()
    hips = float(now.start[0, 2] - now.radius[0])
    thighs = [now.start[leg, 2] + 0.5 * (now.end[leg, 2] - now.start[leg, 2]) - now.radius[leg] for leg in _THIGHS]
    return max(0.15, min(hips, *map(float, thighs)) - 0.005)


def _near(seat: Seat, x: float, y: float) -> bool:
    return float(np.hypot(seat.x - x, seat.y - y)) < 0.5


def _soft(share: float) -> float:
    return share * share * (3 - 2 * share)
