"""A home with a night and a day shift, and an engine whose clock a test turns about dawn."""

from agent.alarms.alarm import Action, AlarmEvent, Command
from agent.alarms.engine import Engine, Outcome
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.moment import DailySpan, Moment
from agent.residents import Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from tests.alarms.engines import alarms, engine

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
LI = Subject(SubjectKind.RESIDENT, "r-201", "201")
DAWN = 1_799_942_400.0 + 6 * 3600.0  # 06:00 in China: the night shift hands over
SHIFTS = (Shift("night", DailySpan(22 * 3600.0, 6 * 3600.0)), Shift("day", DailySpan(6 * 3600.0, 22 * 3600.0)))
NIGHTS = [Duty("n-1", "night"), Duty("n-2", "night", "charge_nurse")]
DAYS = [Duty("d-1", "day"), Duty("d-2", "day", "charge_nurse")]


def site(*duties: Duty) -> Site:
    members = [Member(duty.member) for duty in duties]
    return Site.of([Resident("r-201", "李", "201")], [], roster=Roster.of(members, SHIFTS, duties))


class Home:
    """An engine whose monotonic 0 is `starts` seconds before or after dawn."""

    def __init__(self, escalation: Escalation | None = None, starts: float = -7200.0, known: bool = True) -> None:
        self.escalation = escalation or Escalation(AlarmSettings(callback="0571-1"), (), site(*NIGHTS, *DAYS))
        self.engine: Engine = engine(self.escalation)
        self.starts, self.known, self.now = starts, known, 0.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, DAWN + self.starts + self.now, wall_known=self.known)

    def find(self, kind: str = "spo2_low", priority: Priority = HIGH, **other: bool) -> list[AlarmEvent]:
        finding = Finding(kind, LI, priority, self.now, (because("cause", cause="x"),), "dev", **other)
        return alarms(self.engine.take([finding], self.moment))

    def tick(self, now: float) -> list[AlarmEvent]:
        self.now = now
        return alarms(self.engine.tick(self.moment))

    def do(self, action: Action) -> list[Outcome]:
        return self.engine.command(Command(action, self.engine.open[0].id, "panel:wang"), self.moment)

    def until(self, end: int, every: float = 1.0) -> list[tuple[float, int]]:
        """(time, rung) of each step up to `end`."""
        steps = []
        while self.now < end:
            steps += [(event.at, event.alarm.step) for event in self.tick(self.now + every)]
        return steps
