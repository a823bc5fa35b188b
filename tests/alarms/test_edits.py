"""Site facts edited while alarms are open: nobody goes to the wrong room, and nobody is left uncalled."""

from agent.alarms.alarm import Action, AlarmEvent, Cause, Command, Happened
from agent.alarms.escalation import Escalation, SiteLadder
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.moment import DailySpan, Moment
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from tests.alarms.engines import alarms, engine

HIGH = Priority.HIGH
NOON = 1_799_942_400.0 + 12 * 3600.0  # in China
DAY = Shift("day", DailySpan(6 * 3600.0, 22 * 3600.0))
NURSE = Duty("d-2", "day", "charge_nurse")
DUTIES = (Duty("d-1", "day"), NURSE)
ALONE = Ladder((Rung(0, ("charge_nurse",)), Rung(60, ("all_staff",)), Rung(90, ("platform",))))
BELT = Binding("belt", DeviceRole.WEARABLE, resident="r-1")
WHY = (because("cause", cause="x"),)


def site(room: str = "201", duties: tuple[Duty, ...] = DUTIES, bindings: tuple[Binding, ...] = (BELT,)) -> Site:
    roster = Roster.of([Member("d-1"), Member("d-2")], [DAY], duties)
    places = [Place("lounge", PlaceKind.ROOM, room), Place(room, PlaceKind.ROOM, room, "3")]
    return Site.of([Resident("r-1", "李", room), Resident("r-2", "王", "299")], bindings, places=places, roster=roster)


class Home:
    """One engine whose site facts somebody edits."""

    def __init__(self) -> None:
        self.escalation = Escalation(AlarmSettings(), (), site())
        self.engine = engine(self.escalation)
        self.now = 100.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, NOON + self.now)

    def find(self, kind: str = "spo2_low", room: str = "201", **other: bool) -> list[AlarmEvent]:
        subject = Subject(SubjectKind.RESIDENT, "r-1", room)
        return alarms(self.engine.take([Finding(kind, subject, HIGH, self.now, WHY, "belt", **other)], self.moment))

    def tick(self, seconds: float = 1.0) -> list[AlarmEvent]:
        self.now += seconds
        return alarms(self.engine.tick(self.moment))

    def do(self, *actions: Action) -> None:
        for action in actions:
            self.engine.command(Command(action, self.engine.open[0].id, "wang", Cause.OTHER), self.moment)

    def edit(self, facts: Site, *ladders: SiteLadder) -> list[AlarmEvent]:
        self.engine.use(Escalation(AlarmSettings(), ladders, facts))
        return self.tick()


# who has moved


def test_an_open_alarm_goes_where_its_resident_has_moved() -> None:
    home = Home()
    home.find("fall")
    (event,) = home.edit(site("305"))
    assert event.happened is Happened.CHANGED
    assert event.alarm.subject.room == "305"
    assert event.reasons == (because("shift_changed"), because("now_in_room", room="305"))
    assert home.tick() == []


def test_so_does_one_that_is_attended_to_and_nobody_is_called() -> None:
    home = Home()
    home.find("fall")
    home.do(Action.ATTEND)
    (event,) = home.edit(site("305", (NURSE,)))
    assert event.reasons == (because("now_in_room", room="305"),)
    assert (event.alarm.subject.room, event.alarm.people) == ("305", ("d-1",))


def test_what_goes_on_after_a_move_is_the_same_alarm_and_in_the_new_room() -> None:
    home = Home()
    home.find("spo2_low")
    home.edit(site("305"))
    (event,) = home.find("spo2_low", "305")
    assert (event.happened, event.alarm.subject.room) == (Happened.CHANGED, "305")
    over = Finding("spo2_low", Subject(SubjectKind.RESIDENT, "r-1", "305"), HIGH, 1.0, WHY, "belt", active=False)
    (ended,) = alarms(home.engine.take([over], home.moment))
    assert not ended.alarm.condition


def test_another_press_before_the_next_tick_has_the_new_room() -> None:
    home = Home()
    home.find("sos", happening=True)
    home.engine.use(Escalation(AlarmSettings(), (), site("305")))
    (event,) = home.find("sos", "305", happening=True)
    assert event.alarm.subject.room == "305"


def test_what_was_closed_comes_back_in_the_new_room() -> None:
    home = Home()
    home.find("spo2_low")
    home.do(Action.ATTEND, Action.CLOSE)
    home.edit(site("305"))
    (again,) = home.tick(300.0)
    assert (again.happened, again.alarm.subject.room) == (Happened.RAISED, "305")


def test_of_whom_nobody_knows_any_more_the_alarm_stays_as_it_was() -> None:
    home = Home()
    home.find("fall")
    assert home.edit(Site(roster=site().roster)) == []
    assert home.engine.open[0].subject.room == "201"
    assert home.engine.open[0].sounding


def test_facts_place_residents_places_and_devices() -> None:
    facts = site("305")
    for kind, id_, room in (
        (SubjectKind.RESIDENT, "r-1", "305"),
        (SubjectKind.RESIDENT, "r-9", "old"),
        (SubjectKind.PLACE, "lounge", "305"),
        (SubjectKind.PLACE, "attic", "old"),
        (SubjectKind.DEVICE, "belt", "305"),
        (SubjectKind.DEVICE, "watch", "old"),
        (SubjectKind.GATEWAY, "gateway", "old"),
    ):
        assert facts.placed(Subject(kind, id_, "old")).room == room, id_


# ladders with other roles


def test_a_ladder_of_other_roles_calls_them_at_once() -> None:
    home = Home()
    home.find()
    (event,) = home.edit(site(), SiteLadder(HIGH, ALONE))
    assert event.alarm.told == ("assigned_carer", "charge_nurse")
    assert event.alarm.people == ("d-1", "d-2")
    assert (event.alarm.step, event.alarm.rung_at) == (0, 100.0)


def test_on_a_shorter_ladder_all_of_it_is_called() -> None:
    home = Home()
    home.find()
    home.tick(60.0)
    home.tick(60.0)
    home.tick(180.0)
    assert home.engine.open[0].step == 3
    (event,) = home.edit(site(), SiteLadder(HIGH, ALONE))
    assert event.alarm.step == 2
    assert set(ALONE.rungs[0].tell + ALONE.rungs[1].tell + ALONE.rungs[2].tell) <= set(event.alarm.told)


def test_a_rung_that_an_edit_left_without_people_is_left_out_from_then_on() -> None:
    home = Home()
    home.find()
    (event,) = home.edit(site(duties=(NURSE,)))
    assert event.reasons == (because("shift_changed"), because("nobody_on_duty", roles="assigned_carer"))
    assert (event.alarm.step, event.alarm.rung_at) == (1, 101.0)
    assert home.tick(59.0) == []
    (climbed,) = home.tick(1.0)
    assert (climbed.happened, climbed.alarm.step) == (Happened.ESCALATED, 2)
