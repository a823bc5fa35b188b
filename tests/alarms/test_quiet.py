"""Audio pause, flood and chattering: what thins the noise, and what may never be thinned."""

import math
from dataclasses import replace

import pytest

from agent.alarms.alarm import Action, Alarm, AlarmEvent, Command, CommandError, Happened, State
from agent.alarms.engine import Engine, Outcome
from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import Noted, StandingEvent, from_json, to_json
from agent.moment import Moment
from agent.residents import GATEWAY, Subject, SubjectKind
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from tests.alarms.engines import alarms, engine

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
HELP = sorted(name for name, kind in KINDS.items() if kind.unsuppressible)


class Home:
    """An engine and its clock."""

    def __init__(self, under_test: Engine | None = None) -> None:
        self.engine = under_test or engine()
        self.now = 1000.0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, 1_800_000_000.0 + self.now)

    def find(
        self,
        kind: str,
        priority: Priority = HIGH,
        who: str = "r-1",
        *,
        active: bool = True,
        happening: bool = False,
        device: str = "dev",
    ) -> list[Outcome]:
        technical = KINDS[kind].alarm_class is AlarmClass.TECHNICAL
        subject = Subject(SubjectKind.DEVICE if technical else SubjectKind.RESIDENT, who, "201")
        finding = Finding(
            kind,
            subject,
            priority,
            self.now,
            (because("cause", cause="x"),),
            device,
            active=active,
            happening=happening,
        )
        return self.engine.take([finding], self.moment)

    def pause(self, seconds: float = 120.0) -> StandingEvent:
        return self.engine.quiet.pause("panel:wang", seconds, self.engine.open, self.moment)

    def tick(self, seconds: float = 0.0) -> list[Outcome]:
        self.now += seconds
        return self.engine.tick(self.moment)

    def do(self, action: Action, alarm: Alarm) -> list[Outcome]:
        return self.engine.command(Command(action, alarm.id, "panel:wang"), self.moment)

    def flooded(self) -> bool:
        return self.engine.quiet.flood

    @property
    def heard(self) -> list[tuple[str, str]]:
        """(kind, whom) of what sounds."""
        return [(alarm.kind, alarm.subject.id) for alarm in self.engine.audible if alarm.sounding]


def resumed(outcomes: list[Outcome]) -> list[str]:
    """Codes of the reasons with which a pause ended."""
    return [
        one.reasons[0].code if one.reasons else ""
        for one in outcomes
        if isinstance(one, StandingEvent) and one.noted is Noted.RESUMED
    ]


# audio pause


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


def flap(home: Home, kind: str, times: int, every_s: float = 10.0) -> list[AlarmEvent]:
    events: list[AlarmEvent] = []
    for _ in range(times):
        events += alarms(home.find(kind, MEDIUM))
        home.now += every_s / 2
        events += alarms(home.find(kind, MEDIUM, active=False))
        home.now += every_s / 2
        events += alarms(home.tick())
    return events


def happened(events: list[AlarmEvent]) -> list[Happened]:
    return [event.happened for event in events]


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
