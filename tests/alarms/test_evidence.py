"""One happening, one alarm with all its evidence; and what is another happening."""

import pytest

from agent.alarms.alarm import Action, AlarmEvent, Cause, Command, Happened, State
from agent.moment import Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from tests.alarms.engines import alarms, engine, happened

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
LI = Subject(SubjectKind.RESIDENT, "r-1", "201")


class Home:
    """An engine and its clock."""

    def __init__(self) -> None:
        self.engine = engine()
        self.now = 1000.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, 1_800_000_000.0 + self.now)

    def find(self, kind: str, priority: Priority = HIGH, device: str = "a", **other: bool) -> list[AlarmEvent]:
        finding = Finding(kind, LI, priority, self.now, (because("cause", cause=device),), device, **other)
        return alarms(self.engine.take([finding], self.moment))

    def do(self, action: Action, cause: Cause | None = None, which: int = 0) -> AlarmEvent:
        alarm = self.engine.open[which].id
        return alarms(self.engine.command(Command(action, alarm, "wang", cause), self.moment))[0]

    def tick(self, seconds: float) -> list[AlarmEvent]:
        self.now += seconds
        return alarms(self.engine.tick(self.moment))


def test_each_step_tells_who_and_when_by_both_clocks() -> None:
    home = Home()
    home.find("spo2_low")
    home.now = 1010.0
    home.do(Action.SEE)
    home.now = 1040.0
    home.do(Action.ATTEND)
    home.now = 1100.0
    alarm = home.do(Action.CLOSE, Cause.ASSISTED).alarm
    assert (alarm.seen_by, alarm.seen_at, alarm.seen_wall) == ("wang", 1010.0, 1_800_001_010.0)
    assert (alarm.attended_by, alarm.attended_at, alarm.attended_wall) == ("wang", 1040.0, 1_800_001_040.0)
    assert (alarm.closed_by, alarm.closed_at, alarm.closed_wall) == ("wang", 1100.0, 1_800_001_100.0)
    assert (alarm.cause, alarm.changed_at) == ("assisted", 1100.0)


def test_times_of_steps_move_with_the_clock_of_the_new_boot() -> None:
    home = Home()
    home.find("spo2_low")
    home.do(Action.SEE)
    home.do(Action.ATTEND)
    again = Home()
    (event,) = alarms(again.engine.restore(home.engine.open[0], -900.0, again.moment, "the store"))
    assert (event.alarm.seen_at, event.alarm.attended_at, event.alarm.closed_at) == (100.0, 100.0, 0.0)
    assert (event.alarm.raised_at, event.alarm.changed_at) == (100.0, 100.0)


@pytest.mark.parametrize("kind", ["smoke", "gas", "arc_fault"])
def test_a_second_detector_sounds_again_after_seen_and_is_a_new_alarm_after_attended(kind: str) -> None:
    home = Home()
    home.find(kind)
    home.do(Action.SEE)
    (event,) = home.find(kind, device="b")
    assert (event.happened, event.alarm.state) == (Happened.CHANGED, State.RAISED)
    home.do(Action.ATTEND)
    assert happened(home.find(kind, device="b")) == [Happened.CHANGED]  # the same detector says it again
    assert happened(home.find(kind, device="c")) == [Happened.RAISED]
    assert happened(home.find(kind, device="c", active=False)) == [Happened.CHANGED]
    assert happened(home.find(kind, device="c")) == [Happened.CHANGED]


def test_a_second_detector_is_heard_although_the_first_one_s_alarm_was_closed() -> None:
    home = Home()
    home.find("smoke")
    home.do(Action.ATTEND)
    home.do(Action.CLOSE, Cause.FALSE_ALARM)
    assert home.find("smoke") == []
    raised, taken_along = home.find("smoke", device="b")
    assert (raised.happened, taken_along.happened) == (Happened.RAISED, Happened.CHANGED)
    assert taken_along.alarm.holding == ("b", "a")  # it goes on there, whatever becomes of the second one
    home.do(Action.ATTEND)
    home.find("smoke", device="b", active=False)
    home.do(Action.CLOSE, Cause.FALSE_ALARM)
    assert happened(home.tick(300.0)) == [Happened.RAISED]


def test_what_comes_back_after_closing_does_not_lower_what_has_become_graver() -> None:
    """Water, attended to; graver, so an alarm of its own; the first one is closed and comes back as it was then."""
    home = Home()
    home.find("water_leak", MEDIUM)
    home.do(Action.ATTEND)
    home.find("water_leak", HIGH, happening=True)
    home.do(Action.CLOSE, Cause.OTHER, which=1)
    home.tick(900.0)
    assert [(alarm.priority, alarm.state) for alarm in home.engine.open] == [(HIGH, State.RAISED)]


def test_a_second_device_of_a_limit_waits_with_the_first_one_that_was_closed() -> None:
    home = Home()
    home.find("heart_rate_high", MEDIUM)
    home.do(Action.ATTEND)
    home.do(Action.CLOSE, Cause.OTHER)
    assert home.find("heart_rate_high", MEDIUM, device="b") == []
    assert home.find("heart_rate_high", MEDIUM, active=False) == []
    assert happened(home.tick(900.0)) == [Happened.RAISED]
    assert home.engine.open[0].holding == ("b",)


def test_both_devices_of_a_closed_alarm_come_back_as_one() -> None:
    home = Home()
    home.find("heart_rate_high", MEDIUM)
    home.find("heart_rate_high", MEDIUM, device="b")
    home.do(Action.ATTEND)
    home.do(Action.CLOSE, Cause.OTHER)
    home.find("heart_rate_high", MEDIUM, active=False, device="a")
    home.find("heart_rate_high", MEDIUM, device="a")
    assert happened(home.tick(899.0)) == []
    assert happened(home.tick(1.0)) == [Happened.RAISED, Happened.CHANGED]
    assert set(home.engine.open[0].holding) == {"a", "b"}


@pytest.mark.parametrize(("after_s", "new"), [(299.0, False), (300.0, True)])
def test_what_begins_anew_long_after_staff_were_there_is_a_new_alarm(after_s: float, new: bool) -> None:
    home = Home()
    home.find("spo2_low")
    home.do(Action.ATTEND)
    home.find("spo2_low", active=False)
    home.now += after_s
    assert happened(home.find("spo2_low")) == [Happened.RAISED if new else Happened.CHANGED]
    assert len(home.engine.open) == 1 + new


@pytest.mark.parametrize(("after_s", "new"), [(299.0, False), (300.0, True)])
def test_what_gets_worse_long_after_staff_were_there_is_a_new_alarm(after_s: float, new: bool) -> None:
    home = Home()
    home.find("spo2_low", MEDIUM)
    home.do(Action.ATTEND)
    home.now += after_s
    assert happened(home.find("spo2_low", HIGH)) == [Happened.RAISED if new else Happened.CHANGED]
    assert any(alarm.sounding for alarm in home.engine.open) is new


def test_what_goes_on_as_it_was_is_no_new_alarm() -> None:
    home = Home()
    home.find("spo2_low")
    home.do(Action.ATTEND)
    home.now += 4000.0
    assert happened(home.find("spo2_low")) == [Happened.CHANGED]


@pytest.mark.parametrize(
    ("kind", "first", "device", "second", "then"),
    [
        ("fall", HIGH, "b", LOW, LOW),  # its rule speaks for all evidence
        ("smoke", HIGH, "b", MEDIUM, HIGH),
        ("smoke", HIGH, "a", MEDIUM, MEDIUM),
        ("spo2_low", HIGH, "b", MEDIUM, HIGH),
        ("spo2_low", HIGH, "a", MEDIUM, MEDIUM),
        ("spo2_low", MEDIUM, "b", HIGH, HIGH),
    ],
)
def test_the_milder_word_of_a_second_device_lowers_nothing(
    kind: str, first: Priority, device: str, second: Priority, then: Priority
) -> None:
    home = Home()
    home.find(kind, first)
    home.find(kind, second, device)
    assert home.engine.open[0].priority is then


def test_one_verified_word_verifies_the_alarm() -> None:
    home = Home()
    doubted = []
    for unverified in (True, True, False, True):
        home.find("sos", unverified=unverified, happening=True)
        doubted.append(home.engine.open[0].unverified)
    assert doubted == [True, True, False, False]


def test_a_note_is_cut_signed_and_counted() -> None:
    home = Home()
    home.find("spo2_low")
    for n in range(6):
        event = home.engine.note(home.engine.open[0].id, f"{n}" * 501, "a" * 101, home.moment)
        assert event is not None
        assert (event.happened, event.actor) == (Happened.NOTED, f"platform:{'a' * 100}")
    notes = home.engine.open[0].notes
    assert [note.text for note in notes] == [f"{n}" * 500 for n in range(1, 6)]
    assert {(note.author, note.wall) for note in notes} == {("a" * 100, home.moment.wall)}
    assert home.engine.note("nobody", "x", "y", home.moment) is None
