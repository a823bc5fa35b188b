"""An alarm whose device tells nothing more: it waits for a person, and nothing raises it anew by itself."""

from dataclasses import replace

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Happened, State
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from tests.alarms.engines import alarms
from tests.alarms.ward import HIGH, LI, Ward

PULSE = Finding("heart_rate_low", LI, HIGH, 0.0, (because("cause", cause="x"),), "band")


def lapse(ward: Ward, device: str = "band") -> list[AlarmEvent]:
    lapsed = replace(PULSE, priority=Priority.LOW, device=device, at=ward.now, active=False, lapsed=True)
    return alarms(ward.engine.take([lapsed], ward.moment))


def raised(*devices: str) -> Ward:
    ward = Ward()
    for device in devices:
        ward.engine.take([replace(PULSE, device=device, at=ward.now)], ward.moment)
    return ward


def closed(ward: Ward) -> None:
    for action, cause in ((Action.SEE, None), (Action.ATTEND, None), (Action.CLOSE, Cause.ASSISTED)):
        ward.do(action, cause)


def test_unseen_it_sounds_on_and_climbs_on() -> None:
    ward = raised("band")
    (event,) = lapse(ward)
    assert (event.happened, event.alarm.sounding, event.alarm.condition) == (Happened.CHANGED, True, False)
    assert Happened.ESCALATED in [one.happened for one in ward.wait(60)]
    assert ward.only.state is State.RAISED


def test_closed_it_does_not_come_back_until_it_is_told_again() -> None:
    ward = raised("band")
    lapse(ward)
    closed(ward)
    assert ward.wait(3600) == []
    (again,) = alarms(ward.engine.take([replace(PULSE, at=ward.now)], ward.moment))
    assert again.happened is Happened.RAISED


def test_closed_before_it_lapsed_it_does_not_come_back_either() -> None:
    ward = raised("band")
    closed(ward)
    ward.wait(200)
    assert lapse(ward) == []
    assert ward.wait(3600) == []


def test_while_another_device_tells_of_it_it_goes_on() -> None:
    ward = raised("band", "strap")
    lapse(ward)
    assert ward.only.condition
    closed(ward)
    assert [one.happened for one in ward.wait(300)] == [Happened.RAISED]


def test_a_value_that_is_back_afterwards_ends_nothing_that_nobody_has_looked_at() -> None:
    ward = raised("band")
    lapse(ward)
    over = replace(PULSE, at=ward.now, active=False)
    assert alarms(ward.engine.take([over], ward.moment)) == []
    assert ward.only.sounding


def test_over_a_restart_it_still_waits_for_a_person() -> None:
    ward = raised("band")
    lapse(ward)
    after = Ward()
    (event,) = alarms(after.engine.restore(Alarm.from_json(ward.only.to_json()), 0.0, after.moment, "store"))
    assert event.alarm.sounding
