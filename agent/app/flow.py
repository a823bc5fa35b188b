"""The one way from an event to a sound: rules, engine, then sounder and store side by side.

Runs in the core's loop and never waits. A rule that fails is contained by its host; a failure of the engine itself
ends the process, since an agent that no longer judges must be restarted, not kept.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agent.alarms.alarm import Alarm, AlarmEvent, Command
from agent.alarms.engine import Engine, Moment
from agent.clock import Clock
from agent.detection.observations import OBSERVATIONS, Observation
from agent.rules.finding import Finding
from agent.rules.host import RuleHost
from agent.rules.rule import Event

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where the flow goes; each call returns at once. `sound` gets the whole open set, `keep` each alarm event."""

    sound: Callable[[Iterable[Alarm]], None]
    keep: Callable[[AlarmEvent], None]
    changed: Callable[[], None]
    died: Callable[[BaseException], None]


class Flow:
    """Events, commands and time in; sound, store and panel out."""

    def __init__(self, rules: RuleHost, engine: Engine, clock: Clock, outlets: Outlets) -> None:
        self._rules = rules
        self._engine = engine
        self._clock = clock
        self._outlets = outlets

    @property
    def open(self) -> tuple[Alarm, ...]:
        """Open alarms, highest priority first."""
        return self._engine.open

    @property
    def moment(self) -> Moment:
        """Now."""
        stamp = self._clock.stamp()
        return Moment(stamp.monotonic, stamp.wall)

    def use(self, rules: RuleHost) -> None:
        """Judge by `rules` from now on (leaving safe mode)."""
        self._rules = rules

    def feed(self, event: Event) -> None:
        """One reading, link state or observation."""
        if isinstance(event, Observation) and OBSERVATIONS[event.name].technical:
            return  # a camera's word about itself is judged by `agent.app.cameras`
        self._guarded(lambda: self._judge(event))

    def report(self, findings: Iterable[Finding]) -> None:
        """What our own parts say of themselves."""
        self._guarded(lambda: self._engine.take(findings, self.moment))

    def tick(self) -> None:
        """Let time pass: rules first, then ladders."""
        self._guarded(self._tick)

    def command(self, command: Command) -> AlarmEvent | None:
        """Carry out what a person asks; raises `CommandError`, which changes nothing."""
        event = self._engine.command(command, self.moment)
        if event is not None:
            self._give([event])
        return event

    def sounded(self, alarm_id: str, at: float) -> None:
        """The sounder reports the first line change for an alarm; nothing new to sound."""
        event = self._engine.sounded(alarm_id, at, self.moment)
        if event is not None:
            self._outlets.keep(event)

    def restore(self, alarm: Alarm, shift_s: float | None, source: str) -> None:
        """Take up an alarm from before a restart."""
        self._guarded(lambda: self._engine.restore(alarm, shift_s, self.moment, source))

    def _judge(self, event: Event) -> list[AlarmEvent]:
        findings = self._rules.feed(event, self._clock.monotonic())
        return self._engine.take(findings, self.moment) if findings else []  # hardly one reading in a thousand

    def _tick(self) -> list[AlarmEvent]:
        events = self._engine.take(self._rules.tick(self._clock.monotonic()), self.moment)
        return events + self._engine.tick(self.moment)

    def _guarded(self, step: Callable[[], list[AlarmEvent]]) -> None:
        try:
            events = step()
        except Exception as error:  # the engine itself: end the process, so that a fresh one takes over
            _LOGGER.exception("alarm engine failed")
            self._outlets.died(error)
            return
        if events:
            self._give(events)

    def _give(self, events: list[AlarmEvent]) -> None:
        self._outlets.sound(self._engine.open)
        for event in events:
            _LOGGER.info(
                "alarm %s %s %s for %s: %s",
                event.alarm.id,
                event.alarm.kind,
                event.happened.value,
                event.alarm.subject.id,
                "; ".join(reason.text() for reason in event.reasons),
            )
            self._outlets.keep(event)
        self._outlets.changed()
