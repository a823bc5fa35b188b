"""Every figure against a log whose figures one can count on one's fingers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.figures.kpi import KindRow, Load
from agent.figures.log_event import LogEvent
from agent.figures.tally import Tally, figures
from tests.figures.log import HOUR, MIDNIGHT, NOON, Log


def test_nothing_gives_no_figures_and_no_division_by_zero() -> None:
    empty = figures([])
    assert (empty.whole.raised, empty.periods.count, empty.needed_nobody_share, empty.top_share) == (0, 0, None, 0)
    assert empty.whole.per_carer_hour(0) is None
    assert empty.to_json()["raised_per_carer_day"] is None


@pytest.mark.parametrize(("hours", "carer_hours", "rate"), [(0.99, 1.0, None), (1.0, 2.0, 2.0), (1.0, 0.0, None)])
def test_less_than_an_hour_tells_no_rate(hours: float, carer_hours: float, rate: float | None) -> None:
    load = Load(hours, carer_hours, raised=4)
    assert load.per_carer_hour(4) == rate
    assert load.per_carer_day(4) == (None if rate is None else 24 * rate)


def test_load_by_day_and_night_a_carer() -> None:
    log = Log()
    log.lived(NOON)
    log.lived(NOON + HOUR)
    log.raised(MIDNIGHT + 22 * HOUR, sounding=False, priority="low")
    found = figures(
        log.events, lambda wall: 4.0 if wall < MIDNIGHT + 21 * HOUR else 2.0, MIDNIGHT, MIDNIGHT + 24 * HOUR
    )
    assert found.day == Load(15.0, 60.0, 2, 2, 0)
    assert found.night == Load(9.0, 6 * 4.0 + 3 * 2.0, 1, 0, 0)
    assert found.whole == Load(24.0, 90.0, 3, 2, 0)
    assert found.whole.per_carer_hour(3) == pytest.approx(3 / 90)
    told = found.to_json()
    assert told["raised_per_carer_day"] == pytest.approx(3 / (90 / 24))
    assert told["raised_per_ten_minutes"] == pytest.approx(3 / 144)
    assert told["load"]["day"]["audible_per_carer_hour"] == pytest.approx(2 / 60)


@pytest.mark.parametrize(
    ("second", "at_night"), [(21 * HOUR - 1, False), (21 * HOUR, True), (6 * HOUR - 1, True), (6 * HOUR, False)]
)
def test_night_is_from_nine_to_six(second: float, at_night: bool) -> None:
    log = Log()
    log.raised(MIDNIGHT + second)
    found = figures(log.events)
    assert (found.night.raised, found.day.raised) == (int(at_night), int(not at_night))


def test_an_alarm_counts_as_audible_once_when_it_begins_to_sound() -> None:
    log = Log()
    alarm = log.raised(NOON, sounding=False, priority="low")
    assert figures(log.events).whole.audible == 0
    log.say("changed", NOON + 5, alarm, sounding=True, priority="medium")
    log.say("escalated", NOON + 65, alarm, sounding=True)
    assert figures(log.events).whole.audible == 1


@pytest.mark.parametrize(("count", "above"), [(10, 0), (11, 1)])
def test_more_than_ten_in_ten_minutes_by_the_clock(count: int, above: int) -> None:
    log = Log()
    for number in range(count):
        log.raised(NOON + number, subject=f"r-{number}")
    found = figures(log.events, since=NOON, until=NOON + HOUR).periods
    assert (found.count, found.above_ten, found.peak, found.floods) == (6, above, count, above)
    assert found.share_above_ten == above / 6


@pytest.mark.parametrize(("between", "floods"), [(5, 1), (4, 2), (0, 2)])
def test_a_flood_ends_with_a_period_below_five(between: int, floods: int) -> None:
    log = Log()
    for period, count in enumerate((11, between, 12)):
        for number in range(count):
            log.raised(NOON + period * 600 + number, subject=f"r-{number}")
    found = figures(log.events).periods
    assert (found.above_ten, found.floods, found.peak) == (2, floods, 12)


@pytest.mark.parametrize(("times", "episodes"), [
    ((0, 30, 60), 1),
    ((0, 30, 60.5), 0),
    ((0, 30), 0),
    ((0, 10, 20, 30, 40), 1),
    ((0, 10, 20, 500, 510, 520), 2),
])  # fmt: skip
def test_three_of_one_source_in_sixty_seconds_chatter(times: tuple[float, ...], episodes: int) -> None:
    log = Log()
    for time in times:
        log.raised(NOON + time)
        log.raised(NOON + time, subject=f"r-{time}")  # others are no part of it
        log.raised(NOON + time, kind=f"kind-{time}")
    assert figures(log.events).chattering == episodes


@pytest.mark.parametrize(
    ("open_s", "cause", "came", "fleeting", "nobody"),
    [
        (60.0, "restored", False, 1, 1),
        (60.5, "restored", False, 0, 1),
        (30.0, "restored", True, 0, 0),
        (30.0, "false_alarm", True, 0, 1),
        (30.0, "false_alarm", False, 0, 1),
        (30.0, "assisted", True, 0, 0),
        (30.0, "device", True, 0, 0),
    ],
)
def test_fleeting_ones_and_those_that_needed_nobody(
    open_s: float, cause: str, came: bool, fleeting: int, nobody: int
) -> None:
    log = Log()
    alarm = log.raised(NOON)
    if came:
        log.say("attended", NOON + 1, alarm)
    log.say("closed", NOON + open_s, alarm, cause=cause)
    found = figures(log.events)
    assert (found.fleeting, found.whole.needed_nobody, found.needed_nobody_share) == (fleeting, nobody, float(nobody))
    assert (found.closed, found.attended, dict(found.causes)) == (1, int(came), {cause: 1})


def test_what_is_open_longer_than_a_day_is_stale() -> None:
    log = Log()
    for number in range(3):
        log.raised(NOON, subject=f"r-{number}")
    log.say("closed", NOON + 24 * HOUR, "a-1", cause="assisted")
    log.say("closed", NOON + 24 * HOUR + 1, "a-2", cause="assisted")
    at = figures(log.events, until=NOON + 24 * HOUR)
    assert (at.stale_now, at.stale_ever, at.open_now) == (0, 1, 1)
    later = figures(log.events, until=NOON + 24 * HOUR + 1)
    assert (later.stale_now, later.stale_ever) == (1, 2)


def test_an_alarm_from_before_the_span_is_open_and_stale_and_nothing_else() -> None:
    tally = Tally()
    tally.inherit("old", NOON - 25 * HOUR)
    found = tally.figures(since=NOON, until=NOON + HOUR)
    assert (found.open_now, found.stale_now, found.whole.raised, found.whole.audible) == (1, 1, 0, 0)


def test_words_of_an_alarm_that_nobody_saw_raised_count_for_nothing() -> None:
    log = Log()
    log.say("closed", NOON, "gone", cause="assisted")
    found = figures(log.events)
    assert (found.closed, found.whole.raised) == (0, 0)


def test_what_a_pause_kept_quiet_was_not_late_to_sound() -> None:
    log = Log()
    alarm = log.raised(NOON)
    log.say("sounded", NOON + 90, alarm, reasons=("sounded", "let_sound"))
    log.say("sounded", NOON + 300, alarm, reasons=("sounded",))
    log.say("seen", NOON + 310, alarm)
    assert set(figures(log.events).responses["high"]) == {"raised_to_seen"}


def test_response_times_by_priority() -> None:
    log = Log()
    for number in range(9):
        log.lived(NOON + number * 1000)
    slow = log.raised(NOON + 20_000)
    log.say("sounded", NOON + 20_000.25, slow)
    log.say("seen", NOON + 20_500, slow)
    log.say("seen", NOON + 20_600, slow)  # again: the first one counts
    log.lived(NOON + 30_000, priority="low")
    high = figures(log.events).responses["high"]
    assert (high["raised_to_seen"].count, high["raised_to_seen"].p50, high["raised_to_seen"].p90) == (10, 20, 20)
    assert high["raised_to_seen"].longest == 500
    assert high["raised_to_sounded"].p50 == 0.25
    assert (high["raised_to_attended"].p90, high["seen_to_attended"].p90, high["raised_to_closed"].p90) == (60, 40, 120)
    assert figures(log.events).responses["low"]["raised_to_seen"].count == 1
    assert "medium" not in figures(log.events).responses


def test_a_clock_set_back_gives_no_negative_time() -> None:
    log = Log()
    alarm = log.raised(NOON)
    log.say("seen", NOON - 3600, alarm)
    assert figures(log.events).responses == {}


def test_precision_counts_what_a_person_has_judged() -> None:
    log = Log()
    for number, cause in enumerate(("fall", "other", "false_alarm", "device", "test")):
        log.lived(NOON + number * 1000, cause, kind="fall")
    unjudged = log.raised(NOON + 9000, kind="fall")
    log.say("closed", NOON + 9100, unjudged, cause="restored")
    log.raised(NOON + 9500, kind="fall")
    log.raised(NOON + 9600, kind="bed_exit")
    found = figures(log.events)
    assert dict(found.kinds) == {"fall": KindRow(7, 2, 3), "bed_exit": KindRow(1, 0, 0)}
    assert (found.kinds["fall"].precision, found.kinds["bed_exit"].precision) == (0.4, None)


def test_splits_escalations_and_what_was_held_back() -> None:
    log = Log()
    first = log.raised(NOON)
    log.say("escalated", NOON + 60, first)
    log.say("escalated", NOON + 120, first)
    log.say("sounded_again", NOON + 300, first)
    log.raised(NOON + 1, priority="low", alarm_class="technical", kind="device_silent")
    log.events.append(LogEvent(NOON + 2, "suppressed", "", "bed_exit", "medium", "physiological", "r-1"))
    found = figures(log.events)
    assert dict(found.priorities) == {"high": 1, "medium": 0, "low": 1}
    assert dict(found.classes) == {"physiological": 1, "technical": 1}
    assert found.escalations["high"] == 2
    assert found.sounded_again["high"] == 1
    assert dict(found.suppressed) == {"bed_exit": 1}
    assert found.whole.raised == 2


def test_the_ten_busiest_sources() -> None:
    log = Log()
    for number in range(12):
        for again in range(number + 1):
            log.raised(NOON + number * 10_000 + again * 700, subject=f"r-{number:02}")
    found = figures(log.events)
    assert [source.subject for source in found.sources] == [f"r-{n:02}" for n in range(11, 1, -1)]
    assert found.sources[0].count == 12
    assert found.sources[0].share == pytest.approx(12 / 78)
    assert found.top_share == pytest.approx((78 - 1 - 2) / 78)


events = st.lists(
    st.builds(
        LogEvent,
        at_wall=st.floats(NOON, NOON + 5 * 24 * HOUR),
        happened=st.sampled_from(("raised", "seen", "attended", "closed", "sounded", "escalated", "restored", "noted")),
        alarm=st.sampled_from("abcdef"),
        kind=st.sampled_from(("sos", "fall", "bed_exit")),
        priority=st.sampled_from(("high", "medium", "low")),
        alarm_class=st.sampled_from(("physiological", "technical")),
        subject=st.sampled_from(("r-1", "r-2")),
        sounding=st.booleans(),
        cause=st.sampled_from(("", "fall", "false_alarm", "restored")),
    ),
    max_size=60,
)


@given(log=events, carers=st.floats(0.1, 20))
def test_whatever_the_log_holds_the_parts_add_up(log: list[LogEvent], carers: float) -> None:
    found = figures(log, carers)
    assert found.day.raised + found.night.raised == found.whole.raised == sum(found.priorities.values())
    assert found.day.hours + found.night.hours == pytest.approx(found.whole.hours)
    assert found.whole.carer_hours == pytest.approx(found.whole.hours * carers)
    assert found.whole.audible <= found.whole.raised
    assert sum(row.raised for row in found.kinds.values()) == found.whole.raised
    assert found.whole.needed_nobody <= found.closed <= found.whole.raised
    assert found.periods.floods <= found.periods.above_ten <= found.periods.count
    assert found.top_share == pytest.approx(1.0 if found.whole.raised else 0.0)  # six sources at most
    assert all(0 <= s.p50 <= s.p90 <= s.longest for steps in found.responses.values() for s in steps.values())


@given(log=events, cut=st.integers(0, 60))
def test_asking_in_between_changes_nothing(log: list[LogEvent], cut: int) -> None:
    tally = Tally()
    for number, event in enumerate(log):
        if number == cut:
            tally.figures()
        tally.add(event)
    assert tally.figures() == figures(log)
