"""How an alarm climbs its ladder: the rung it stands on, who is told there, and when the next one is due. Pure."""

import math
from dataclasses import replace

from agent.alarms.alarm import Alarm, CallRequest, State
from agent.alarms.escalation import Escalation
from agent.alarms.evidence import union
from agent.alarms.settings import Ladder
from agent.moment import Moment
from agent.rules.reason import Reason, because
from agent.staff import PLATFORM


class Climber:
    """Ladders of the open alarms, chosen anew at each step so that a new shift's ladder counts from there."""

    def __init__(self, escalation: Escalation) -> None:
        self.escalation = escalation
        self._ladders: dict[str, Ladder] = {}

    def ladder(self, alarm: Alarm) -> Ladder:
        """The ladder that `alarm` is on."""
        return self._ladders.get(alarm.id) or self.escalation.defaults.ladder(alarm.priority)

    def forget(self, alarm: Alarm) -> None:
        """`alarm` is closed."""
        self._ladders.pop(alarm.id, None)

    def due_of(self, alarm: Alarm) -> float:
        """When time alone changes `alarm` next."""
        ladder = self.ladder(alarm)
        if alarm.state is State.SEEN and ladder.unattended_s > 0:
            return alarm.changed_at + ladder.unattended_s
        wait_s = ladder.wait_s(alarm.step) if alarm.state is State.RAISED and alarm.sounding else None
        return math.inf if wait_s is None else alarm.changed_at + wait_s

    def last(self, alarm: Alarm) -> bool:
        """Whether `alarm` stands on the last rung."""
        return alarm.step + 1 >= len(self.ladder(alarm).rungs)

    def at_rung(self, alarm: Alarm, step: int, moment: Moment) -> tuple[Alarm, tuple[Reason, ...]]:
        """`alarm` on rung `step`, or the first from there on whose roles somebody fills now, with who is told."""
        who = self.escalation
        ladder = self._ladders[alarm.id] = who.ladder(alarm.kind, alarm.priority, alarm.subject, moment)
        step = min(step, len(ladder.rungs) - 1)
        told = ladder.rungs[step].tell
        empty: list[str] = []
        while step + 1 < len(ladder.rungs) and who.nobody(ladder.rungs[step].tell, alarm.subject, moment):
            empty += ladder.rungs[step].tell
            step += 1
            told = ladder.rungs[step].tell
        climbed = replace(
            alarm,
            step=step,
            told=union(alarm.told, told),
            people=union(alarm.people, who.people(told, alarm.subject, moment)),
            call=alarm.call or self._call(alarm, told, moment),
        )
        return climbed, (because("nobody_on_duty", roles=", ".join(empty)),) if empty else ()

    def _call(self, alarm: Alarm, told: tuple[str, ...], moment: Moment) -> CallRequest | None:
        """What a video or voice system needs to take it up, once the platform is told."""
        if PLATFORM not in told:
            return None
        return CallRequest(
            PLATFORM, alarm.subject.room, alarm.subject.id, alarm.kind, self.escalation.defaults.callback, moment.wall
        )
