"""What the engine tells of what it holds back and of what was closed while it goes on: each record whole."""

from dataclasses import replace

from agent.alarms.alarm import Action, Cause, Command, Happened
from agent.alarms.standing import Held, Noted, StandingEvent, Suppressed
from agent.detection.acts import Act
from agent.rules.finding import Finding
from agent.rules.reason import because
from tests.alarms.aside_home import LI, Home
from tests.alarms.engines import alarms, engine
from tests.alarms.low_oxygen import LOW, MEDIUM, OTHER, SATURATION, at

ANEW = "closed:spo2_low:resident:r-201"


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
