"""The flow: how late a sound was, from when the flow let it sound."""

import itertools

from agent.alarms.alarm import AlarmEvent, Happened
from agent.alarms.escalation import Escalation
from agent.app.flow import Flow, Outlets
from agent.clock import Clock
from agent.judge import Judge, Verdict
from agent.residents import Resident, Site
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.rules.settings import RuleSettings

SITE = Site.of([Resident("r-1", "李", "201")], [])


class Life:
    """A flow on a clock that a test turns, and what it gave to keep."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.kept: list[AlarmEvent] = []
        numbers = itertools.count()
        judge = Judge.of(RuleSettings(), Escalation(site=SITE), lambda: f"id-{next(numbers)}")
        clock = Clock(lambda: self.now, lambda: 1_800_000_000.0 + self.now, "boot", lambda: True)
        self.flow = Flow(judge, clock, Outlets(lambda _: None, self._keep, lambda _: None, lambda: None, self._died))

    def _keep(self, verdict: Verdict) -> None:
        self.kept += verdict.events

    def _died(self, error: BaseException) -> None:
        raise error

    def find(self, kind: str, priority: Priority) -> str:
        why = (because("cause", cause="x"),)
        self.flow.report([Finding(kind, SITE.resident_subject(SITE.residents["r-1"]), priority, self.now, why, "oxi")])
        return next(alarm.id for alarm in self.flow.open if alarm.kind == kind)

    def sounded(self, alarm: str, at: float) -> list[tuple[str, float]]:
        """What its reasons tell, when the buzzer says that it sounded."""
        self.now = at + 0.1
        self.flow.sounded(alarm, at)
        event = self.kept[-1]
        assert (event.happened, event.alarm.id) == (Happened.SOUNDED, alarm)
        return [(reason.code, float(value)) for reason in event.reasons for _, value in reason.values]


def test_a_sound_is_late_from_when_it_was_raised_or_its_pause_was_over() -> None:
    life = Life()
    first = life.find("spo2_low", Priority.MEDIUM)
    assert life.sounded(first, 1000.25) == [("sounded", 250.0)]
    life.now = 1010.0
    life.flow.order(lambda judge, now: judge.pause("wang", 60.0, now))
    life.now = 1020.0
    second = life.find("heart_rate_high", Priority.MEDIUM)
    life.now = 1070.0
    life.flow.tick()
    assert life.sounded(second, 1070.5) == [("sounded", 500.0), ("let_sound", 50.0)]
    assert life.sounded(first, 1070.5) == [("sounded", 500.0), ("let_sound", 70.0)]
