"""What the engine tells of what it keeps back, hands over and takes up the ladder: each record whole."""

import math
from dataclasses import replace

import pytest

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, CommandError, Happened
from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.alarms.standing import Held, Noted, OpenTask, Pause, Shelf, StandingEvent, Suppressed, from_json
from agent.alarms.tasks import TaskBook
from agent.detection.acts import Act
from agent.moment import DailySpan, Moment
from agent.places import Place, PlaceKind
from agent.residents import Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority, Task
from agent.rules.reason import because
from agent.staff import Duty, Member, Roster, Shift
from tests.alarms.aside_home import LI, Home
from tests.alarms.engines import alarms, engine

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
SATURATION = Finding(
    "spo2_low", LI, MEDIUM, 1.0, (because("cause", cause="first"), because("cause", cause="then")), "a"
)
OTHER = Finding("spo2_low", LI, MEDIUM, 2.0, (because("cause", cause="other"),), "b")
ANEW = "closed:spo2_low:resident:r-201"


def at(seconds: float) -> Moment:
    return Moment(seconds, 1_799_942_400.0 + seconds)


def by(device: str, at_: float) -> Finding:
    return Finding("bed_exit", LI, MEDIUM, at_, (because("cause", cause=device),), device)


def kept(id_: str, noted: Noted, record: Held, now: float, *reasons: object) -> StandingEvent:
    return StandingEvent(id_, noted, record, noted is Noted.HELD, now, "system", reasons)  # type: ignore[arg-type]


def test_what_is_held_back_tells_who_why_and_by_which_device() -> None:
    home = Home()
    home.act("present")
    why = because("held_back", hold="staff", by="s-1")
    held = Held("held:bed_exit:resident:r-201", 1000.0, 1000.0, (by("bed", 1000.0),))
    shown = Suppressed("bed_exit", LI, MEDIUM, 1000.0, 1600.0, "s-1", (why, because("cause", cause="bed")), "bed")
    assert home.find() == [shown, kept("id-1", Noted.HELD, held, 1000.0, why)]
    home.now = 1001.0
    both = Held(held.id, 1000.0, 1001.0, (by("bed", 1000.0), by("mat", 1001.0)))
    assert home.find(device="mat") == [kept("id-2", Noted.HELD, both, 1001.0, why)]
    (shown,) = home.engine.suppressed
    assert shown.since == 1000.0
    home.now = 1002.0
    mat = Held(held.id, 1000.0, 1002.0, (by("mat", 1001.0),))
    assert home.find(active=False) == [kept("id-3", Noted.HELD, mat, 1002.0, why)]
    home.now = 1003.0
    last = Held(held.id, 1000.0, 1003.0, (by("mat", 1001.0),))
    assert home.find(device="mat", active=False) == [
        kept("id-4", Noted.RELEASED, last, 1003.0, because("cause", cause="mat"))
    ]


def test_what_was_held_back_before_a_restart_is_shown_as_over() -> None:
    home = Home()
    home.engine.restore_standing(Held("held:bed_exit:resident:r-201", 900.0, 900.0, (by("bed", 900.0),)), home.moment)
    why = (because("time_over"), because("cause", cause="bed"))
    assert home.engine.suppressed == (Suppressed("bed_exit", LI, MEDIUM, 900.0, 1000.0, "", why, "bed"),)


def test_what_is_closed_while_it_goes_on_is_told_at_each_change() -> None:
    home = engine()
    home.take([SATURATION, OTHER], at(10.0))
    (alarm,) = home.open
    home.command(Command(Action.ATTEND, alarm.id, "wang"), at(20.0))
    _, told = home.command(Command(Action.CLOSE, alarm.id, "wang", Cause.OTHER), at(30.0))
    first = SATURATION.reasons[:1]
    findings = (Finding("spo2_low", LI, MEDIUM, 10.0, first, "a"), Finding("spo2_low", LI, MEDIUM, 10.0, first, "b"))
    assert isinstance(told, StandingEvent)
    held = Held(ANEW, 30.0, 30.0, findings, closed=True)
    assert told == StandingEvent(told.id, Noted.HELD, held, True, 30.0, "wang", ())
    assert told.id == "id-6"
    assert home.take([SATURATION], at(40.0)) == []
    milder = Finding("spo2_low", LI, LOW, 50.0, OTHER.reasons, "b")
    held = Held(ANEW, 30.0, 50.0, (SATURATION, milder), closed=True)
    assert home.take([milder], at(50.0)) == [kept("id-7", Noted.HELD, held, 50.0)]
    third = Finding("spo2_low", LI, LOW, 60.0, OTHER.reasons, "c")
    held = Held(ANEW, 30.0, 60.0, (SATURATION, milder, third), closed=True)
    assert home.take([third], at(60.0)) == [kept("id-8", Noted.HELD, held, 60.0)]
    over = Finding("spo2_low", LI, LOW, 70.0, OTHER.reasons, "a", active=False)
    held = Held(ANEW, 30.0, 70.0, (milder, third), closed=True)
    assert home.take([over], at(70.0)) == [kept("id-9", Noted.HELD, held, 70.0)]


def test_what_was_closed_is_let_go_with_its_reason_and_raised_by_each_device() -> None:
    home = engine()
    held = Held(ANEW, 100.0, 100.0, (SATURATION, OTHER), closed=True)
    home.restore_standing(held, at(200.0))
    home.restore_standing(Held(ANEW, 1.0, 1.0, (OTHER,), closed=True), at(200.0))
    assert home.due == 1000.0
    outcomes = home.tick(at(1000.0))
    why = because("still_so", minutes=15)
    assert outcomes[0] == kept("id-1", Noted.RELEASED, held, 1000.0, why)
    raised, added = alarms(outcomes)
    assert raised.reasons == (*SATURATION.reasons, why)
    assert (added.happened, added.alarm.holding, added.reasons) == (
        Happened.CHANGED,
        ("a", "b"),
        (*OTHER.reasons, why),
    )


def test_what_was_closed_and_is_over_is_let_go_for_that_reason() -> None:
    home = engine()
    held = Held(ANEW, 100.0, 100.0, (SATURATION,), closed=True)
    home.restore_standing(held, at(100.0))
    over = Finding("spo2_low", LI, LOW, 110.0, OTHER.reasons, "a", active=False)
    assert home.take([over], at(110.0)) == [kept("id-1", Noted.RELEASED, held, 110.0, *OTHER.reasons)]


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


def test_seen_and_nobody_came_says_after_how_long_and_counts_from_when_it_was_due() -> None:
    home = engine()
    (event,) = alarms(home.take([Finding("sos", LI, HIGH, 1.0, (), "button")], at(10.0)))
    home.command(Command(Action.SEE, event.alarm.id, "wang"), at(20.0))
    (again,) = alarms(home.tick(at(203.0)))
    assert (again.happened, again.actor, again.at) == (Happened.SOUNDED_AGAIN, "system", 203.0)
    assert again.reasons == (because("nobody_arrived", for_s=180),)
    assert (again.alarm.changed_at, again.alarm.rung_at, again.alarm.step) == (200.0, 200.0, 1)
    assert home.due == 260.0
    (climbed,) = alarms(home.tick(at(265.0)))
    assert (climbed.happened, climbed.actor, climbed.alarm.changed_at) == (Happened.ESCALATED, "system", 260.0)
    assert climbed.reasons == (because("told", roles="all_staff, duty_manager"),)


def test_the_last_rung_is_taken_once_and_nothing_follows() -> None:
    home = engine()
    home.take([Finding("sos", LI, HIGH, 1.0, (), "button")], at(10.0))
    assert [event.alarm.step for event in alarms(home.tick(at(9000.0)))] == [1, 2, 3]
    assert home.open[0].step == 3
    (alarm,) = home.open
    again = engine(prefix="again")
    assert [event.happened for event in alarms(again.restore(alarm, None, at(5.0), "store"))] == [Happened.RESTORED]


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


def test_a_change_of_shift_passes_over_what_was_attended_to_and_tells_the_rest() -> None:
    shifts = [
        Shift("day", DailySpan(6 * 3600.0, 22 * 3600.0)),
        Shift("night", DailySpan(22 * 3600.0, 6 * 3600.0)),
    ]
    duties = [Duty(member, shift, role="assigned_carer") for member, shift in (("zhou", "night"), ("wang", "day"))]
    site = Site.of([], [], roster=Roster.of([Member("zhou"), Member("wang")], shifts, duties))
    home = engine(Escalation(site=site))
    six = 6 * 3600.0
    for n in (1, 2):
        home.take([Finding("spo2_low", Subject(SubjectKind.RESIDENT, f"r-{n}", "1"), HIGH, 1.0, ())], at(six - 50 + n))
    first = home.open[0]
    home.tick(at(six - 10))
    home.command(Command(Action.ATTEND, first.id, "zhou"), at(six - 9))
    (told,) = alarms(home.tick(at(six)))
    assert (told.happened, told.actor, told.reasons) == (Happened.CHANGED, "system", (because("shift_changed"),))
    assert (told.alarm.subject.id, told.alarm.people) == ("r-2", ("zhou", "wang"))


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


def test_of_what_was_closed_each_device_is_compared_with_its_own_word() -> None:
    home = engine()
    milder = replace(OTHER, priority=LOW)
    home.restore_standing(Held(ANEW, 100.0, 100.0, (SATURATION, milder), closed=True), at(100.0))
    assert home.take([replace(milder, at=110.0)], at(110.0)) == []


def test_what_nothing_holds_any_more_is_raised_by_its_next_word_at_once() -> None:
    home = Home()
    home.act("present")
    home.find()
    home.now += 60.0
    home.people.take(Act("left", LI, home.now, "s-1", True), home.moment)
    assert [event.happened for event in alarms(home.find(device="mat"))] == [Happened.RAISED]
    home = Home()
    home.act("present")
    home.find()
    home.people.take(Act("left", LI, home.now, "s-1", True), home.moment)
    assert [event.happened for event in alarms(home.find())] == [Happened.RAISED]


LADDER = Ladder((Rung(0, ("assigned_carer",)), Rung(10, ("platform",)), Rung(20, ("floor",)), Rung(30, ("all_staff",))))


def test_while_nobody_hears_an_alarm_goes_up_its_ladder_and_never_down() -> None:
    home = engine(Escalation(replace(AlarmSettings(), high=LADDER)))
    home.take([Finding("sos", LI, HIGH, 1.0, (), "button")], at(10.0))
    home.tick(at(30.0))
    *_, further = alarms(home.deaf("no buzzer", at(31.0)))
    assert (further.alarm.kind, further.alarm.step, further.alarm.told[2:]) == ("sos", 3, ("floor", "all_staff"))


@pytest.mark.parametrize(("step", "told"), [(1, ("platform",)), (2, ("floor", "all_staff")), (9, ("all_staff",))])
def test_who_stands_below_its_rung_is_not_told_again(step: int, told: tuple[str, ...]) -> None:
    settings = replace(AlarmSettings(), high=LADDER)
    first = engine()
    (event,) = alarms(first.take([Finding("sos", LI, HIGH, 1.0, (), "button")], at(10.0)))
    home = engine(Escalation(settings))
    home.restore(replace(event.alarm, step=step, told=()), 0.0, at(11.0), "the store")
    called = [one for one in alarms(home.deaf("no buzzer", at(12.0))) if one.alarm.kind == "sos"]
    assert [one.alarm.told for one in called] == ([] if step == 1 else [told])


def test_whoever_has_a_resident_of_a_floor_works_on_it() -> None:
    places = [Place("201", PlaceKind.ROOM, "201", "2"), Place("301", PlaceKind.ROOM, "301", "3")]
    roster = Roster.of([Member("s-1")], [Shift("all", DailySpan(0.0, 0.0))], [Duty("s-1", "all", "carer", ("r-201",))])
    who = Escalation(site=Site.of([Resident("r-201", "李", "201")], [], places=places, roster=roster))
    for room, people in (("201", ("s-1",)), ("301", ())):
        about = Subject(SubjectKind.PLACE, room, room)
        assert who.people(("floor",), about, at(1.0)) == people


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


def test_what_was_seen_and_may_stay_so_does_not_sound_after_an_unknown_sleep() -> None:
    home = engine()
    (event,) = alarms(home.take([replace(SATURATION, priority=LOW)], at(10.0)))
    home.command(Command(Action.SEE, event.alarm.id, "wang"), at(20.0))
    (alarm,) = home.open
    again = engine(prefix="again")
    assert [one.happened for one in alarms(again.restore(alarm, None, at(5.0), "store"))] == [Happened.RESTORED]
