"""The judgement of a home: rules, alarm engine and tasks behind one door, with time as a value. Pure.

The running core and a replay drive this same object: the core with its clock, a replay with the time of the file.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

from agent.alarms.alarm import Alarm, AlarmEvent, Command
from agent.alarms.engine import Engine, Outcome
from agent.alarms.escalation import Escalation
from agent.alarms.standing import Held, OpenTask, ShelveOrder, Standing, StandingEvent, Suppressed
from agent.alarms.tasks import TaskBook
from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import Moment
from agent.rules.finding import Decline, Finding, Prompt, Said, Task
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.settings import RuleSettings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one step came to, each kind in order.

    `events` of alarms, `standing`: pause, shelves and tasks; `suppressed`: held back; `declined`: weighed and left;
    `prompts`: to ask aloud.
    """

    events: tuple[AlarmEvent, ...] = ()
    standing: tuple[StandingEvent, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    declined: tuple[Decline, ...] = ()
    prompts: tuple[Prompt, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.events or self.standing or self.suppressed or self.declined or self.prompts)


NOTHING = Verdict()

# act -> the task that it does by itself
_FULFILS: MappingProxyType[str, str] = MappingProxyType({"heard": "confirm_sound"})


class Judge:
    """Events, commands and time in; verdicts out."""

    def __init__(self, rules: RuleHost, engine: Engine, tasks: TaskBook) -> None:
        self.rules = rules
        self.engine = engine
        self.tasks = tasks
        self.escalation = Escalation()
        self._edited = False  # site facts, since the last tick

    @staticmethod
    def of(rules: RuleSettings, escalation: Escalation, new_id: Callable[[], str], safe_mode: bool = False) -> "Judge":
        """The judge of a home where nothing has happened yet."""
        ground = Ground.of(escalation.site, rules)
        judge = Judge(RuleHost(ground, safe_mode=safe_mode), Engine(escalation, ground.ward, new_id), TaskBook(new_id))
        judge.escalation = escalation
        return judge

    def feed(self, event: Event, now: Moment) -> Verdict:
        """One reading, link state, observation or act."""
        said = self.rules.feed(event, now)
        if isinstance(event, Act):
            return self._acted(event, said, now)
        return self._verdict(said, now) if said else NOTHING  # hardly one reading in a thousand

    def report(self, said: Iterable[Said], now: Moment) -> Verdict:
        """What our own parts say of themselves."""
        return self._verdict(list(said), now)

    def deaf(self, why: str, now: Moment) -> Verdict:
        """Nobody here can hear an alarm (`why`), or somebody can again (empty)."""
        return self._verdict((), now, lambda moment: self.engine.deaf(why, moment))

    def tick(self, now: Moment) -> Verdict:
        """Let time pass: rules first, then ladders."""
        verdict = self._verdict(self.rules.tick(now), now, self.engine.tick)
        return self._gone_along(verdict, now) if self._edited else verdict

    def command(self, command: Command, now: Moment) -> Verdict:
        """Carry out what a person asks; raises `CommandError`, which changes nothing."""
        return self._verdict((), now, lambda moment: self.engine.command(command, moment))

    def pause(self, by: str, seconds: float, now: Moment) -> Verdict:
        """Pause the sound; raises `CommandError`."""
        return self._verdict((), now, lambda moment: self.engine.pause(by, seconds, moment))

    def resume(self, by: str, now: Moment) -> Verdict:
        """End the pause."""
        return Verdict(standing=tuple(self.engine.quiet.resume(by, now)))

    def shelve(self, order: ShelveOrder, now: Moment) -> Verdict:
        """Put alarms of one kind about one subject aside, to the end of the shift at most; raises `CommandError`."""
        return self._verdict((), now, lambda moment: self.engine.shelve(order, moment))

    def unshelve(self, id_: str, by: str, now: Moment) -> Verdict:
        """Take it off the shelf, and raise what still holds; raises `CommandError`."""
        event = self.engine.quiet.unshelve(id_, by, now)
        verdict = self._verdict((), now, self.engine.release)
        return Verdict(verdict.events, (event, *verdict.standing))

    def note(self, alarm: str, text: str, author: str, now: Moment) -> Verdict:
        """A word from the platform about an open alarm: shown, and nothing else."""
        event = self.engine.note(alarm, text, author, now)
        return Verdict((event,)) if event else NOTHING

    def use(self, escalation: Escalation) -> None:
        """Site facts have changed; tasks and what is kept back follow whoever has moved at the next tick."""
        self.escalation, self._edited = escalation, True
        self.rules.use(escalation.site)
        self.engine.use(escalation)

    def retell(self, act: Act, now: Moment) -> Verdict:
        """An act from before a restart, for whoever does not remember it."""
        return self._acted(act, self.rules.retell(act, now), now)

    def settle(self) -> Verdict:
        """All that stood before a restart is restored: rules and alarms must agree on what goes on."""
        self.rules.settle(self.engine.going_on)
        return Verdict()

    def restore(self, alarm: Alarm, shift_s: float | None, now: Moment, source: str) -> Verdict:
        """Take up an alarm from before a restart (`Engine.restore`)."""
        verdict = self._verdict((), now, lambda moment: self.engine.restore(alarm, shift_s, moment, source))
        for event in verdict.events[:1]:
            taken = event.alarm
            self.rules.resume(taken.kind, taken.subject, taken.priority, taken.rung_at, now)
        return verdict

    def restore_standing(self, record: Standing, now: Moment) -> Verdict:
        """Take up a pause, shelf or task from before a restart, or what is held; gives the end of one that is over."""
        self._edited = True  # the store may not have heard of the last edit
        if isinstance(record, OpenTask):
            self.tasks.restore(record)
            return NOTHING
        if isinstance(record, Held) and record.closed:
            gone_on = record.findings[0]
            self.rules.resume(gone_on.kind, gone_on.subject, gone_on.priority, record.since, now)
        return self._verdict((), now, lambda moment: self.engine.restore_standing(record, moment))

    @property
    def due(self) -> float:
        """Monotonic time of the next tick that anybody needs."""
        return -math.inf if self._edited else min(self.rules.due, self.engine.due)

    def _gone_along(self, verdict: Verdict, now: Moment) -> Verdict:
        self._edited = False
        moved = [one for one in self.engine.go_along(now) if isinstance(one, StandingEvent)]
        moved += self.tasks.go_along(self.escalation.site, now)
        return Verdict(verdict.events, (*verdict.standing, *moved), *_rest(verdict))

    def _acted(self, act: Act, said: list[Said], now: Moment) -> Verdict:
        verdict = self._verdict(said, now, self.engine.release)
        task = str(act.value) if act.name == "task_done" else _FULFILS.get(act.name)
        if task is None:
            return verdict
        done = self.tasks.done(task, act.subject, act.actor, now)
        return Verdict(verdict.events, (*verdict.standing, done) if done else verdict.standing, *_rest(verdict))

    def _verdict(
        self, said: Iterable[Said], now: Moment, more: Callable[[Moment], list[Outcome]] | None = None
    ) -> Verdict:
        by_type: dict[type, list[Said]] = {Finding: [], Decline: [], Prompt: [], Task: []}
        for one in said:
            by_type[type(one)].append(one)
        outcomes = self.engine.take(by_type[Finding], now)  # type: ignore[arg-type]
        if more is not None:
            outcomes += more(now)
        standing = [one for one in outcomes if isinstance(one, StandingEvent)]
        standing += self.tasks.take(by_type[Task], now)  # type: ignore[arg-type]
        return Verdict(
            tuple(one for one in outcomes if isinstance(one, AlarmEvent)),
            tuple(standing),
            tuple(one for one in outcomes if isinstance(one, Suppressed)),
            tuple(by_type[Decline]),  # type: ignore[arg-type]
            tuple(by_type[Prompt]),  # type: ignore[arg-type]
        )


def _rest(verdict: Verdict) -> tuple[tuple[Suppressed, ...], tuple[Decline, ...], tuple[Prompt, ...]]:
    return verdict.suppressed, verdict.declined, verdict.prompts
