"""The alarm engine: findings, commands and time in, what happened out. Pure; it holds what is open.

The engine tells in the order in which things happened and never waits, asks or forgets: whoever calls it hands what it
gives to the sounder and to the store side by side.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, CommandError, Happened, Note, State
from agent.alarms.anew import Anew
from agent.alarms.ascent import Ascent
from agent.alarms.aside import Aside
from agent.alarms.book import AlarmBook
from agent.alarms.chatter import Chatter
from agent.alarms.climbing import Climber
from agent.alarms.escalation import Escalation
from agent.alarms.evidence import as_findings, sounds
from agent.alarms.intake import Intake, Outcome
from agent.alarms.lifecycle import after
from agent.alarms.parted import has_parted
from agent.alarms.quiet import FLOOD, Quiet, calls
from agent.alarms.standing import Held, Pause, Shelf, ShelveOrder, Suppressed
from agent.alarms.steps import answered, moved
from agent.detection.ward import Ward
from agent.moment import Moment
from agent.residents import GATEWAY
from agent.rules.finding import Finding, Priority
from agent.rules.reason import Reason, because

__all__ = ["UNHEARD", "Engine", "Outcome"]

_HAPPENED = {Action.SEE: Happened.SEEN, Action.ATTEND: Happened.ATTENDED, Action.CLOSE: Happened.CLOSED}
UNHEARD = "nobody_hears"


class Engine:
    """All open alarms, what keeps others back, and the conditions behind them."""

    def __init__(self, escalation: Escalation, ward: Ward, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        settings = escalation.defaults
        self._climber = Climber(escalation)
        self._book = AlarmBook(self._climber.due_of)
        self._quiet = Quiet(settings, new_id)
        self._ascent = Ascent(self._climber, self._book, self._quiet, self._emit)
        self._aside = Aside(ward, lambda: self._quiet.shelves, new_id)
        self._anew = Anew(self._again_s, self._parted, new_id)
        self._chatter = Chatter(settings.chatter)
        self._intake = Intake(
            self._book,
            self._climber,
            self._ascent,
            self._quiet,
            self._aside,
            self._anew,
            self._chatter,
            self._emit,
            new_id,
        )

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
    def left(self) -> tuple[Finding, ...]:
        """What goes on behind alarms that a person closed."""
        return self._anew.findings

    @property
    def going_on(self) -> tuple[Finding, ...]:
        """What goes on by the last word of its rule: in open alarms, behind closed ones, and what is kept back."""
        return (*(one for alarm in self.open for one in as_findings(alarm)), *self.left, *self._aside.findings)

    @property
    def quiet(self) -> Quiet:
        """Pause, shelves and flood."""
        return self._quiet

    @property
    def due(self) -> float:
        """Monotonic time of the next tick that is needed; inf when nothing waits."""
        return min(
            self._book.due,
            self._quiet.due,
            self._aside.due,
            self._anew.due,
            self._chatter.due,
            self._climber.due if self._book else math.inf,
        )

    def use(self, escalation: Escalation) -> None:
        """Ladders or roster have changed; open alarms climb by them from the next tick on."""
        self._climber.use(escalation)

    def go_along(self, moment: Moment) -> list[Outcome]:
        """Site facts were edited: what is kept back goes along with whoever has moved; open alarms do at a tick."""
        return list(self._aside.go_along(moment))

    def take(self, findings: Iterable[Finding], moment: Moment) -> list[Outcome]:
        """What the findings do; one happening is one alarm with all its evidence."""
        return [outcome for finding in findings for outcome in self._intake.take(finding, moment)]

    def command(self, command: Command, moment: Moment) -> list[Outcome]:
        """Carry out what a person asks: the alarm's event first; empty when it was so already.

        Raises `CommandError`, which changes nothing.
        """
        alarm = self._book.get(command.alarm)
        if alarm is None:
            raise CommandError("unknown_alarm", f"no open alarm {command.alarm}; somebody may have closed it")
        if command.action is Action.CLOSE and command.cause in (None, Cause.RESTORED):
            raise CommandError("cause_needed", "closing an alarm needs a cause")
        state = after(alarm.state, command.action, alarm.alarm_class)
        if state is alarm.state:
            return []
        changed = answered(alarm, state, command, moment)
        why = (because("cause", cause=changed.cause),) if changed.cause else ()
        outcomes: list[Outcome] = [self._emit(_HAPPENED[command.action], changed, moment, command.actor, why)]
        if state is State.CLOSED:
            outcomes += self._anew.closed(changed, moment, command.actor)
        return outcomes

    def pause(self, by: str, seconds: float, moment: Moment) -> list[Outcome]:
        """Pause the sound; each call that nobody has seen keeps who did it, until when. Raises `CommandError`."""
        outcomes: list[Outcome] = [self._quiet.pause(by, seconds, self.open, moment)]
        until, why = moment.monotonic + seconds, because("paused_by", by=by, for_s=seconds)
        for alarm in calls(self.open):
            paused = replace(alarm, paused_by=by, paused_until=until)
            outcomes.append(self._emit(Happened.CHANGED, paused, moment, by, (why,)))
        return outcomes

    def shelve(self, order: ShelveOrder, moment: Moment) -> list[Outcome]:
        """Put alarms of one kind about one subject aside, to the end of the shift at most; raises `CommandError`.

        Whoever shelves has seen what is open of them; they still have to go there.
        """
        until, latest = moment.monotonic + order.seconds, self._climber.escalation.shift_end(moment)
        outcomes: list[Outcome] = [
            self._quiet.shelve(order.kind, order.subject, order.by, order.reason, until, latest, moment)
        ]
        for alarm in self.open:
            on_it = alarm.kind == order.kind and order.subject in (alarm.subject.id, *alarm.holding)
            if on_it and alarm.state is State.RAISED:
                outcomes += self.command(Command(Action.SEE, alarm.id, order.by), moment)
        return outcomes

    def tick(self, moment: Moment) -> list[Outcome]:
        """Let time pass: ladders climb, what was quiet, held back or well for long enough changes."""
        outcomes: list[Outcome] = list(self._quiet.tick(moment))
        if self._quiet.shelves:
            outcomes += self._quiet.within(self._climber.escalation.shift_end(moment), moment)
        outcomes += self._intake.flooded(moment)
        outcomes += self.release(moment)
        outcomes += self._intake.again(moment)
        if self._climber.hands_over(moment):
            outcomes += self._ascent.hand_over(self.open, moment)
        while alarms := self._book.take_due(moment.monotonic):  # several rungs, after a long sleep
            for alarm in alarms:
                outcomes += self._ascent.climb(alarm, moment)
        for id_ in self._chatter.take_due(moment.monotonic):
            outcomes += self._intake.settled(id_, moment)
        return outcomes

    def release(self, moment: Moment) -> list[Outcome]:
        """Raise what nothing holds back any more: called after each act of staff, and at each tick."""
        return list(self._intake.release(moment))

    def sounded(self, alarm_id: str, at: float, let_at: float, moment: Moment) -> AlarmEvent | None:
        """The sounder reports the first line change for an alarm at monotonic `at`, let sound at `let_at`.

        Late is what comes long after it was let sound, or after it changed so that it is louder.
        """
        alarm = self._book.get(alarm_id)
        if alarm is None:
            return None
        decided_at = max((one for one in (let_at, alarm.changed_at) if one <= at), default=at)
        why = [because("sounded", delay_ms=round(1000 * (at - decided_at)))]
        if let_at > alarm.raised_at:
            why.append(because("let_sound", after_s=let_at - alarm.raised_at))
        return self._emit(Happened.SOUNDED, alarm, moment, "sounder", why)

    def note(self, alarm_id: str, text: str, author: str, moment: Moment) -> AlarmEvent | None:
        """A word from the platform about an open alarm: shown, and nothing else. None for one that is closed."""
        alarm = self._book.get(alarm_id)
        if alarm is None:
            return None
        noted = replace(alarm, notes=(*alarm.notes, Note(text[:500], author[:100], moment.wall))[-5:])
        return self._emit(Happened.NOTED, noted, moment, f"platform:{author[:100]}", ())

    def deaf(self, why: str, moment: Moment) -> list[Outcome]:
        """No annunciator and no panel can be heard (`why`), or they can again (empty).

        While nobody hears, what is unseen calls people beyond the building at once instead of waiting for its ladder.
        """
        if bool(why) is bool(self._ascent.deaf):
            return []
        self._ascent.deaf = why
        reason = (
            because("part_failed", part="annunciators", why=why) if why else because("part_works", part="annunciators")
        )
        finding = Finding(UNHEARD, GATEWAY, Priority.HIGH, moment.monotonic, (reason,), active=bool(why))
        outcomes = self.take([finding], moment)
        for alarm in self.open:
            outcomes += self._ascent.call_further(alarm, moment)
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
        event = self._emit(
            Happened.RESTORED, moved(alarm, shift_s, moment), moment, "system", (because("restored", source=source),)
        )
        alarm = event.alarm
        self._climber.took_up()
        self._quiet.was_raised(alarm)
        self._chatter.take_up(alarm, moment)
        if alarm.kind == UNHEARD and alarm.condition:
            self._was_deaf(alarm.reasons)
        broken = self._quiet.broken_before(alarm, known, moment)
        return [event, *broken, *(self._ascent.after_sleep(alarm, moment) if shift_s is None else ())]

    def restore_standing(self, record: Pause | Shelf | Held, moment: Moment) -> list[Outcome]:
        """Take up a pause, a shelf or what was held back before a restart; gives the end of one that is over."""
        if not isinstance(record, Held):
            return list(self._quiet.restore(record, moment))
        if not record.closed:
            self._aside.restore(record, moment)
            return []
        self._anew.restore(record)
        first = record.findings[0]
        if first.kind == FLOOD:
            self._quiet.was_flood()
        elif first.kind == UNHEARD:
            self._was_deaf(first.reasons)
        return []

    def _was_deaf(self, reasons: Sequence[Reason]) -> None:
        """Nobody heard before a restart; whoever knows better says so."""
        self._ascent.deaf = reasons[0].text() if reasons else UNHEARD

    def _parted(self, finding: Finding) -> bool:
        return has_parted(self._climber.escalation.site, finding)

    def _again_s(self, priority: Priority) -> float:
        return self._climber.escalation.defaults.ladder(priority).again_s

    def _emit(
        self, happened: Happened, alarm: Alarm, moment: Moment, actor: str, reasons: Sequence[Reason]
    ) -> AlarmEvent:
        newer = happened is not Happened.RESTORED  # that is still the copy that was kept
        alarm = replace(alarm, sounding=sounds(alarm), revision=alarm.revision + newer)
        if alarm.state is State.CLOSED:
            self._book.remove(alarm)
            self._climber.forget(alarm)
            self._chatter.forget(alarm)
        else:
            self._climber.keep(alarm, moment)
            self._book.put(alarm)
        return AlarmEvent(self._new_id(), happened, alarm, moment.monotonic, actor, tuple(reasons))
