"""Each limit at its boundary, in value and in time."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.detection.acts import Act
from agent.moment import Moment
from agent.residents import Site
from agent.rules.finding import Finding, Priority
from agent.rules.settings import RuleSettings
from agent.rules.vital_limits import WATCHES, VitalLimitRule
from drivers.reading import Quality, Reading
from tests.rules.ward import MIDNIGHT, R1, SITE, declined, device, ground, live, play, reading, said_as

SHIPPED = Path(__file__).resolve().parents[2] / "config" / "rules.toml"
NOON = MIDNIGHT + 12 * 3600
WATCH = {watch.kind: watch for watch in WATCHES}
MEDIUM, HIGH = Priority.MEDIUM, Priority.HIGH


def rule(kind: str, name: str = "dev-1") -> VitalLimitRule:
    return VitalLimitRule(WATCH[kind], ground(), device(name))


def stream(quantity: str, value: float, start: int, seconds: int, quality: Quality = Quality.GOOD) -> list[Reading]:
    return [reading(quantity, value, float(at), quality) for at in range(start, start + seconds + 1)]


def raised(found: list[tuple[float, Finding]]) -> list[tuple[float, Priority]]:
    return [(at, finding.priority) for at, finding in found if finding.active]


# kind, quantity, value at the limit, first value inside it, priority, seconds (domain 2.3)
BOUNDS = [
    ("heart_rate_low", "heart_rate", 50, 51, MEDIUM, 300),
    ("heart_rate_low", "heart_rate", 40, 41, HIGH, 60),
    ("heart_rate_high", "pulse_rate", 111, 110, MEDIUM, 300),
    ("heart_rate_high", "heart_rate", 131, 130, HIGH, 60),
    ("spo2_low", "spo2", 91, 92, MEDIUM, 180),
    ("spo2_low", "spo2", 87, 88, HIGH, 60),
    ("respiratory_rate_low", "respiratory_rate", 9, 10, MEDIUM, 180),
    ("respiratory_rate_low", "respiratory_rate", 8, 9, HIGH, 120),
    ("respiratory_rate_high", "respiratory_rate", 24, 23, MEDIUM, 180),
    ("respiratory_rate_high", "respiratory_rate", 27, 26, HIGH, 120),
]


@pytest.mark.parametrize(("kind", "quantity", "at_limit", "inside", "priority", "seconds"), BOUNDS)
def test_each_limit_at_its_boundary(
    kind: str, quantity: str, at_limit: float, inside: float, priority: Priority, seconds: int
) -> None:
    at_it = raised(live(rule(kind), stream(quantity, at_limit, 1, seconds), wall=NOON))
    assert at_it[-1] == (1.0 + seconds, priority)
    assert (1.0 + seconds, priority) not in raised(live(rule(kind), stream(quantity, inside, 1, seconds), wall=NOON))
    short = raised(live(rule(kind), stream(quantity, at_limit, 1, seconds - 1), wall=NOON))
    assert priority not in [p for _, p in short]


@pytest.mark.parametrize(
    ("kind", "quantity", "at_limit", "inside", "seconds"),
    [(kind, quantity, at, inside, for_s) for kind, quantity, at, inside, step, for_s in BOUNDS if step is MEDIUM],
)
def test_who_was_well_comes_to_the_limit_itself_and_back(
    kind: str, quantity: str, at_limit: float, inside: float, seconds: int
) -> None:
    step, back = inside - at_limit, 1.0 if quantity == "respiratory_rate" else 2.0
    events = [*stream(quantity, at_limit + 4 * step, 1, 9), *stream(quantity, at_limit, 11, seconds)]
    last = [0.5, back - 0.5, back]  # inside the limit, and well inside
    events += [reading(quantity, at_limit + step * one, 400.0 + n) for n, one in enumerate(last)]
    found = live(rule(kind), events, wall=NOON)
    assert [(when, one.active) for when, one in found] == [(1.0, False), (11.0 + seconds, True), (402.0, False)]
    assert raised(found) == [(11.0 + seconds, MEDIUM)]


def test_a_resident_on_scale_2_has_limits_of_their_own() -> None:
    assert live(rule("spo2_low", "dev-2"), stream("spo2", 86, 1, 600)) == []
    assert raised(live(rule("spo2_low", "dev-2"), stream("spo2", 83, 1, 60))) == [(61.0, HIGH)]


def test_it_gets_worse_and_ends_only_well_inside_the_limit() -> None:
    events = [*stream("spo2", 89, 1, 180), *stream("spo2", 85, 182, 60), *stream("spo2", 92, 243, 5)]
    under_test = rule("spo2_low")
    found = live(under_test, [*events, reading("spo2", 93, 250.0)])
    assert [(at, f.priority, f.active) for at, f in found] == [
        (181.0, MEDIUM, True),
        (242.0, HIGH, True),
        (250.0, Priority.LOW, False),
    ]
    assert found[1][1].reasons[0].text() == "SpO2 85 % ≤ 87 for 60 s"
    assert found[1][1].subject == R1
    assert live(under_test, stream("spo2", 97, 251, 20)) == []


def test_the_first_normal_value_ends_an_alarm_from_before_a_restart() -> None:
    assert [(at, f.active) for at, f in live(rule("spo2_low"), stream("spo2", 97, 1, 3))] == [(1.0, False)]


def test_a_dip_under_poor_signal_never_alarms_and_a_true_one_is_not_forgotten() -> None:
    assert live(rule("spo2_low"), stream("spo2", 70, 1, 600, Quality.UNCERTAIN)) == []
    poor = [reading("spo2", 85, 31.0, Quality.UNCERTAIN)]
    found = raised(live(rule("spo2_low"), [*stream("spo2", 85, 1, 29), *poor, *stream("spo2", 85, 32, 60)]))
    assert found == [(62.0, HIGH)]


def test_no_breath_counted_is_no_slow_breath() -> None:
    assert raised(live(rule("respiratory_rate_low"), stream("respiratory_rate", 0, 1, 300))) == []
    assert raised(live(rule("respiratory_rate_low"), stream("respiratory_rate", 1, 1, 120))) == [(121.0, HIGH)]


def test_silence_does_not_count_as_persistence() -> None:
    found = live(rule("spo2_low"), [reading("spo2", 80, 1.0), reading("spo2", 80, 500.0)], until=900)
    assert found == []


def every(step: float, quantity: str, values: list[float], start: float = 1.0) -> list[Reading]:
    return [reading(quantity, value, start + step * n) for n, value in enumerate(values)]


@pytest.mark.parametrize("step", [1.0, 5.0, 20.0, 30.0, 60.0])
def test_it_raises_in_the_same_time_at_any_sampling(step: float) -> None:
    well = 20
    values = [*[95.0] * well, 93, 91, 89, 87.5, *[86.0] * 200]
    found = raised(live(rule("spo2_low"), every(step, "spo2", values)))
    first_low = 1.0 + step * (well + 4)
    assert (first_low + 60.0, HIGH) in found
    assert found[-1][0] <= first_low + 60.0


@pytest.mark.parametrize("step", [1.0, 4.0, 10.0, 30.0, 60.0])
@pytest.mark.parametrize("low", [70.0, 80.0, 88.0])
@pytest.mark.parametrize("length", [5.0, 60.0, 90.0])
def test_an_artefact_of_good_quality_is_left_with_its_reasons(step: float, low: float, length: float) -> None:
    begin = 900.0
    times = [1.0 + step * n for n in range(int(1800 / step))]
    events = [reading("spo2", low if begin <= t <= begin + length else 96, t) for t in times]
    said = play(rule("spo2_low"), events)
    assert [one for _, one in said if isinstance(one, Finding) and one.active] == []
    dips = [t for t in times if begin <= t <= begin + length]
    assert len(declined(said)) == (1 if dips else 0)
    if dips:
        over = min(t for t in times if t > begin + length)
        (when, decline) = declined(said)[0]
        assert (when, decline.kind, decline.subject, decline.device) == (over, "spo2_low", R1, "dev-1")
        assert decline.reasons[0].to_json() == {
            "code": "sudden_dip", "quantity": "spo2", "before": 96.0, "value": low, "for_s": over - dips[0],
        }  # fmt: skip


@pytest.mark.parametrize(("fall", "seconds"), [(4.0, 60), (4.5, 180)])
def test_a_jump_needs_two_more_minutes_and_then_it_counts(fall: float, seconds: int) -> None:
    events = [*stream("spo2", 87 + fall, 1, 9), *stream("spo2", 87, 11, 400)]
    assert (11.0 + seconds, HIGH) in raised(live(rule("spo2_low"), events))
    assert raised(live(rule("spo2_low"), events[: 10 + seconds]))[:1] in ([], [(191.0, MEDIUM)])


@pytest.mark.parametrize(
    ("step", "last", "seconds"),
    [
        (10.0, (91.5, 89.0), 180),
        (10.0, (91.0, 89.0), 60),
        (10.0, (93.0, 90.0, 88.0), 60),  # three values before it does not count
        (0.5, (91.5, 90.0, 88.0), 60),  # nor where all three came in two seconds
        (30.0, (93.0, 89.5), 60),  # two values of a slow device are no jump
        (30.0, (91.5,), 180),
    ],
)
def test_a_jump_is_what_happens_within_two_values_of_a_quick_device(
    step: float, last: tuple[float, ...], seconds: int
) -> None:
    before = [95.0, 94.0, 93.0, *last]
    found = raised(live(rule("spo2_low"), every(step, "spo2", [*before, *[87.0] * 130])))
    assert [at for at, priority in found if priority is HIGH] == [1.0 + step * len(before) + seconds]


@pytest.mark.parametrize(("gap", "seconds"), [(2.5, 180), (2.6, 60)])
def test_two_and_a_half_seconds_are_soon_for_any_device(gap: float, seconds: int) -> None:
    events = [reading("spo2", 96, 1.0), *every(1.0, "spo2", [85.0] * 200, 1.0 + gap)]
    assert [at for at, step in raised(live(rule("spo2_low"), events)) if step is HIGH] == [1.0 + gap + seconds]


def test_what_was_before_a_doubt_is_what_a_jump_begins_from() -> None:
    doubt = stream("spo2", 80, 11, 60, Quality.UNCERTAIN)
    said = play(
        rule("spo2_low"), [*stream("spo2", 96, 1, 9), *doubt, *stream("spo2", 80, 72, 80), reading("spo2", 95, 153.0)]
    )
    assert [(when, one.reasons[0].code) for when, one in declined(said)] == [(153.0, "sudden_dip")]


def test_a_dip_inside_a_dip_is_no_truer() -> None:
    events = [
        *stream("spo2", 96, 1, 9),
        *stream("spo2", 88, 11, 9),
        *stream("spo2", 86, 21, 68),
        *stream("spo2", 96, 90, 9),
    ]
    said = play(rule("spo2_low"), events)
    assert [(when, dict(one.reasons[0].values)["value"]) for when, one in declined(said)] == [(90.0, 86.0)]
    assert raised([(when, one) for when, one in said if isinstance(one, Finding)]) == []


def test_a_true_low_keeps_its_alarm_through_an_artefact() -> None:
    events = [*stream("spo2", 89, 1, 180), *stream("spo2", 75, 182, 60), *stream("spo2", 89, 243, 30)]
    said = play(rule("spo2_low"), events)
    assert raised([(when, one) for when, one in said if isinstance(one, Finding)]) == [(181.0, MEDIUM)]
    assert [when for when, _ in declined(said)] == [243.0]


def test_a_hand_that_shakes_is_told_once_a_minute() -> None:
    values = [96.0] * 10 + [75.0, 96.0] * 60
    assert [when for when, _ in declined(play(rule("spo2_low"), every(1.0, "spo2", values)))] == [12.0, 72.0]


def test_what_may_not_jump_up_is_left_too() -> None:
    limits = (("vitals.heart_rate_high.jump", 30.0),)
    site = Site.of([replace(SITE.residents["r-1"], limits=limits)], SITE.bindings.values())
    under_test = VitalLimitRule(WATCH["heart_rate_high"], ground(site), device("dev-1", site))
    up = [*stream("heart_rate", 150, 11, 9), *stream("heart_rate", 170, 21, 9), *stream("heart_rate", 160, 31, 9)]
    said = play(under_test, [*stream("heart_rate", 80, 1, 9), *up, reading("heart_rate", 85, 50.0)])
    assert [dict(one.reasons[0].values) for _, one in declined(said)] == [
        {"quantity": "heart_rate", "before": 80.0, "value": 170.0, "for_s": 39.0}
    ]
    assert raised([(when, one) for when, one in said if isinstance(one, Finding)]) == []
    settled = [*stream("heart_rate", 105, 51, 9), *stream("heart_rate", 135, 61, 60)]  # by exactly so much it may
    assert raised(live(under_test, settled)) == [(121.0, HIGH)]


def test_time_between_values_counts_as_it_is() -> None:
    found = raised(live(rule("spo2_low"), every(0.25, "spo2", [85.0] * 300)))
    assert found == [(61.0, HIGH)]
    before = [reading("spo2", 85, 30.0), reading("spo2", 85, 10.0), *stream("spo2", 85, 31, 60)]
    late = VitalLimitRule(WATCH["spo2_low"], ground(), device("dev-1"))
    said = [one for event in before for one in late.feed(event, Moment(event.at, MIDNIGHT))]
    assert [one.at for one in said if isinstance(one, Finding)] == [70.0]  # 21 s and 39 s; a clock that goes back, none


def test_a_heart_may_jump() -> None:
    events = [*stream("heart_rate", 80, 1, 9), *stream("heart_rate", 140, 11, 60)]
    assert said_as(live(rule("heart_rate_high"), events)) == [
        "1 heart_rate_high over low r-1 by dev-1: back_inside quantity=heart_rate value=80",
        "71 heart_rate_high high r-1 by dev-1: at_or_above quantity=heart_rate value=140 unit=/min limit=131 for_s=60",
    ]


@pytest.mark.parametrize(
    ("value", "wall", "found"),
    [
        (43, MIDNIGHT, []),
        (42, MIDNIGHT, [(301.0, MEDIUM)]),
        (39, MIDNIGHT, [(301.0, MEDIUM)]),
        (38, MIDNIGHT, [(61.0, HIGH)]),
        (43, NOON, [(301.0, MEDIUM)]),
    ],
)
def test_a_sleeper_has_a_slower_heart(value: float, wall: float, found: list[tuple[float, Priority]]) -> None:
    assert raised(live(rule("heart_rate_low"), stream("heart_rate", value, 1, 301), wall=wall)) == found


@pytest.mark.parametrize(
    ("hours", "events", "found"),
    [
        (0.0, [("bed_occupied", True, Quality.GOOD)], []),
        (13.9, [("bed_occupied", True, Quality.GOOD), ("bed_occupied", True, Quality.GOOD)], []),
        (14.0, [("bed_occupied", True, Quality.GOOD)], [MEDIUM]),  # the sensor is stuck
        (0.0, [("bed_occupied", True, Quality.UNCERTAIN)], [MEDIUM]),
        (0.0, [("bed_occupied", True, Quality.GOOD), ("bed_occupied", False, Quality.GOOD)], [MEDIUM]),
    ],
)
def test_who_lies_in_bed_by_day_may_sleep(
    hours: float, events: list[tuple[str, bool, Quality]], found: list[Priority]
) -> None:
    on = ground()
    under_test = VitalLimitRule(WATCH["heart_rate_low"], on, device("dev-1"))
    bed = [reading(quantity, value, 1.0 + n, quality) for n, (quantity, value, quality) in enumerate(events)]
    said = live(
        under_test, [*bed, *stream("heart_rate", 45, int(10 + hours * 3600), 300)], wall=NOON - hours * 3600, on=on
    )
    assert [priority for _, priority in raised(said)] == found


def test_without_a_clock_nobody_is_known_to_sleep() -> None:
    under_test = rule("heart_rate_low")
    said = [
        one for r in stream("heart_rate", 45, 1, 300) for one in under_test.feed(r, Moment(r.at, 0.0, wall_known=False))
    ]
    assert [one.priority for one in said if isinstance(one, Finding)] == [MEDIUM]


@pytest.mark.parametrize(("value", "found"), [(130, []), (131, [(311.0, MEDIUM)]), (151, [(71.0, HIGH)])])
def test_an_active_heart_may_be_faster(value: float, found: list[tuple[float, Priority]]) -> None:
    on = ground()
    under_test = VitalLimitRule(WATCH["heart_rate_high"], on, device("dev-1"))
    begins = Act("activity", R1, 5.0, "wang")
    assert raised(live(under_test, [begins, *stream("heart_rate", value, 11, 300)], on=on)) == found


def test_a_device_of_a_place_has_no_resident_and_still_its_limits() -> None:
    under_test = VitalLimitRule(WATCH["heart_rate_high"], ground(), device("contact"))
    events = [reading("heart_rate", 140, float(t), device="contact") for t in range(1, 62)]
    assert raised(live(under_test, events)) == [(61.0, HIGH)]


@given(values=st.lists(st.tuples(st.floats(-10, 400), st.sampled_from(list(Quality)), st.booleans()), max_size=60))
def test_only_good_and_live_values_ever_raise(values: list[tuple[float, Quality, bool]]) -> None:
    for kind in WATCH:
        quantity = WATCH[kind].quantities[0]
        doubtful = [
            Reading("dev-1", quantity, value, 10.0 * n, quality, stored)
            for n, (value, quality, stored) in enumerate(values)
            if quality is not Quality.GOOD or stored
        ]
        assert live(rule(kind), doubtful) == []


@given(values=st.lists(st.floats(20, 100), max_size=80))
def test_verdicts_alternate_and_rise_only(values: list[float]) -> None:
    found = live(rule("spo2_low"), [reading("spo2", value, 10.0 * n) for n, value in enumerate(values)])
    last: Priority | None = None
    for number, (_, finding) in enumerate(found):
        if finding.active:
            assert last is None or finding.priority > last
        else:
            assert last is not None or number == 0
        last = finding.priority if finding.active else None


def test_the_shipped_file_and_the_defaults_are_the_same() -> None:
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    assert TypeAdapter(RuleSettings).validate_python(shipped) == RuleSettings()
    assert set(shipped) == {
        "vitals",
        "news2",
        "baseline",
        "checks",
        "bed_exit",
        "fall",
        "silent_device",
        "devices",
        "hazards",
        "utilities",
        "care",
        "bed",
        "movement",
    }
