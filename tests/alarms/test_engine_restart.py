"""The engine after a restart: what sounds, what climbs, what is taken up once."""

from agent.alarms.alarm import Action, Alarm, Cause, Command, Happened
from tests.alarms.engines import alarms, happened
from tests.alarms.ward import Ward


def test_after_a_restart_the_unseen_sound_and_the_seen_keep_their_timer() -> None:
    before = Ward()
    before.press()
    before.find("spo2_low")
    before.engine.command(Command(Action.SEE, before.engine.open[0].id, "p"), before.moment)
    stored = [Alarm.from_json(alarm.to_json()) for alarm in before.engine.open]
    after = Ward()
    after.now = before.now + 100
    for alarm in stored:
        (event,) = alarms(after.engine.restore(alarm, 0.0, after.moment, "alarms.db"))
        assert event.happened is Happened.RESTORED
    assert {(a.kind, a.sounding) for a in after.engine.open} == {("sos", False), ("spo2_low", True)}
    again = [e for e in after.wait(80) if e.happened is Happened.SOUNDED_AGAIN]
    assert [(e.alarm.kind, round(e.at - before.now)) for e in again] == [("sos", 180)]


def test_after_an_unknown_sleep_each_ladder_takes_its_next_step_at_once() -> None:
    before = Ward()
    before.press()
    after = Ward()
    after.now = 5.0
    events = alarms(after.engine.restore(before.only, None, after.moment, "alarms.db"))
    assert happened(events) == [Happened.RESTORED, Happened.ESCALATED]
    assert after.only.step == 1


def test_a_restored_alarm_is_not_taken_twice_nor_when_closed() -> None:
    ward = Ward()
    ward.press()
    alarm = ward.only
    assert ward.engine.restore(alarm, 0.0, ward.moment, "sounder") == []
    ward.do(Action.ATTEND)
    closed = ward.do(Action.CLOSE, Cause.TEST)
    assert closed is not None
    assert ward.engine.restore(closed.alarm, 0.0, ward.moment, "sounder") == []
