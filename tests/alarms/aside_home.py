"""One resident, one engine and what staff do, for tests of what is set aside."""

from agent.alarms.engine import Outcome
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import Noted, ShelveOrder, StandingEvent, Suppressed
from agent.detection.acts import Act
from agent.detection.ward import Ward as People
from agent.moment import DailySpan, Moment
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from drivers.reading import Quality, Reading
from tests.alarms.engines import engine

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
LI = Subject(SubjectKind.RESIDENT, "r-201", "201")
NIGHT_WALL = 1_799_942_400.0 + 2 * 3600.0  # 02:00 in China
ROSTER = Roster.of([Member("s-1")], [Shift("night", DailySpan(22 * 3600.0, 6 * 3600.0))], [Duty("s-1", "night")])
PLACES = [Place("corridor", PlaceKind.CORRIDOR)]
BINDINGS = [
    Binding("belt", DeviceRole.WEARABLE, resident="r-201"),
    Binding("tag", DeviceRole.TAG, resident="r-201"),
    Binding("bed", DeviceRole.BED, resident="r-201"),
    Binding("nurse-tag", DeviceRole.TAG, staff="s-1"),
]


class Home:
    """One resident, one engine, and what staff do."""

    def __init__(self, roster: Roster | None = None) -> None:
        self.site = Site.of([Resident("r-201", "李", "201")], BINDINGS, places=PLACES, roster=roster)
        self.people = People(self.site)
        self.engine = engine(Escalation(AlarmSettings(), (), self.site), self.people)
        self.now = 1000.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, NIGHT_WALL + self.now)

    def find(
        self,
        kind: str = "bed_exit",
        priority: Priority = MEDIUM,
        *,
        device: str = "bed",
        active: bool = True,
        happening: bool = False,
        subject: Subject = LI,
    ) -> list[Outcome]:
        why = (because("cause", cause=device),)
        finding = Finding(kind, subject, priority, self.now, why, device, active=active, happening=happening)
        return self.engine.take([finding], self.moment)

    def act(self, name: str, subject: Subject = LI, value: float | bool = True) -> list[Outcome]:
        self.people.take(Act(name, subject, self.now, "s-1", value), self.moment)
        return self.engine.release(self.moment)

    def seen_at(self, place: str, tag: str = "nurse-tag") -> None:
        self.people.take(Reading(tag, "seen_at", place, self.now, Quality.GOOD), self.moment)

    def tick(self, seconds: float = 0.0) -> list[Outcome]:
        self.now += seconds
        return self.engine.tick(self.moment)

    def shelve(self, kind: str, subject: str = "r-201", seconds: float = 3600.0, **other: str) -> list[Outcome]:
        order = {"by": "s-1", "reason": "sensor loose", **other}
        return self.engine.shelve(ShelveOrder(kind, subject, order["by"], order["reason"], seconds), self.moment)

    def move(self, room: str) -> None:
        """The resident has another room from now on."""
        self.site = Site.of([Resident("r-201", "李", room)], BINDINGS, places=PLACES, roster=self.site.roster)
        self.people.site = self.site
        self.engine.use(Escalation(AlarmSettings(), (), self.site))

    @property
    def kinds(self) -> list[str]:
        return [alarm.kind for alarm in self.engine.open]


def held(outcomes: list[Outcome]) -> list[Suppressed]:
    return [one for one in outcomes if isinstance(one, Suppressed)]


def standing(outcomes: list[Outcome]) -> list[tuple[Noted, bool]]:
    return [(one.noted, one.open) for one in outcomes if isinstance(one, StandingEvent)]
