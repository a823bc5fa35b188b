"""What comes and goes is one alarm; when one that is well again counts as over; both over a restart too."""

import math
from dataclasses import replace

import pytest

from agent.alarms.alarm import Action, Alarm, Happened, State
from agent.alarms.settings import AlarmSettings
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding
from agent.rules.reason import because
from tests.alarms.engines import alarms, happened
from tests.alarms.quiet_home import MEDIUM, Home, flap


def test_a_condition_that_comes_and_goes_is_one_alarm_that_does_not_toggle_its_sound() -> None:
    home = Home()
    flap(home, "spo2_low", 2)
    (alarm,) = home.engine.open
    assert (alarm.chattering, alarm.sounding) == (False, False)
    events = flap(home, "spo2_low", 8)
    assert {event.happened for event in events} == {Happened.CHANGED}
    assert all(event.alarm.chattering and event.alarm.sounding for event in events)


def test_it_chatters_no_more_once_it_has_been_well_for_ten_minutes() -> None:
    home = Home()
    flap(home, "spo2_low", 3, every_s=20.0)  # over for the last time at 1050
    assert home.engine.due <= 1650.0
    home.now = 1649.0
    home.tick()
    assert home.engine.open[0].sounding
    home.now = 1650.0
    (event,) = alarms(home.tick())
    assert (event.happened, event.reasons) == (Happened.CHANGED, (because("well_for_long"),))
    assert (event.alarm.chattering, event.alarm.sounding) == (False, False)


def test_three_onsets_in_more_than_ten_minutes_do_not_chatter() -> None:
    home = Home()
    home.find("spo2_low", MEDIUM)
    for wait in (300.0, 300.0):
        home.find("spo2_low", MEDIUM, active=False)
        home.now += wait
        home.find("spo2_low", MEDIUM)
    assert not home.engine.open[0].chattering
    quick = Home()
    quick.find("spo2_low", MEDIUM)
    for wait in (300.0, 299.0):
        quick.find("spo2_low", MEDIUM, active=False)
        quick.now += wait
        quick.find("spo2_low", MEDIUM)
    assert quick.engine.open[0].chattering


def test_seen_ends_the_sound_of_what_chatters() -> None:
    home = Home()
    flap(home, "spo2_low", 3)
    home.do(Action.SEE, home.engine.open[0])
    flap(home, "spo2_low", 3)
    assert home.engine.open[0].state is State.SEEN
    assert home.heard == []


def test_a_flapping_link_is_raised_twice_in_a_minute_at_most() -> None:
    home = Home()
    events = flap(home, "device_silent", 30, every_s=2.0)
    assert happened(events).count(Happened.RAISED) == 2
    assert len(home.engine.open) == 1


def test_a_link_that_is_back_closes_its_alarm_at_once_the_first_time_and_after_a_while_the_second() -> None:
    home = Home()
    assert happened(flap(home, "device_silent", 1)) == [Happened.RAISED, Happened.CLOSED]
    assert happened(flap(home, "device_silent", 1)) == [Happened.RAISED, Happened.CHANGED]  # over at 1015
    home.now = 1074.0
    assert alarms(home.tick()) == []
    home.now = 1075.0
    (event,) = alarms(home.tick())
    assert (event.happened, event.alarm.cause, event.reasons) == (
        Happened.CLOSED,
        "restored",
        (because("well_for_long"),),
    )


def test_a_link_that_chatters_must_hold_for_ten_minutes() -> None:
    home = Home()
    flap(home, "device_silent", 4)  # over for the last time at 1035
    assert home.engine.open[0].chattering
    home.now = 1634.0
    home.tick()
    assert home.engine.open
    home.now = 1635.0
    home.tick()
    assert home.engine.open == ()


def test_a_link_that_is_down_again_is_not_closed_meanwhile() -> None:
    home = Home()
    flap(home, "device_silent", 2)
    home.find("device_silent", MEDIUM)
    home.tick(3600.0)
    assert home.engine.open[0].condition


def restarted(home: Home, now: float, shift_s: float | None = 0.0) -> Home:
    """The same home after a restart: the store tells of each alarm, then the sounder of a newer copy of it."""
    again = Home()
    again.now = now
    for alarm in home.engine.open:
        again.engine.restore(alarm, shift_s, again.moment, "the store")
        again.engine.restore(replace(alarm, revision=alarm.revision + 1), shift_s, again.moment, "the sounder")
    return again


def ends(home: Home) -> float:
    """When the time of what settles is over: its alarm closes itself, or no longer sounds."""
    sounding = home.heard
    while home.engine.open and home.heard == sounding:
        assert home.engine.due < math.inf
        home.now = home.engine.due
        home.tick()
    return home.now


@pytest.mark.parametrize(("kind", "times", "end"), [("device_silent", 2, 1075.0), ("device_silent", 3, 1625.0)])
def test_what_settles_still_closes_itself_at_its_time_after_a_restart(kind: str, times: int, end: float) -> None:
    home = Home()
    flap(home, kind, times)
    again = restarted(home, 1070.0)
    assert (ends(home), ends(again)) == (end, end)
    assert ends(restarted(home, end + 30.0)) == end + 30.0


def test_what_chatters_is_well_at_its_time_after_a_restart() -> None:
    home = Home()
    flap(home, "spo2_low", 3)  # over for the last time at 1025
    again = restarted(home, 1100.0)
    assert again.engine.open[0].chattering
    assert (ends(again), again.heard) == (1625.0, [])


def test_onsets_of_an_open_alarm_count_after_a_restart_each_once() -> None:
    home = Home()
    flap(home, "spo2_low", 2)
    again = restarted(home, 1020.0)
    assert again.engine.open[0].onsets == (1000.0, 1010.0)
    again.find("spo2_low", MEDIUM)
    (alarm,) = again.engine.open
    assert (alarm.chattering, alarm.onsets) == (True, (1000.0, 1010.0, 1020.0))
    once = Home()
    once.find("spo2_low", MEDIUM)
    once.find("spo2_low", MEDIUM, active=False)
    again = restarted(once, 1020.0)
    again.find("spo2_low", MEDIUM)
    (alarm,) = again.engine.open
    assert (alarm.chattering, alarm.onsets) == (False, (1000.0, 1020.0))


def test_onsets_of_another_boot_are_moved_to_this_one_and_are_now_when_nobody_knows() -> None:
    home = Home()
    flap(home, "spo2_low", 2)
    assert restarted(home, 50.0, -1000.0).engine.open[0].onsets == (0.0, 10.0)
    assert restarted(home, 50.0, None).engine.open[0].onsets == (50.0, 50.0)


def test_a_fault_that_is_over_and_of_which_an_older_version_kept_no_onsets_has_its_time_to_show_it() -> None:
    home = Home()
    flap(home, "device_silent", 2)
    told = {**home.engine.open[0].to_json()}
    del told["onsets"], told["well_at"]
    again = Home()
    again.now = 1030.0
    again.engine.restore(Alarm.from_json(told), 0.0, again.moment, "the store")
    assert ends(again) == 1030.0 + AlarmSettings().chatter.settle_s


def test_more_evidence_of_what_goes_on_or_latches_is_no_onset() -> None:
    home = Home()
    for device in ("a", "b", "c"):
        home.find("spo2_low", MEDIUM, device=device)
    for _ in range(3):
        home.find("smoke", who="r-2")
        home.now += 1.0
        home.find("smoke", who="r-2", active=False)
    assert {(alarm.kind, alarm.chattering, alarm.onsets) for alarm in home.engine.open} == {
        ("spo2_low", False, (1000.0,)),
        ("smoke", False, (1000.0,)),
    }


def test_the_end_says_why_and_which_rule_closes_a_fault() -> None:
    home = Home()
    device = Subject(SubjectKind.DEVICE, "belt", "201")
    resident = Subject(SubjectKind.RESIDENT, "r-1", "201")
    on, off = because("cause", cause="gone"), because("cause", cause="back")
    for kind, subject in (("device_silent", device), ("spo2_low", resident)):
        began, over = (Finding(kind, subject, MEDIUM, 1.0, (why,), "belt", active=why is on) for why in (on, off))
        home.engine.take([began], home.moment)
        (event,) = alarms(home.engine.take([over], home.moment))
        assert (event.actor, event.reasons, event.alarm.reasons) == (f"rule:{kind}", (off,), (on, off))


def test_a_fault_that_another_device_still_tells_of_is_not_over() -> None:
    home = Home()
    for device in ("a", "b"):
        home.find("device_silent", device=device)
    home.find("device_silent", active=False, device="a")
    assert [alarm.holding for alarm in home.engine.open] == [("b",)]
    home.find("device_silent", active=False, device="b")
    assert home.engine.open == ()
