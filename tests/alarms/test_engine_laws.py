"""No step of an alarm is lost, whatever is found and done."""

from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Cause, CommandError, State
from agent.alarms.evidence import REASONS_KEPT
from agent.rules.finding import Priority
from agent.rules.kinds import KINDS
from tests.alarms.engines import alarms
from tests.alarms.ward import Ward

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
