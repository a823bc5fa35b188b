"""What the engine tells of sounds, ends, tasks, pauses and shelves: each record whole."""

import math
from dataclasses import replace

import pytest

from agent.alarms.alarm import Alarm, AlarmEvent, CommandError, Happened
from agent.alarms.standing import Noted, OpenTask, Pause, Shelf, StandingEvent, from_json
from agent.alarms.tasks import TaskBook
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority, Task
from agent.rules.reason import because
from tests.alarms.aside_home import LI, Home
from tests.alarms.engines import alarms, engine
from tests.alarms.low_oxygen import MEDIUM, SATURATION, at


def test_a_task_is_told_whole_when_it_opens_and_when_it_is_done() -> None:
    numbers = iter(range(9))
    book = TaskBook(lambda: f"t-{next(numbers)}")
    why = (because("cause", cause="x"),)
    opened = OpenTask("t-0", "service_water", LI, 10.0, 10.0, why, "panel")
    (told,) = book.take([Task("service_water", LI, 9.0, why, device="panel")], at(10.0))
    assert told == StandingEvent("t-1", Noted.TASK_OPENED, opened, True, 10.0, "rule:service_water", why)
    done = OpenTask("t-0", "service_water", LI, 10.0, 10.0, why, "panel", "s-1")
    assert book.done("service_water", LI, "s-1", at(20.0)) == StandingEvent(
        "t-2", Noted.TASK_DONE, done, False, 20.0, "s-1", why
    )


def test_the_buzzer_s_own_report_says_how_late_it_was() -> None:
    home = engine()
    (event,) = alarms(home.take([SATURATION], at(10.0)))
    sounded = home.sounded(event.alarm.id, 13.0, 10.0, at(14.0))
    assert sounded is not None
    assert (sounded.happened, sounded.actor, sounded.at) == (Happened.SOUNDED, "sounder", 14.0)
    assert sounded.reasons == (because("sounded", delay_ms=3000),)
    assert home.sounded("nobody's", 13.0, 10.0, at(14.0)) is None


@pytest.mark.parametrize(
    ("let_at", "at_s", "delay_ms", "after_s"),
    [
        (50.0, 50.25, 250, 40.0),  # a pause kept it quiet
        (50.0, 50.0, 0, 40.0),
        (10.0, 50.25, 40_250, 0.0),  # a slow buzzer
        (-math.inf, 10.5, 500, 0.0),  # nobody knows: as it changed
        (60.0, 50.25, 40_250, 50.0),  # the word of the last time comes late
        (60.0, 9.0, 0, 50.0),  # of an alarm that has changed since
    ],
)
def test_what_was_quiet_is_late_from_when_it_was_let_sound(
    let_at: float, at_s: float, delay_ms: float, after_s: float
) -> None:
    home = engine()
    (event,) = alarms(home.take([SATURATION], at(10.0)))
    sounded = home.sounded(event.alarm.id, at_s, let_at, at(70.0))
    assert sounded is not None
    quiet = (because("let_sound", after_s=after_s),) if after_s else ()
    assert sounded.reasons == (because("sounded", delay_ms=delay_ms), *quiet)


def test_what_gets_louder_is_late_from_then() -> None:
    home = engine()
    (event,) = alarms(home.take([SATURATION], at(10.0)))
    home.take([replace(SATURATION, priority=Priority.HIGH)], at(20.0))
    sounded = home.sounded(event.alarm.id, 20.5, 10.0, at(21.0))
    assert sounded is not None
    assert sounded.reasons == (because("sounded", delay_ms=500),)


def test_a_technical_alarm_that_flaps_ends_by_the_system_when_it_has_been_well() -> None:
    home = engine()
    device = Subject(SubjectKind.DEVICE, "belt", "201")
    on, off = (Finding("device_silent", device, MEDIUM, 1.0, (), "belt", active=active) for active in (True, False))
    for now in (10.0, 30.0):
        home.take([on], at(now))
        home.take([off], at(now + 1.0))
    assert home.due == 91.0
    (closed,) = alarms(home.tick(at(91.0)))
    assert (closed.happened, closed.actor, closed.reasons) == (Happened.CLOSED, "system", (because("well_for_long"),))


def test_a_limit_that_chattered_ends_its_sound_by_the_system() -> None:
    home = engine()
    over = Finding("spo2_low", LI, MEDIUM, 1.0, (), "a", active=False)
    for now in (10.0, 20.0, 30.0):
        home.take([SATURATION], at(now))
        home.take([over], at(now + 1.0))
    assert home.open[0].chattering
    *_, changed = alarms(home.tick(at(631.0)))
    assert (changed.happened, changed.actor, changed.alarm.chattering) == (Happened.CHANGED, "system", False)


def test_refusals_say_what_is_wrong() -> None:
    home = Home()
    with pytest.raises(CommandError, match="there is no shelf s-9; it may have ended") as refused:
        home.engine.quiet.unshelve("s-9", "wang", home.moment)
    assert refused.value.code == "unknown_alarm"
    record = {"record": "held", "id": "h", "since": 1.0, "at": 1.0, "findings": []}
    with pytest.raises(ValueError, match=r"^nothing is held$"):
        from_json(record, 0.0)
    with pytest.raises(ValueError, match=r"^'dream' is no record that stands$"):
        from_json({"record": "dream"}, 0.0)
    with pytest.raises(ValueError, match=r"^no kind of alarm: 'boredom'$"):
        from_json({**record, "findings": [{"kind": "boredom"}]}, 0.0)


def test_a_shelf_and_whom_it_makes_seen_are_told_in_that_order() -> None:
    home = Home()
    home.find("spo2_low", device="a")
    home.find("spo2_low", device="b", subject=Subject(SubjectKind.RESIDENT, "r-9", "201"))
    assert [type(one) for one in home.shelve("spo2_low")] == [StandingEvent, AlarmEvent]


@pytest.mark.parametrize(
    ("kind", "by_", "why", "until", "words"),
    [
        ("boredom", "wang", "x", 9.0, "there is no kind of alarm 'boredom'"),
        ("sos", "wang", "x", 9.0, "sos is never shelved: it would be somebody's call for help"),
        ("spo2_low", " ", "x", 9.0, "shelving needs whom or what it is about, a name and a reason"),
        ("spo2_low", "wang", "x", 5.0, "that time is over already"),
    ],
)
def test_a_shelf_that_cannot_be_is_refused_in_words(kind: str, by_: str, why: str, until: float, words: str) -> None:
    with pytest.raises(CommandError) as refused:
        engine().quiet.shelve(kind, "r-1", by_, why, until, None, at(5.0))
    assert str(refused.value) == words


def test_a_shelf_that_ends_says_why() -> None:
    home = Home()
    home.shelve("spo2_low", seconds=600.0)
    (over,) = home.tick(600.0)
    assert isinstance(over, StandingEvent)
    assert (over.noted, over.actor, over.reasons) == (Noted.UNSHELVED, "system", (because("time_over"),))


def test_a_second_pause_replaces_the_record_of_the_first() -> None:
    home = engine()
    home.take([SATURATION], at(10.0))
    first = home.quiet.pause("wang", 60.0, home.open, at(20.0))
    second = home.quiet.pause("li", 60.0, home.open, at(30.0))
    assert second.record == Pause(first.record.id, "li", 30.0, 90.0, MEDIUM)
    assert (second.open, second.id == first.id) == (True, False)
    tuple(home.quiet.resume("li", at(40.0)))
    assert home.quiet.pause("li", 60.0, home.open, at(50.0)).record.id != first.record.id


def test_a_fault_that_is_over_is_closed_by_the_system_with_both_times() -> None:
    home = engine()
    device = Subject(SubjectKind.DEVICE, "belt", "201")
    on, off = (Finding("device_silent", device, MEDIUM, 1.0, (), "belt", active=active) for active in (True, False))
    home.take([on], at(10.0))
    (closed,) = alarms(home.take([off], at(20.0)))
    told = closed.alarm
    assert (told.closed_by, told.closed_at, told.closed_wall, told.cause) == ("system", 20.0, at(20.0).wall, "restored")


def test_a_limit_that_is_over_is_the_rule_s_own_word() -> None:
    home = engine()
    home.take([SATURATION], at(10.0))
    (over,) = alarms(home.take([replace(SATURATION, active=False)], at(20.0)))
    assert (over.happened, over.actor, over.at) == (Happened.CHANGED, "rule:spo2_low", 20.0)


def test_pause_and_shelf_are_told_with_id_and_time() -> None:
    home = engine()
    with pytest.raises(CommandError, match=r"^nothing sounds; there is nothing to pause$"):
        home.quiet.pause("wang", 60.0, home.open, at(10.0))
    home.take([SATURATION], at(10.0))
    paused = home.quiet.pause("wang", 1.0, home.open, at(20.0))
    assert paused == StandingEvent("id-4", Noted.PAUSED, Pause("id-3", "wang", 20.0, 21.0, MEDIUM), True, 20.0, "wang")
    shelved = home.quiet.shelve("spo2_low", "r-1", "wang", "x" * 201, 99.0, None, at(30.0))
    shelf = Shelf("id-5", "spo2_low", "r-1", "wang", "x" * 200, 30.0, 99.0)
    assert shelved == StandingEvent("id-6", Noted.SHELVED, shelf, True, 30.0, "wang")


def test_an_alarm_of_an_older_version_can_be_read_and_a_spoilt_one_says_what_is_wrong() -> None:
    (event,) = alarms(engine().take([SATURATION], at(10.0)))
    data = event.alarm.to_json()
    older = {key: value for key, value in data.items() if key not in ("people", "notes", "rung_at", "call")}
    assert Alarm.from_json(older) == replace(event.alarm, people=())
    with pytest.raises(ValueError, match=r"^cannot be used: id, step or revision$"):
        Alarm.from_json({**data, "id": "", "step": -1})
