"""Where the time of a day file begins, and what a clock that jumps does to it."""

import pytest

from agent.replay.timeline import JUMP_S, Timeline
from tests.replay.days import HOME, Replayed, at, press

DAY_S = 86400.0


@pytest.mark.parametrize(("ago", "begins"), [(0.0, 1e9), (60.0, 1e9 - 60), (DAY_S, 1e9 - DAY_S), (DAY_S + 1, 1e9)])
def test_site_lines_of_the_last_day_begin_it(ago: float, begins: float) -> None:
    timeline = Timeline()
    for told in (1e9 - 200 * DAY_S, 0.0, 1e9 - ago, 1e9 + 5):
        timeline.told_before(told)
    timeline.begin(1e9)
    timeline.begin(2e9)
    assert timeline.start == begins


def test_a_file_of_nothing_but_site_lines_begins_with_the_last() -> None:
    timeline = Timeline()
    timeline.told_before(5.0)
    timeline.begin()
    assert (timeline.start, Replayed(HOME).summary["from"]) == (5.0, "2027-01-14T12:00:00.000Z")
    assert Replayed([]).summary["from"] == "1970-01-01T00:00:00.000Z"


def test_a_jump_of_the_clock_lets_no_time_pass_there_or_back() -> None:
    timeline = Timeline()
    timeline.begin(1e9)
    assert timeline.at(1e9 + 10, 0.0) == (10.0, "")
    assert timeline.at(1e9 + 10 + JUMP_S, 10.0) == (10.0 + JUMP_S, "")  # a long pause is none
    ahead, why = timeline.at(1.5e9, 10.0)
    assert (ahead, "+15.8 years" in why) == (10.0, True)
    assert timeline.at(1.5e9 + 7, 10.0) == (17.0, "")
    assert timeline.at(1e9 + 30, 17.0) == (30.0, "")
    back, why = timeline.at(0.5e9, 30.0)
    assert (back, "-15.8 years" in why) == (30.0, True)


def test_a_jump_after_most_of_a_year_is_none_but_one() -> None:
    """How long the recording has gone on says nothing about the clock."""
    timeline, late = Timeline(), 300 * DAY_S
    timeline.begin(1e9)
    assert timeline.at(1e9 + late, 0.0) == (late, "")
    assert timeline.at(1.5e9, late)[0] == late
    assert timeline.at(1.5e9 + 7, late) == (late + 7, "")
    assert timeline.at(1e9 + late + 20, late + 7) == (late + 20, "")


def test_ten_years_ahead_fire_no_timer_and_lose_no_press() -> None:
    strange = {**press(20), "t": "2037-01-14T12:00:20Z"}
    day = Replayed([*HOME, at(10, "reading", "bed_occupied", device="bed1", value=True), strange, press(30)])
    assert day.of("sos") == [("00:10", "raised"), ("00:10", "sounded"), ("00:30", "sounded")]
    assert [one.number for one in day.player.warnings] == [5]
    assert day.summary["to"] == "2027-01-14T12:00:30.000Z"


def test_site_lines_of_long_ago_or_of_no_time_begin_nothing() -> None:
    for told in ("2026-12-01T00:00:00Z", "1970-01-01T00:00:00Z"):
        day = Replayed([*({**line, "t": told} for line in HOME), press(10)])
        assert (day.summary["from"], day.summary["raised"]) == ("2027-01-14T12:00:10.000Z", {"sos": 1})


def test_a_late_reading_is_told_as_one_out_of_a_memory() -> None:
    day = Replayed([*HOME, at(200, "reading", "bed_occupied", device="bed1", value=True), press(140), press(139)])
    assert [(one.number, one.why[:35]) for one in day.player.warnings] == [(6, "61 s older than a line before it: t")]
    assert [event for _, event in day.of("sos")] == ["raised", "sounded"]
