"""Shelves: bounded, shown, and never for a call for help."""

import pytest

from agent.alarms.alarm import Action, Cause, Command, CommandError, Happened, State
from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import Noted, StandingEvent, from_json, to_json
from agent.residents import Subject, SubjectKind
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from tests.alarms.aside_home import HIGH, ROSTER, Home, held, standing
from tests.alarms.engines import alarms


def test_shelving_has_a_name_a_reason_and_an_end_and_what_still_holds_is_raised_then() -> None:
    home = Home()
    ((event),) = home.shelve("spo2_low", seconds=1800.0)
    assert isinstance(event, StandingEvent)
    assert (event.noted, event.actor, event.open) == (Noted.SHELVED, "s-1", True)
    (told,) = held(home.find("spo2_low"))
    assert (told.until, told.by, told.reasons[0]) == (2800.0, "s-1", because("shelved", by="s-1", why="sensor loose"))
    assert home.tick(1799.0) == []
    outcomes = home.tick(1.0)
    assert standing(outcomes) == [(Noted.UNSHELVED, False), (Noted.RELEASED, False)]
    assert [event.alarm.kind for event in alarms(outcomes)] == ["spo2_low"]
    assert home.engine.quiet.shelves == ()


def test_a_device_can_be_shelved_and_its_neighbour_still_speaks() -> None:
    home = Home()
    home.shelve("spo2_low", subject="ring")
    home.find("spo2_low", device="ring")
    assert home.kinds == []
    home.find("spo2_low", device="clip")
    assert home.kinds == ["spo2_low"]


def test_no_shelf_outlives_the_shift() -> None:
    home = Home(ROSTER)
    home.now = 0.0
    home.shelve("spo2_low", seconds=12 * 3600.0)
    (shelf,) = home.engine.quiet.shelves
    assert shelf.until == pytest.approx(4 * 3600.0)  # 02:00 to 06:00


def test_without_a_roster_no_shelf_lasts_longer_than_a_shift_would() -> None:
    home = Home()
    home.shelve("spo2_low", seconds=24 * 3600.0)
    assert home.engine.quiet.shelves[0].until == 1000.0 + AlarmSettings().shelf_s


@pytest.mark.parametrize("kind", sorted(name for name, kind in KINDS.items() if kind.unsuppressible))
def test_a_call_for_help_is_never_shelved(kind: str) -> None:
    home = Home()
    with pytest.raises(CommandError) as refused:
        home.shelve(kind)
    assert refused.value.code == "never_shelved"
    home.find(kind)
    assert home.kinds == [kind]


@pytest.mark.parametrize(
    ("kind", "subject", "seconds", "by", "reason"),
    [
        ("nonsense", "r-201", 60.0, "s-1", "why"),
        ("spo2_low", "", 60.0, "s-1", "why"),
        ("spo2_low", "r-201", 60.0, " ", "why"),
        ("spo2_low", "r-201", 60.0, "s-1", " "),
        ("spo2_low", "r-201", 0.0, "s-1", "why"),
    ],
)
def test_half_an_order_shelves_nothing(kind: str, subject: str, seconds: float, by: str, reason: str) -> None:
    home = Home()
    with pytest.raises(CommandError) as refused:
        home.shelve(kind, subject, seconds, by=by, reason=reason)
    assert refused.value.code == "bad_value"
    assert home.engine.quiet.shelves == ()


def test_whoever_shelves_has_seen_what_is_open_and_must_still_go_there() -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    (event,) = alarms(home.shelve("spo2_low"))
    assert (event.happened, event.alarm.seen_by) == (Happened.SEEN, "s-1")
    (again,) = alarms(home.tick(180.0))
    assert again.happened is Happened.SOUNDED_AGAIN


def test_an_open_alarm_of_another_kind_or_resident_is_not_seen_by_shelving() -> None:
    home = Home()
    home.find("heart_rate_high")
    home.find("spo2_low", subject=Subject(SubjectKind.RESIDENT, "r-202", "202"))
    home.shelve("spo2_low")
    assert {alarm.state for alarm in home.engine.open} == {State.RAISED}


def test_what_was_closed_while_it_goes_on_stays_on_the_shelf() -> None:
    home = Home()
    home.find("spo2_low", HIGH)
    home.shelve("spo2_low", seconds=1800.0)
    for action, cause in ((Action.ATTEND, None), (Action.CLOSE, Cause.DEVICE)):
        home.engine.command(Command(action, home.engine.open[0].id, "s-1", cause), home.moment)
    assert len(held(home.tick(300.0))) == 1
    assert home.kinds == []
    home.tick(1500.0)
    assert home.kinds == ["spo2_low"]


def test_it_can_be_taken_off_the_shelf_once() -> None:
    home = Home()
    home.shelve("spo2_low")
    (shelf,) = home.engine.quiet.shelves
    event = home.engine.quiet.unshelve(shelf.id, "s-2", home.moment)
    assert (event.noted, event.actor) == (Noted.UNSHELVED, "s-2")
    with pytest.raises(CommandError) as refused:
        home.engine.quiet.unshelve(shelf.id, "s-2", home.moment)
    assert refused.value.code == "unknown_alarm"


def test_a_shelf_survives_a_restart_but_not_its_end() -> None:
    home = Home()
    home.shelve("spo2_low", seconds=100.0)
    (shelf,) = home.engine.quiet.shelves
    for late, kept in ((99.0, 1), (100.0, 0)):
        again = Home()
        again.now = 1000.0 + late
        record = from_json(to_json(shelf), 0.0)
        assert record == shelf
        again.engine.restore_standing(record, again.moment)
        assert len(again.engine.quiet.shelves) == kept


def test_a_shelf_ends_to_the_second_and_a_second_one_still_counts() -> None:
    home = Home()
    home.shelve("spo2_low", seconds=60.0)
    home.now += 60.0  # no tick yet
    home.find("spo2_low")
    assert home.kinds == ["spo2_low"]
    other = Home()
    other.shelve("spo2_low", seconds=60.0)
    other.shelve("spo2_low", subject="bed", seconds=61.0)
    other.now += 60.0
    other.find("spo2_low")
    assert other.kinds == []
