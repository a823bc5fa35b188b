"""Who speaks first of an alarm, of a broken pause and of a flood: each signed and with its reason."""

from agent.alarms.alarm import AlarmEvent
from agent.alarms.chatter import Onsets
from agent.alarms.quiet import FLOOD
from agent.alarms.settings import ChatterSettings
from agent.alarms.standing import Held, Noted, ShelveOrder, StandingEvent
from agent.residents import Subject, SubjectKind
from agent.rules.reason import because
from tests.alarms.engines import alarms
from tests.alarms.quiet_home import HIGH, LOW, MEDIUM, Home


def test_what_no_device_told_holds_and_names_none() -> None:
    home = Home()
    (event,) = alarms(home.find("inactivity", MEDIUM, device=""))
    assert (event.actor, event.reasons) == ("rule:inactivity", (because("cause", cause="x"),))
    assert (event.alarm.devices, event.alarm.holding, event.alarm.sounding) == ((), ("",), True)


def test_a_broken_pause_says_by_what() -> None:
    home = Home()
    home.find("spo2_low", MEDIUM)
    home.pause()
    (over,) = [one for one in home.find("heart_rate_high", HIGH) if isinstance(one, StandingEvent)]
    assert (over.noted, over.reasons) == (Noted.RESUMED, (because("pause_broken", kind="heart_rate_high"),))


def flood(home: Home) -> list[AlarmEvent]:
    """What is told of the flood that eleven silent devices are."""
    events: list[AlarmEvent] = []
    for n in range(11):
        events += alarms(home.find("device_silent", LOW, f"d-{n}", device=f"d-{n}"))
    return [event for event in events if event.alarm.kind == FLOOD]


def test_a_flood_says_that_it_begins_and_that_it_ends() -> None:
    home = Home()
    (begins,) = flood(home)
    (ends,) = [event for event in alarms(home.tick(600.0)) if event.alarm.kind == FLOOD]
    assert [(one.actor, one.reasons) for one in (begins, ends)] == [
        (f"rule:{FLOOD}", (because("flood_begins"),)),
        (f"rule:{FLOOD}", (because("flood_ends"),)),
    ]


def test_a_flood_that_is_shelved_is_kept_with_its_time() -> None:
    home = Home()
    home.engine.shelve(ShelveOrder(FLOOD, "gateway", "wang", "a storm", 600.0), home.moment)
    home.now += 5.0
    outcomes = [one for n in range(11) for one in home.find("device_silent", LOW, f"d-{n}", device=f"d-{n}")]
    (kept,) = [one.record for one in outcomes if isinstance(one, StandingEvent)]
    assert isinstance(kept, Held)
    assert [(one.kind, one.at) for one in kept.findings] == [(FLOOD, 1005.0)]


def test_of_what_never_began_nothing_counts_and_only_the_last_times_do() -> None:
    onsets = Onsets(ChatterSettings(onsets=3, within_s=100.0))
    key = (Subject(SubjectKind.RESIDENT, "r-1"), "spo2_low")
    assert onsets.count(key, 10.0) == 0
    assert [onsets.began(key, at) for at in (10.0, 20.0, 30.0, 40.0)][-1] == (20.0, 30.0, 40.0)
    assert [onsets.count(key, now) for now in (40.0, 119.9, 120.0, 139.9, 140.0)] == [3, 3, 2, 1, 0]
    assert onsets.take_up(key, (35.0, 40.0)) == (30.0, 35.0, 40.0)
