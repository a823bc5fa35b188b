"""Suppression by design: bounded, shown, never lost, and never for a call for help."""

import pytest

from agent.alarms.alarm import Alarm, AlarmEvent, Happened
from agent.alarms.standing import Held, Noted, StandingEvent, from_json, to_json
from agent.residents import Subject, SubjectKind
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from tests.alarms.aside_home import HIGH, LOW, MEDIUM, NIGHT_WALL, Home, held, standing
from tests.alarms.engines import alarms


def test_staff_in_the_room_hold_a_bed_exit_back_and_it_is_told_once() -> None:
    home = Home()
    home.act("present")
    first = home.find()
    (told,) = held(first)
    assert (told.kind, told.priority, told.since, told.until, told.by) == ("bed_exit", MEDIUM, 1000.0, 1600.0, "s-1")
    assert [reason.code for reason in told.reasons] == ["held_back", "cause"]
    assert standing(first) == [(Noted.HELD, True)]
    assert home.engine.suppressed == (told,)
    assert home.engine.due == 1600.0
    assert home.find() == []
    assert home.kinds == []


def test_it_ends_ten_minutes_after_the_last_proof_and_what_still_holds_is_raised() -> None:
    home = Home()
    home.act("present")
    home.find()
    assert home.tick(599.0) == []
    outcomes = home.tick(1.0)
    (event,) = alarms(outcomes)
    assert event.happened is Happened.RAISED
    assert event.alarm.reasons[-1] == because("was_held_back", minutes=10, by="s-1")
    assert standing(outcomes) == [(Noted.RELEASED, False)]
    assert home.engine.suppressed == ()


def test_a_new_proof_makes_it_longer() -> None:
    home = Home()
    home.act("present")
    home.find()
    home.now += 300.0
    home.act("present")
    assert home.engine.suppressed[0].until == 1900.0
    assert home.tick(599.0) == []
    assert len(alarms(home.tick(1.0))) == 1


def test_it_ends_at_once_when_staff_say_that_they_leave() -> None:
    home = Home()
    home.act("present")
    home.find()
    home.now += 5.0
    assert [event.happened for event in alarms(home.act("left"))] == [Happened.RAISED]


def test_it_is_gone_when_the_condition_ends_first() -> None:
    home = Home()
    home.act("present")
    home.find()
    outcomes = home.find(active=False)
    assert (standing(outcomes), alarms(outcomes)) == ([(Noted.RELEASED, False)], [])
    assert home.tick(700.0) == []
    assert home.kinds == []


def test_one_device_that_is_well_again_does_not_speak_for_the_other() -> None:
    home = Home()
    home.act("present")
    home.find(device="bed")
    home.find(device="radar")
    home.find(device="radar", active=False)
    home.find(device="stranger", active=False)
    (event,) = alarms(home.tick(600.0))
    assert event.alarm.holding == ("bed",)


def test_both_devices_come_back_as_one_alarm() -> None:
    home = Home()
    home.act("present")
    home.find(device="bed")
    home.find(device="radar")
    assert [e.happened for e in alarms(home.tick(600.0))] == [Happened.RAISED, Happened.CHANGED]
    assert home.engine.open[0].holding == ("bed", "radar")


def test_a_worse_one_is_told_again_and_still_held() -> None:
    home = Home()
    home.act("present")
    home.find(priority=MEDIUM)
    (told,) = held(home.find(priority=HIGH))
    assert told.priority is HIGH
    assert held(home.find(priority=MEDIUM)) == []
    assert home.engine.suppressed[0].priority is MEDIUM
    assert home.kinds == []


def test_what_begins_as_the_hold_ends_is_not_lost_nor_late() -> None:
    home = Home()
    home.act("present")
    home.find(device="bed")
    home.now += 600.0  # no tick yet
    home.find(device="radar")
    assert home.kinds == ["bed_exit"]
    home.find(device="bed", priority=HIGH)
    assert home.engine.open[0].holding == ("radar", "bed")
    assert home.engine.open[0].priority is HIGH


def test_an_open_alarm_takes_evidence_although_staff_are_there_now() -> None:
    home = Home()
    home.find()
    home.act("present")
    assert held(home.find()) == []
    assert home.engine.open[0].priority is MEDIUM
    assert len(held(home.find(priority=HIGH))) == 1
    assert home.engine.open[0].priority is MEDIUM
    home.tick(600.0)
    assert home.engine.open[0].priority is HIGH


@pytest.mark.parametrize("kind", sorted(name for name, kind in KINDS.items() if kind.unsuppressible))
def test_nothing_holds_back_a_call_for_help(kind: str) -> None:
    home = Home()
    home.act("present")
    home.act("out")
    device = Subject(SubjectKind.DEVICE, "belt", "201")
    home.act("maintenance", device)
    home.find(kind, LOW, device="belt")
    assert home.kinds == [kind]
    assert home.engine.open[0].sounding


def test_staff_are_asked_for_where_the_one_who_walks_about_is() -> None:
    home = Home()
    home.seen_at("201")  # a nurse makes the bed
    home.seen_at("corridor", tag="tag")
    home.find("wandering")
    assert home.kinds == ["wandering"]
    other = Home()
    other.seen_at("corridor", tag="tag")
    other.seen_at("corridor")
    other.find("wandering")
    assert other.kinds == []


def test_who_gets_up_is_where_the_bed_is_wherever_their_tag_was_heard() -> None:
    home = Home()
    home.seen_at("corridor", tag="tag")
    home.seen_at("corridor")
    home.find("bed_exit")
    assert home.kinds == ["bed_exit"]


def test_only_these_are_held_back_by_staff_or_absence() -> None:
    home = Home()
    home.act("present")
    home.act("out")
    for kind in ("spo2_low", "round_missed", "water_leak"):
        home.find(kind)
    assert sorted(home.kinds) == ["round_missed", "spo2_low", "water_leak"]


def test_a_resident_who_is_out_needs_no_alarm_until_they_are_back() -> None:
    home = Home()
    home.act("out", value=NIGHT_WALL + 1000.0 + 7200.0)
    home.find("inactivity")
    assert home.engine.suppressed[0].until == pytest.approx(1000.0 + 7200.0)
    home.now += 60.0
    assert [event.alarm.kind for event in alarms(home.act("back"))] == ["inactivity"]


def test_a_device_in_maintenance_is_silent_without_an_alarm() -> None:
    home = Home()
    device = Subject(SubjectKind.DEVICE, "belt", "201")
    home.act("maintenance", device)
    home.find("device_silent", device="belt", subject=device)
    assert home.kinds == []
    assert home.find("device_silent", device="tag", subject=Subject(SubjectKind.DEVICE, "tag"))
    assert home.kinds == ["device_silent"]
    assert [e.alarm.kind for e in alarms(home.act("in_service", device))] == ["device_silent"]


def test_what_was_held_survives_a_restart_and_is_raised_when_nothing_holds_it() -> None:
    home = Home()
    home.act("present")
    (record,) = [one.record for one in home.find() if isinstance(one, StandingEvent)]
    assert isinstance(record, Held)
    again = Home()
    again.now = 1100.0
    restored = from_json(to_json(record), 0.0)
    assert restored == record
    assert isinstance(restored, Held)
    again.engine.restore_standing(restored, again.moment)
    assert again.engine.suppressed[0].since == 1000.0
    assert [event.alarm.reasons[-1].code for event in alarms(again.tick())] == ["was_held_back"]


def test_what_was_held_stays_held_after_a_restart_while_staff_are_there() -> None:
    home = Home()
    home.act("present")
    (record,) = [one.record for one in home.find() if isinstance(one, StandingEvent)]
    again = Home()
    again.now = 1100.0
    again.act("present")
    assert isinstance(record, Held)
    again.engine.restore_standing(record, again.moment)
    assert alarms(again.tick()) == []
    assert again.engine.suppressed[0].until == 1700.0


def test_events_tell_the_whole_story() -> None:
    """Held, raised and closed rows are enough to know what stands: the store needs nothing else."""
    home = Home()
    home.act("present")
    stands: dict[str, bool] = {}
    for outcomes in (home.find(), home.find(device="radar"), home.tick(600.0)):
        for one in outcomes:
            if isinstance(one, StandingEvent):
                stands[one.record.id] = one.open
            elif isinstance(one, AlarmEvent):
                assert isinstance(one.alarm, Alarm)
    assert stands == {"held:bed_exit:resident:r-201": False}


def test_staff_at_the_old_bed_hold_nothing_back_of_whoever_has_moved() -> None:
    home = Home()
    home.act("present")
    home.find()
    assert home.kinds == []
    home.move("305")
    home.tick(1.0)
    assert home.kinds == ["bed_exit"]
    assert home.engine.open[0].subject.room == "305"
