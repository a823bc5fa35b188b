"""An engine, its clock and its ears, for tests of what keeps quiet and what comes and goes."""

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Command
from agent.alarms.engine import Engine, Outcome
from agent.alarms.standing import Noted, StandingEvent
from agent.moment import Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from tests.alarms.engines import alarms, engine

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
HELP = sorted(name for name, kind in KINDS.items() if kind.unsuppressible)


class Home:
    """An engine and its clock."""

    def __init__(self, under_test: Engine | None = None) -> None:
        self.engine = under_test or engine()
        self.now = 1000.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, 1_800_000_000.0 + self.now)

    def find(
        self,
        kind: str,
        priority: Priority = HIGH,
        who: str = "r-1",
        *,
        active: bool = True,
        happening: bool = False,
        device: str = "dev",
    ) -> list[Outcome]:
        technical = KINDS[kind].alarm_class is AlarmClass.TECHNICAL
        subject = Subject(SubjectKind.DEVICE if technical else SubjectKind.RESIDENT, who, "201")
        finding = Finding(
            kind,
            subject,
            priority,
            self.now,
            (because("cause", cause="x"),),
            device,
            active=active,
            happening=happening,
        )
        return self.engine.take([finding], self.moment)

    def pause(self, seconds: float = 120.0) -> StandingEvent:
        (event, *_) = self.engine.pause("panel:wang", seconds, self.moment)
        assert isinstance(event, StandingEvent)
        return event

    def tick(self, seconds: float = 0.0) -> list[Outcome]:
        self.now += seconds
        return self.engine.tick(self.moment)

    def do(self, action: Action, alarm: Alarm) -> list[Outcome]:
        return self.engine.command(Command(action, alarm.id, "panel:wang"), self.moment)

    def flooded(self) -> bool:
        return self.engine.quiet.flood

    @property
    def heard(self) -> list[tuple[str, str]]:
        """(kind, whom) of what sounds."""
        return [(alarm.kind, alarm.subject.id) for alarm in self.engine.audible if alarm.sounding]


def resumed(outcomes: list[Outcome]) -> list[str]:
    """Codes of the reasons with which a pause ended."""
    return [
        one.reasons[0].code if one.reasons else ""
        for one in outcomes
        if isinstance(one, StandingEvent) and one.noted is Noted.RESUMED
    ]


def flap(home: Home, kind: str, times: int, every_s: float = 10.0) -> list[AlarmEvent]:
    events: list[AlarmEvent] = []
    for _ in range(times):
        events += alarms(home.find(kind, MEDIUM))
        home.now += every_s / 2
        events += alarms(home.find(kind, MEDIUM, active=False))
        home.now += every_s / 2
        events += alarms(home.tick())
    return events
