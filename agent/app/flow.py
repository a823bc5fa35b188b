"""The one way from an event to a sound: rules, engine, then sounder and store side by side.

Runs in the core's loop and never waits. A rule that fails is contained by its host; a failure of the engine itself
ends the process, since an agent that no longer judges must be restarted, not kept.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agent.alarms.alarm import Alarm, AlarmEvent, Command
from agent.alarms.let_sound import LetSound
from agent.alarms.standing import Standing
from agent.clock import Clock
from agent.detection.acts import Act
from agent.detection.event import Event
from agent.detection.observations import OBSERVATIONS, Observation
from agent.judge import Judge, Verdict
from agent.moment import Moment
from agent.residents import Site
from agent.rules.finding import Finding, Prompt, Said
from agent.rules.host import RuleHost

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where the flow goes; each call returns at once. `sound` gets the whole open set, `keep` what was decided."""

    sound: Callable[[Iterable[Alarm]], None]
    keep: Callable[[Verdict], None]
    noted: Callable[[Act], None]
    changed: Callable[[], None]
    died: Callable[[BaseException], None]
    ask: Callable[[Prompt], None] = lambda _: None  # aloud, in a room; a replay has nobody to ask


class Flow:
    """Events, commands and time in; sound, store and panel out."""

    def __init__(self, judge: Judge, clock: Clock, outlets: Outlets) -> None:
        self._judge = judge
        self._clock = clock
        self._outlets = outlets
        self._let_sound = LetSound()

    @property
    def open(self) -> tuple[Alarm, ...]:
        """Open alarms, highest priority first."""
        return self._judge.engine.open

    @property
    def left(self) -> tuple[Finding, ...]:
        """What goes on behind alarms that a person closed."""
        return self._judge.engine.left

    @property
    def judge(self) -> Judge:
        """Whom to ask what is open, quiet and due."""
        return self._judge

    @property
    def site(self) -> Site:
        """The site facts in force."""
        return self._judge.rules.ground.site

    @property
    def moment(self) -> Moment:
        """Now."""
        return self._clock.moment()

    def use(self, rules: RuleHost) -> None:
        """Judge by `rules` from now on (leaving safe mode); they go on with what is open."""
        self._judge.rules = rules
        now = self.moment
        for alarm in self.open:
            rules.resume(alarm.kind, alarm.subject, alarm.priority, alarm.rung_at, now)
        for one in self.left:
            rules.resume(one.kind, one.subject, one.priority, one.at, now)

    def can_ask(self, rooms: Iterable[str]) -> None:
        """A question can be asked aloud in these rooms now, and in no other."""
        self._judge.rules.ground.voices.rooms = frozenset(rooms)

    def unasked(self, room: str) -> None:
        """The question in `room` was not spoken: nobody can answer it."""
        self._judge.rules.ground.voices.unasked(room, self.moment.monotonic)

    def feed(self, event: Event) -> None:
        """One reading, link state, observation or act."""
        if isinstance(event, Observation) and OBSERVATIONS[event.name].technical:
            return  # a camera's word about itself is judged by `agent.eyes`
        self._guarded(lambda: self._judge.feed(event, self.moment))

    def retell(self, act: Act) -> None:
        """An act from before a restart, for whoever does not remember it."""
        self._guarded(lambda: self._judge.retell(act, self.moment))

    def settle(self) -> None:
        """All that stood before a restart is restored."""
        self._guarded(self._judge.settle)

    def act(self, act: Act) -> None:
        """What a person did: judged, and kept whatever comes of it."""
        self._outlets.noted(act)
        self.feed(act)
        self._outlets.changed()

    def report(self, said: Iterable[Said]) -> None:
        """What our own parts say of themselves."""
        self._guarded(lambda: self._judge.report(said, self.moment))

    def deaf(self, why: str) -> None:
        """Nobody here can hear an alarm (`why`), or somebody can again (empty)."""
        self._guarded(lambda: self._judge.deaf(why, self.moment))

    def tick(self) -> None:
        """Let time pass: rules first, then ladders."""
        self._guarded(lambda: self._judge.tick(self.moment))

    def command(self, command: Command) -> AlarmEvent | None:
        """Carry out what a person asks; raises `CommandError`, which changes nothing."""
        verdict = self._judge.command(command, self.moment)
        self._give(verdict)
        return verdict.events[0] if verdict.events else None

    def order(self, step: Callable[[Judge, Moment], Verdict]) -> Verdict:
        """Carry out what a person asks of pause or shelves; raises `CommandError`, which changes nothing."""
        verdict = step(self._judge, self.moment)
        self._give(verdict)
        return verdict

    def sounded(self, alarm_id: str, at: float) -> None:
        """The sounder reports the first line change for an alarm; nothing new to sound."""
        event = self._judge.engine.sounded(alarm_id, at, self._let_sound.since(alarm_id), self.moment)
        if event is not None:
            self._outlets.keep(Verdict((event,)))

    def restore(self, alarm: Alarm, shift_s: float | None, source: str) -> None:
        """Take up an alarm from before a restart."""
        self._guarded(lambda: self._judge.restore(alarm, shift_s, self.moment, source))

    def restore_standing(self, record: Standing) -> None:
        """Take up a pause, shelf or task from before a restart."""
        self._guarded(lambda: self._judge.restore_standing(record, self.moment))

    def _guarded(self, step: Callable[[], Verdict]) -> None:
        try:
            verdict = step()
        except Exception as error:  # the engine itself: end the process, so that a fresh one takes over
            _LOGGER.exception("alarm engine failed")
            self._outlets.died(error)
            return
        self._give(verdict)

    def _give(self, verdict: Verdict) -> None:
        if not verdict:
            return
        if verdict.events or verdict.standing:
            audible = self._judge.engine.audible
            self._outlets.sound(audible)
            self._let_sound.note(audible, verdict.events[0].at if verdict.events else verdict.standing[0].at)
        for prompt in verdict.prompts:
            self._outlets.ask(prompt)
        for event in verdict.events:
            _LOGGER.info(
                "alarm %s %s %s for %s: %s",
                event.alarm.id,
                event.alarm.kind,
                event.happened.value,
                event.alarm.subject.id,
                "; ".join(reason.text() for reason in event.reasons),
            )
        self._outlets.keep(verdict)
        self._outlets.changed()
