"""The engine: each sentence of the design's alarm life cycle."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, Command, CommandError, Happened, State
from agent.alarms.escalation import Escalation
from agent.alarms.evidence import REASONS_KEPT
from agent.alarms.settings import AlarmSettings
from agent.detection.ward import Ward as People
from agent.moment import Moment
from agent.residents import Resident, Site, Subject, SubjectKind
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from tests.alarms.engines import alarms, engine

LI = Subject(SubjectKind.RESIDENT, "r-201", "201")
BUTTON = Subject(SubjectKind.DEVICE, "sos-201", "201")
SITE = Site.of([Resident("r-201", "李", "201")], [])
HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


class Ward:
    """An engine with a clock that a test turns."""

    def __init__(self) -> None:
        self.people = People(SITE)
        self.engine = engine(Escalation(AlarmSettings(), (), SITE), self.people)
        self.now = 1000.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, 1_800_000_000.0 + self.now)

    def find(
        self,
        kind: str,
        priority: Priority = HIGH,
        *,
        active: bool = True,
        happening: bool = False,
        reason: str = "why",
        device: str = "dev",
    ) -> list[AlarmEvent]:
        subject = BUTTON if KINDS[kind].alarm_class is AlarmClass.TECHNICAL else LI
        finding = Finding(
            kind, subject, priority, self.now, (because(reason),), device, active=active, happening=happening
        )
        return alarms(self.engine.take([finding], self.moment))

    def press(self) -> list[AlarmEvent]:
        return self.find("sos", happening=True)

    def do(self, action: Action, cause: Cause | None = None, alarm: str = "") -> AlarmEvent | None:
        command = Command(action, alarm or self.only.id, "panel:wang", cause)
        return next(iter(alarms(self.engine.command(command, self.moment))), None)

    def wait(self, seconds: float) -> list[AlarmEvent]:
        events: list[AlarmEvent] = []
        for _ in range(round(seconds)):
            self.now += 1
            events += alarms(self.engine.tick(self.moment))
        return events

    @property
    def only(self) -> Alarm:
        (alarm,) = self.engine.open
        return alarm


def happened(events: Sequence[AlarmEvent]) -> list[Happened]:
    return [event.happened for event in events]


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


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("find"),
            st.sampled_from(["sos", "fall", "smoke", "bed_exit", "spo2_low", "device_silent"]),
            st.sampled_from(list(Priority)),
            st.booleans(),
            st.booleans(),
        ),
        st.tuples(st.just("do"), st.sampled_from(list(Action)), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 400)),
    ),
    max_size=25,
)


def _apply(ward: Ward, step: tuple) -> list[AlarmEvent]:  # type: ignore[type-arg]
    if step[0] == "find":
        return ward.find(step[1], step[2], active=step[3], happening=step[4])
    if step[0] == "wait":
        ward.now += step[1]
        return alarms(ward.engine.tick(ward.moment))
    open_ = ward.engine.open
    if not open_:
        return []
    try:
        event = ward.do(step[1], Cause.OTHER, open_[step[2] % len(open_)].id)
    except CommandError:
        return []
    return [event] if event else []


@given(steps=STEPS)
def test_no_step_is_lost_and_nothing_unsuppressible_is_ever_held_back(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    ward = Ward()
    last: dict[str, Alarm] = {}
    for step in steps:
        events = _apply(ward, step)
        last.update({event.alarm.id: event.alarm for event in events})
        # The events alone tell what is open: the store and the sounder need nothing else.
        assert {a.id: a for a in ward.engine.open} == {i: a for i, a in last.items() if a.state is not State.CLOSED}
        if step[0] == "find" and KINDS[step[1]].unsuppressible and step[3] and step[4]:
            assert any(a.kind == step[1] and a.sounding for a in ward.engine.open)
        for alarm in ward.engine.open:
            assert alarm.sounding == (
                alarm.state is State.RAISED and (alarm.condition or alarm.latching or alarm.chattering)
            )
            assert len(alarm.reasons) <= REASONS_KEPT
            assert Alarm.from_json(alarm.to_json()) == alarm
