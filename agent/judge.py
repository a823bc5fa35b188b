"""The judgement of a home: rules and alarm engine behind one door, with time as a value. Pure.

The running core and a replay drive this same object: the core with its clock, a replay with the time of the file.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agent.alarms.alarm import AlarmEvent, Command
from agent.alarms.engine import Engine
from agent.alarms.settings import AlarmSettings
from agent.detection.event import Event
from agent.moment import Moment
from agent.residents import Site
from agent.rules.finding import Decline, Finding, Prompt, Said, Task
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.settings import RuleSettings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one step came to: alarm events in order, what was weighed and left, what to ask aloud, whose task it is."""

    events: tuple[AlarmEvent, ...] = ()
    declined: tuple[Decline, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    tasks: tuple[Task, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.events or self.declined or self.prompts or self.tasks)


NOTHING = Verdict()


@dataclass(slots=True)
class Judge:
    """Events, commands and time in; verdicts out."""

    rules: RuleHost
    engine: Engine

    @staticmethod
    def of(site: Site, rules: RuleSettings, alarms: AlarmSettings, new_id: Callable[[], str]) -> "Judge":
        """The judge of a home where nothing has happened yet."""
        return Judge(RuleHost(Ground.of(site, rules)), Engine(alarms, new_id))

    def feed(self, event: Event, now: Moment) -> Verdict:
        """One reading, link state, observation or act."""
        said = self.rules.feed(event, now)
        return self._verdict(said, now) if said else NOTHING  # hardly one reading in a thousand

    def report(self, findings: Iterable[Finding], now: Moment) -> Verdict:
        """What our own parts say of themselves."""
        return self._verdict(list(findings), now)

    def tick(self, now: Moment) -> Verdict:
        """Let time pass: rules first, then ladders."""
        verdict = self._verdict(self.rules.tick(now), now)
        events = self.engine.tick(now)
        return Verdict((*verdict.events, *events), verdict.declined, verdict.prompts, verdict.tasks)

    def command(self, command: Command, now: Moment) -> Verdict:
        """Carry out what a person asks; raises `CommandError`, which changes nothing."""
        event = self.engine.command(command, now)
        return Verdict((event,)) if event is not None else NOTHING

    def use(self, site: Site) -> None:
        """Site facts have changed."""
        self.rules.use(site)

    @property
    def due(self) -> float:
        """Monotonic time of the next tick that anybody needs."""
        return min(self.rules.due, self.engine.due)

    def _verdict(self, said: Iterable[Said], now: Moment) -> Verdict:
        findings: list[Finding] = []
        declined: list[Decline] = []
        prompts: list[Prompt] = []
        tasks: list[Task] = []
        for one in said:
            match one:
                case Finding():
                    findings.append(one)
                case Decline():
                    declined.append(one)
                case Prompt():
                    prompts.append(one)
                case Task():
                    tasks.append(one)
        return Verdict(tuple(self.engine.take(findings, now)), tuple(declined), tuple(prompts), tuple(tasks))
