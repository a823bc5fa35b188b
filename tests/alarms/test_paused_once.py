"""A call or hazard that nobody has seen is paused once: the second tap is refused, and says what to do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Action, Alarm, AlarmEvent, CommandError, Happened, State
from agent.alarms.steps import moved
from agent.moment import Moment
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from tests.alarms.engines import alarms
from tests.alarms.life import LAWS, STREAMS, Life
from tests.alarms.quiet_home import HELP, HIGH, Home


def refused(home: Home) -> CommandError:
    home.now += 0.001
    before = home.engine.open, home.engine.quiet.audio_paused
    with pytest.raises(CommandError) as error:
        home.pause()
    assert (home.engine.open, home.engine.quiet.audio_paused) == before
    assert error.value.code == "paused_already"
    return error.value


def the_call(home: Home, kind: str = "sos") -> Alarm:
    home.find(kind, HIGH, happening=True)
    return home.engine.open[0]


@pytest.mark.parametrize("kind", HELP)
def test_a_second_pause_in_a_row_is_refused_during_the_first_and_after_it(kind: str) -> None:
    home = Home()
    the_call(home, kind)
    home.pause(120.0)
    refused(home)
    home.tick(120.0)
    assert home.engine.quiet.audio_paused is None
    refused(home)
    assert home.heard == [(kind, "r-1")]


def test_the_refusal_says_who_until_when_and_what_to_do() -> None:
    home = Home()
    the_call(home)
    home.pause(120.0)
    home.now += 200.0
    home.engine.tick(home.moment)
    error = refused(home)
    until = "16:18"  # UTC 08:00 is 16:00 in China, and 1120 s later
    assert str(error) == (
        f"Call for help (201) was paused by panel:wang until {until}, and nobody has seen it: mark it seen, or go there"
    )
    assert error.values == {
        "by": "panel:wang",
        "until": until,
        "en": "Call for help (201)",
        "zh": "紧急呼叫（201）",
    }


def test_without_a_clock_the_time_is_left_open() -> None:
    home = Home()
    the_call(home)
    home.pause(59.0)
    with pytest.raises(CommandError) as error:
        home.engine.pause("li", 60.0, Moment(home.now, 0.0, wall_known=False))
    assert error.value.values["until"] == "--:--"


def test_its_alarm_keeps_who_paused_it() -> None:
    home = Home()
    known = the_call(home)
    home.find("spo2_low", HIGH, "r-2")
    _, *told = home.engine.pause("panel:wang", 30.0, home.moment)
    (event,) = told
    assert isinstance(event, AlarmEvent)
    assert (event.happened, event.actor) == (Happened.CHANGED, "panel:wang")
    assert event.reasons == (because("paused_by", by="panel:wang", for_s=30.0),)
    assert (event.alarm.id, event.alarm.paused_by, event.alarm.paused_until) == (known.id, "panel:wang", 1030.0)
    assert (event.alarm.sounding, event.alarm.changed_at, event.alarm.step) == (True, known.changed_at, 0)
    assert event.alarm.revision == known.revision + 1


@pytest.mark.parametrize("action", [Action.SEE, Action.ATTEND])
def test_after_somebody_has_seen_it_a_pause_is_possible_again(action: Action) -> None:
    home = Home()
    call = the_call(home)
    home.find("spo2_low", HIGH, "r-2")
    home.pause()
    (seen,) = alarms(home.do(action, call))
    assert (seen.alarm.paused_by, seen.alarm.paused_until) == ("", 0.0)
    home.pause()
    assert home.heard == []


def test_what_sounds_again_since_nobody_came_may_be_paused_once_more() -> None:
    home = Home()
    call = the_call(home)
    home.pause(60.0)
    home.do(Action.SEE, call)
    home.tick(180.0)
    assert home.engine.open[0].state is State.RAISED
    home.pause()
    refused(home)


def test_another_press_is_the_same_unseen_call_and_another_call_does_not_free_it() -> None:
    home = Home()
    the_call(home)
    home.pause()
    home.find("sos", HIGH, happening=True)
    refused(home)
    home.find("fall", HIGH, "r-2", happening=True)
    home.do(Action.SEE, next(one for one in home.engine.open if one.kind == "fall"))
    refused(home)


def test_what_is_left_of_the_first_pause_may_be_asked_for_again() -> None:
    """A tap whose record a death took is made again; it keeps nobody quiet for longer."""
    home = Home()
    the_call(home)
    home.pause(60.0)
    home.pause(60.0)
    home.now += 20.0
    home.pause(40.0)
    refused(home)


def test_ending_the_pause_by_hand_frees_nothing() -> None:
    home = Home()
    the_call(home)
    home.pause()
    list(home.engine.quiet.resume("panel:li", home.moment))
    refused(home)


def test_any_other_alarm_may_be_paused_again() -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    home.pause()
    home.pause()
    assert home.engine.open[0].paused_until == 0.0


@pytest.mark.parametrize("shift_s", [0.0, 5.0, None])
def test_a_restart_forgets_none_of_it(shift_s: float | None) -> None:
    home = Home()
    the_call(home)
    home.pause(60.0)
    home.tick(60.0)
    again = Home()
    again.now = home.now + (shift_s or 0.0)
    again.engine.restore(Alarm.from_json(home.engine.open[0].to_json()), shift_s, again.moment, "the store")
    refused(again)


def test_its_end_moves_with_the_clock() -> None:
    home = Home()
    call = the_call(home)
    assert moved(call, 7.0, home.moment).paused_until == 0.0
    home.pause(60.0)
    (paused,) = home.engine.open
    assert moved(paused, 7.0, home.moment).paused_until == 1067.0
    assert moved(paused, None, home.moment).paused_until == home.now


def test_an_alarm_of_an_older_version_was_never_paused() -> None:
    home = Home()
    data = the_call(home).to_json()
    del data["paused_until"], data["paused_by"]
    assert Alarm.from_json(data) == home.engine.open[0]


@pytest.mark.parametrize("wrong", [{"paused_by": 3}, {"paused_until": float("nan")}])
def test_a_spoilt_one_is_told(wrong: dict[str, Any]) -> None:
    home = Home()
    with pytest.raises(ValueError, match="cannot be used"):
        Alarm.from_json(the_call(home).to_json() | wrong)


@LAWS
@given(STREAMS, st.sampled_from([30.0, 120.0]))
def test_no_call_is_paused_twice_before_somebody_has_seen_it(steps: list[tuple[Any, ...]], seconds: float) -> None:
    """Whatever went before, and whatever happens between two taps."""
    life = Life()
    paused: dict[str, float] = {}  # unseen calls over which somebody has paused, and until when
    for step in (one for each in steps for one in (each, ("pause", seconds))):
        before = life.engine.quiet.audio_paused
        sounds = any(alarm.sounding for alarm in life.engine.open)
        outcomes = life.step(step)
        unseen = {a.id for a in life.engine.open if a.state is State.RAISED and KINDS[a.kind].unsuppressible}
        for event in alarms(outcomes):
            if event.happened in (Happened.SEEN, Happened.ATTENDED):
                paused.pop(event.alarm.id, None)
        if step[0] == "pause":
            until = life.now + step[1]
            assert bool(outcomes) is (sounds and all(until <= paused.get(one, until) for one in unseen))
            if outcomes:
                paused |= dict.fromkeys(unseen, until)
            else:
                assert life.engine.quiet.audio_paused == before
