"""Which ladder an alarm is on, and who stands behind a role, to the second of the roster."""

import pytest

from agent.alarms.escalation import CallNumbers, Escalation, SiteLadder
from agent.alarms.settings import AlarmSettings, Ladder, Rung
from agent.moment import DailySpan, Moment
from agent.places import Place, PlaceKind
from agent.residents import GATEWAY, Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Priority
from agent.staff import (
    ALL_STAFF,
    ASSIGNED,
    CHARGE_NURSE,
    FLOOR,
    LIST,
    MANAGER,
    PLATFORM,
    Duty,
    Member,
    Roster,
    Shift,
)

MONDAY = 1_799_596_800.0  # 00:00 on Monday 2027-01-11 in China
H = 3600.0
HIGH, MEDIUM = Priority.HIGH, Priority.MEDIUM

ROSTER = Roster.of(
    [
        Member("s-wang", pager="11", phone="+86 138"),
        Member("s-li", pager="12"),
        Member("s-zhao", phone="+86 139"),
        Member("s-chen", pager="11"),
    ],
    [
        Shift("day", DailySpan(8 * H, 16 * H)),
        Shift("late", DailySpan(16 * H, 22 * H)),
        Shift("night", DailySpan(22 * H, 8 * H)),
    ],
    [
        Duty("s-wang", "day", ASSIGNED, ("201", "r-3")),
        Duty("s-li", "day", ASSIGNED, ("floor-1",)),
        Duty("s-zhao", "day", CHARGE_NURSE),
        Duty("s-chen", "night", ASSIGNED, (), (6,)),  # the night from Sunday to Monday
        Duty("s-li", "night", CHARGE_NURSE, (), (0, 1, 2, 3, 4)),
    ],
)
SITE = Site.of(
    [Resident("r-1", "甲", "201"), Resident("r-2", "乙", "101"), Resident("r-3", "丙", "203")],
    [Binding("mat-201", DeviceRole.BED, resident="r-1"), Binding("gas", DeviceRole.LIFE_SAFETY, room="kitchen")],
    places=[
        Place("101", PlaceKind.ROOM, "101", "floor-1"),
        Place("201", PlaceKind.ROOM, "201", "floor-2"),
        Place("203", PlaceKind.ROOM, "203", "floor-2"),
        Place("wc-201", PlaceKind.TOILET, "201"),
        Place("wc-203", PlaceKind.TOILET, "203", "floor-2"),
        Place("kitchen", PlaceKind.KITCHEN, "", "floor-1"),
    ],
    roster=ROSTER,
)
R1, R2, R3 = (SITE.resident_subject(SITE.residents[id_]) for id_ in ("r-1", "r-2", "r-3"))
WC_201, KITCHEN = SITE.place_subject("wc-201"), SITE.place_subject("kitchen")
MAT = SITE.device_subject("mat-201")
CARRIED = Subject(SubjectKind.DEVICE, "tag-7")


def at(time_of_day_s: float, day: int = 0, known: bool = True) -> Moment:
    return Moment(1000.0, MONDAY + day * 24 * H + time_of_day_s, wall_known=known)


NOON = at(12 * H)


def ladder(after_s: float) -> Ladder:
    """One that can be told from the others."""
    return Ladder((Rung(after_s, (ASSIGNED,)),))


def row(number: int, priority: Priority = HIGH, **conditions: str) -> SiteLadder:
    return SiteLadder(priority, ladder(number), **conditions)


def chosen(*rows: SiteLadder, subject: Subject = R1, kind: str = "fall", moment: Moment = NOON) -> float:
    """The number of the row whose ladder counts; -1: the default one."""
    found = Escalation(ladders=rows, site=SITE).ladder(kind, HIGH, subject, moment)
    return -1 if found == AlarmSettings().high else found.rungs[0].after_s


def test_without_rows_the_defaults_count_for_each_priority() -> None:
    defaults = AlarmSettings(high=ladder(1), medium=ladder(2), low=ladder(3))
    escalation = Escalation(defaults, (row(9, priority=MEDIUM, place="101"),), SITE)
    assert [escalation.ladder("fall", one, R1, NOON).rungs[0].after_s for one in (HIGH, MEDIUM, Priority.LOW)] == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    ("conditions", "subject", "fits"),
    [
        ({}, R1, True),
        ({"kind": "fall"}, R1, True),
        ({"kind": "sos"}, R1, False),
        ({"place": "201"}, R1, True),
        ({"place": "201"}, R2, False),
        ({"place": "wc-201"}, WC_201, True),
        ({"place": "201"}, WC_201, True),  # its toilet belongs to the room
        ({"place": "wc-201"}, R1, False),
        ({"place_kind": "toilet"}, WC_201, True),
        ({"place_kind": "room"}, WC_201, False),
        ({"place_kind": "room"}, R1, True),
        ({"place_kind": "room"}, GATEWAY, False),  # it is nowhere
        ({"place_kind": "kitchen"}, KITCHEN, True),
        ({"floor": "floor-2"}, R1, True),
        ({"floor": "floor-1"}, R1, False),
        ({"floor": "floor-2"}, WC_201, True),  # the floor of its room
        ({"floor": "floor-1"}, KITCHEN, True),
        ({"floor": "floor-2"}, MAT, True),
        ({"shift": "day"}, R1, True),
        ({"shift": "night"}, R1, False),
        ({"place": "201", "shift": "night"}, R1, False),
        ({"place": "201", "shift": "day"}, R1, True),
        ({"place": "floor-2", "floor": "floor-2"}, R1, False),  # each condition by itself, though they read alike
    ],
)
def test_a_row_counts_where_all_its_conditions_hold(conditions: dict[str, str], subject: Subject, fits: bool) -> None:
    assert chosen(SiteLadder(HIGH, ladder(7), **conditions), subject=subject) == (7 if fits else -1)


def test_a_row_is_of_one_priority() -> None:
    assert chosen(row(7, priority=MEDIUM)) == -1


def test_the_more_exact_row_wins_whatever_their_order() -> None:
    rows = [
        row(1),
        row(2, shift="day"),
        row(3, floor="floor-2"),
        row(4, floor="floor-2", shift="day"),
        row(5, place_kind="toilet"),
        row(6, place="201", shift="day"),
        row(7, place="wc-201"),
        row(8, kind="fall"),
    ]
    for first in range(len(rows)):
        kept = rows[: len(rows) - first]
        assert chosen(*kept, subject=WC_201) == chosen(*reversed(kept), subject=WC_201) == len(kept)


def test_conditions_tell_two_rows_apart() -> None:
    assert row(1, place="201").conditions == row(2, place="201").conditions
    assert row(1, place="201").conditions != row(1, place="203").conditions
    assert row(1).conditions != row(1, priority=MEDIUM).conditions


@pytest.mark.parametrize(
    ("second", "on"),
    [
        (8 * H - 1, "night"),
        (8 * H, "day"),
        (16 * H - 1, "day"),
        (16 * H, "late"),
        (22 * H - 1, "late"),
        (22 * H, "night"),
        (0.0, "night"),
    ],
)
def test_a_shift_changes_on_its_second(second: float, on: str) -> None:
    rows = (row(1, shift="day"), row(2, shift="late"), row(3, shift="night"))
    assert chosen(*rows, moment=at(second)) == 1 + ["day", "late", "night"].index(on)


def test_without_a_clock_no_row_of_a_shift_counts() -> None:
    assert chosen(row(1, shift="day"), moment=at(12 * H, known=False)) == -1


def people(roles: tuple[str, ...], subject: Subject, moment: Moment = NOON) -> tuple[str, ...]:
    return Escalation(site=SITE).people(roles, subject, moment)


@pytest.mark.parametrize(
    ("roles", "subject", "found"),
    [
        ((ASSIGNED,), R1, ("s-wang",)),  # by the room
        ((ASSIGNED,), R3, ("s-wang",)),  # by the resident
        ((ASSIGNED,), R2, ("s-li",)),  # by the floor
        ((ASSIGNED,), WC_201, ("s-wang",)),
        ((ASSIGNED,), SITE.place_subject("203"), ("s-wang",)),  # who lives there is hers
        ((ASSIGNED,), Subject(SubjectKind.RESIDENT, "r-9", "203"), ()),  # a room-mate is not
        ((ASSIGNED,), KITCHEN, ("s-li",)),
        ((ASSIGNED,), CARRIED, ()),
        ((CHARGE_NURSE,), R1, ("s-zhao",)),  # covers all
        ((CHARGE_NURSE,), GATEWAY, ("s-zhao",)),
        ((ASSIGNED, CHARGE_NURSE), R1, ("s-wang", "s-zhao")),
        ((FLOOR,), R1, ("s-wang", "s-zhao")),
        ((FLOOR,), R2, ("s-li", "s-zhao")),
        ((FLOOR,), WC_201, ("s-wang", "s-zhao")),
        ((FLOOR,), CARRIED, ("s-wang", "s-li", "s-zhao")),  # nobody knows where it is
        ((ALL_STAFF,), R1, ("s-wang", "s-li", "s-zhao")),
        ((MANAGER,), R1, ()),
        ((LIST, PLATFORM), R1, ()),
        ((), R1, ()),
    ],
)
def test_who_stands_behind_a_role_at_noon(roles: tuple[str, ...], subject: Subject, found: tuple[str, ...]) -> None:
    assert people(roles, subject) == found


@pytest.mark.parametrize(
    ("day", "second", "found"),
    [
        (0, 22 * H - 1, ()),  # Monday's late shift has nobody
        (0, 22 * H, ("s-li",)),
        (1, 8 * H - 1, ("s-li",)),  # Tuesday morning: still Monday's night
        (1, 8 * H, ("s-wang", "s-li", "s-zhao")),
        (5, 8 * H - 1, ("s-li",)),  # Saturday morning: Friday's night
        (5, 22 * H, ()),
        (6, 22 * H, ("s-chen",)),
        (7, 0.0, ("s-chen",)),  # Monday after midnight: Sunday's night
        (7, 8 * H - 1, ("s-chen",)),
        (0, 7 * H, ("s-chen",)),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(day: int, second: float, found: tuple[str, ...]) -> None:
    assert people((ALL_STAFF,), R1, at(second, day)) == found


def test_a_shift_of_the_whole_day_belongs_to_the_day_on_which_it_began() -> None:
    roster = Roster.of([], [Shift("all", DailySpan(8 * H, 8 * H))], [Duty("s-1", "all", days=(0,))])
    escalation = Escalation(site=Site.of([], [], roster=roster))
    for day, second, there in ((0, 8 * H - 1, False), (0, 8 * H, True), (1, 8 * H - 1, True), (1, 8 * H, False)):
        assert bool(escalation.on_duty(at(second, day))) is there, (day, second)


def test_whoever_is_on_two_rows_is_called_once() -> None:
    twice = Roster.of([], [Shift("d", DailySpan(0, 0))], [Duty("s-1", "d", CHARGE_NURSE), Duty("s-1", "d", ASSIGNED)])
    assert Escalation(site=Site.of([], [], roster=twice)).people((ALL_STAFF,), R1, NOON) == ("s-1",)


def test_a_row_of_an_unknown_shift_is_nobody() -> None:
    roster = Roster.of([], [], [Duty("s-1", "gone")])
    assert Escalation(site=Site.of([], [], roster=roster)).people((ALL_STAFF,), R1, NOON) == ()


def test_without_a_clock_nobody_knows_who_is_on_duty() -> None:
    unknown = at(12 * H, known=False)
    assert people((ALL_STAFF,), R1, unknown) == ()
    assert not Escalation(site=SITE).nobody((MANAGER,), R1, unknown)


@pytest.mark.parametrize(
    ("roles", "second", "nobody"),
    [
        ((ASSIGNED,), 12 * H, False),
        ((MANAGER,), 12 * H, True),
        ((MANAGER, ASSIGNED), 12 * H, False),
        ((ASSIGNED, CHARGE_NURSE), 17 * H, True),
        ((ASSIGNED, ALL_STAFF), 17 * H, False),
        ((LIST,), 17 * H, False),
        ((PLATFORM,), 17 * H, False),
    ],
)
def test_a_rung_is_empty_when_the_roster_has_nobody_for_it(roles: tuple[str, ...], second: float, nobody: bool) -> None:
    assert Escalation(site=SITE).nobody(roles, R1, at(second)) is nobody


def test_a_home_without_a_roster_has_no_empty_rung() -> None:
    assert not Escalation().nobody((MANAGER,), R1, NOON)
    assert Escalation().people((ALL_STAFF,), R1, NOON) == ()
    assert Escalation().shift_end(NOON) is None


@pytest.mark.parametrize(
    ("second", "left_s"),
    [(12 * H, 4 * H), (16 * H - 1, 1.0), (16 * H, 6 * H), (23 * H, 9 * H), (0.0, 8 * H), (8 * H - 1, 1.0)],
)
def test_a_shift_ends_on_its_second(second: float, left_s: float) -> None:
    assert Escalation(site=SITE).shift_end(at(second)) == 1000.0 + left_s


def test_a_gap_between_shifts_or_an_unset_clock_has_no_end() -> None:
    roster = Roster.of([], [Shift("day", DailySpan(8 * H, 16 * H))], [])
    escalation = Escalation(site=Site.of([], [], roster=roster))
    assert escalation.shift_end(at(16 * H)) is None
    assert escalation.shift_end(at(12 * H, known=False)) is None


def test_numbers_are_given_once_and_in_order() -> None:
    numbers = Escalation(site=SITE).call_numbers(("s-zhao", "s-chen", "s-wang", "s-li", "s-gone"))
    assert numbers == CallNumbers(("11", "12"), ("+86 139", "+86 138"))
    assert Escalation(site=SITE).call_numbers(()) == CallNumbers()
