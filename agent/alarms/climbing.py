"""How an alarm climbs its ladder: the rung it stands on, who is told there, and when the next one is due. Pure."""

import math
from dataclasses import replace

from agent.alarms.alarm import Alarm, CallRequest, State
from agent.alarms.escalation import Escalation
from agent.alarms.evidence import union
from agent.alarms.settings import Ladder
from agent.moment import Moment
from agent.rules.reason import Reason, because
from agent.staff import MANAGER, PLATFORM

OUTSIDE = (PLATFORM, MANAGER)  # reached by telephone and over the network, not by the building's own sound


class Climber:
    """Ladders of the open alarms, chosen anew at each step and at each change of shift."""

    def __init__(self, escalation: Escalation) -> None:
        self.escalation = escalation
        self._ladders: dict[str, tuple[int, Ladder]] = {}  # the priority for which it was chosen
        self._shift: str | None = None  # on duty when it was last asked; None: not asked yet
        self._shift_ends = math.inf
        self._edited = False  # ladders or roster, since the last tick

    def use(self, escalation: Escalation) -> None:
        """Ladders or roster have changed: the next tick hands over."""
        self.escalation, self._edited = escalation, True

    def ladder(self, alarm: Alarm) -> Ladder:
        """The ladder that `alarm` is on."""
        known = self._ladders.get(alarm.id)
        return known[1] if known else self.escalation.defaults.ladder(alarm.priority)

    def choose(self, alarm: Alarm, moment: Moment) -> None:
        """`alarm` is on the ladder that fits it now."""
        if self._shift is None:
            self._look(moment)
        ladder = self.escalation.ladder(alarm.kind, alarm.priority, alarm.subject, moment)
        self._ladders[alarm.id] = (alarm.priority, ladder)

    def keep(self, alarm: Alarm, moment: Moment) -> None:
        """`alarm` has changed: with another priority it is on another ladder."""
        known = self._ladders.get(alarm.id)
        if known is None or known[0] != alarm.priority:
            self.choose(alarm, moment)

    def forget(self, alarm: Alarm) -> None:
        """`alarm` is closed."""
        self._ladders.pop(alarm.id, None)

    def due_of(self, alarm: Alarm) -> float:
        """When time alone changes `alarm` next."""
        ladder = self.ladder(alarm)
        if alarm.state is State.SEEN and ladder.unattended_s > 0:
            return alarm.changed_at + ladder.unattended_s
        wait_s = ladder.wait_s(alarm.step) if alarm.state is State.RAISED and alarm.sounding else None
        return math.inf if wait_s is None else alarm.rung_at + wait_s

    def last(self, alarm: Alarm) -> bool:
        """Whether `alarm` stands on the last rung."""
        return alarm.step + 1 >= len(self.ladder(alarm).rungs)

    def at_rung(self, alarm: Alarm, step: int, moment: Moment) -> tuple[Alarm, tuple[Reason, ...]]:
        """`alarm` on rung `step`, or the first from there on whose roles somebody fills now, with who is told."""
        who = self.escalation
        self.choose(alarm, moment)
        rungs = self.ladder(alarm).rungs
        step = min(step, len(rungs) - 1)
        empty: list[str] = []
        while step + 1 < len(rungs) and who.nobody(rungs[step].tell, alarm.subject, moment):
            empty += rungs[step].tell
            step += 1
        climbed = self._told(alarm, step, rungs[step].tell, moment)
        return climbed, (because("nobody_on_duty", roles=", ".join(empty)),) if empty else ()

    def beyond(self, alarm: Alarm, moment: Moment) -> Alarm:
        """`alarm` on the first rung from its own on that calls beyond the building, with all who stand below it."""
        self.choose(alarm, moment)
        rungs = self.ladder(alarm).rungs
        ahead = range(min(alarm.step, len(rungs) - 1), len(rungs))
        far = next((n for role in OUTSIDE for n in ahead if role in rungs[n].tell), len(rungs) - 1)
        for step in range(ahead.start, far + 1):
            alarm = self._told(alarm, step, rungs[step].tell, moment)
        return alarm

    def took_up(self) -> None:
        """An alarm from before a restart: nobody knows who was on duty then, so the next tick hands it over."""
        self._edited = True

    def hands_over(self, moment: Moment) -> bool:
        """Whether another shift is on duty than at the last tick, or ladders and roster are others."""
        before, edited, self._edited = self._shift, self._edited, False
        self._look(moment)
        return edited or before not in (None, self._shift)

    @property
    def due(self) -> float:
        """When the shift on duty ends."""
        return -math.inf if self._edited else self._shift_ends

    def handed_over(self, alarm: Alarm, moment: Moment) -> tuple[Alarm, tuple[Reason, ...]]:
        """`alarm` where its subject is now, on the ladder that counts now: told to all of it up to its rung.

        A ladder with other roles, or fewer rungs, tells nobody by standing on one. Nobody is called to what has been
        attended to.
        """
        alarm = replace(alarm, subject=self.escalation.site.placed(alarm.subject))
        self.choose(alarm, moment)
        if alarm.state is State.ATTENDED:
            return alarm, ()
        known = replace(alarm, people=union(alarm.people, self.escalation.people(alarm.told, alarm.subject, moment)))
        rungs = self.ladder(alarm).rungs
        step = min(alarm.step, len(rungs) - 1)
        for below in range(step):
            known = self._told(known, below, rungs[below].tell, moment)
        taken, reasons = self.at_rung(known, step, moment)
        return (taken if taken.step == step else replace(taken, rung_at=moment.monotonic)), reasons

    def _look(self, moment: Moment) -> None:
        shift = self.escalation.roster.shift_at(moment) if moment.wall_known else None
        ends = self.escalation.shift_end(moment)
        self._shift = shift.id if shift else ""
        self._shift_ends = math.inf if ends is None else max(ends, moment.monotonic + 1.0)

    def _told(self, alarm: Alarm, step: int, roles: tuple[str, ...], moment: Moment) -> Alarm:
        return replace(
            alarm,
            step=step,
            told=union(alarm.told, roles),
            people=union(alarm.people, self.escalation.people(roles, alarm.subject, moment)),
            call=alarm.call or self._call(alarm, roles, moment),
        )

    def _call(self, alarm: Alarm, told: tuple[str, ...], moment: Moment) -> CallRequest | None:
        """What a video or voice system needs to take it up, once the platform is told."""
        if PLATFORM not in told:
            return None
        return CallRequest(
            PLATFORM, alarm.subject.room, alarm.subject.id, alarm.kind, self.escalation.defaults.callback, moment.wall
        )
