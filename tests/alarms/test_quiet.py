"""Audio pause and flood: what thins the noise, and what may never be thinned."""

from dataclasses import replace

import pytest

from agent.alarms.alarm import Action, CommandError, Happened, State
from agent.alarms.engine import Outcome
from agent.alarms.standing import Noted, Pause, StandingEvent, from_json, to_json
from agent.residents import GATEWAY
from agent.rules.finding import Priority
from tests.alarms.engines import alarms
from tests.alarms.quiet_home import HELP, HIGH, LOW, MEDIUM, Home, resumed


def test_a_pause_quiets_the_buzzer_leaves_the_list_and_ends_by_itself() -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    event = home.pause(120.0)
    assert (event.noted, event.actor, event.open) == (Noted.PAUSED, "panel:wang", True)
    assert home.engine.quiet.audio_paused == event.record
    assert (home.heard, home.engine.open[0].sounding) == ([], True)
    assert home.engine.due == 1060.0
    outcomes = home.tick(60.0)
    assert [event.happened for event in alarms(outcomes)] == [Happened.ESCALATED]  # the ladder does not wait
    home.now = 1119.0
    assert resumed(home.tick()) == []
    assert resumed(home.tick(1.0)) == ["time_over"]
    assert home.heard == [("spo2_low", "r-1")]
    assert home.engine.quiet.audio_paused is None


@pytest.mark.parametrize("seconds", [0.0, -1.0, 120.1])
def test_no_pause_is_longer_than_the_longest(seconds: float) -> None:
    home = Home()
    home.find("spo2_low")
    with pytest.raises(CommandError) as refused:
        home.pause(seconds)
    assert refused.value.code == "bad_value"
    assert str(refused.value) == "a pause lasts 1 to 120 seconds"
    assert home.engine.quiet.audio_paused is None


def test_where_nothing_sounds_there_is_nothing_to_pause() -> None:
    home = Home()
    home.find("spo2_low")
    home.do(Action.SEE, home.engine.open[0])
    with pytest.raises(CommandError) as refused:
        home.pause()
    assert refused.value.code == "nothing_sounds"


@pytest.mark.parametrize(
    ("paused", "new", "breaks"),
    [(MEDIUM, HIGH, True), (MEDIUM, MEDIUM, False), (HIGH, HIGH, False), (MEDIUM, LOW, False), (LOW, MEDIUM, True)],
)
def test_a_higher_priority_breaks_it(paused: Priority, new: Priority, breaks: bool) -> None:
    home = Home()
    home.find("spo2_low", paused)
    home.pause()
    outcomes = home.find("heart_rate_high", new)
    assert resumed(outcomes) == (["pause_broken"] if breaks else [])
    assert (("heart_rate_high", "r-1") in home.heard) is breaks


def test_getting_worse_breaks_it_too() -> None:
    home = Home()
    home.find("spo2_low", MEDIUM)
    home.pause()
    assert resumed(home.find("spo2_low", HIGH)) == ["pause_broken"]


@pytest.mark.parametrize("priority", Priority)
@pytest.mark.parametrize("kind", HELP)
def test_a_call_for_help_breaks_it_whatever_its_priority(kind: str, priority: Priority) -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    home.pause()
    assert resumed(home.find(kind, priority, happening=True)) == ["pause_broken"]
    assert (kind, "r-1") in home.heard


def test_another_press_and_a_worse_fall_break_it() -> None:
    home = Home()
    home.find("sos", HIGH, happening=True)
    home.pause()
    assert resumed(home.find("sos", HIGH, happening=True)) == ["pause_broken"]
    home.do(Action.SEE, home.engine.open[0])
    home.find("fall", MEDIUM, happening=True)
    home.pause()
    assert resumed(home.find("fall", HIGH)) == ["pause_broken"]


def test_a_second_smoke_detector_breaks_it_and_the_first_one_s_echo_does_not() -> None:
    home = Home()
    home.find("smoke", HIGH, device="a")
    home.pause()
    assert resumed(home.find("smoke", HIGH, device="a")) == []
    assert resumed(home.find("smoke", HIGH, device="b")) == ["pause_broken"]


def test_what_sounds_again_since_nobody_came_breaks_a_milder_pause() -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    home.do(Action.SEE, home.engine.open[0])
    home.find("heart_rate_high", MEDIUM)
    home.now += 170.0
    home.pause(60.0)
    assert resumed(home.tick(10.0)) == ["pause_broken"]


def test_a_person_can_end_it() -> None:
    home = Home()
    home.find("spo2_low")
    home.pause()
    (event,) = home.engine.quiet.resume("panel:li", home.moment)
    assert (event.noted, event.open, event.actor) == (Noted.RESUMED, False, "panel:li")
    assert list(home.engine.quiet.resume("panel:li", home.moment)) == []
    assert home.heard


def test_it_survives_a_restart_with_what_is_left_of_it() -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    paused = home.pause().record
    again = Home()
    again.now = 1100.0
    record = from_json(to_json(paused), 0.0)
    assert record == paused
    again.engine.restore_standing(record, again.moment)  # type: ignore[arg-type]
    again.engine.restore(home.engine.open[0], 0.0, again.moment, "the store")
    assert again.heard == []
    again.tick(20.0)
    assert again.heard == [("spo2_low", "r-1")]
    late = Home()
    late.now = 1120.0
    late.engine.restore_standing(record, late.moment)  # type: ignore[arg-type]
    assert late.engine.quiet.audio_paused is None


# flood


def flood(home: Home, count: int, kind: str = "device_silent", priority: Priority = LOW) -> list[Outcome]:
    outcomes = []
    for n in range(count):
        outcomes += home.find(kind, priority, f"f-{n}", device=f"f-{n}")
        home.now += 1.0
    return outcomes


def test_more_than_ten_in_ten_minutes_is_a_flood_and_told_once() -> None:
    home = Home()
    assert not [e for e in alarms(flood(home, 10)) if e.alarm.kind == "alarm_flood"]
    assert not home.flooded()
    (event,) = [e for e in alarms(home.find("device_silent", LOW, "one-more")) if e.alarm.kind == "alarm_flood"]
    assert (event.alarm.subject, event.alarm.priority) == (GATEWAY, LOW)
    assert home.flooded()
    assert not [e for e in alarms(home.find("device_silent", LOW, "more")) if e.alarm.kind == "alarm_flood"]


def test_eleven_in_more_than_ten_minutes_are_none() -> None:
    home = Home()
    home.find("device_silent", LOW, "first")
    home.now += 600.0
    flood(home, 10)
    assert not home.flooded()


def test_it_ends_below_five_and_closes_its_alarm() -> None:
    home = Home()
    flood(home, 11)  # raised at 1000 … 1010; the sixth leaves at 1605, the seventh at 1606
    home.now = 1605.0
    home.tick()
    assert home.flooded()
    assert home.engine.due == 1606.0
    home.now = 1606.0
    (event,) = [e for e in alarms(home.tick()) if e.alarm.kind == "alarm_flood"]
    assert (event.happened, event.alarm.cause) == (Happened.CLOSED, "restored")
    assert not home.flooded()


def test_it_thins_low_and_repeated_medium_sounds_and_never_high_ones_nor_calls_for_help() -> None:
    home = Home()
    flood(home, 11)
    for who in ("r-1", "r-2"):
        home.find("spo2_low", MEDIUM, who)
        home.find("heart_rate_high", HIGH, who)
        home.find("fall", MEDIUM, who, happening=True)
        home.now += 1.0
    home.find("fall", LOW, "r-3", happening=True)
    home.find("temperature_high", MEDIUM, "r-2")
    assert home.heard == [
        ("heart_rate_high", "r-1"),
        ("heart_rate_high", "r-2"),
        ("spo2_low", "r-1"),
        ("fall", "r-1"),
        ("fall", "r-2"),
        ("temperature_high", "r-2"),
        ("fall", "r-3"),
    ]
    assert len(home.engine.open) == 11 + 1 + 8
    assert all(alarm.sounding for alarm in home.engine.open)


def test_a_medium_one_takes_over_when_the_first_is_seen() -> None:
    home = Home()
    flood(home, 11)
    home.find("spo2_low", MEDIUM, "r-1")
    home.now += 1.0
    home.find("spo2_low", MEDIUM, "r-2")
    home.do(Action.SEE, next(alarm for alarm in home.engine.open if alarm.subject.id == "r-1"))
    assert home.heard == [("spo2_low", "r-2")]


def test_a_flood_survives_a_restart_and_ends() -> None:
    home = Home()
    flood(home, 11)
    again = Home()
    again.now = 1100.0
    for alarm in home.engine.open:
        again.engine.restore(alarm, 0.0, again.moment, "the store")
    again.tick()
    assert again.flooded()
    again.now = 1700.0
    again.tick()
    assert not again.flooded()
    assert "alarm_flood" not in [alarm.kind for alarm in again.engine.open]


def test_its_alarm_ends_after_a_restart_that_outlasted_it() -> None:
    home = Home()
    flood(home, 11)
    (told,) = [alarm for alarm in home.engine.open if alarm.kind == "alarm_flood"]
    again = Home()
    again.now = 9000.0
    again.engine.restore(told, 0.0, again.moment, "the store")
    again.tick()
    assert again.engine.open == ()


# chattering


def test_what_is_quiet_and_unchanged_is_the_same_object_so_that_nobody_tells_it_anew() -> None:
    home = Home()
    home.find("spo2_low", HIGH, "r-1")
    home.find("spo2_low", MEDIUM, "r-2")
    home.pause()
    before = home.engine.audible
    home.find("spo2_low", MEDIUM, "r-2", device="other")
    after = home.engine.audible
    assert after[0] is before[0]
    assert after[1] is not before[1]
    assert [alarm.sounding for alarm in after] == [False, False]


def test_at_first_nothing_is_quiet_and_nothing_is_due() -> None:
    home = Home()
    assert not home.flooded()
    assert home.engine.due == float("inf")
    assert (home.engine.quiet.audio_paused, home.engine.quiet.shelves, home.engine.suppressed) == (None, (), ())
    assert home.tick() == []


FALL_AFTER_PAUSE: list[tuple[dict[str, object], dict[str, object] | None, bool]] = [
    ({}, None, True),  # nothing of it is stored: raised since
    ({"raised_at": 1010.0}, None, False),  # paused after it was raised
    ({"kind": "spo2_low"}, None, False),  # no graver, and a pause may quiet it
    ({"state": State.SEEN, "seen_by": "wang"}, None, False),
    ({}, {"state": State.SEEN}, True),  # sounds again
    ({}, {"priority": MEDIUM}, True),
    ({"changed_at": 1021.0}, {}, True),  # another fall
    ({"changed_at": 1020.0}, {}, False),  # its condition ended, it sounded, somebody noted something
    ({"changed_at": 1021.0, "step": 1}, {}, False),  # its ladder called somebody
]


@pytest.mark.parametrize(("told", "stored", "broken"), FALL_AFTER_PAUSE)
def test_a_pause_that_an_alarm_broke_just_before_a_restart_is_over(
    told: dict[str, object], stored: dict[str, object] | None, broken: bool
) -> None:
    home = Home()
    home.now = 1020.0
    home.find("fall", HIGH)
    alarm = home.engine.open[0]
    again = Home()
    again.now = 1030.0
    again.engine.restore_standing(Pause("p", "wang", 1010.0, 1100.0, HIGH), again.moment)
    if stored is not None:
        known = replace(alarm, **{"raised_at": 1000.0, **stored})  # type: ignore[arg-type]
        assert len(again.engine.restore(known, 0.0, again.moment, "the store")) == 1
    newer = replace(alarm, **{"revision": 9, **({} if stored is None else {"raised_at": 1000.0}), **told})  # type: ignore[arg-type]
    outcomes = again.engine.restore(newer, 0.0, again.moment, "the sounder")
    ends = [one for one in outcomes if isinstance(one, StandingEvent)]
    assert [(one.noted, one.open, one.actor, one.reasons[0].code) for one in ends] == (
        [(Noted.RESUMED, False, "system", "pause_broken")] if broken else []
    )
    assert (again.engine.quiet.audio_paused is None) is broken
