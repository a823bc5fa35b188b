"""The alarm engine: findings, commands and time in, alarm events out. Pure; it holds what is open.

The engine gives events in the order in which they happened and never waits, asks or forgets: whoever calls it hands
them to the sounder and to the store side by side.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, CommandError, Happened, State
from agent.alarms.lifecycle import Turn, after
from agent.alarms.settings import AlarmSettings
from agent.moment import Moment
from agent.residents import Subject
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason, because

Key = tuple[Subject, str]

REASONS_KEPT = 12  # an alarm shows its first reason and the newest others; the log keeps every one


_HAPPENED = {Action.SEE: Happened.SEEN, Action.ATTEND: Happened.ATTENDED, Action.CLOSE: Happened.CLOSED}


class Engine:
    """All open alarms and the conditions behind them."""

    def __init__(self, settings: AlarmSettings, new_id: Callable[[], str]) -> None:
        self._settings = settings
        self._new_id = new_id
        self._open: dict[str, Alarm] = {}
        self._holding: dict[Key, tuple[Finding, float]] = {}  # closed although it goes on: (finding, closed at)

    @property
    def open(self) -> tuple[Alarm, ...]:
        """Open alarms, highest priority first, then oldest first."""
        return tuple(sorted(self._open.values(), key=lambda a: (-a.priority, a.raised_at, a.id)))

    def take(self, findings: Iterable[Finding], moment: Moment) -> list[AlarmEvent]:
        """What the findings do; one happening is one alarm with all its evidence."""
        return [event for finding in findings for event in self._take_one(finding, moment)]

    @property
    def due(self) -> float:
        """Monotonic time of the next tick that is needed; inf when nothing waits."""
        waiting = [self._due_of(alarm) for alarm in self._open.values()]
        held = [at + self._settings.ladder(finding.priority).again_s for finding, at in self._holding.values()]
        return min((*waiting, *held), default=math.inf)

    def command(self, command: Command, moment: Moment) -> AlarmEvent | None:
        """Carry out what a person asks; None when it was so already. Raises `CommandError`."""
        alarm = self._open.get(command.alarm)
        if alarm is None:
            raise CommandError("unknown_alarm", f"no open alarm {command.alarm}; somebody may have closed it")
        if command.action is Action.CLOSE and command.cause in (None, Cause.RESTORED):
            raise CommandError("cause_needed", "closing an alarm needs a cause")
        state = after(alarm.state, command.action, alarm.alarm_class)
        if state is alarm.state:
            return None
        cause = command.cause.value if command.cause else ""
        changed = replace(
            alarm,
            state=state,
            changed_at=moment.monotonic,
            cause=cause,
            seen_by=command.actor if command.action is Action.SEE else alarm.seen_by,
            attended_by=command.actor if command.action is Action.ATTEND else alarm.attended_by,
            closed_by=command.actor if command.action is Action.CLOSE else alarm.closed_by,
        )
        if state is State.CLOSED and alarm.condition and not KINDS[alarm.kind].one_off:
            self._holding[(alarm.subject, alarm.kind)] = (_finding_of(alarm), moment.monotonic)
        return self._emit(_HAPPENED[command.action], changed, moment, command.actor, _why(cause))

    def tick(self, moment: Moment) -> list[AlarmEvent]:
        """Let time pass: ladders climb, seen alarms that nobody attended return, closed ones that go on are raised."""
        events = [event for alarm in self.open if (event := self._climb(alarm, moment))]
        for key, (finding, closed_at) in list(self._holding.items()):
            if moment.monotonic - closed_at >= self._settings.ladder(finding.priority).again_s:
                del self._holding[key]
                minutes = round((moment.monotonic - closed_at) / 60)
                again = replace(finding, reasons=(*finding.reasons, because("still_so", minutes=minutes)))
                events.append(self._raise(again, moment))
        return events

    def sounded(self, alarm_id: str, at: float, moment: Moment) -> AlarmEvent | None:
        """The sounder reports the first line change for an alarm at monotonic `at`."""
        alarm = self._open.get(alarm_id)
        if alarm is None:
            return None
        delay_ms = round(1000 * (at - alarm.changed_at))
        return self._emit(Happened.SOUNDED, alarm, moment, "sounder", (because("sounded", delay_ms=delay_ms),))

    def restore(self, alarm: Alarm, shift_s: float | None, moment: Moment, source: str) -> list[AlarmEvent]:
        """Take up an alarm that was open before a restart.

        `shift_s` moves its times to this boot's monotonic clock (0: the same boot); None: nobody knows how long we
        slept, so the ladder takes its next step at once. An alarm already open, or closed, changes nothing.
        """
        if alarm.id in self._open or alarm.state is State.CLOSED:
            return []
        moved = replace(
            alarm,
            raised_at=alarm.raised_at + shift_s if shift_s is not None else moment.monotonic,
            changed_at=alarm.changed_at + shift_s if shift_s is not None else moment.monotonic,
        )
        events = [self._emit(Happened.RESTORED, moved, moment, "system", (because("restored", source=source),))]
        if shift_s is None and moved.state is State.RAISED and (event := self._next_rung(moved, moment)):
            events.append(event)
        return events

    def _take_one(self, finding: Finding, moment: Moment) -> list[AlarmEvent]:
        key = (finding.subject, finding.kind)
        if not finding.active:
            if key in self._holding and self._holding[key][0].device == finding.device:
                del self._holding[key]
            ended = [alarm for alarm in self._alarms_of(key) if finding.device in alarm.holding]
            return [self._condition_ended(alarm, finding, moment) for alarm in ended]
        if key in self._holding and not finding.happening:
            held, closed_at = self._holding[key]
            if finding.priority <= held.priority:
                self._holding[key] = (finding, closed_at)
                return []
            del self._holding[key]
        current = [alarm for alarm in self._alarms_of(key) if not (finding.happening and alarm.state is State.ATTENDED)]
        if not current:
            return [self._raise(finding, moment)]
        return [self._add_evidence(current[-1], finding, moment)]

    def _alarms_of(self, key: Key) -> list[Alarm]:
        return [alarm for alarm in self._open.values() if (alarm.subject, alarm.kind) == key]

    def _raise(self, finding: Finding, moment: Moment) -> AlarmEvent:
        kind = KINDS[finding.kind]
        alarm = Alarm(
            id=self._new_id(),
            kind=finding.kind,
            alarm_class=kind.alarm_class,
            priority=finding.priority,
            subject=finding.subject,
            state=State.RAISED,
            raised_at=moment.monotonic,
            raised_wall=moment.wall,
            changed_at=moment.monotonic,
            reasons=finding.reasons,
            devices=(finding.device,) if finding.device else (),
            holding=(finding.device,),
            latching=kind.latching,
            unverified=finding.unverified,
            told=self._settings.ladder(finding.priority).rungs[0].tell,
        )
        return self._emit(Happened.RAISED, alarm, moment, f"rule:{finding.kind}", finding.reasons)

    def _add_evidence(self, alarm: Alarm, finding: Finding, moment: Moment) -> AlarmEvent:
        finding = replace(finding, priority=_priority(alarm, finding))
        turn = _turn(alarm, finding)
        state = after(alarm.state, turn, alarm.alarm_class) if turn else alarm.state
        devices = (*alarm.devices, finding.device) if finding.device not in ("", *alarm.devices) else alarm.devices
        changed = replace(
            alarm,
            priority=finding.priority,
            state=state,
            holding=_union(alarm.holding, (finding.device,)),
            changed_at=moment.monotonic if turn else alarm.changed_at,
            reasons=_merged(alarm.reasons, finding.reasons),
            devices=devices,
            unverified=alarm.unverified and finding.unverified,
            step=0 if turn is Turn.WORSE else alarm.step,
            told=_union(alarm.told, self._settings.ladder(finding.priority).rungs[0].tell),
        )
        return self._emit(Happened.CHANGED, changed, moment, f"rule:{finding.kind}", finding.reasons)

    def _condition_ended(self, alarm: Alarm, finding: Finding, moment: Moment) -> AlarmEvent:
        holding = tuple(device for device in alarm.holding if device != finding.device)
        changed = replace(alarm, holding=holding, reasons=_merged(alarm.reasons, finding.reasons))
        actor = f"rule:{finding.kind}"
        if alarm.alarm_class is AlarmClass.TECHNICAL and not alarm.latching and not holding:
            state = after(alarm.state, Turn.RESTORED, alarm.alarm_class)
            closed = replace(changed, state=state, closed_by="system", cause=Cause.RESTORED.value)
            return self._emit(Happened.CLOSED, closed, moment, actor, finding.reasons)
        return self._emit(Happened.CHANGED, changed, moment, actor, finding.reasons)

    def _due_of(self, alarm: Alarm) -> float:
        """When time alone changes `alarm` next."""
        ladder = self._settings.ladder(alarm.priority)
        if alarm.state is State.SEEN and ladder.unattended_s > 0:
            return alarm.changed_at + ladder.unattended_s
        wait_s = ladder.wait_s(alarm.step) if alarm.state is State.RAISED and alarm.sounding else None
        return math.inf if wait_s is None else alarm.changed_at + wait_s

    def _climb(self, alarm: Alarm, moment: Moment) -> AlarmEvent | None:
        ladder, waited = self._settings.ladder(alarm.priority), moment.monotonic - alarm.changed_at
        if alarm.state is State.SEEN and 0 < ladder.unattended_s <= waited:
            state = after(alarm.state, Turn.UNATTENDED, alarm.alarm_class)
            step = min(alarm.step + 1, len(ladder.rungs) - 1)
            again = replace(alarm, state=state, step=step, told=_union(alarm.told, ladder.rungs[step].tell))
            reason = because("nobody_arrived", for_s=ladder.unattended_s)
            return self._emit(Happened.SOUNDED_AGAIN, _at(again, moment), moment, "system", (reason,))
        if alarm.state is State.RAISED and alarm.sounding:
            wait_s = ladder.wait_s(alarm.step)
            if wait_s is not None and waited >= wait_s:
                return self._next_rung(alarm, moment)
        return None

    def _next_rung(self, alarm: Alarm, moment: Moment) -> AlarmEvent | None:
        rungs = self._settings.ladder(alarm.priority).rungs
        if alarm.step + 1 >= len(rungs):
            return None
        told = rungs[alarm.step + 1].tell
        climbed = replace(alarm, step=alarm.step + 1, told=_union(alarm.told, told))
        return self._emit(
            Happened.ESCALATED, _at(climbed, moment), moment, "system", (because("told", roles=", ".join(told)),)
        )

    def _emit(
        self, happened: Happened, alarm: Alarm, moment: Moment, actor: str, reasons: Sequence[Reason]
    ) -> AlarmEvent:
        alarm = replace(alarm, sounding=alarm.state is State.RAISED and (alarm.condition or alarm.latching))
        if alarm.state is State.CLOSED:
            self._open.pop(alarm.id, None)
        else:
            self._open[alarm.id] = alarm
        return AlarmEvent(self._new_id(), happened, alarm, moment.monotonic, actor, tuple(reasons))


def _priority(alarm: Alarm, finding: Finding) -> Priority:
    """A rule may lower its own verdict; the milder word of a second device lowers nothing."""
    alone = set(alarm.holding) <= {finding.device}
    return finding.priority if alone or alarm.latching else max(alarm.priority, finding.priority)


def _turn(alarm: Alarm, finding: Finding) -> Turn | None:
    if finding.priority > alarm.priority:
        return Turn.WORSE
    return Turn.NEW_HAPPENING if finding.happening else None


def _at(alarm: Alarm, moment: Moment) -> Alarm:
    return replace(alarm, changed_at=moment.monotonic)


def _why(cause: str) -> tuple[Reason, ...]:
    return (because("cause", cause=cause),) if cause else ()


def _merged(old: tuple[Reason, ...], new: tuple[Reason, ...]) -> tuple[Reason, ...]:
    fresh = (*old, *(reason for reason in new if reason not in old))
    return fresh if len(fresh) <= REASONS_KEPT else (fresh[0], *fresh[1 - REASONS_KEPT :])


def _union(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return (*old, *(one for one in new if one not in old))


def _finding_of(alarm: Alarm) -> Finding:
    return Finding(alarm.kind, alarm.subject, alarm.priority, alarm.raised_at, alarm.reasons[:1], alarm.holding[0])
