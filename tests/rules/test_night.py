"""Not back in bed, long in bed, turning, rails."""

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, FallRisk, Resident, Site, Subject, SubjectKind
from agent.rules.bed_rail import BedRailRule
from agent.rules.finding import Finding, Priority
from agent.rules.in_bed_long import InBedLongRule
from agent.rules.not_back_in_bed import NotBackInBedRule
from agent.rules.settings import RuleSettings
from agent.rules.settings.bed import BedSettings
from agent.rules.turning import TURNING_ROW, TurningRule
from drivers.reading import Quality, Reading
from tests.rules.ward import MIDNIGHT, at, declined, ground, live, play, said_as, tasks

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
NOON = MIDNIGHT + 12 * 3600.0
HOME = Site.of(
    [
        Resident("r-1", "甲", "201", fall_risk=FallRisk.HIGH, turning_min=120.0),
        Resident("r-2", "乙", "202"),
        Resident("r-3", "丙", "203", mobile=False),
    ],
    [
        *(Binding(f"bed-{n}", DeviceRole.BED, resident=f"r-{n}") for n in (1, 2, 3)),
        *(Binding(f"tag-{n}", DeviceRole.TAG, resident=f"r-{n}") for n in (1, 2)),
    ],
    places=[Place("hall", PlaceKind.HALL), Place("corridor", PlaceKind.CORRIDOR)],
)


def who(number: int) -> Subject:
    return Subject(SubjectKind.RESIDENT, f"r-{number}", f"20{number}")


def bed(number: int, occupied: bool, at: float, quality: Quality = Quality.GOOD) -> Reading:
    return Reading(f"bed-{number}", "bed_occupied", occupied, at, quality)


def tag(place: str, at: float) -> Reading:
    return Reading("tag-2", "seen_at", place, at)


# not back in bed

UP: list[Event] = [bed(2, True, 1.0), bed(2, False, 10.0)]


def not_back(
    events: list[Event], until: float, wall: float = MIDNIGHT, settings: BedSettings | None = None
) -> list[tuple[float, Priority, bool]]:
    on = ground(HOME, RuleSettings(bed=settings or BedSettings()))
    found = live(NotBackInBedRule(on, who(2)), events, until, wall, on)
    assert all(f.kind == "not_back_in_bed" and f.subject == who(2) for _, f in found)
    return [(when, f.priority, f.active) for when, f in found][1:]  # the first: in bed, all is well


def test_medium_after_fifteen_minutes_and_high_after_thirty() -> None:
    assert not_back(UP, 909.0) == []
    assert not_back(UP, 910.0) == [(910.0, MEDIUM, True)]
    assert not_back(UP, 1809.0) == [(910.0, MEDIUM, True)]
    assert not_back(UP, 9000.0) == [(910.0, MEDIUM, True), (1810.0, HIGH, True)]


def test_back_in_time_is_nothing_and_back_later_ends_it() -> None:
    assert not_back([*UP, bed(2, True, 900.0)], 3000.0) == []
    assert not_back([*UP, bed(2, True, 1000.0)], 3000.0) == [(910.0, MEDIUM, True), (1005.0, LOW, False)]


def test_back_in_the_last_second_is_back_in_time_once_it_is_no_flicker() -> None:
    assert not_back([*UP, bed(2, True, 909.0)], 3000.0) == []
    assert not_back([*UP, bed(2, True, 909.0), bed(2, False, 912.0)], 1000.0) == [(914.0, MEDIUM, True)]


def test_by_day_nobody_is_missed_unless_the_home_wants_it() -> None:
    assert not_back(UP, 9000.0, NOON) == []
    assert not_back(UP, 1000.0, NOON, BedSettings(not_back_by_day=True)) == [(910.0, MEDIUM, True)]


def test_the_night_must_still_last_when_it_is_due() -> None:
    six = MIDNIGHT + 6 * 3600.0
    assert not_back(UP, 9000.0, six - 600.0) == []
    on = ground(HOME)
    rule = NotBackInBedRule(on, who(2))
    assert [f.active for _, f in live(rule, UP, 920.0, six - 600.0, on)] == [False]
    assert rule.due == float("inf")
    assert not_back(UP, 920.0, six - 911.0) == [(910.0, MEDIUM, True)]


def test_an_empty_bed_at_bedtime_is_no_absence() -> None:
    on = ground(HOME)
    assert live(NotBackInBedRule(on, who(2)), [bed(2, False, 10.0)], 9000.0, MIDNIGHT, on) == []


def test_seen_in_the_hall_explains_it_as_long_as_it_is_fresh() -> None:
    on = ground(HOME)
    said = play(NotBackInBedRule(on, who(2)), [*UP, tag("hall", 600.0)], 1300.0, MIDNIGHT, on)
    assert [(when, [r.code for r in one.reasons]) for when, one in declined(said)] == [
        (910.0, ["out_of_bed", "seen_elsewhere"])
    ]
    raised = [when for when, one in said if getattr(one, "active", False)]
    assert raised == [1210.0]


def test_each_word_of_an_absence() -> None:
    on = ground(HOME)
    again: list[Event] = [tag("hall", 600.0), tag("hall", 1900.0), bed(2, True, 4000.0), bed(2, False, 5000.0)]
    assert said_as(play(NotBackInBedRule(on, who(2)), [*UP, *again], 7000.0, MIDNIGHT, on)) == [
        "1 not_back_in_bed over low r-2: back_in_bed",
        "910 left not_back_in_bed r-2: out_of_bed away_s=900, seen_elsewhere place=hall",
        "1210 not_back_in_bed medium r-2: out_of_bed away_s=1200",
        "1810 not_back_in_bed high r-2: out_of_bed away_s=1800",
        "4005 not_back_in_bed over low r-2: back_in_bed",
        "5900 not_back_in_bed medium r-2: out_of_bed away_s=900",
        "6800 not_back_in_bed high r-2: out_of_bed away_s=1800",
    ]


def test_it_asks_for_the_next_step_and_for_none_once_they_are_back() -> None:
    on = ground(HOME)
    rule = NotBackInBedRule(on, who(2))
    live(rule, UP, 910.0, MIDNIGHT, on)
    assert rule.due == 1810.0
    live(rule, [bed(2, True, 1000.0)], 1100.0, MIDNIGHT, on)
    assert rule.due == float("inf")


def test_what_was_seen_ten_minutes_ago_and_who_else_was_seen_explain_nothing() -> None:
    assert not_back([*UP, tag("hall", 311.0)], 910.0) == []
    assert not_back([*UP, tag("hall", 310.0)], 910.0) == [(910.0, MEDIUM, True)]
    assert not_back([*UP, Reading("tag-1", "seen_at", "hall", 600.0)], 910.0) == [(910.0, MEDIUM, True)]


def test_seen_in_the_corridor_explains_nothing() -> None:
    assert not_back([*UP, tag("corridor", 600.0)], 1000.0) == [(910.0, MEDIUM, True)]


def test_a_resident_at_high_risk_has_another_rule() -> None:
    assert play(NotBackInBedRule(ground(HOME), who(1)), [bed(1, True, 1.0), bed(1, False, 10.0)], 9000.0) == []


# long in bed


def test_twelve_hours_in_bed_are_low_for_whoever_is_mobile() -> None:
    after = 43_200.0
    events: list[Event] = [bed(2, True, 10.0)]
    assert live(InBedLongRule(ground(HOME), who(2)), events, after + 9) == []
    found = live(InBedLongRule(ground(HOME), who(2)), [*events, bed(2, False, after + 100)], after + 200)
    assert [(when, f.kind, f.priority, f.active) for when, f in found] == [
        (after + 10, "in_bed_long", LOW, True),
        (after + 100, "in_bed_long", LOW, False),
    ]
    assert found[0][1].reasons[0].text() == "in bed for 12 h"
    assert live(InBedLongRule(ground(HOME), who(3)), [bed(3, True, 10.0)], 2 * after) == []


def test_getting_up_starts_the_clock_anew() -> None:
    events: list[Event] = [bed(2, True, 10.0), bed(2, False, 20_000.0), bed(2, True, 20_100.0)]
    found = live(InBedLongRule(ground(HOME), who(2)), events, 64_000.0)
    assert [(when, f.active) for when, f in found] == [(20_000.0, False), (63_300.0, True)]


def test_each_word_of_long_stays_in_bed() -> None:
    bed_times = ((True, 10.0), (True, 44_000.0), (False, 50_000.0), (True, 50_100.0), (False, 60_000.0))
    events: list[Event] = [bed(2, occupied, when) for occupied, when in bed_times]
    assert said_as(play(InBedLongRule(ground(HOME), who(2)), events, 70_000.0)) == [
        "43210 in_bed_long low r-2: in_bed_for for_h=12",
        "50000 in_bed_long over low r-2: got_up",
    ]


# turning


def turned(at: float) -> Act:
    return Act("turned", who(1), at, "panel:li")


def turning(events: list[Event], until: float) -> tuple[list[tuple[float, bool]], list[tuple[float, bool]]]:
    """(tasks, alarms) as (time, active)."""
    said = play(TurningRule(ground(HOME), who(1)), events, until)
    found = [(when, one.active) for when, one in said if isinstance(one, Finding)]
    return [(when, task.active) for when, task in tasks(said)], found


def test_a_task_ten_minutes_before_and_medium_fifteen_after() -> None:
    asked, raised = turning([turned(0.0)], 8099.0)
    assert (asked, raised) == ([(6600.0, True)], [(0.0, False)])
    asked, raised = turning([turned(0.0)], 30_000.0)
    assert (asked, raised) == ([(6600.0, True)], [(0.0, False), (8100.0, True)])


def test_turned_in_time_ends_the_task_and_starts_the_interval_anew() -> None:
    asked, raised = turning([turned(0.0), turned(7000.0)], 13_599.0)
    assert asked == [(6600.0, True), (7000.0, False)]
    assert raised == [(0.0, False)]
    assert turning([turned(0.0), turned(7000.0)], 13_600.0)[0][-1] == (13_600.0, True)


def test_turned_late_ends_the_alarm() -> None:
    assert turning([turned(0.0), turned(9000.0)], 9100.0)[1] == [(0.0, False), (8100.0, True), (9000.0, False)]


def test_each_word_of_turning() -> None:
    by_hand: list[Event] = [turned(0.0), turned(7000.0), turned(20_000.0)]
    beds: list[Event] = [bed(1, not n % 2, at) for n, at in enumerate((20_001.0, 26_800.0, 30_000.0, 39_000.0))]
    assert said_as(play(TurningRule(ground(HOME), who(1)), [*by_hand, *beds], 50_000.0)) == [
        "0 turning_due over medium r-1: turned",
        "6600 task turning_soon due 7200 r-1: turned_before ago_min=110 every_min=120",
        "7000 done turning_soon r-1: turned",
        "13600 task turning_soon due 14200 r-1: turned_before ago_min=110 every_min=120",
        "15100 turning_due medium r-1: turned_before ago_min=135 every_min=120",
        "20000 done turning_soon r-1: turned",
        "20000 turning_due over medium r-1: turned",
        "26600 task turning_soon due 27200 r-1: turned_before ago_min=110 every_min=120",
        "27100 done turning_soon r-1: out_of_bed away_s=300",
        "36600 task turning_soon due 37200 r-1: turned_before ago_min=110 every_min=120",
        "38100 turning_due medium r-1: turned_before ago_min=135 every_min=120",
        "39300 done turning_soon r-1: out_of_bed away_s=300",
        "39300 turning_due over medium r-1: out_of_bed away_s=300",
    ]


def test_a_mattress_may_say_it_too() -> None:
    events: list[Event] = [turned(0.0), Reading("bed-1", "turned", "left", 7000.0)]
    assert turning(events, 13_000.0)[1] == [(0.0, False)]


def test_out_of_bed_nothing_is_due_and_in_bed_it_begins_anew() -> None:
    events: list[Event] = [turned(0.0), bed(1, True, 1.0), bed(1, False, 6700.0), bed(1, True, 20_000.0)]
    asked, raised = turning(events, 26_599.0)
    assert asked == [(6600.0, True), (7000.0, False)]
    assert [active for _, active in raised if active] == []
    assert turning(events, 28_100.0)[1][-1] == (28_100.0, True)


@pytest.mark.parametrize(("back", "overdue"), [(6999.0, [8100.0]), (7000.0, [])])
def test_only_a_while_out_of_bed_takes_the_weight_off(back: float, overdue: list[float]) -> None:
    events: list[Event] = [turned(0.0), bed(1, True, 1.0), bed(1, False, 6700.0), bed(1, True, back)]
    assert [when for when, active in turning(events, 8100.0)[1] if active] == overdue


def test_a_flicker_of_the_bed_ends_no_alarm() -> None:
    events: list[Event] = [turned(0.0), bed(1, True, 1.0), bed(1, False, 8200.0), bed(1, True, 8203.0)]
    assert turning(events, 9000.0)[1] == [(0.0, False), (8100.0, True)]


def test_nobody_turned_since_the_start_counts_from_there() -> None:
    assert turning([], 9000.0) == ([(6601.0, True)], [(8101.0, True)])


def test_what_was_turned_before_a_restart_counts_whenever_it_is_told() -> None:
    rule = TurningRule(ground(HOME), who(1))
    assert list(rule.tick(at(0.0))) == []
    assert list(rule.feed(bed(1, True, 1.0), at(1.0))) == []
    list(rule.feed(turned(-3000.0), at(2.0)))
    assert rule.due == 3600.0
    list(rule.feed(turned(-4000.0), at(3.0)))
    assert rule.due == 3600.0


def test_a_turn_that_is_told_late_counts_no_less_than_getting_up() -> None:
    rule = TurningRule(ground(HOME), who(1))
    live(rule, [bed(1, True, 1.0), bed(1, False, 1000.0), bed(1, True, 2000.0)], 2100.0)
    list(rule.feed(turned(500.0), at(2200.0)))
    assert rule.due == 2000.0 + 6600.0


def test_the_first_word_of_the_bed_is_no_getting_up() -> None:
    rule = TurningRule(ground(HOME), who(1))
    list(rule.feed(turned(-3000.0), at(0.0)))
    list(rule.feed(bed(1, True, 5.0), at(5.0)))
    assert rule.due == 3600.0


def test_who_is_not_turned_by_plan_is_left_alone() -> None:
    daily = Resident("r-9", "丁", "209", turning_min=1.0)
    assert list(TURNING_ROW.watches(HOME)) == [who(1)]
    assert list(TURNING_ROW.watches(Site.of([daily], []))) == [Subject(SubjectKind.RESIDENT, "r-9", "209")]
    assert play(TurningRule(ground(HOME), who(2)), [bed(2, True, 1.0)], 90_000.0) == []


# rails


def rail(up: bool, at: float, quality: Quality = Quality.GOOD) -> Reading:
    return Reading("bed-1", "bed_rail_up", up, at, quality)


def rails(events: list[Event], until: float, wall: float = MIDNIGHT) -> list[tuple[float, bool]]:
    on = ground(HOME)
    found = live(BedRailRule(on, who(1)), events, until, wall, on)
    assert all(f.kind == "bed_rail" and f.priority is MEDIUM for _, f in found)
    return [(when, f.active) for when, f in found]


def test_rail_down_and_in_bed_at_night_for_a_minute() -> None:
    down: list[Event] = [bed(1, True, 1.0), rail(True, 2.0), rail(False, 10.0)]
    assert rails(down, 69.0) == [(2.0, False)]
    assert rails(down, 70.0) == [(2.0, False), (70.0, True)]
    assert rails([*down, rail(True, 80.0)], 90.0)[-1] == (80.0, False)
    assert rails([*down, bed(1, False, 80.0)], 90.0)[-1] == (80.0, False)
    assert rails(down, 400.0, NOON) == [(2.0, False)]


def test_the_rail_counts_from_when_the_bed_fills() -> None:
    assert rails([rail(False, 5.0), bed(1, True, 100.0)], 159.0) == []
    assert rails([bed(1, True, 5.0)], 159.0) == []  # nobody has said anything of the rail
    assert rails([bed(1, False, 5.0), rail(False, 6.0)], 159.0) == [(5.0, False)]
    assert rails([rail(False, 5.0), bed(1, True, 100.0)], 160.0) == [(160.0, True)]


def test_staff_at_the_bed_are_told_apart_and_then_it_is_raised() -> None:
    on = ground(HOME)
    events: list[Event] = [bed(1, True, 1.0), rail(False, 10.0), Act("present", who(1), 40.0, "staff:wang")]
    said = play(BedRailRule(on, who(1)), events, 641.0, MIDNIGHT, on)
    assert [(when, one.reasons[0].code) for when, one in declined(said)] == [(70.0, "staff_there")]
    assert [when for when, one in said if getattr(one, "active", False)] == [640.0]


def test_each_word_of_a_rail() -> None:
    on = ground(HOME)
    looked_after: list[Event] = [bed(1, True, 1.0), rail(False, 10.0), Act("present", who(1), 40.0, "staff:wang")]
    stays: list[Event] = [*looked_after, Act("present", who(1), 500.0, "staff:wang")]
    on_watch = ground(HOME)
    assert said_as(play(BedRailRule(on_watch, who(1)), stays, 1200.0, MIDNIGHT, on_watch)) == [
        "70 left bed_rail r-1: staff_there by=staff:wang",
        "1100 bed_rail medium r-1: rail_down",
    ]
    again: list[Event] = [rail(True, 700.0), rail(False, 710.0), bed(1, False, 800.0), bed(1, True, 900.0)]
    assert said_as(play(BedRailRule(on, who(1)), [*looked_after, *again], 3000.0, MIDNIGHT, on)) == [
        "70 left bed_rail r-1: staff_there by=staff:wang",
        "640 bed_rail medium r-1: rail_down",
        "700 bed_rail over medium r-1: rail_safe",
        "770 bed_rail medium r-1: rail_down",
        "800 bed_rail over medium r-1: rail_safe",
        "960 bed_rail medium r-1: rail_down",
    ]


@pytest.mark.parametrize("quality", [Quality.UNCERTAIN, Quality.BAD])
def test_a_doubtful_rail_says_nothing(quality: Quality) -> None:
    assert rails([bed(1, True, 1.0), rail(False, 10.0, quality)], 400.0) == []
