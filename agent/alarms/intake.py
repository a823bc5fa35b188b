"""What findings become: held back, evidence for an alarm that is open, an alarm of its own, or the end of one. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from agent.alarms.alarm import Alarm, AlarmEvent, Happened
from agent.alarms.anew import Anew
from agent.alarms.ascent import Ascent, Emit
from agent.alarms.aside import Aside
from agent.alarms.book import AlarmBook
from agent.alarms.chatter import Chatter
from agent.alarms.climbing import Climber
from agent.alarms.evidence import host_of, is_another, is_known, joined, with_evidence, without
from agent.alarms.lifecycle import Turn
from agent.alarms.quiet import FLOOD, Quiet
from agent.alarms.standing import StandingEvent, Suppressed
from agent.alarms.steps import born, ended
from agent.moment import Moment
from agent.residents import GATEWAY
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason, because

Outcome = AlarmEvent | StandingEvent | Suppressed


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes findings in among what is open, quiet and held; `emit` writes down what happened to an alarm."""

    book: AlarmBook
    climber: Climber
    ascent: Ascent
    quiet: Quiet
    aside: Aside
    anew: Anew
    chatter: Chatter
    emit: Emit
    new_id: Callable[[], str]

    def take(self, finding: Finding, moment: Moment) -> Iterator[Outcome]:
        """One finding: held back, evidence for an alarm that is open, or an alarm of its own; or the end of any."""
        current = self.book.of((finding.subject, finding.kind))
        if not finding.active:
            yield from self.aside.over(finding, moment)
            yield from self.anew.over(finding, moment)
            for alarm in current:
                if finding.device in alarm.holding:
                    yield self._condition_ended(alarm, finding, moment)
            for alarm in self._hosts(finding):
                if joined(alarm, finding):
                    yield self._condition_ended(alarm, finding, moment)
            return
        known = any(is_known(alarm, finding) for alarm in current)
        kept = None if known else self.aside.keeps(finding, moment)
        if kept is None:
            yield from self._admit(finding, moment)
            return
        yield from kept
        if self.aside.due <= moment.monotonic:
            yield from self.release(moment)

    def release(self, moment: Moment) -> Iterator[Outcome]:
        """Raise what nothing holds back any more."""
        for one in self.aside.released(moment):
            yield from self._admit(one, moment) if isinstance(one, Finding) else [one]

    def again(self, moment: Moment) -> Iterator[Outcome]:
        """Raise what was closed though it went on, after its time; what an open alarm tells by now is no news of it."""
        for one in self.anew.again(moment):
            if not isinstance(one, Finding):
                yield one
            elif not any(is_known(alarm, one) for alarm in self.book.of((one.subject, one.kind))):
                yield from self.take(one, moment)

    def _admit(self, finding: Finding, moment: Moment) -> Iterator[Outcome]:
        finding = replace(finding, subject=self.climber.escalation.site.placed(finding.subject))
        waits = self.anew.takes(finding, moment)
        if waits is not None:
            yield from waits
            return
        again_s = self.climber.escalation.defaults.ladder(finding.priority).again_s
        current = [
            alarm
            for alarm in self.book.of((finding.subject, finding.kind))
            if not is_another(alarm, finding, moment.monotonic, again_s)
        ]
        taker = current[-1] if current else host_of(finding, self._hosts(finding))
        if taker is None:
            yield from self._raise(finding, moment)
            return
        yield from self._add_evidence(taker, finding, moment)
        for one in self.anew.raised(finding, moment):
            yield from self._admit(one, moment) if isinstance(one, Finding) else [one]

    def _hosts(self, finding: Finding) -> tuple[Alarm, ...]:
        """Among which the alarm of another kind is that `finding` may belong to."""
        return self.book.ordered if KINDS[finding.kind].joins else ()

    def _raise(self, finding: Finding, moment: Moment) -> Iterator[Outcome]:
        alarm = self.chatter.began(born(finding, self.new_id(), moment), moment)
        told, reasons = self.climber.at_rung(alarm, 0, moment)
        raised = self.emit(Happened.RAISED, told, moment, f"rule:{finding.kind}", (*finding.reasons, *reasons))
        yield raised
        yield from self.quiet.broken_by(raised.alarm, moment)
        if finding.kind != FLOOD:
            self.quiet.raised(moment)
            yield from self.flooded(moment)
        yield from self.ascent.call_further(raised.alarm, moment)
        for one in self.anew.raised(finding, moment):
            yield from self._admit(one, moment) if isinstance(one, Finding) else [one]

    def flooded(self, moment: Moment) -> Iterator[Outcome]:
        """Tell staff when a flood of alarms begins or ends."""
        changed = self.quiet.flood_changed()
        if changed is None:
            return
        reason = because("flood_begins" if changed else "flood_ends")
        finding = Finding(FLOOD, GATEWAY, Priority.LOW, moment.monotonic, (reason,), active=changed)
        yield from self.take(finding, moment)

    def _add_evidence(self, alarm: Alarm, finding: Finding, moment: Moment) -> Iterator[Outcome]:
        self.chatter.forget(alarm)
        changed, turn = with_evidence(alarm, finding, moment.monotonic)
        if not alarm.condition and not alarm.latching:
            changed = self.chatter.began(changed, moment)
        reasons: tuple[Reason, ...] = ()
        if turn is Turn.WORSE:
            changed, reasons = self.climber.at_rung(changed, 0, moment)
        event = self.emit(Happened.CHANGED, changed, moment, f"rule:{finding.kind}", (*finding.reasons, *reasons))
        yield event
        if turn is not None:
            yield from self.quiet.broken_by(event.alarm, moment)
        yield from self.ascent.call_further(event.alarm, moment)

    def _condition_ended(self, alarm: Alarm, finding: Finding, moment: Moment) -> AlarmEvent:
        changed, actor = without(alarm, finding, moment.monotonic), f"rule:{finding.kind}"
        if finding.lapsed:
            changed = replace(changed, latching=True)
        if not self.chatter.settles(changed):
            return self.emit(Happened.CLOSED, ended(changed, moment), moment, actor, finding.reasons)
        return self.emit(Happened.CHANGED, changed, moment, actor, finding.reasons)

    def settled(self, id_: str, moment: Moment) -> Iterator[Outcome]:
        """The alarm called `id_` has been well for long enough: a fault is closed, what chattered is quiet."""
        alarm = self.book.get(id_)
        if alarm is None:
            return
        why = (because("well_for_long"),)
        if alarm.alarm_class is AlarmClass.TECHNICAL:
            yield self.emit(Happened.CLOSED, ended(alarm, moment), moment, "system", why)
        else:
            yield self.emit(Happened.CHANGED, replace(alarm, chattering=False), moment, "system", why)
