"""Site facts edited while alarms are open: nobody goes to the wrong room, and nobody is left uncalled."""

from dataclasses import replace

import pytest

from agent.alarms.alarm import Action, AlarmEvent, Cause, Command, Happened
from agent.alarms.escalation import Escalation, SiteLadder
from agent.alarms.parted import has_parted
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.alarms.standing import Noted, ShelveOrder, StandingEvent
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


def test_while_nobody_hears_an_edited_ladder_is_gone_up_at_once() -> None:
    home = Home()
    home.edit(site(), SiteLadder(HIGH, ALONE))
    home.find()
    home.engine.deaf("no buzzer", home.moment)
    assert {alarm.step for alarm in home.engine.open} == {2}
    told = home.edit(site())
    assert {alarm.step for alarm in home.engine.open} == {3}
    assert told[-1].happened is Happened.ESCALATED


# devices that are taken away


@pytest.mark.parametrize(
    "bindings",
    [(), (replace(BELT, resident="r-2"),), (Binding("belt", DeviceRole.WEARABLE, room="299"),)],
)
def test_a_device_that_was_taken_away_raises_nothing_anew(bindings: tuple[Binding, ...]) -> None:
    """Nobody would ever say that it is over: it would come back each five minutes, whoever closed it."""
    home = Home()
    home.find()
    home.edit(site(bindings=(*bindings, Binding("bed", DeviceRole.BED, resident="r-1"))))
    assert home.engine.open[0].sounding, "an edit silences nothing"
    home.do(Action.ATTEND, Action.CLOSE)
    home.now += 300.0
    (gone,) = home.engine.tick(home.moment)
    assert isinstance(gone, StandingEvent)
    assert (gone.open, gone.reasons) == (False, (because("device_parted"),))


def test_who_is_taken_from_the_facts_is_raised_nothing_anew() -> None:
    home = Home()
    home.find()
    home.do(Action.ATTEND, Action.CLOSE)
    home.edit(Site.of([Resident("r-2", "王", "299")], [BELT]))
    assert home.tick(300.0) == []


def test_of_two_devices_only_the_one_that_stays_is_raised_anew() -> None:
    home = Home()
    home.find()
    subject = Subject(SubjectKind.RESIDENT, "r-1", "201")
    home.engine.take([Finding("spo2_low", subject, HIGH, home.now, WHY, "bed")], home.moment)
    home.do(Action.ATTEND, Action.CLOSE)
    home.edit(site(bindings=(Binding("bed", DeviceRole.BED, resident="r-1"),)))
    (again,) = home.tick(300.0)
    assert (again.happened, again.alarm.holding) == (Happened.RAISED, ("bed",))


def found(kind: str, subject: Subject, device: str) -> Finding:
    return Finding(kind, subject, HIGH, 1.0, (), device)


FACTS = Site.of(
    [Resident("r-1", "李", "201")],
    [
        BELT,
        Binding("camera", DeviceRole.CAMERA, room="201"),
        Binding("wc", DeviceRole.ENVIRONMENT, room="wc"),
        Binding("lost", DeviceRole.WEARABLE, resident="r-9"),
        Binding("tag", DeviceRole.TAG, resident="r-1"),
    ],
    places=[Place("wc", PlaceKind.TOILET, "201")],
)
RESIDENT = Subject(SubjectKind.RESIDENT, "r-1", "201")


@pytest.mark.parametrize(
    ("finding", "parted"),
    [
        (found("spo2_low", RESIDENT, "belt"), False),
        (found("spo2_low", RESIDENT, "camera"), False),
        (found("toilet_stay", RESIDENT, "wc"), False),
        (found("spo2_low", RESIDENT, "tag"), False),
        (found("spo2_low", RESIDENT, "lost"), True),
        (found("spo2_low", RESIDENT, ""), False),
        (found("spo2_low", Subject(SubjectKind.RESIDENT, "r-9", "201"), "camera"), True),
        (found("smoke", Subject(SubjectKind.PLACE, "201", "201"), "camera"), False),
        (found("smoke", Subject(SubjectKind.PLACE, "wc", "201"), "wc"), False),
        (found("smoke", Subject(SubjectKind.PLACE, "305", "305"), "camera"), True),
        (found("smoke", Subject(SubjectKind.PLACE, "305", "305"), "gone"), True),
        (found("device_silent", Subject(SubjectKind.DEVICE, "belt", "201"), "belt"), False),
        (found("device_silent", Subject(SubjectKind.DEVICE, "gone"), "gone"), True),
        (found("spo2_low", Subject(SubjectKind.DEVICE, "gone"), "gone"), False),
        (found("spo2_low", Subject(SubjectKind.DEVICE, "lost"), "lost"), False),
        (found("spo2_low", Subject(SubjectKind.DEVICE, "belt"), "belt"), True),
        (found("store_failed", Subject(SubjectKind.GATEWAY, "alarms.db"), "alarms.db"), False),
    ],
)
def test_whether_a_device_has_parted(finding: Finding, parted: bool) -> None:
    assert has_parted(FACTS, finding) is parted
    assert not has_parted(Site(FACTS.residents), finding), "who knows no device cannot say so"


def test_where_no_resident_is_known_nobody_can_say_that_one_has_gone() -> None:
    assert not has_parted(Site.of([], [BELT]), found("spo2_low", RESIDENT, "belt"))


# shelves


def test_a_shelf_made_before_the_clock_was_set_ends_with_the_shift_all_the_same() -> None:
    home = Home()
    order = ShelveOrder("bed_exit", "r-1", "wang", "loose", 9e9)
    home.now += 3 * 3600.0  # 15:00, as turns out; the shift ends at 22:00
    home.engine.shelve(order, Moment(home.now, 0.0, wall_known=False))
    assert home.engine.quiet.shelves[0].until == home.now + 8 * 3600.0
    (told,) = home.engine.tick(home.moment)
    assert isinstance(told, StandingEvent)
    assert (told.noted, told.open, told.reasons) == (Noted.SHELVED, True, (because("shift_ends"),))
    assert told.actor == "system"
    (shelf,) = home.engine.quiet.shelves
    assert told.record == shelf
    assert shelf.until == pytest.approx(10 * 3600.0)
    assert home.engine.tick(home.moment) == []


def test_a_shelf_that_ends_sooner_than_the_shift_is_left_as_it_is() -> None:
    home = Home()
    home.engine.shelve(ShelveOrder("bed_exit", "r-1", "wang", "loose", 600.0), home.moment)
    assert home.tick() == []
    assert home.engine.quiet.shelves[0].until == 700.0
    latest = home.engine.quiet.shelves[0].until
    assert list(home.engine.quiet.within(latest - 0.99, home.moment)) == []
    assert len(list(home.engine.quiet.within(latest - 1.0, home.moment))) == 1
    assert list(home.engine.quiet.within(None, home.moment)) == []
