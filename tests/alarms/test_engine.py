"""The engine: each sentence of the design's alarm life cycle."""

import pytest

from agent.alarms.alarm import Action, Cause, CommandError, Happened, State
from agent.rules.finding import Priority
from agent.rules.reason import because
from tests.alarms.engines import happened
from tests.alarms.ward import HIGH, LOW, MEDIUM, Ward


def test_a_press_sounds_at_once_and_latches() -> None:
    ward = Ward()
    (event,) = ward.press()
    assert event.happened is Happened.RAISED
    assert event.alarm.sounding
    assert event.alarm.latching
    assert event.alarm.told == ("assigned_carer",)
    ward.find("sos", active=False)
    assert ward.only.sounding


def test_unseen_alarms_climb_the_ladder_to_the_second() -> None:
    ward = Ward()
    ward.press()
    climbs = [(round(e.at - 1000), e.alarm.step, e.alarm.told[-1]) for e in ward.wait(400)]
    assert climbs == [(60, 1, "charge_nurse"), (120, 2, "duty_manager"), (300, 3, "platform")]
    assert ward.only.sounding


def test_a_medium_alarm_climbs_more_slowly() -> None:
    ward = Ward()
    ward.find("bed_exit", MEDIUM)
    assert [round(e.at - 1000) for e in ward.wait(1200)] == [180, 360, 900]


def test_a_low_alarm_climbs_nowhere() -> None:
    ward = Ward()
    ward.find("device_silent", LOW)
    assert ward.wait(3000) == []


def test_seen_quiets_and_stops_the_ladder() -> None:
    ward = Ward()
    ward.press()
    ward.wait(30)
    event = ward.do(Action.SEE)
    assert event is not None
    assert (event.alarm.state, event.alarm.sounding, event.alarm.seen_by) == (State.SEEN, False, "panel:wang")
    assert ward.wait(179) == []


@pytest.mark.parametrize(("kind", "priority", "after_s"), [("sos", HIGH, 180), ("bed_exit", MEDIUM, 600)])
def test_seen_but_nobody_arrived_sounds_again_at_the_next_step(kind: str, priority: Priority, after_s: int) -> None:
    ward = Ward()
    ward.find(kind, priority)
    ward.do(Action.SEE)
    (event,) = ward.wait(after_s)
    assert event.happened is Happened.SOUNDED_AGAIN
    assert (event.alarm.state, event.alarm.sounding, event.alarm.step) == (State.RAISED, True, 1)
    assert event.alarm.seen_by == "panel:wang"


def test_attended_ends_the_sound_for_good() -> None:
    ward = Ward()
    ward.press()
    ward.do(Action.ATTEND)
    assert not ward.only.sounding
    assert ward.wait(4000) == []
    assert ward.only.state is State.ATTENDED


def test_closing_needs_a_cause_and_an_arrival() -> None:
    ward = Ward()
    ward.press()
    with pytest.raises(CommandError, match="cannot be closed"):
        ward.do(Action.CLOSE, Cause.ASSISTED)
    ward.do(Action.ATTEND)
    with pytest.raises(CommandError) as refused:
        ward.do(Action.CLOSE)
    assert refused.value.code == "cause_needed"
    with pytest.raises(CommandError, match="cause"):
        ward.do(Action.CLOSE, Cause.RESTORED)
    event = ward.do(Action.CLOSE, Cause.ASSISTED)
    assert event is not None
    assert (event.happened, event.alarm.cause, event.alarm.closed_by) == (Happened.CLOSED, "assisted", "panel:wang")
    assert ward.engine.open == ()


def test_an_unknown_alarm_is_named() -> None:
    with pytest.raises(CommandError) as refused:
        Ward().do(Action.SEE, alarm="nope")
    assert refused.value.code == "unknown_alarm"


def test_a_second_tap_from_another_panel_changes_nothing() -> None:
    ward = Ward()
    ward.press()
    ward.do(Action.SEE)
    assert ward.do(Action.SEE) is None
    ward.do(Action.ATTEND)
    assert ward.do(Action.SEE) is None


def test_a_second_press_merges_until_staff_arrived_and_then_is_a_new_alarm() -> None:
    ward = Ward()
    ward.press()
    assert happened(ward.press()) == [Happened.CHANGED]
    ward.do(Action.ATTEND)
    assert happened(ward.press()) == [Happened.RAISED]
    assert [alarm.state for alarm in ward.engine.open] == [State.ATTENDED, State.RAISED]
    assert happened(ward.press()) == [Happened.CHANGED]
    assert len(ward.engine.open) == 2


def test_a_press_after_seen_sounds_again() -> None:
    ward = Ward()
    ward.press()
    ward.do(Action.SEE)
    ward.press()
    assert ward.only.state is State.RAISED
    assert ward.only.sounding


def test_worse_sounds_again_and_starts_the_ladder_of_the_higher_priority() -> None:
    ward = Ward()
    ward.find("fall", MEDIUM, happening=True)
    ward.do(Action.SEE)
    ward.wait(10)
    (event,) = ward.find("fall", HIGH, reason="no recovery in 15 s")
    assert (event.alarm.priority, event.alarm.state, event.alarm.step) == (HIGH, State.RAISED, 0)
    assert [round(e.at - event.at) for e in ward.wait(130)] == [60, 120]


def test_recovery_lowers_a_fall_but_never_withdraws_it() -> None:
    ward = Ward()
    ward.find("fall", MEDIUM, happening=True)
    ward.find("fall", LOW, reason="stands again: near fall, please look")
    assert ward.only.priority is LOW
    assert ward.only.sounding


def test_a_limit_alarm_whose_cause_ended_is_quiet_but_stays_in_the_list() -> None:
    ward = Ward()
    ward.find("spo2_low")
    ward.find("spo2_low", active=False, reason="back above 89 %")
    assert not ward.only.sounding
    assert not ward.only.condition
    assert ward.wait(2000) == []
    ward.find("spo2_low")
    assert ward.only.sounding


def test_one_device_speaks_for_itself_alone() -> None:
    ward = Ward()
    ward.find("heart_rate_high", HIGH, device="strap")
    assert ward.find("heart_rate_high", LOW, active=False, device="oximeter") == []
    assert ward.only.sounding
    ward.find("heart_rate_high", MEDIUM, device="oximeter")
    assert ward.only.priority is HIGH
    ward.find("heart_rate_high", LOW, active=False, device="strap")
    assert ward.only.sounding
    ward.find("heart_rate_high", LOW, active=False, device="oximeter")
    assert not ward.only.sounding


def test_a_technical_alarm_whose_cause_ended_closes_itself() -> None:
    ward = Ward()
    ward.find("device_silent", MEDIUM)
    (event,) = ward.find("device_silent", MEDIUM, active=False)
    assert (event.happened, event.alarm.cause, event.alarm.closed_by) == (Happened.CLOSED, "restored", "system")
    assert ward.engine.open == ()


@pytest.mark.parametrize(
    ("kind", "priority", "after_s"), [("spo2_low", HIGH, 300), ("wandering", MEDIUM, 900), ("smoke", HIGH, 300)]
)
def test_closed_while_it_goes_on_is_raised_anew(kind: str, priority: Priority, after_s: int) -> None:
    ward = Ward()
    ward.find(kind, priority)
    ward.do(Action.ATTEND)
    ward.do(Action.CLOSE, Cause.OTHER)
    assert ward.find(kind, priority) == []
    assert ward.wait(after_s - 1) == []
    (event,) = ward.wait(1)
    assert event.happened is Happened.RAISED
    assert event.alarm.reasons[-1].code == "still_so"


@pytest.mark.parametrize("kind", ["sos", "fall", "toilet_stay", "no_water_use", "device_unverified"])
def test_what_nothing_can_end_is_over_once_it_is_closed(kind: str) -> None:
    ward = Ward()
    ward.find(kind, happening=True)
    ward.do(Action.ATTEND)
    ward.do(Action.CLOSE, Cause.OTHER)
    assert ward.wait(40_000) == []


def test_closed_while_it_goes_on_and_worse_is_raised_at_once() -> None:
    ward = Ward()
    ward.find("spo2_low", MEDIUM)
    ward.do(Action.ATTEND)
    ward.do(Action.CLOSE, Cause.OTHER)
    assert happened(ward.find("spo2_low", HIGH)) == [Happened.RAISED]


def test_closed_and_over_stays_closed() -> None:
    ward = Ward()
    ward.find("spo2_low")
    ward.do(Action.ATTEND)
    ward.do(Action.CLOSE, Cause.OTHER)
    ward.find("spo2_low", active=False)
    assert ward.wait(1000) == []


def test_the_sounder_s_word_is_kept() -> None:
    ward = Ward()
    ward.press()
    event = ward.engine.sounded(ward.only.id, ward.now + 0.012, ward.now, ward.moment)
    assert event is not None
    assert (event.happened, event.reasons) == (Happened.SOUNDED, (because("sounded", delay_ms=12),))
    assert ward.engine.sounded("gone", 0, 0, ward.moment) is None


def test_open_alarms_stand_highest_first_then_oldest() -> None:
    ward = Ward()
    for kind, priority in (("bed_exit", MEDIUM), ("device_silent", LOW), ("sos", HIGH), ("spo2_low", HIGH)):
        ward.find(kind, priority)
        ward.now += 1
    assert [a.kind for a in ward.engine.open] == ["sos", "spo2_low", "bed_exit", "device_silent"]
