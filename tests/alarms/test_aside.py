"""Suppression by design and shelves: bounded, shown, never lost, and never for a call for help."""

import pytest

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, CommandError, Happened, State
from agent.alarms.engine import Outcome
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import Held, Noted, ShelveOrder, StandingEvent, Suppressed, from_json, to_json
from agent.detection.acts import Act
from agent.detection.ward import Ward as People
from agent.moment import DailySpan, Moment
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from drivers.reading import Quality, Reading
from tests.alarms.engines import alarms, engine

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


def test_staff_in_the_room_hold_a_bed_exit_back_and_it_is_told_once() -> None:
    home = Home()
    home.act("present")
    first = home.find()
    (told,) = held(first)
    assert (told.kind, told.priority, told.since, told.until, told.by) == ("bed_exit", MEDIUM, 1000.0, 1600.0, "s-1")
    assert [reason.code for reason in told.reasons] == ["held_back", "cause"]
    assert standing(first) == [(Noted.HELD, True)]
    assert home.engine.suppressed == (told,)
    assert home.engine.due == 1600.0
    assert home.find() == []
    assert home.kinds == []


def test_it_ends_ten_minutes_after_the_last_proof_and_what_still_holds_is_raised() -> None:
    home = Home()
    home.act("present")
    home.find()
    assert home.tick(599.0) == []
    outcomes = home.tick(1.0)
    (event,) = alarms(outcomes)
    assert event.happened is Happened.RAISED
    assert event.alarm.reasons[-1] == because("was_held_back", minutes=10, by="s-1")
    assert standing(outcomes) == [(Noted.RELEASED, False)]
    assert home.engine.suppressed == ()


def test_a_new_proof_makes_it_longer() -> None:
    home = Home()
    home.act("present")
    home.find()
    home.now += 300.0
    home.act("present")
    assert home.engine.suppressed[0].until == 1900.0
    assert home.tick(599.0) == []
    assert len(alarms(home.tick(1.0))) == 1


def test_it_ends_at_once_when_staff_say_that_they_leave() -> None:
    home = Home()
    home.act("present")
    home.find()
    home.now += 5.0
    assert [event.happened for event in alarms(home.act("left"))] == [Happened.RAISED]


def test_it_is_gone_when_the_condition_ends_first() -> None:
    home = Home()
    home.act("present")
    home.find()
    outcomes = home.find(active=False)
    assert (standing(outcomes), alarms(outcomes)) == ([(Noted.RELEASED, False)], [])
    assert home.tick(700.0) == []
    assert home.kinds == []


def test_one_device_that_is_well_again_does_not_speak_for_the_other() -> None:
    home = Home()
    home.act("present")
    home.find(device="bed")
    home.find(device="radar")
    home.find(device="radar", active=False)
    home.find(device="stranger", active=False)
    (event,) = alarms(home.tick(600.0))
    assert event.alarm.holding == ("bed",)


def test_both_devices_come_back_as_one_alarm() -> None:
    home = Home()
    home.act("present")
    home.find(device="bed")
    home.find(device="radar")
    assert [e.happened for e in alarms(home.tick(600.0))] == [Happened.RAISED, Happened.CHANGED]
    assert home.engine.open[0].holding == ("bed", "radar")


def test_a_worse_one_is_told_again_and_still_held() -> None:
    home = Home()
    home.act("present")
    home.find(priority=MEDIUM)
    (told,) = held(home.find(priority=HIGH))
    assert told.priority is HIGH
    assert held(home.find(priority=MEDIUM)) == []
    assert home.engine.suppressed[0].priority is MEDIUM
    assert home.kinds == []


def test_what_begins_as_the_hold_ends_is_not_lost_nor_late() -> None:
    home = Home()
    home.act("present")
    home.find(device="bed")
    home.now += 600.0  # no tick yet
    home.find(device="radar")
    assert home.kinds == ["bed_exit"]
    home.find(device="bed", priority=HIGH)
    assert home.engine.open[0].holding == ("radar", "bed")
    assert home.engine.open[0].priority is HIGH


def test_an_open_alarm_takes_evidence_although_staff_are_there_now() -> None:
    home = Home()
    home.find()
    home.act("present")
    assert held(home.find()) == []
    assert home.engine.open[0].priority is MEDIUM
    assert len(held(home.find(priority=HIGH))) == 1
    assert home.engine.open[0].priority is MEDIUM
    home.tick(600.0)
    assert home.engine.open[0].priority is HIGH


@pytest.mark.parametrize("kind", sorted(name for name, kind in KINDS.items() if kind.unsuppressible))
def test_nothing_holds_back_a_call_for_help(kind: str) -> None:
    home = Home()
    home.act("present")
    home.act("out")
    device = Subject(SubjectKind.DEVICE, "belt", "201")
    home.act("maintenance", device)
    home.find(kind, LOW, device="belt")
    assert home.kinds == [kind]
    assert home.engine.open[0].sounding


def test_staff_are_asked_for_where_the_one_who_walks_about_is() -> None:
    home = Home()
    home.seen_at("201")  # a nurse makes the bed
    home.seen_at("corridor", tag="tag")
    home.find("wandering")
    assert home.kinds == ["wandering"]
    other = Home()
    other.seen_at("corridor", tag="tag")
    other.seen_at("corridor")
    other.find("wandering")
    assert other.kinds == []


def test_who_gets_up_is_where_the_bed_is_wherever_their_tag_was_heard() -> None:
    home = Home()
    home.seen_at("corridor", tag="tag")
    home.seen_at("corridor")
    home.find("bed_exit")
    assert home.kinds == ["bed_exit"]


def test_only_these_are_held_back_by_staff_or_absence() -> None:
    home = Home()
    home.act("present")
    home.act("out")
    for kind in ("spo2_low", "round_missed", "water_leak"):
        home.find(kind)
    assert sorted(home.kinds) == ["round_missed", "spo2_low", "water_leak"]


def test_a_resident_who_is_out_needs_no_alarm_until_they_are_back() -> None:
    home = Home()
    home.act("out", value=NIGHT_WALL + 1000.0 + 7200.0)
    home.find("inactivity")
    assert home.engine.suppressed[0].until == pytest.approx(1000.0 + 7200.0)
    home.now += 60.0
    assert [event.alarm.kind for event in alarms(home.act("back"))] == ["inactivity"]


def test_a_device_in_maintenance_is_silent_without_an_alarm() -> None:
    home = Home()
    device = Subject(SubjectKind.DEVICE, "belt", "201")
    home.act("maintenance", device)
    home.find("device_silent", device="belt", subject=device)
    assert home.kinds == []
    assert home.find("device_silent", device="tag", subject=Subject(SubjectKind.DEVICE, "tag"))
    assert home.kinds == ["device_silent"]
    assert [e.alarm.kind for e in alarms(home.act("in_service", device))] == ["device_silent"]


def test_what_was_held_survives_a_restart_and_is_raised_when_nothing_holds_it() -> None:
    home = Home()
    home.act("present")
    (record,) = [one.record for one in home.find() if isinstance(one, StandingEvent)]
    assert isinstance(record, Held)
    again = Home()
    again.now = 1100.0
    restored = from_json(to_json(record), 0.0)
    assert restored == record
    assert isinstance(restored, Held)
    again.engine.restore_standing(restored, again.moment)
    assert again.engine.suppressed[0].since == 1000.0
    assert [event.alarm.reasons[-1].code for event in alarms(again.tick())] == ["was_held_back"]


def test_what_was_held_stays_held_after_a_restart_while_staff_are_there() -> None:
    home = Home()
    home.act("present")
    (record,) = [one.record for one in home.find() if isinstance(one, StandingEvent)]
    again = Home()
    again.now = 1100.0
    again.act("present")
    assert isinstance(record, Held)
    again.engine.restore_standing(record, again.moment)
    assert alarms(again.tick()) == []
    assert again.engine.suppressed[0].until == 1700.0


# shelves


def test_shelving_has_a_name_a_reason_and_an_end_and_what_still_holds_is_raised_then() -> None:
    home = Home()
    ((event),) = home.shelve("spo2_low", seconds=1800.0)
    assert isinstance(event, StandingEvent)
    assert (event.noted, event.actor, event.open) == (Noted.SHELVED, "s-1", True)
    (told,) = held(home.find("spo2_low"))
    assert (told.until, told.by, told.reasons[0]) == (2800.0, "s-1", because("shelved", by="s-1", why="sensor loose"))
    assert home.tick(1799.0) == []
    outcomes = home.tick(1.0)
    assert standing(outcomes) == [(Noted.UNSHELVED, False), (Noted.RELEASED, False)]
    assert [event.alarm.kind for event in alarms(outcomes)] == ["spo2_low"]
    assert home.engine.quiet.shelves == ()


def test_a_device_can_be_shelved_and_its_neighbour_still_speaks() -> None:
    home = Home()
    home.shelve("spo2_low", subject="ring")
    home.find("spo2_low", device="ring")
    assert home.kinds == []
    home.find("spo2_low", device="clip")
    assert home.kinds == ["spo2_low"]


def test_no_shelf_outlives_the_shift() -> None:
    home = Home(ROSTER)
    home.now = 0.0
    home.shelve("spo2_low", seconds=12 * 3600.0)
    (shelf,) = home.engine.quiet.shelves
    assert shelf.until == pytest.approx(4 * 3600.0)  # 02:00 to 06:00


def test_without_a_roster_no_shelf_lasts_longer_than_a_shift_would() -> None:
    home = Home()
    home.shelve("spo2_low", seconds=24 * 3600.0)
    assert home.engine.quiet.shelves[0].until == 1000.0 + AlarmSettings().shelf_s


@pytest.mark.parametrize("kind", sorted(name for name, kind in KINDS.items() if kind.unsuppressible))
def test_a_call_for_help_is_never_shelved(kind: str) -> None:
    home = Home()
    with pytest.raises(CommandError) as refused:
        home.shelve(kind)
    assert refused.value.code == "never_shelved"
    home.find(kind)
    assert home.kinds == [kind]


@pytest.mark.parametrize(
    ("kind", "subject", "seconds", "by", "reason"),
    [
        ("nonsense", "r-201", 60.0, "s-1", "why"),
        ("spo2_low", "", 60.0, "s-1", "why"),
        ("spo2_low", "r-201", 60.0, " ", "why"),
        ("spo2_low", "r-201", 60.0, "s-1", " "),
        ("spo2_low", "r-201", 0.0, "s-1", "why"),
    ],
)
def test_half_an_order_shelves_nothing(kind: str, subject: str, seconds: float, by: str, reason: str) -> None:
    home = Home()
    with pytest.raises(CommandError) as refused:
        home.shelve(kind, subject, seconds, by=by, reason=reason)
    assert refused.value.code == "bad_value"
    assert home.engine.quiet.shelves == ()


def test_whoever_shelves_has_seen_what_is_open_and_must_still_go_there() -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    (event,) = alarms(home.shelve("spo2_low"))
    assert (event.happened, event.alarm.seen_by) == (Happened.SEEN, "s-1")
    (again,) = alarms(home.tick(180.0))
    assert again.happened is Happened.SOUNDED_AGAIN


def test_an_open_alarm_of_another_kind_or_resident_is_not_seen_by_shelving() -> None:
    home = Home()
    home.find("heart_rate_high")
    home.find("spo2_low", subject=Subject(SubjectKind.RESIDENT, "r-202", "202"))
    home.shelve("spo2_low")
    assert {alarm.state for alarm in home.engine.open} == {State.RAISED}


def test_what_was_closed_while_it_goes_on_stays_on_the_shelf() -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    home.shelve("spo2_low", seconds=1800.0)
    for action, cause in ((Action.ATTEND, None), (Action.CLOSE, Cause.DEVICE)):
        home.engine.command(Command(action, home.engine.open[0].id, "s-1", cause), home.moment)
    assert len(held(home.tick(300.0))) == 1
    assert home.kinds == []
    home.tick(1500.0)
    assert home.kinds == ["spo2_low"]


def test_it_can_be_taken_off_the_shelf_once() -> None:
    home = Home()
    home.shelve("spo2_low")
    (shelf,) = home.engine.quiet.shelves
    event = home.engine.quiet.unshelve(shelf.id, "s-2", home.moment)
    assert (event.noted, event.actor) == (Noted.UNSHELVED, "s-2")
    with pytest.raises(CommandError) as refused:
        home.engine.quiet.unshelve(shelf.id, "s-2", home.moment)
    assert refused.value.code == "unknown_alarm"


def test_a_shelf_survives_a_restart_but_not_its_end() -> None:
    home = Home()
    home.shelve("spo2_low", seconds=100.0)
    (shelf,) = home.engine.quiet.shelves
    for late, kept in ((99.0, 1), (100.0, 0)):
        again = Home()
        again.now = 1000.0 + late
        record = from_json(to_json(shelf), 0.0)
        assert record == shelf
        again.engine.restore_standing(record, again.moment)
        assert len(again.engine.quiet.shelves) == kept


def test_events_tell_the_whole_story() -> None:
    """Held, raised and closed rows are enough to know what stands: the store needs nothing else."""
    home = Home()
    home.act("present")
    stands: dict[str, bool] = {}
    for outcomes in (home.find(), home.find(device="radar"), home.tick(600.0)):
        for one in outcomes:
            if isinstance(one, StandingEvent):
                stands[one.record.id] = one.open
            elif isinstance(one, AlarmEvent):
                assert isinstance(one.alarm, Alarm)
    assert stands == {"held:bed_exit:resident:r-201": False}


def test_a_shelf_ends_to_the_second_and_a_second_one_still_counts() -> None:
    home = Home()
    home.shelve("spo2_low", seconds=60.0)
    home.now += 60.0  # no tick yet
    home.find("spo2_low")
    assert home.kinds == ["spo2_low"]
    other = Home()
    other.shelve("spo2_low", seconds=60.0)
    other.shelve("spo2_low", subject="bed", seconds=61.0)
    other.now += 60.0
    other.find("spo2_low")
    assert other.kinds == []


def test_staff_at_the_old_bed_hold_nothing_back_of_whoever_has_moved() -> None:
    home = Home()
    home.act("present")
    home.find()
    assert home.kinds == []
    home.move("305")
    home.tick(1.0)
    assert home.kinds == ["bed_exit"]
    assert home.engine.open[0].subject.room == "305"
