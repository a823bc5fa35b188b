"""A resident at high risk gets up, in three stages."""

from dataclasses import replace

import pytest

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.rules.bed_exit import BedExitRule
from agent.rules.finding import Priority
from agent.rules.settings import RuleSettings
from agent.rules.settings.bed import BedExitSettings
from drivers.reading import Quality
from tests.rules.ward import MIDNIGHT, R1, R2, declined, ground, live, play, reading, said_as

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
NOON = MIDNIGHT + 12 * 3600.0
IN = reading("bed_occupied", True, 1.0)


def rule(settings: BedExitSettings | None = None) -> BedExitRule:
    limits = RuleSettings(bed_exit=settings or BedExitSettings())
    return BedExitRule(ground(settings=limits), R1)


def verdicts(
    events: list[Event], until: float = 200.0, wall: float = MIDNIGHT, settings: BedExitSettings | None = None
) -> list[tuple[float, Priority, bool, str]]:
    found = live(rule(settings), events, until, wall)
    assert all(f.kind == "bed_exit" and f.subject == R1 for _, f in found)
    return [(when, f.priority, f.active, f.reasons[0].code) for when, f in found]


def test_out_of_bed_is_high_after_a_minute_and_not_before() -> None:
    out = reading("bed_occupied", False, 10.0)
    assert verdicts([out], until=69.0) == []
    assert verdicts([out], until=70.0) == [(70.0, HIGH, True, "out_of_bed")]
    assert verdicts([out], until=9000.0, wall=NOON) == []
    by_day = BedExitSettings(by_day=True)
    assert verdicts([IN, out], until=70.0, wall=NOON, settings=by_day)[1:] == [(70.0, HIGH, True, "out_of_bed")]


def test_back_in_the_last_second_is_back_in_time_once_it_is_no_flicker() -> None:
    out: list[Event] = [IN, reading("bed_occupied", False, 10.0)]
    assert verdicts([*out, reading("bed_occupied", True, 69.0)])[1:] == []
    flicker: list[Event] = [reading("bed_occupied", True, 69.0), reading("bed_occupied", False, 72.0)]
    assert verdicts([*out, *flicker])[1:] == [(72.0, HIGH, True, "out_of_bed")]


def test_a_bed_that_is_empty_from_the_start_on_is_no_exit_by_day() -> None:
    out = reading("bed_occupied", False, 10.0)
    by_day = BedExitSettings(by_day=True)
    assert said_as(play(rule(by_day), [out], 9000.0, NOON)) == [
        "10 left bed_exit r-1: out_of_bed away_s=0, empty_at_start"
    ]
    edge: list[Event] = [reading("edge_of_bed", True, 5.0), out]
    assert verdicts(edge, wall=NOON, settings=by_day)[1:] == [(70.0, HIGH, True, "out_of_bed")]


def test_at_the_edge_is_medium_at_night_and_out_makes_it_high() -> None:
    events: list[Event] = [reading("edge_of_bed", True, 10.0), reading("bed_occupied", False, 20.0)]
    assert verdicts(events) == [(10.0, MEDIUM, True, "edge_of_bed"), (80.0, HIGH, True, "out_of_bed")]


def test_lying_down_again_ends_the_edge() -> None:
    events: list[Event] = [
        Observation("cam", "edge_of_bed", 10.0),
        Observation("cam", "edge_of_bed", 15.0, value=False),
    ]
    assert verdicts(events) == [(10.0, MEDIUM, True, "edge_of_bed"), (15.0, LOW, False, "back_in_bed")]


def test_by_day_the_edge_is_weighed_and_left_unless_the_home_wants_it() -> None:
    edge = reading("edge_of_bed", True, 10.0)
    said = play(rule(), [edge], until=100.0, wall=NOON)
    assert [[r.code for r in one.reasons] for _, one in declined(said)] == [["edge_of_bed", "by_day"]]
    assert len(said) == 1
    wanted = BedExitSettings(by_day=True)
    assert verdicts([edge], wall=NOON, settings=wanted) == [(10.0, MEDIUM, True, "edge_of_bed")]


def test_sitting_up_is_only_noted() -> None:
    said = play(rule(), [reading("sitting_up", True, 5.0), reading("sitting_up", False, 9.0)], until=900.0)
    assert [(when, one.kind, one.reasons[0].code) for when, one in declined(said)] == [(5.0, "bed_exit", "sitting_up")]
    assert len(said) == 1


def test_that_somebody_still_lies_in_bed_is_no_stage() -> None:
    lies: list[Event] = [Observation("cam", "in_bed", 1.0), Observation("cam", "in_bed", 2.0), IN, replace(IN, at=3.0)]
    assert said_as(play(rule(), lies, until=100.0)) == ["1 bed_exit over low r-1: back_in_bed"]
    assert play(rule(), [replace(reading("edge_of_bed", True, 1.0), stored=True)], until=100.0) == []


def test_stages_mean_nothing_while_the_bed_is_empty() -> None:
    events: list[Event] = [reading("bed_occupied", False, 1.0), reading("edge_of_bed", True, 5.0)]
    assert verdicts(events, until=60.0) == []


def test_a_flicker_of_the_sensor_does_not_restart_the_clock() -> None:
    events: list[Event] = [
        reading("bed_occupied", value, at) for value, at in ((False, 10.0), (True, 40.0), (False, 44.0))
    ]
    assert verdicts(events) == [(70.0, HIGH, True, "out_of_bed")]


def test_back_in_bed_ends_it_and_the_next_exit_counts_anew() -> None:
    events: list[Event] = [
        reading("bed_occupied", value, at) for value, at in ((False, 10.0), (True, 80.0), (True, 82.0), (False, 100.0))
    ]
    assert [(when, active) for when, _, active, _ in verdicts(events, 170.0)] == [
        (70.0, True),
        (85.0, False),
        (160.0, True),
    ]


def test_the_first_sight_of_them_in_bed_ends_an_alarm_from_before_a_restart() -> None:
    assert verdicts([IN]) == [(1.0, LOW, False, "back_in_bed")]


def test_one_sensor_that_is_stuck_does_not_outvote_one_that_moves() -> None:
    events: list[Event] = [
        reading("bed_occupied", True, 1.0, device="stuck"),
        reading("bed_occupied", True, 2.0),
        reading("bed_occupied", False, 10.0),
        *(reading("bed_occupied", True, float(at), device="stuck") for at in range(11, 60, 5)),
    ]
    assert verdicts(events)[-1] == (70.0, HIGH, True, "out_of_bed")


def test_each_word_of_getting_up_by_night_and_by_day() -> None:
    up: list[Event] = [IN, reading("sitting_up", True, 5.0), reading("edge_of_bed", True, 10.0)]
    out: list[Event] = [reading("bed_occupied", occupied, at) for occupied, at in ((False, 20.0), (True, 100.0))]
    lies: list[Event] = [reading("edge_of_bed", True, 200.0), reading("edge_of_bed", False, 210.0)]
    gone = reading("bed_occupied", False, 300.0)
    assert said_as(play(rule(), [*up, *out, *lies, gone], 400.0)) == [
        "1 bed_exit over low r-1: back_in_bed",
        "5 left bed_exit r-1: sitting_up",
        "10 bed_exit medium r-1: edge_of_bed",
        "80 bed_exit high r-1: out_of_bed away_s=60",
        "105 bed_exit over low r-1: back_in_bed",
        "200 bed_exit medium r-1: edge_of_bed",
        "210 bed_exit over low r-1: back_in_bed",
        "360 bed_exit high r-1: out_of_bed away_s=60",
    ]
    assert said_as(play(rule(), [*up, *out, *lies, gone], 9000.0, NOON)) == [
        "1 bed_exit over low r-1: back_in_bed",
        "5 left bed_exit r-1: sitting_up",
        "10 left bed_exit r-1: edge_of_bed, by_day",
        "20 left bed_exit r-1: out_of_bed away_s=0, by_day",
        "200 left bed_exit r-1: edge_of_bed, by_day",
        "300 left bed_exit r-1: out_of_bed away_s=0, by_day",
    ]


@pytest.mark.parametrize("quality", [Quality.UNCERTAIN, Quality.BAD, Quality.UNVERIFIED])
def test_doubtful_readings_are_left_out(quality: Quality) -> None:
    doubtful = [reading(name, name != "bed_occupied", 10.0, quality) for name in ("bed_occupied", "edge_of_bed")]
    assert play(rule(), doubtful, until=300) == []


def test_a_resident_at_normal_risk_has_another_rule() -> None:
    events = [reading("edge_of_bed", True, 5.0, device="dev-2"), reading("bed_occupied", False, 10.0, device="dev-2")]
    assert play(BedExitRule(ground(), R2), events, until=4000.0) == []


def test_their_own_limit_counts_before_the_home_s() -> None:
    own = BedExitSettings(high_risk_high_s=30.0)
    assert verdicts([reading("bed_occupied", False, 10.0)], settings=own) == [(40.0, HIGH, True, "out_of_bed")]


def test_left_by_day_does_not_count_when_night_comes() -> None:
    events: list[Event] = [IN, reading("bed_occupied", False, 100.0), reading("sitting_up", False, 4000.0)]
    nine = MIDNIGHT + 21 * 3600.0
    said = play(rule(), events, until=9000.0, wall=nine - 3600.0)
    assert [(when, [r.code for r in one.reasons]) for when, one in declined(said)] == [
        (100.0, ["out_of_bed", "by_day"])
    ]
    assert verdicts(events, 9000.0, nine - 3600.0) == [(1.0, LOW, False, "back_in_bed")]
    assert verdicts(events[:2], 9000.0, nine - 100.0)[1:] == [(160.0, HIGH, True, "out_of_bed")]
    assert verdicts(events[:2], 9000.0, nine - 101.0)[1:] == []
