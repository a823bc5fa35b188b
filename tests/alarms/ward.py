"""One resident and an engine whose clock a test turns."""

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.detection.ward import Ward as People
from agent.moment import Moment
from agent.residents import Resident, Site, Subject, SubjectKind
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from tests.alarms.engines import alarms, engine

LI = Subject(SubjectKind.RESIDENT, "r-201", "201")
BUTTON = Subject(SubjectKind.DEVICE, "sos-201", "201")
SITE = Site.of([Resident("r-201", "李", "201")], [])
HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


class Ward:
    """An engine with a clock that a test turns."""

    def __init__(self) -> None:
        self.people = People(SITE)
        self.engine = engine(Escalation(AlarmSettings(), (), SITE), self.people)
        self.now = 1000.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, 1_800_000_000.0 + self.now)

    def find(
        self,
        kind: str,
        priority: Priority = HIGH,
        *,
        active: bool = True,
        happening: bool = False,
        reason: str = "why",
        device: str = "dev",
    ) -> list[AlarmEvent]:
        subject = BUTTON if KINDS[kind].alarm_class is AlarmClass.TECHNICAL else LI
        finding = Finding(
            kind, subject, priority, self.now, (because(reason),), device, active=active, happening=happening
        )
        return alarms(self.engine.take([finding], self.moment))

    def press(self) -> list[AlarmEvent]:
        return self.find("sos", happening=True)

    def do(self, action: Action, cause: Cause | None = None, alarm: str = "") -> AlarmEvent | None:
        command = Command(action, alarm or self.only.id, "panel:wang", cause)
        return next(iter(alarms(self.engine.command(command, self.moment))), None)

    def wait(self, seconds: float) -> list[AlarmEvent]:
        events: list[AlarmEvent] = []
        for _ in range(round(seconds)):
            self.now += 1
            events += alarms(self.engine.tick(self.moment))
        return events

    @property
    def only(self) -> Alarm:
        (alarm,) = self.engine.open
        return alarm
