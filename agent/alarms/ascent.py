"""What time, sleep and deafness do to alarms on their ladders: rungs taken, sound that comes back, shifts. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from agent.alarms.alarm import Alarm, AlarmEvent, Happened, State
from agent.alarms.book import AlarmBook
from agent.alarms.climbing import Climber
from agent.alarms.lifecycle import Turn, after
from agent.alarms.quiet import Quiet
from agent.alarms.standing import StandingEvent
from agent.moment import Moment
from agent.rules.finding import Priority
from agent.rules.reason import Reason, because

Emit = Callable[[Happened, Alarm, Moment, str, Sequence[Reason]], AlarmEvent]
Outcome = AlarmEvent | StandingEvent


class Ascent:
    """Takes alarms up their ladders; `emit` writes down what happened to one and gives the event."""

    def __init__(self, climber: Climber, book: AlarmBook, quiet: Quiet, emit: Emit) -> None:
        self._climber = climber
        self._book = book
        self._quiet = quiet
        self._emit = emit
        self.deaf = ""  # why nobody can hear, while that is so

    def climb(self, alarm: Alarm, moment: Moment) -> Iterator[Outcome]:
        """The time of `alarm` has come: it takes the next rung, or sounds again since nobody arrived."""
        due = self._climber.due_of(alarm)  # the next rung is counted from there, however late the tick is
        if alarm.state is State.SEEN:
            why = because("nobody_arrived", for_s=self._climber.ladder(alarm).unattended_s)
            yield from self._sound_again(alarm, due, moment, why)
        elif event := self._next_rung(alarm, due, moment):
            yield event

    def after_sleep(self, alarm: Alarm, moment: Moment) -> Iterator[Outcome]:
        """Nobody knows how long we slept: the next step is taken at once."""
        now = moment.monotonic
        if alarm.state is State.RAISED and (climbed := self._next_rung(alarm, now, moment)):
            yield climbed
        elif alarm.state is State.SEEN and self._climber.ladder(alarm).unattended_s > 0:
            yield from self._sound_again(alarm, now, moment, because("sleep_unknown"))

    def hand_over(self, alarms: Iterable[Alarm], moment: Moment) -> Iterator[Outcome]:
        """Another shift is on duty, or site facts changed: they count, and its people learn of what is unattended."""
        for alarm in alarms:
            changed, reasons = self._climber.handed_over(alarm, moment)
            if changed.subject.room != alarm.subject.room:
                reasons = (because("now_in_room", room=changed.subject.room), *reasons)
            elif changed == alarm:
                self._book.put(alarm)  # the new ladder may have other times
                yield from self.call_further(alarm, moment)
                continue
            why = () if alarm.state is State.ATTENDED else (because("shift_changed"),)
            event = self._emit(Happened.CHANGED, changed, moment, "system", (*why, *reasons))
            yield event
            yield from self.call_further(event.alarm, moment)

    def call_further(self, alarm: Alarm, moment: Moment) -> Iterator[Outcome]:
        """While nobody hears: whoever can be called beyond the building at once, for what is unseen and not low."""
        if not self.deaf or alarm.state is not State.RAISED or alarm.priority is Priority.LOW:
            return
        climbed = self._climber.beyond(alarm, moment)
        if climbed.step != alarm.step:
            why = because("nobody_hears", why=self.deaf)
            yield self._escalated(alarm, climbed, moment.monotonic, moment, (why,))

    def _sound_again(self, alarm: Alarm, at: float, moment: Moment, why: Reason) -> Iterator[Outcome]:
        again = replace(alarm, state=after(alarm.state, Turn.UNATTENDED, alarm.alarm_class), changed_at=at, rung_at=at)
        climbed, reasons = self._climber.at_rung(again, alarm.step + 1, moment)
        event = self._emit(Happened.SOUNDED_AGAIN, climbed, moment, "system", (why, *reasons))
        yield event
        yield from self._quiet.broken_by(event.alarm, moment)
        yield from self.call_further(event.alarm, moment)

    def _next_rung(self, alarm: Alarm, at: float, moment: Moment) -> AlarmEvent | None:
        if self._climber.last(alarm):
            return None
        climbed, reasons = self._climber.at_rung(alarm, alarm.step + 1, moment)
        return self._escalated(alarm, climbed, at, moment, reasons)

    def _escalated(
        self, alarm: Alarm, climbed: Alarm, at: float, moment: Moment, reasons: tuple[Reason, ...]
    ) -> AlarmEvent:
        new = tuple(role for role in climbed.told if role not in alarm.told)
        rung = self._climber.ladder(climbed).rungs[climbed.step].tell
        told = because("told", roles=", ".join(new)) if new else because("told_before", roles=", ".join(rung))
        climbed = replace(climbed, changed_at=at, rung_at=at)
        return self._emit(Happened.ESCALATED, climbed, moment, "system", (told, *reasons))
