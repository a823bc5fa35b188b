"""A long lie after a fall is that alarm made worse; an alarm of its own only where no fall is open."""

import json
from collections.abc import Sequence

import pytest

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, Happened, State
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import Held, StandingEvent
from agent.detection.observations import Observation
from agent.judge import Judge
from agent.moment import Moment
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import Reason, because
from agent.rules.settings import RuleSettings
from drivers.reading import Reading
from tests.alarms.engines import alarms, engine

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
LI = Subject(SubjectKind.RESIDENT, "r-1", "201")
WANG = Subject(SubjectKind.RESIDENT, "r-2", "201")
ROOM = Subject(SubjectKind.PLACE, "201", "201")
BATH = Subject(SubjectKind.PLACE, "201-bath", "201")
HALL = Subject(SubjectKind.PLACE, "hall", "hall")
CAMERA = Subject(SubjectKind.DEVICE, "cam")
LOST = Subject(SubjectKind.DEVICE, "other")
AGAIN_S = AlarmSettings().ladder(HIGH).again_s


class Home:
    """An engine and its clock."""

    def __init__(self) -> None:
        self.engine = engine()
        self.now = 1000.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, 1_800_000_000.0 + self.now)

    @property
    def kinds(self) -> list[tuple[str, Subject]]:
        return [(alarm.kind, alarm.subject) for alarm in self.engine.open]

    @property
    def only(self) -> Alarm:
        (alarm,) = self.engine.open
        return alarm

    def fall(self, subject: Subject = LI, priority: Priority = HIGH, device: str = "belt") -> Alarm:
        why = (because("cause", cause=device),)
        finding = Finding("fall", subject, priority, self.now, why, device, happening=priority is not LOW)
        return alarms(self.engine.take([finding], self.moment))[0].alarm

    def lies(
        self,
        subject: Subject = ROOM,
        lasts_s: float = 300.0,
        device: str = "cam",
        priority: Priority = HIGH,
        happening: bool = True,
    ) -> list[AlarmEvent]:
        why = (because("on_floor_for", for_s=lasts_s),)
        finding = Finding("long_lie", subject, priority, self.now, why, device, happening=happening, lasts_s=lasts_s)
        return alarms(self.engine.take([finding], self.moment))

    def up(self, subject: Subject = ROOM, device: str = "cam") -> list[AlarmEvent]:
        finding = Finding("long_lie", subject, HIGH, self.now, (because("off_the_floor"),), device, active=False)
        return alarms(self.engine.take([finding], self.moment))

    def do(self, *actions: Action, alarm: str = "") -> list[StandingEvent]:
        id_, told = alarm or self.only.id, []
        for action in actions:
            command = Command(action, id_, "wang", Cause.ASSISTED if action is Action.CLOSE else None)
            told += [one for one in self.engine.command(command, self.moment) if isinstance(one, StandingEvent)]
        return told

    def wait(self, seconds: float) -> list[AlarmEvent]:
        self.now += seconds
        return alarms(self.engine.tick(self.moment))


def codes(reasons: Sequence[Reason]) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize("priority", list(Priority))
def test_a_long_lie_makes_the_fall_worse_and_is_no_second_alarm(priority: Priority) -> None:
    home = Home()
    fallen = home.fall(priority=priority)
    (event,) = home.lies()
    assert home.only == event.alarm
    assert (event.happened, event.actor, event.alarm.id) == (Happened.CHANGED, "rule:long_lie", fallen.id)
    assert (event.alarm.kind, event.alarm.priority, event.alarm.state) == ("fall", HIGH, State.RAISED)
    assert codes(event.alarm.reasons) == ["cause", "on_floor_for"]
    assert (event.alarm.devices, event.alarm.holding) == (("belt", "cam"), ("belt",))
    assert [(one.kind, one.subject, one.device) for one in event.alarm.also] == [("long_lie", ROOM, "cam")]


def test_who_has_only_seen_the_fall_hears_of_it_again() -> None:
    home = Home()
    home.fall()
    home.do(Action.SEE)
    (event,) = home.lies()
    assert (event.alarm.state, event.alarm.sounding, event.alarm.rung_at) == (State.RAISED, True, home.now)


@pytest.mark.parametrize("device", ["cam", "belt"])
def test_the_first_word_of_each_device_is_heard_again_and_the_next_is_not(device: str) -> None:
    home = Home()
    home.fall()
    home.do(Action.SEE)
    states = []
    for _ in range(2):
        states += [event.alarm.state for event in home.lies(device=device, happening=False)]
        home.do(Action.SEE)
    assert states == [State.RAISED, State.SEEN]


def test_a_milder_lie_lowers_no_fall() -> None:
    home = Home()
    home.fall()
    home.lies(priority=LOW, happening=False)
    assert home.only.priority is HIGH


@pytest.mark.parametrize(
    ("fallen", "lying", "one"),
    [
        (LI, LI, True),
        (LI, ROOM, True),
        (ROOM, LI, True),
        (ROOM, ROOM, True),
        (ROOM, BATH, True),
        (LI, WANG, False),
        (LI, HALL, False),
        (HALL, LI, False),
        (CAMERA, CAMERA, True),
        (CAMERA, LOST, False),
        (CAMERA, Subject(SubjectKind.PLACE, "", ""), False),
    ],
)
def test_it_is_one_happening_where_it_may_be_the_same_person(fallen: Subject, lying: Subject, one: bool) -> None:
    home = Home()
    home.fall(fallen)
    (event, *_) = home.lies(lying)
    assert home.kinds == [("fall", fallen)] if one else [("fall", fallen), ("long_lie", lying)]
    assert event.happened is (Happened.CHANGED if one else Happened.RAISED)


@pytest.mark.parametrize(
    ("falls", "takes"),
    [
        ([(LI, "cam"), (WANG, "belt")], LI),  # whose device it is
        ([(WANG, "cam"), (ROOM, "belt")], WANG),
        ([(ROOM, "bed"), (LI, "belt")], ROOM),  # then whom it names
        ([(LI, "bed"), (ROOM, "belt")], ROOM),
        ([(LI, "bed"), (WANG, "belt")], WANG),  # then who fell last
    ],
)
def test_of_several_falls_it_belongs_to_the_likeliest(falls: list[tuple[Subject, str]], takes: Subject) -> None:
    home = Home()
    for subject, device in falls:
        home.now += 1.0
        home.fall(subject, device=device)
    (event,) = home.lies()
    assert event.alarm.subject == takes


def test_without_a_fall_it_is_an_alarm_of_its_own() -> None:
    home = Home()
    (event,) = home.lies()
    assert (event.happened, event.alarm.kind, event.alarm.also) == (Happened.RAISED, "long_lie", ())
    home.fall()
    home.lies()
    assert home.kinds == [("long_lie", ROOM), ("fall", LI)]
    assert codes(home.engine.open[1].reasons) == ["cause"], "it goes on where it was told first"


@pytest.mark.parametrize(("lasts_s", "one"), [(300.1, True), (300.0, False), (299.0, False)])
def test_whoever_came_after_it_began_has_seen_to_it(lasts_s: float, one: bool) -> None:
    home = Home()
    home.fall()
    home.do(Action.ATTEND)
    home.now += 300.0
    home.lies(lasts_s=lasts_s)
    if one:
        assert (home.only.state, home.only.sounding, codes(home.only.reasons)) == (
            State.ATTENDED,
            False,
            ["cause", "on_floor_for"],
        )
    else:
        assert home.kinds == [("fall", LI), ("long_lie", ROOM)]
        assert home.engine.open[1].sounding


def test_its_end_is_told_once_and_withdraws_nothing() -> None:
    home = Home()
    home.fall(priority=MEDIUM)
    assert home.up() == [], "which was never told of it"
    home.lies()
    assert home.up(device="bed") == []
    assert home.up(subject=HALL) == []
    (event,) = home.up()
    assert (event.happened, event.alarm.priority, event.alarm.also) == (Happened.CHANGED, HIGH, ())
    assert (event.alarm.holding, event.alarm.sounding) == (("belt",), True)
    assert codes(event.alarm.reasons) == ["cause", "on_floor_for", "off_the_floor"]
    assert home.up() == []


def test_two_cameras_see_it_each_until_its_own_end() -> None:
    home = Home()
    home.fall()
    home.lies()
    home.lies(device="cam-2")
    home.lies(lasts_s=301.0)
    assert [(one.device, one.lasts_s) for one in home.only.also] == [("cam-2", 300.0), ("cam", 301.0)]
    home.up()
    assert [one.device for one in home.only.also] == ["cam-2"]


def test_a_milder_word_and_another_fall_lower_nothing_while_somebody_lies_there() -> None:
    home = Home()
    home.fall()
    home.lies()
    home.fall(priority=LOW)
    assert home.only.priority is HIGH
    home.up()
    home.fall(priority=MEDIUM)
    assert home.only.priority is HIGH
    home.fall(priority=LOW)
    assert home.only.priority is LOW


def test_who_is_left_lying_when_the_fall_is_closed_is_an_alarm_again_after_its_time() -> None:
    home = Home()
    home.fall()
    home.lies()
    home.lies(device="cam-2")
    (told,) = home.do(Action.ATTEND, Action.CLOSE)
    assert isinstance(told.record, Held)
    assert (told.record.id, told.record.closed) == ("closed:long_lie:place:201", True)
    assert [(one.kind, one.device, one.happening) for one in told.record.findings] == [
        ("long_lie", "cam", False),
        ("long_lie", "cam-2", False),
    ]
    assert home.wait(AGAIN_S - 1.0) == []
    home.wait(1.0)
    assert home.kinds == [("long_lie", ROOM)]
    assert codes(home.only.reasons) == ["on_floor_for", "still_so"]


def test_who_got_up_is_not() -> None:
    home = Home()
    home.fall()
    home.lies()
    home.up()
    assert home.do(Action.ATTEND, Action.CLOSE) == []
    home.fall()
    home.lies()
    assert len(home.do(Action.ATTEND, Action.CLOSE)) == 1
    home.up()
    assert (home.wait(AGAIN_S), home.engine.left) == ([], ())


def test_the_next_long_lie_after_a_closed_one_joins_the_next_fall_and_nothing_of_the_first_is_left() -> None:
    home = Home()
    home.fall()
    home.lies()
    home.do(Action.ATTEND, Action.CLOSE)
    home.fall()
    home.lies()
    assert (home.kinds, home.engine.left) == ([("fall", LI)], ())


@pytest.mark.parametrize("shift_s", [0.0, -900.0, None])
def test_it_outlives_a_restart(shift_s: float | None) -> None:
    home = Home()
    home.fall()
    home.lies()
    again = Home()
    again.now = 5000.0 + (shift_s or 0.0)
    again.engine.restore(Alarm.from_json(json.loads(json.dumps(home.only.to_json()))), shift_s, again.moment, "x")
    (one,) = again.only.also
    assert (one.kind, one.subject, one.device, one.lasts_s, one.reasons) == (
        *("long_lie", ROOM, "cam", 300.0),
        (because("on_floor_for", for_s=300.0),),
    )
    assert one.at == (again.now if shift_s is None else 1000.0 + shift_s)
    assert codes(again.up()[0].reasons) == ["off_the_floor"]


def test_an_alarm_of_an_older_version_has_nothing_beside_it_and_one_of_nonsense_is_refused() -> None:
    home = Home()
    home.fall()
    told = home.only.to_json()
    assert told.pop("also") == []
    assert Alarm.from_json(told).also == ()
    home.lies()
    with pytest.raises(ValueError, match="no kind of alarm: 'nonsense'"):
        Alarm.from_json({**told, "also": [{**home.only.to_json()["also"][0], "kind": "nonsense"}]})


def test_the_real_rules_raise_one_alarm_for_one_who_falls_and_stays_down() -> None:
    """The belt knows who fell, the camera only that somebody lies there."""
    site = Site.of(
        [Resident("r-1", "李", "201"), Resident("r-2", "王", "201")],
        [
            Binding("belt", DeviceRole.WEARABLE, resident="r-1"),
            Binding("cam", DeviceRole.CAMERA, room="201"),
        ],
    )
    numbers = iter(range(100))
    judge = Judge.of(RuleSettings(), Escalation(site=site), lambda: f"id-{next(numbers)}")

    def until(end: float) -> None:
        for second in range(int(end)):
            if judge.due <= second:
                judge.tick(Moment(float(second), 1_800_000_000.0 + second))

    judge.feed(Reading("belt", "body_fall", "fall", 10.0), Moment(10.0, 1_800_000_010.0))
    judge.feed(Observation("cam", "low_on_floor", 12.0, score=0.9), Moment(12.0, 1_800_000_012.0))
    until(330.0)
    people = [alarm for alarm in judge.engine.open if alarm.kind in ("fall", "long_lie")]
    assert [(alarm.kind, alarm.subject.id, alarm.priority) for alarm in people] == [("fall", "r-1", HIGH)]
    assert "on_floor_for" in codes(people[0].reasons)
