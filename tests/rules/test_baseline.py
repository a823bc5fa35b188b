"""Away from one's own normal, which takes days to learn and widens nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, islice

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import DAY_S, NIGHT, DailySpan, Moment
from agent.residents import Site, Subject, SubjectKind
from agent.rules.baseline import BASELINE_ROW, BaselineRule
from agent.rules.finding import Finding, Priority
from agent.rules.own_normal import LEAST_SPANS, MEMORY, OwnNormal, Span
from drivers.reading import Quality, Reading
from tests.rules.ward import MIDNIGHT, R1, SITE, device, ground, live, reading

NOON = MIDNIGHT + 12 * 3600.0
HALF = 1800.0
H = 3600.0
NIGHTS = [(day * DAY_S, day * DAY_S + 6 * H) for day in range(8)]  # wall begins at midnight


def rule() -> BaselineRule:
    return BaselineRule(ground(), R1)


def stream(quantity: str, value: float, begin: float, end: float, step: float = 120.0, odd: float = 0.0) -> list[Event]:
    steps = int((end - begin) / step)
    return [reading(quantity, value + (odd if n % 3 == 0 else 0.0), begin + n * step) for n in range(steps)]


def nights(quantity: str, value: float, of: Iterable[int] = range(4), odd: float = 0.0) -> list[Event]:
    return [event for n in of for event in stream(quantity, value, *NIGHTS[n], odd=odd)]


def told(*parts: list[Event], wall: float = MIDNIGHT) -> list[tuple[float, bool, str]]:
    events = sorted((event for part in parts for event in part), key=lambda event: event.at)
    return [(at, one.active, one.reasons[0].code) for at, one in live(rule(), events, wall=wall)]


LEARNS = (HALF, False, "normal_unknown")
FIFTH = NIGHTS[4][0]


@pytest.mark.parametrize(
    ("quantity", "usual", "value", "away"),
    [
        ("heart_rate", 60, 79, False), ("heart_rate", 60, 80, True),
        ("heart_rate", 80, 61, False), ("heart_rate", 80, 60, True),
        ("pulse_rate", 60, 80, True),
        ("spo2", 97, 94, False), ("spo2", 97, 93, True), ("spo2", 94, 99, False),
        ("respiratory_rate", 14, 18, False), ("respiratory_rate", 14, 19, True), ("respiratory_rate", 16, 11, True),
    ],
)  # fmt: skip
def test_a_half_hour_that_differs_enough_is_told(quantity: str, usual: float, value: float, away: bool) -> None:
    shifted = stream(quantity, value, FIFTH, FIFTH + 2 * H)
    found = told(nights(quantity, usual), shifted)
    assert found == [LEARNS, *([(FIFTH + HALF, True, "away_from_normal")] if away else [])]


def test_what_it_says() -> None:
    events = [*nights("heart_rate", 60), *stream("heart_rate", 85, FIFTH, FIFTH + 2 * H)]
    _, (_, finding) = live(rule(), events)
    assert (finding.kind, finding.subject, finding.priority, finding.active) == (
        "baseline_shift", R1, Priority.LOW, True,
    )  # fmt: skip
    assert finding.reasons[0].to_json() == {
        "code": "away_from_normal", "quantity": "heart_rate", "value": 85, "unit": "/min", "for_min": 30.0,
        "usual": 60.0, "by": 20.0,
    }  # fmt: skip


def halves(quantity: str, values: Iterable[float], begin: float) -> list[Event]:
    """One value for each half-hour from `begin` on."""
    starts = [(value, begin + n * HALF) for n, value in enumerate(values)]
    return [one for value, start in starts for one in stream(quantity, value, start, start + HALF)]


def test_it_says_numbers_to_the_tenth() -> None:
    usual = halves("heart_rate", [60, 60, 76] * 4, 0.0)
    nights = [replace(one, at=one.at + start) for start, _ in NIGHTS[:3] for one in usual if isinstance(one, Reading)]
    events = [*nights, *stream("heart_rate", 104, FIFTH, FIFTH + H)]
    _, (_, finding) = live(rule(), events)
    assert finding.reasons[0].to_json() == {
        "code": "away_from_normal", "quantity": "heart_rate", "value": 104, "unit": "/min", "for_min": 30.0,
        "usual": 65.3, "by": 28.3,
    }  # fmt: skip


def of_their_own(*limits: tuple[str, float], night: DailySpan = NIGHT) -> BaselineRule:
    """The rule of r-1 with these limits and this night."""
    r1, r2 = SITE.residents.values()
    return BaselineRule(ground(Site.of([replace(r1, limits=limits, night=night), r2], SITE.bindings.values())), R1)


def test_a_residents_own_difference_counts() -> None:
    events = [*nights("heart_rate", 60), *stream("heart_rate", 70, FIFTH, FIFTH + H)]
    assert [at for at, _ in live(of_their_own(), events)] == [HALF]
    assert [at for at, _ in live(of_their_own(("baseline.heart_rate_by", 10.0)), events)] == [HALF, FIFTH + HALF]


@pytest.mark.parametrize(("until", "away"), [(9 * H, True), (6 * H, False)])
def test_a_resident_has_a_night_of_their_own(until: float, away: bool) -> None:
    morning = FIFTH + 7 * H
    events = [*nights("heart_rate", 60), *stream("heart_rate", 85, morning, morning + H)]
    found = live(of_their_own(night=DailySpan(21 * H, until)), events)
    assert [at for at, _ in found] == [HALF, *([morning + HALF] if away else [])]


def test_three_quarters_of_the_difference_are_still_away() -> None:
    usual = [*nights("heart_rate", 60, (0, 1)), *stream("heart_rate", 60, NIGHTS[2][0], NIGHTS[2][0] + 7 * HALF)]
    away = halves("heart_rate", [92, 85, 84, 60], FIFTH)  # the 32nd span moves 60 to 61, and 85 is away by 24 of 32
    found = live(of_their_own(("baseline.heart_rate_by", 32.0)), [*usual, *away])
    assert [(at, one.active) for at, one in found[1:]] == [(FIFTH + HALF, True), (FIFTH + 3 * HALF, False)]


def test_it_is_over_when_it_is_well_inside() -> None:
    edge = stream("heart_rate", 76, FIFTH + HALF, FIFTH + 2 * HALF)  # away by 15.9: not yet
    inside = stream("heart_rate", 72, FIFTH + 2 * HALF, FIFTH + 3 * HALF)
    end = stream("heart_rate", 60, FIFTH + 3 * HALF, FIFTH + 5 * HALF)
    found = told(nights("heart_rate", 60), stream("heart_rate", 85, FIFTH, FIFTH + HALF), edge, inside, end)
    assert found == [
        LEARNS, (FIFTH + HALF, True, "away_from_normal"), (FIFTH + 3 * HALF, False, "near_normal"),
    ]  # fmt: skip


def test_two_quantities_are_one_matter() -> None:
    usual = [*nights("heart_rate", 60), *nights("spo2", 97)]
    away = [*stream("heart_rate", 85, FIFTH, FIFTH + HALF), *stream("spo2", 91, FIFTH, FIFTH + 2 * HALF)]
    back = [
        *stream("heart_rate", 60, FIFTH + HALF, FIFTH + 5 * HALF),
        *stream("spo2", 97, FIFTH + 2 * HALF, FIFTH + 5 * HALF),
    ]
    assert told(usual, away, back) == [
        LEARNS, (FIFTH + HALF, True, "away_from_normal"), (FIFTH + 3 * HALF, False, "near_normal"),
    ]  # fmt: skip


def test_three_days_are_needed() -> None:
    assert told(nights("heart_rate", 60, range(2)), stream("heart_rate", 90, NIGHTS[2][0], NIGHTS[2][1])) == [LEARNS]


@pytest.mark.parametrize(("begin", "away"), [(HALF, True), (HALF + 1, False)])
def test_three_days_to_the_second(begin: float, away: bool) -> None:
    third = NIGHTS[3][0]
    usual = [*stream("heart_rate", 60, begin, NIGHTS[0][1]), *nights("heart_rate", 60, (1, 2))]
    found = told(usual, stream("heart_rate", 90, third, third + 2 * HALF))
    assert found[0] == (begin + HALF, False, "normal_unknown")
    assert found[1:] == ([(third + HALF, True, "away_from_normal")] if away else [])


def test_who_differs_much_by_nature_may_differ() -> None:
    usual = [event for n in range(4) for k, begin in enumerate(islice(count(NIGHTS[n][0], HALF), 12)) for event in
             stream("heart_rate", 60 + (16 if k % 2 else 0), begin, begin + HALF)]  # fmt: skip
    assert told(usual, stream("heart_rate", 92, FIFTH, FIFTH + 2 * H)) == [LEARNS]  # 24 away, usually 8
    assert told(usual, stream("heart_rate", 104, FIFTH, FIFTH + H))[1:] == [(FIFTH + HALF, True, "away_from_normal")]


def test_nights_and_days_are_apart() -> None:
    begins = [(8 * H + day * DAY_S, 14 * H + day * DAY_S) for day in range(4)]
    days = [event for begin, end in begins for event in stream("heart_rate", 85, begin, end)]
    night = stream("heart_rate", 62, FIFTH, FIFTH + 2 * H)
    assert told(nights("heart_rate", 60), days, night) == [LEARNS]
    across = stream("heart_rate", 85, NIGHTS[4][1] - HALF / 2, NIGHTS[4][1] + HALF / 2 + 240)
    assert told(nights("heart_rate", 60), days, across) == [LEARNS]


def test_an_active_half_hour_is_no_normal() -> None:
    on = ground()
    begins = Act("activity", R1, FIFTH, "wang")
    events = [*nights("heart_rate", 60), begins, *stream("heart_rate", 90, FIFTH, FIFTH + H)]
    assert [at for at, _ in live(BaselineRule(on, R1), events, on=on)] == [HALF]


def test_only_good_live_plausible_values_of_a_resident_in_known_time_count() -> None:
    usual = [*nights("heart_rate", 60), *nights("respiratory_rate", 14)]
    end = reading("heart_rate", 60, FIFTH + HALF)
    times = [FIFTH + n for n in range(100)]
    for odd in (
        [reading("heart_rate", 120, at, Quality.UNCERTAIN) for at in times],
        [Reading("dev-1", "heart_rate", 120, at, stored=True) for at in times],
        [reading("heart_rate", 301, at) for at in times],
        [reading("systolic", 120, at) for at in times],
        [reading("respiratory_rate", 0, at) for at in times],
        [reading("heart_rate", 120, at) for at in times[:9]],  # too few
    ):
        assert told(usual, [*odd, end, reading("respiratory_rate", 14, FIFTH + HALF)]) == [LEARNS]
    for nobody in (device("contact"), Subject(SubjectKind.DEVICE, "r-1", "201")):
        assert live(BaselineRule(ground(), nobody), usual) == []
    blind = rule()
    assert [one for event in usual for one in blind.feed(event, Moment(event.at, 0.0, wall_known=False))] == []


def test_it_hears_what_it_learns() -> None:
    assert set(BASELINE_ROW.quantities) == {"heart_rate", "pulse_rate", "spo2", "respiratory_rate"}


@pytest.mark.parametrize(
    ("values", "median"),
    [
        ([5.0] * 9, None), ([5.0] * 10, 5), ([1.0] * 5 + [9.0] * 5, 9), ([1.0] * 6 + [9.0] * 5, 1),
        ([1.0] * 4 + [5.0] * 3 + [9.0] * 4, 5),
        ([9.4] * 6 + [1.0] * 2 + [20.0] * 3, 9),
    ],
)  # fmt: skip
def test_the_middle_of_a_span(values: list[float], median: int | None) -> None:
    span = Span(0.0, night=True)
    for value in values:
        span.take(value)
    assert span.median() == median


def learned(medians: Iterator[float], spans: int) -> OwnNormal:
    normal = OwnNormal()
    for number, median in enumerate(islice(medians, spans)):
        normal.learn(median, number * HALF, 1e9)
    return normal


def test_a_normal_is_known_from_enough_spans_and_days() -> None:
    normal = learned(iter([60.0] * LEAST_SPANS), LEAST_SPANS)
    assert normal.known(100.0, 100.0)
    assert not normal.known(99.9, 100.0)
    assert not learned(iter([60.0] * LEAST_SPANS), LEAST_SPANS - 1).known(1e9, 100.0)
    assert not OwnNormal().known(1e9, 0.0)


def test_it_is_the_mean_and_how_far_one_is_from_it() -> None:
    normal = learned(iter([60.0, 64.0, 62.0]), 3)
    assert normal.mean == pytest.approx(62.0)
    assert normal.spread == pytest.approx(4.0 * 0.5 * 2 / 3)
    normal.learn(162.0, 0.0, 8.0)
    assert normal.mean == pytest.approx(64.0)  # a quarter of 8
    normal.learn(-100.0, 0.0, 10.0)
    assert normal.mean == pytest.approx(62.0)


def test_a_lasting_change_becomes_the_new_normal() -> None:
    normal = learned(iter([60.0] * 5000), 5000)
    normal.learn(60.0 + MEMORY, 0.0, 1e9)
    assert normal.mean == pytest.approx(61.0)
    assert normal.spread == pytest.approx(1.0)


def test_memory_does_not_grow() -> None:
    under_test = rule()
    for n in range(20_000):
        found: Iterable[Finding] = under_test.feed(
            reading("heart_rate", 60 + n % 20, 60.0 * n), Moment(60.0 * n, NOON + 60.0 * n)
        )
        assert len(list(found)) <= 1
    assert len(under_test._spans) == 1
    assert len(under_test._normals) == 2
    assert len(under_test._spans["heart_rate"]._counts) <= 20
