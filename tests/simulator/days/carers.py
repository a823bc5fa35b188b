"""Carers who answer: they see, walk, help, tap their card and close with the true cause; one thing at a time each."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.alarms.alarm import Action, Alarm, Cause, State
from agent.rules.finding import AlarmClass, Priority

SEEN_MEDIAN_S, SEEN_SIGMA = 25.0, 0.8
WALK_S = (30.0, 150.0)
HELP_S = (60.0, 360.0)
FORGETS = 0.03  # closes hours later
LATER_S = (1800.0, 7200.0)  # low ones, on the next way round


@dataclass(frozen=True, slots=True)
class Tap:
    """What a carer does at `at`: an answer to an alarm, or a card held to the reader of a room (`action` None)."""

    at: float
    carer: str
    alarm: str
    action: Action | None
    cause: Cause | None = None
    room: str = ""


@dataclass
class Carers:
    """Those on duty, and until when each is busy."""

    seed: int
    on_duty: Callable[[float], tuple[str, ...]]
    needed: Callable[[Alarm, float], Cause | None]  # the true cause; None: nobody was needed
    busy: dict[str, float] = field(default_factory=dict)
    answering: set[str] = field(default_factory=set)

    def hear(self, alarm: Alarm, now: float) -> list[Tap]:
        """The alarm sounds, or stands in the list: what somebody will do about it."""
        if alarm.id in self.answering or alarm.state is State.CLOSED:
            return []
        self.answering.add(alarm.id)
        dice = random.Random(f"{self.seed}-{alarm.id}-{now:.3f}")
        if alarm.priority is Priority.LOW:
            return self._later(alarm, now, dice)
        carer = min(self.on_duty(now), key=lambda one: (max(self.busy.get(one, 0.0), now), one))
        seen = max(now, self.busy.get(carer, 0.0)) + SEEN_MEDIAN_S * dice.lognormvariate(0, SEEN_SIGMA)
        there = seen + dice.uniform(*WALK_S)
        done = there + dice.uniform(*HELP_S) * (0.4 if self.needed(alarm, now) is None else 1.0)
        self.busy[carer] = done
        closed = done + (dice.uniform(*LATER_S) if dice.random() < FORGETS else 0.0)
        return [
            Tap(seen, carer, alarm.id, Action.SEE),
            Tap(there, carer, "", None, room=alarm.subject.room),
            Tap(there + 1, carer, alarm.id, Action.ATTEND),
            Tap(closed, carer, alarm.id, Action.CLOSE, self._cause(alarm, now)),
        ]

    def again(self, alarm: Alarm) -> None:
        """It is a new happening, or came back: somebody must answer anew."""
        self.answering.discard(alarm.id)

    def _later(self, alarm: Alarm, now: float, dice: random.Random) -> list[Tap]:
        at = now + dice.uniform(*LATER_S)
        carer = dice.choice(self.on_duty(at))
        taps = [Tap(at, carer, alarm.id, Action.SEE)]
        if alarm.alarm_class is AlarmClass.PHYSIOLOGICAL:
            taps.append(Tap(at + 60, carer, alarm.id, Action.ATTEND))
        return [*taps, Tap(at + 120, carer, alarm.id, Action.CLOSE, self._cause(alarm, now))]

    def _cause(self, alarm: Alarm, now: float) -> Cause:
        return self.needed(alarm, now) or Cause.FALSE_ALARM
