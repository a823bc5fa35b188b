"""The alarm engine: findings, commands and time in, what happened out. Pure; it holds what is open.

The engine tells in the order in which things happened and never waits, asks or forgets: whoever calls it hands what it
gives to the sounder and to the store side by side.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from agent.alarms.alarm import (
    Action,
    Alarm,
    AlarmEvent,
    Cause,
    Command,
    CommandError,
    Happened,
    Note,
    State,
)
from agent.alarms.aside import Aside
from agent.alarms.book import AlarmBook, Key
from agent.alarms.chatter import Onsets
from agent.alarms.climbing import Climber
from agent.alarms.escalation import Escalation
from agent.alarms.evidence import as_finding, sounds, with_evidence, without
from agent.alarms.lifecycle import Turn, after
from agent.alarms.quiet import Quiet
from agent.alarms.standing import StandingEvent, Suppressed
from agent.detection.ward import Ward
from agent.moment import Moment
from agent.residents import GATEWAY
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason, because

Outcome = AlarmEvent | StandingEvent | Suppressed

_HAPPENED = {Action.SEE: Happened.SEEN, Action.ATTEND: Happened.ATTENDED, Action.CLOSE: Happened.CLOSED}
FLOOD = "alarm_flood"
UNHEARD = "nobody_hears"


class Engine:
    """All open alarms, what keeps others back, and the conditions behind them."""

    def __init__(self, escalation: Escalation, ward: Ward, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        settings = escalation.defaults
        self._climber = Climber(escalation)
        self._book = AlarmBook(self._climber.due_of)
        self._quiet = Quiet(settings, new_id)
        self._aside = Aside(ward, lambda: self._quiet.shelves)
        self._onsets = Onsets(settings.chatter)
        self._settling: dict[str, float] = {}  # well again, closes itself then
        self._closed_on: dict[Key, tuple[Finding, float]] = {}  # closed although it goes on: (finding, closed at)
        self._deaf = ""  # why nobody can hear, while that is so

    @property
    def open(self) -> tuple[Alarm, ...]:
        """Open alarms, highest priority first, then oldest first."""
        return self._book.ordered

    @property
    def audible(self) -> tuple[Alarm, ...]:
        """The open alarms as annunciators get them: audio paused or thinned ones do not sound."""
        return self._quiet.shown(self._book.ordered)

    @property
    def suppressed(self) -> tuple[Suppressed, ...]:
        """What is held back or shelved now."""
        return self._aside.shown

    @property
    def quiet(self) -> Quiet:
        """Pause, shelves and flood."""
        return self._quiet

    @property
    def due(self) -> float:
        """Monotonic time of the next tick that is needed; inf when nothing waits."""
        closed_on = (at + self._again_s(finding) for finding, at in self._closed_on.values())
        return min(
            self._book.due,
            self._quiet.due,
            self._aside.due,
            min(closed_on, default=math.inf),
            min(self._settling.values(), default=math.inf),
        )

    def use(self, escalation: Escalation) -> None:
        """Ladders or roster have changed; open alarms climb by them from their next step on."""
        self._climber.escalation = escalation
        for alarm in self.open:
            self._book.put(alarm)

    def take(self, findings: Iterable[Finding], moment: Moment) -> list[Outcome]:
        """What the findings do; one happening is one alarm with all its evidence."""
        return [outcome for finding in findings for outcome in self._take_one(finding, moment)]

    def command(self, command: Command, moment: Moment) -> AlarmEvent | None:
        """Carry out what a person asks; None when it was so already. Raises `CommandError`."""
        alarm = self._book.get(command.alarm)
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
            **_signed(command.action, command.actor, moment),
        )
        if state is State.CLOSED and alarm.condition and not KINDS[alarm.kind].one_off:
            self._closed_on[(alarm.subject, alarm.kind)] = (as_finding(alarm), moment.monotonic)
        return self._emit(_HAPPENED[command.action], changed, moment, command.actor, _why(cause))

    def tick(self, moment: Moment) -> list[Outcome]:
        """Let time pass: ladders climb, what was quiet, held back or well for long enough changes."""
        outcomes: list[Outcome] = list(self._quiet.tick(moment))
        outcomes += self._flooded(moment)
        outcomes += self.release(moment)
        for key, (finding, closed_at) in list(self._closed_on.items()):
            if moment.monotonic - closed_at >= self._again_s(finding):
                del self._closed_on[key]
                minutes = round((moment.monotonic - closed_at) / 60)
                again = replace(finding, reasons=(*finding.reasons, because("still_so", minutes=minutes)))
                outcomes += self._raise(again, moment)
        for alarm in self._book.take_due(moment.monotonic):
            outcomes += self._climb(alarm, moment)
        for id_, until in list(self._settling.items()):
            if until <= moment.monotonic:
                outcomes += self._settled(id_, moment)
        return outcomes

    def release(self, moment: Moment) -> list[Outcome]:
        """Raise what nothing holds back any more: called after each act of staff, and at each tick."""
        return [outcome for finding in self._aside.released(moment) for outcome in self._admit(finding, moment)]

    def sounded(self, alarm_id: str, at: float, moment: Moment) -> AlarmEvent | None:
        """The sounder reports the first line change for an alarm at monotonic `at`."""
        alarm = self._book.get(alarm_id)
        if alarm is None:
            return None
        delay_ms = round(1000 * (at - alarm.changed_at))
        return self._emit(Happened.SOUNDED, alarm, moment, "sounder", (because("sounded", delay_ms=delay_ms),))

    def note(self, alarm_id: str, text: str, author: str, moment: Moment) -> AlarmEvent | None:
        """A word from the platform about an open alarm: shown, and nothing else. None for one that is closed."""
        alarm = self._book.get(alarm_id)
        if alarm is None:
            return None
        noted = replace(alarm, notes=(*alarm.notes, Note(text[:500], author[:100], moment.wall))[-5:])
        return self._emit(Happened.NOTED, noted, moment, f"platform:{author[:100]}", ())

    def deaf(self, why: str, moment: Moment) -> list[Outcome]:
        """No annunciator and no panel can be heard (`why`), or they can again (empty).

        While nobody hears, what is unseen calls further people at once instead of waiting for its ladder.
        """
        if bool(why) is bool(self._deaf):
            return []
        self._deaf = why
        reason = (
            because("part_failed", part="annunciators", why=why) if why else because("part_works", part="annunciators")
        )
        finding = Finding(UNHEARD, GATEWAY, Priority.HIGH, moment.monotonic, (reason,), active=bool(why))
        outcomes = self.take([finding], moment)
        if why:
            outcomes += [event for alarm in self.open if (event := self._call_further(alarm, moment))]
        return outcomes

    def restore(self, alarm: Alarm, shift_s: float | None, moment: Moment, source: str) -> list[Outcome]:
        """Take up an alarm that was open before a restart.

        `shift_s` moves its times to this boot's monotonic clock (0: the same boot); None: nobody knows how long we
        slept, so the ladder takes its next step at once. One that is closed, or open already in a state as new, changes
        nothing.
        """
        known = self._book.get(alarm.id)
        if alarm.state is State.CLOSED or (known is not None and known.revision >= alarm.revision):
            return []
        moved = replace(
            alarm,
            raised_at=alarm.raised_at + shift_s if shift_s is not None else moment.monotonic,
            changed_at=alarm.changed_at + shift_s if shift_s is not None else moment.monotonic,
        )
        events: list[Outcome] = [
            self._emit(Happened.RESTORED, moved, moment, "system", (because("restored", source=source),))
        ]
        if shift_s is None and moved.state is State.RAISED and (event := self._next_rung(moved, moment)):
            events.append(event)
        return events

    # what findings do

    def _take_one(self, finding: Finding, moment: Moment) -> Iterator[Outcome]:
        key = (finding.subject, finding.kind)
        if not finding.active:
            self._aside.over(finding)
            if key in self._closed_on and self._closed_on[key][0].device == finding.device:
                del self._closed_on[key]
            for alarm in self._book.of(key):
                if finding.device in alarm.holding:
                    yield self._condition_ended(alarm, finding, moment)
            return
        kept, record = self._aside.keeps(finding, moment)
        if record is not None:
            yield record
        if not kept:
            yield from self._admit(finding, moment)

    def _admit(self, finding: Finding, moment: Moment) -> Iterator[Outcome]:
        key = (finding.subject, finding.kind)
        if key in self._closed_on and not finding.happening:
            held, closed_at = self._closed_on[key]
            if finding.priority <= held.priority:
                self._closed_on[key] = (finding, closed_at)
                return
            del self._closed_on[key]
        current = [a for a in self._book.of(key) if not (finding.happening and a.state is State.ATTENDED)]
        if current:
            yield from self._add_evidence(current[-1], finding, moment)
        else:
            yield from self._raise(finding, moment)

    def _raise(self, finding: Finding, moment: Moment) -> Iterator[Outcome]:
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
            chattering=self._onsets.began((finding.subject, finding.kind), moment.monotonic),
        )
        told, reasons = self._climber.at_rung(alarm, 0, moment)
        raised = self._emit(Happened.RAISED, told, moment, f"rule:{finding.kind}", (*finding.reasons, *reasons))
        yield raised
        yield from self._quiet.broken_by(raised.alarm, moment)
        if finding.kind != FLOOD:
            self._quiet.raised(moment)
            yield from self._flooded(moment)
        if self._deaf and (further := self._call_further(raised.alarm, moment)):
            yield further

    def _flooded(self, moment: Moment) -> Iterator[Outcome]:
        """Tell staff when a flood of alarms begins or ends."""
        changed = self._quiet.flood_changed()
        if changed is None:
            return
        reason = because("flood_begins" if changed else "flood_ends")
        finding = Finding(FLOOD, GATEWAY, Priority.LOW, moment.monotonic, (reason,), active=changed)
        yield from self._take_one(finding, moment)

    def _add_evidence(self, alarm: Alarm, finding: Finding, moment: Moment) -> Iterator[Outcome]:
        self._settling.pop(alarm.id, None)
        changed, turn = with_evidence(alarm, finding, moment.monotonic)
        if not alarm.condition and not alarm.latching:
            chatters = self._onsets.began((alarm.subject, alarm.kind), moment.monotonic)
            changed = replace(changed, chattering=alarm.chattering or chatters)
        reasons: tuple[Reason, ...] = ()
        if turn is Turn.WORSE:
            changed, reasons = self._climber.at_rung(changed, 0, moment)
        event = self._emit(Happened.CHANGED, changed, moment, f"rule:{finding.kind}", (*finding.reasons, *reasons))
        yield event
        if turn is not None:
            yield from self._quiet.broken_by(event.alarm, moment, worse=turn is Turn.WORSE)
        if turn is Turn.WORSE and self._deaf and (further := self._call_further(event.alarm, moment)):
            yield further

    def _condition_ended(self, alarm: Alarm, finding: Finding, moment: Moment) -> AlarmEvent:
        changed, actor = without(alarm, finding), f"rule:{finding.kind}"
        if alarm.alarm_class is AlarmClass.TECHNICAL and not alarm.latching and not changed.condition:
            settle_s = self._onsets.settle_s((alarm.subject, alarm.kind), moment.monotonic)
            if settle_s <= 0:
                return self._close_restored(changed, moment, actor, finding.reasons)
            self._settling[alarm.id] = moment.monotonic + settle_s
        return self._emit(Happened.CHANGED, changed, moment, actor, finding.reasons)

    def _settled(self, id_: str, moment: Moment) -> Iterator[Outcome]:
        del self._settling[id_]
        alarm = self._book.get(id_)
        if alarm is not None:
            yield self._close_restored(alarm, moment, "system", (because("well_for_long"),))

    def _close_restored(self, alarm: Alarm, moment: Moment, actor: str, reasons: Sequence[Reason]) -> AlarmEvent:
        closed = replace(
            alarm,
            state=after(alarm.state, Turn.RESTORED, alarm.alarm_class),
            closed_by="system",
            closed_wall=moment.wall,
            cause=Cause.RESTORED.value,
        )
        return self._emit(Happened.CLOSED, closed, moment, actor, reasons)

    # what time does

    def _again_s(self, finding: Finding) -> float:
        return self._climber.escalation.defaults.ladder(finding.priority).again_s

    def _climb(self, alarm: Alarm, moment: Moment) -> Iterator[Outcome]:
        if alarm.state is not State.SEEN:
            if event := self._next_rung(alarm, moment):
                yield event
            return
        ladder = self._climber.ladder(alarm)
        again = replace(alarm, state=after(alarm.state, Turn.UNATTENDED, alarm.alarm_class))
        climbed, reasons = self._climber.at_rung(again, alarm.step + 1, moment)
        why = because("nobody_arrived", for_s=ladder.unattended_s)
        yield self._emit(Happened.SOUNDED_AGAIN, _at(climbed, moment), moment, "system", (why, *reasons))

    def _next_rung(self, alarm: Alarm, moment: Moment, *why: Reason) -> AlarmEvent | None:
        if self._climber.last(alarm):
            return None
        climbed, reasons = self._climber.at_rung(alarm, alarm.step + 1, moment)
        new = tuple(role for role in climbed.told if role not in alarm.told)
        told = because("told", roles=", ".join(new))
        return self._emit(Happened.ESCALATED, _at(climbed, moment), moment, "system", (*why, told, *reasons))

    def _call_further(self, alarm: Alarm, moment: Moment) -> AlarmEvent | None:
        """While nobody hears the buzzer: the next people at once, for what is unseen and not low."""
        if alarm.state is not State.RAISED or alarm.priority is Priority.LOW or alarm.step or alarm.kind == UNHEARD:
            return None
        return self._next_rung(alarm, moment, because("nobody_hears", why=self._deaf))

    def _emit(
        self, happened: Happened, alarm: Alarm, moment: Moment, actor: str, reasons: Sequence[Reason]
    ) -> AlarmEvent:
        newer = happened is not Happened.RESTORED  # that is still the copy that was kept
        alarm = replace(alarm, sounding=sounds(alarm), revision=alarm.revision + newer)
        if alarm.state is State.CLOSED:
            self._book.remove(alarm)
            self._climber.forget(alarm)
            self._settling.pop(alarm.id, None)
        else:
            self._book.put(alarm)
        return AlarmEvent(self._new_id(), happened, alarm, moment.monotonic, actor, tuple(reasons))


def _signed(action: Action, actor: str, moment: Moment) -> dict[str, Any]:
    """Who did it, and when."""
    return {f"{action.value}_by": actor, f"{action.value}_wall": moment.wall}


def _at(alarm: Alarm, moment: Moment) -> Alarm:
    return replace(alarm, changed_at=moment.monotonic)


def _why(cause: str) -> tuple[Reason, ...]:
    return (because("cause", cause=cause),) if cause else ()
