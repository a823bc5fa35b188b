"""Ladders: to the second however late the tick, and by shift and roster."""

from agent.alarms.alarm import Action, CallRequest, Happened, State
from agent.alarms.escalation import Escalation, SiteLadder
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.rules.reason import because
from agent.staff import Duty
from tests.alarms.climbing_home import DAWN, DAYS, HIGH, LOW, MEDIUM, NIGHTS, Home, site
from tests.alarms.engines import alarms


def test_each_rung_comes_to_the_second_and_not_before() -> None:
    home = Home()
    home.find()
    assert home.until(400) == [(60.0, 1), (120.0, 2), (300.0, 3)]


def test_late_ticks_do_not_add_up() -> None:
    home = Home()
    home.find()
    assert home.until(400, every=7.0) == [(63.0, 1), (126.0, 2), (301.0, 3)]
    assert (home.engine.open[0].rung_at, home.engine.open[0].changed_at) == (300.0, 300.0)


def test_after_a_long_standstill_every_rung_that_was_due_is_taken() -> None:
    home = Home()
    home.find()
    assert [(event.happened, event.alarm.step) for event in home.tick(301.0)] == [
        (Happened.ESCALATED, n) for n in (1, 2, 3)
    ]


def test_the_engine_says_when_it_must_be_asked() -> None:
    home = Home()
    home.find()
    assert home.engine.due == 60.0
    home.tick(60.0)
    assert home.engine.due == 120.0
    home.do(Action.SEE)
    assert home.engine.due == 60.0 + 180.0
    home.do(Action.ATTEND)
    assert home.engine.due == 7200.0  # the end of the shift
    assert Home().engine.due == float("inf")


def test_pressing_again_and_again_holds_no_ladder_up() -> None:
    home = Home()
    home.find("sos", happening=True)
    climbed = []
    for now in range(10, 310, 10):
        climbed += [event.alarm.step for event in home.tick(float(now)) if event.happened is Happened.ESCALATED]
        home.find("sos", happening=True)
    assert climbed == [1, 2, 3]
    assert (home.engine.open[0].rung_at, home.engine.open[0].changed_at) == (300.0, 300.0)
    home.now = 301.0
    home.find("sos", happening=True)
    assert (home.engine.open[0].rung_at, home.engine.open[0].changed_at) == (300.0, 301.0)


def test_a_press_after_seen_starts_where_the_ladder_stood() -> None:
    home = Home()
    home.find("sos", happening=True)
    home.tick(60.0)
    home.now = 100.0
    home.do(Action.SEE)
    home.now = 110.0
    home.find("sos", happening=True)
    assert home.engine.open[0].step == 1
    assert home.until(300) == [(170.0, 2)]


def test_a_condition_that_is_back_waits_for_its_rung_anew() -> None:
    home = Home()
    home.find()
    home.now = 30.0
    home.find(active=False)
    assert home.until(1000) == []
    home.find()
    assert home.until(1100) == [(1060.0, 1)]


def test_the_near_fall_climbs_no_further() -> None:
    home = Home()
    home.find("fall", MEDIUM, happening=True)
    home.now = 20.0
    home.find("fall", LOW)
    assert home.until(1000) == []
    assert home.engine.open[0].sounding


def test_who_is_told_is_on_the_alarm() -> None:
    home = Home()
    (event,) = home.find()
    assert (event.alarm.told, event.alarm.people) == (("assigned_carer",), ("n-1",))
    (event,) = home.tick(60.0)
    assert (event.alarm.told[1:], event.alarm.people) == (("floor", "charge_nurse"), ("n-1", "n-2"))
    assert event.reasons == (because("told", roles="floor, charge_nurse"),)


def test_a_rung_all_of_whose_roles_were_told_before_says_so() -> None:
    ladder = Ladder((Rung(0, ("floor", "charge_nurse")), Rung(60, ("charge_nurse", "floor")), Rung(90, ("floor",))))
    home = Home(Escalation(AlarmSettings(), (SiteLadder(HIGH, ladder),), site(*DAYS, *NIGHTS)))
    home.find()
    (event,) = home.tick(60.0)
    assert (event.happened, event.alarm.step, event.alarm.told) == (Happened.ESCALATED, 1, ("floor", "charge_nurse"))
    assert event.reasons == (because("told_before", roles="charge_nurse, floor"),)
    (event,) = home.tick(90.0)
    assert event.reasons == (because("told_before", roles="floor"),)
    assert event.reasons[0].text("en") == "all of them had been told before: floor"


def test_a_rung_where_nobody_is_on_duty_is_left_out_with_its_reason() -> None:
    home = Home(Escalation(AlarmSettings(), (), site(Duty("n-2", "night", "charge_nurse"))))
    (event,) = home.find()
    assert (event.alarm.step, event.alarm.told) == (1, ("floor", "charge_nurse"))
    assert event.alarm.people == ("n-2",)
    assert event.reasons[-1] == because("nobody_on_duty", roles="assigned_carer")
    assert home.until(400) == [(60.0, 2), (240.0, 3)]


def test_where_nobody_stands_on_any_rung_the_last_one_is_told() -> None:
    ladder = Ladder((Rung(0, ("assigned_carer",)), Rung(60, ("charge_nurse",)), Rung(90, ("duty_manager",))))
    home = Home(Escalation(AlarmSettings(), (SiteLadder(HIGH, ladder),), site(Duty("x", "night", "cook"))))
    (event,) = home.find()
    assert (event.alarm.step, event.alarm.told, event.alarm.people) == (2, ("duty_manager",), ())
    assert event.reasons[-1] == because("nobody_on_duty", roles="assigned_carer, charge_nurse")


def test_the_platform_is_given_what_it_needs_to_call() -> None:
    home = Home()
    home.find()
    assert home.engine.open[0].call is None
    home.tick(120.0)
    assert home.engine.open[0].call is None
    home.tick(300.0)
    wall = DAWN - 7200.0 + 300.0
    assert home.engine.open[0].call == CallRequest("platform", "201", "r-201", "spo2_low", "0571-1", wall)


# shifts, edits and restarts


def test_at_a_change_of_shift_the_new_people_are_told_once() -> None:
    home = Home(starts=-30.0)
    home.find()
    assert home.engine.due == 30.0
    assert home.tick(29.0) == []
    (event,) = home.tick(30.0)
    assert (event.happened, event.reasons) == (Happened.CHANGED, (because("shift_changed"),))
    assert (event.alarm.people, event.alarm.step) == (("n-1", "d-1"), 0)
    assert home.until(130) == [(60.0, 1), (120.0, 2)]


def test_what_staff_have_attended_to_is_not_told_to_the_next_shift() -> None:
    home = Home(starts=-30.0)
    home.find()
    home.do(Action.ATTEND)
    assert home.tick(30.0) == []
    assert home.engine.open[0].people == ("n-1",)


def test_what_is_seen_is() -> None:
    home = Home(starts=-30.0)
    home.find()
    home.do(Action.SEE)
    (event,) = home.tick(30.0)
    assert (event.alarm.state, event.alarm.people) == (State.SEEN, ("n-1", "d-1"))
    (event,) = home.tick(180.0)
    assert event.happened is Happened.SOUNDED_AGAIN


def test_a_clock_that_was_never_set_changes_no_shift() -> None:
    home = Home(starts=-30.0, known=False)
    home.find()
    assert [event.happened for event in home.tick(30.0)] == []


QUICK = Ladder((Rung(0, ("assigned_carer",)), Rung(20, ("duty_manager",))))


def test_the_ladder_of_the_shift_on_duty_counts() -> None:
    ladders = (SiteLadder(HIGH, QUICK, shift="day"),)
    home = Home(Escalation(AlarmSettings(), ladders, site(*NIGHTS, *DAYS, Duty("m-1", "day", "duty_manager"))), -10.0)
    home.find()
    home.tick(10.0)
    assert home.until(100) == [(20.0, 1)]


def test_an_edited_ladder_counts_from_the_next_tick() -> None:
    home = Home(Escalation(AlarmSettings(), (), site(*DAYS)), starts=0.0)
    home.find()
    home.engine.use(Escalation(AlarmSettings(), (SiteLadder(HIGH, QUICK),), site(*DAYS)))
    assert home.engine.due == float("-inf")
    home.tick(1.0)
    assert home.engine.due == 20.0
    assert home.until(100) == [(20.0, 1)]


def test_after_a_restart_the_site_s_own_ladder_counts() -> None:
    escalation = Escalation(AlarmSettings(), (SiteLadder(HIGH, QUICK),), site(*NIGHTS))
    home = Home(escalation)
    home.find()
    again = Home(escalation)
    again.now = 5.0
    again.engine.restore(home.engine.open[0], 0.0, again.moment, "the store")
    assert again.until(100) == [(20.0, 1)]


def test_rungs_that_were_due_while_we_were_down_are_taken_at_once() -> None:
    home = Home()
    home.find()
    again = Home()
    again.now = 130.0
    again.engine.restore(home.engine.open[0], 0.0, again.moment, "the store")
    assert [event.alarm.step for event in again.tick(130.0)] == [1, 2]
    assert again.until(400) == [(300.0, 3)]


def test_when_nobody_knows_how_long_we_slept_what_was_seen_sounds_again() -> None:
    home = Home()
    home.find()
    home.do(Action.SEE)
    again = Home()
    again.now = 7.0
    events = alarms(again.engine.restore(home.engine.open[0], None, again.moment, "the store"))
    assert [event.happened for event in events] == [Happened.RESTORED, Happened.SOUNDED_AGAIN]
    assert events[-1].reasons[0] == because("sleep_unknown")
    assert again.engine.open[0].step == 1
    attended = Home()
    attended.find()
    attended.do(Action.ATTEND)
    fresh = Home()
    (event,) = alarms(fresh.engine.restore(attended.engine.open[0], None, fresh.moment, "the store"))
    assert (event.happened, event.alarm.state) == (Happened.RESTORED, State.ATTENDED)


def test_an_alarm_above_the_top_of_a_shorter_ladder_stands_on_its_last_rung() -> None:
    home = Home(Escalation(AlarmSettings(), (), site(*DAYS)), starts=0.0)
    home.find()
    home.tick(300.0)
    assert home.engine.open[0].step == 3
    home.engine.use(Escalation(AlarmSettings(), (SiteLadder(HIGH, QUICK),), site(*DAYS)))
    home.tick(301.0)
    assert home.engine.open[0].step == 1
    assert home.engine.due == 16 * 3600.0
    home.engine.deaf("no buzzer", home.moment)
    assert home.engine.open[0].step == 1
    assert home.engine.open[0].told[-1] == "platform"
