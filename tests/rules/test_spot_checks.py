"""One measurement at a time: each step at its boundary, pressures that are measured again, fevers that come again."""

import pytest

from agent.rules.finding import Finding, Priority, Said
from agent.rules.settings import RuleSettings
from agent.rules.spot_checks import SPOTS, SpotCheckRule
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading
from tests.rules.ward import R1, ground, live, play, reading, said_as, tasks

SPOT = {spot.kind: spot for spot in SPOTS}
LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
HOUR = 3600.0


def rule(kind: str, *limits: tuple[str, float]) -> SpotCheckRule:
    return SpotCheckRule(SPOT[kind], ground(settings=RuleSettings().overridden(limits)), R1)


def found(said: list[tuple[float, Said]]) -> list[tuple[float, Priority, bool]]:
    return [(when, one.priority, one.active) for when, one in said if isinstance(one, Finding)]


# kind, value, what one measurement comes to (domain 2.3); None: it is well, or nearly
STEPS = [
    *[
        ("temperature_high", value, priority)
        for value, priority in [
            (37.7, None), (37.8, LOW), (38.0, LOW), (38.1, MEDIUM), (39.0, MEDIUM), (39.1, HIGH), (42.0, HIGH),
        ]
    ],
    *[("temperature_low", v, p) for v, p in [(35.1, None), (35.0, HIGH), (33.0, HIGH)]],
    *[("systolic_low", v, p) for v, p in [(101, None), (100, LOW), (91, LOW), (90, LOW)]],
    *[("systolic_high", v, p) for v, p in [(159, None), (160, LOW), (179, LOW), (180, LOW)]],
    *[("diastolic_high", v, p) for v, p in [(109, None), (110, MEDIUM)]],
    *[("glucose_low", v, p) for v, p in [(4.0, None), (3.9, None), (3.89, MEDIUM), (3.0, MEDIUM), (2.9, HIGH)]],
    *[
        ("glucose_high", value, priority)
        for value, priority in [(13.8, None), (13.9, None), (14.0, LOW), (16.7, LOW), (16.8, MEDIUM), (30.0, MEDIUM)]
    ],
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "priority"), STEPS)
def test_each_step_at_its_boundary(kind: str, value: float, priority: Priority | None) -> None:
    said = live(rule(kind), [reading(SPOT[kind].quantity, value, 5.0)])
    assert [(when, one.kind, one.subject, one.priority, one.device) for when, one in said if one.active] == (
        [(5.0, kind, R1, priority, "dev-1")] if priority else []
    )
    for _, one in said:
        assert dict(one.reasons[0].values)["value"] == value


def test_the_reason_names_the_value_and_its_limit() -> None:
    (one,) = live(rule("temperature_high"), [reading("body_temperature", 38.4, 5.0)])
    assert one[1].reasons[0].text() == "body temperature 38.4 Cel (limit 38.1)"
    assert one[1].reasons[0].text("zh") == "体温 38.4 Cel（上限 38.1）"
    (one,) = live(rule("glucose_low"), [reading("glucose", 3.5, 5.0)])
    assert one[1].reasons[0].to_json() == {
        "code": "measured_low", "quantity": "glucose", "value": 3.5, "unit": "mmol/L", "limit": 3.9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "beyond", "still", "over"),
    [
        ("temperature_high", 38.5, 37.6, 37.5), ("temperature_low", 34.0, 35.2, 35.3), ("systolic_low", 95, 104, 105),
        ("systolic_high", 170, 156, 155), ("glucose_low", 3.5, 4.1, 4.2), ("glucose_high", 15.0, 13.5, 13.4),
        ("diastolic_high", 115, 106, 105),
    ],
)  # fmt: skip
def test_it_is_over_well_inside_the_mildest_step(kind: str, beyond: float, still: float, over: float) -> None:
    quantity = SPOT[kind].quantity
    values = [(beyond, 1.0), (still, 600.0), (over, 1200.0), (over, 1800.0)]
    said = live(rule(kind), [reading(quantity, value, when) for value, when in values])
    assert [(when, one.active, one.device) for when, one in said] == [(1.0, True, "dev-1"), (1200.0, False, "dev-1")]
    assert said[1][1].priority is LOW


def test_the_first_normal_measurement_ends_an_alarm_from_before_a_restart() -> None:
    values = [reading("glucose", 6.0, when) for when in (1.0, 2.0)]
    assert [(when, one.active) for when, one in live(rule("glucose_low"), values)] == [(1.0, False)]


def test_whatever_device_took_it_each_that_raised_says_that_it_is_over() -> None:
    events = [
        reading("body_temperature", 37.9, 1.0, device="ear"),
        reading("body_temperature", 38.9, 60.0, device="patch"),
        reading("body_temperature", 36.5, 120.0, device="third"),
    ]
    said = live(rule("temperature_high"), events)
    assert [(one.device, one.priority, one.active) for _, one in said] == [
        ("ear", LOW, True), ("patch", MEDIUM, True), ("ear", LOW, False), ("patch", LOW, False),
    ]  # fmt: skip


def test_it_gets_worse_at_once_and_milder_only_hours_later() -> None:
    values = [(38.2, 0.0), (38.3, HOUR), (39.2, 2 * HOUR), (38.2, 3 * HOUR), (38.2, 6 * HOUR - 1), (38.2, 6 * HOUR)]
    begin = 10 * HOUR
    said = live(rule("temperature_high"), [reading("body_temperature", v, begin + when) for v, when in values])
    assert [(when - begin, one.priority, one.happening) for when, one in said] == [
        (0.0, MEDIUM, False), (2 * HOUR, HIGH, False), (6 * HOUR, MEDIUM, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "quantity"), [("systolic_high", 185, "systolic"), ("systolic_low", 85, "systolic")]
)
@pytest.mark.parametrize(("again", "confirmed"), [(19.0, False), (20.0, True), (299.0, True)])
def test_a_pressure_is_high_once_it_is_measured_again(
    kind: str, value: float, quantity: str, again: float, confirmed: bool
) -> None:
    events = [reading(quantity, value, 1.0), reading(quantity, value, 1.0 + again)]
    said = play(rule(kind), events)
    raised = [(1.0, LOW, True), *([(1.0 + again, HIGH, True)] if confirmed else [])]
    assert found(said) == raised
    asked = [(when, one.kind, one.subject, one.due, one.active) for when, one in tasks(said)]
    assert asked == [
        (1.0, "measure_again", R1, 301.0, True),
        *([(1.0 + again, "measure_again", R1, None, False)] if confirmed else []),
    ]
    first = next(one for _, one in said if isinstance(one, Finding))
    assert [one.code for one in first.reasons][1:] == ["measure_again"]
    assert dict(first.reasons[1].values) == {"minutes": 5.0}
    if confirmed:
        assert [one.to_json() for one in said[-1][1].reasons][1:] == [{"code": "measured_twice", "for_s": again}]


def test_a_pressure_that_nobody_measures_again_is_medium() -> None:
    under_test = rule("systolic_high")
    said = play(under_test, [reading("systolic", 200, 1.0)], until=900.0)
    assert found(said) == [(1.0, LOW, True), (301.0, MEDIUM, True)]
    assert [(when, one.active) for when, one in tasks(said)] == [(1.0, True), (301.0, False)]
    last = said[-1][1]
    assert [one.code for one in last.reasons] == ["measured_high", "not_measured_again"]
    assert (dict(last.reasons[1].values), getattr(last, "device", "")) == ({"minutes": 5.0}, "dev-1")
    assert found(play(under_test, [reading("systolic", 200, 1000.0), reading("systolic", 200, 1060.0)])) == [
        (1060.0, HIGH, True)
    ]


def test_measured_again_and_milder_it_needs_no_more() -> None:
    values = [(182, 101.0), (170, 120.9), (170, 121.0), (183, 220.0)]
    said = play(rule("systolic_high"), [reading("systolic", v, when) for v, when in values])
    assert found(said) == [(101.0, LOW, True)]
    assert [(when, one.active) for when, one in tasks(said)] == [(101.0, True), (121.0, False), (220.0, True)]
    assert found(play(rule("systolic_high"), [reading("systolic", v, t) for v, t in values[:3]], until=900)) == [
        (101.0, LOW, True)
    ]


def test_what_is_told_twice_at_once_is_no_second_measurement() -> None:
    values = [(182, 1.0), (120, 10.0)]
    high = "measured_high quantity=systolic value=182 unit=mm[Hg] limit=180"
    assert said_as(play(rule("systolic_high"), [reading("systolic", v, t) for v, t in values], until=900)) == [
        f"1 task measure_again due 301 r-1: {high}, measure_again minutes=5",
        f"1 systolic_high low r-1 by dev-1: {high}, measure_again minutes=5",
        "301 done measure_again r-1: ",
        f"301 systolic_high medium r-1 by dev-1: {high}, not_measured_again minutes=5",
    ]
    assert said_as(play(rule("systolic_high"), [reading("systolic", v, t) for v, t in [*values, (120, 21.0)]]))[2:] == [
        "21 done measure_again r-1: ",
        "21 systolic_high over low r-1 by dev-1: back_inside quantity=systolic value=120",
    ]


def test_nobody_measures_again_twice_and_it_is_one_alarm() -> None:
    said = play(rule("systolic_high"), [reading("systolic", 200, when) for when in (1.0, 400.0)], until=900.0)
    assert found(said) == [(1.0, LOW, True), (301.0, MEDIUM, True)]
    assert [(when, one.active) for when, one in tasks(said)] == [
        (1.0, True), (301.0, False), (400.0, True), (700.0, False),
    ]  # fmt: skip


def test_a_pressure_that_stays_high_is_told_again_after_hours() -> None:
    times = [1.0, 60.0, 120.0, 60.0 + 4 * HOUR - 1, 60.0 + 4 * HOUR]
    said = play(rule("systolic_high"), [reading("systolic", 190, when) for when in times])
    assert found(said) == [(1.0, LOW, True), (60.0, HIGH, True), (60.0 + 4 * HOUR, HIGH, True)]
    assert [(when, one.active) for when, one in tasks(said)] == [(1.0, True), (60.0, False)]


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ([(37.3, 0), (37.3, HOUR - 1)], []),
        ([(37.3, 0), (37.3, HOUR)], [HOUR]),
        ([(37.2, 0), (37.3, HOUR)], []),
        ([(37.3, 0), (37.2, HOUR), (37.3, 2 * HOUR)], []),
        ([(37.3, 0), (37.3, 24 * HOUR)], [24 * HOUR]),
        ([(37.3, 0), (37.3, 24 * HOUR + 1)], []),
        ([(37.3, 0), (37.3, 24 * HOUR + 1), (37.3, 25 * HOUR + 1)], [25 * HOUR + 1]),
        ([(37.3, 0), (37.4, HOUR), (37.5, 2 * HOUR)], [HOUR]),
    ],
)
def test_a_little_fever_that_comes_again(values: list[tuple[float, float]], raised: list[float]) -> None:
    said = live(rule("temperature_high"), [reading("body_temperature", v, 1 + when) for v, when in values])
    assert [(when - 1, one.priority) for when, one in said if one.active] == [(when, LOW) for when in raised]


def test_its_reason_tells_of_both_and_a_normal_one_ends_it() -> None:
    values = [(37.4, 1.0), (37.3, 1 + 2 * HOUR), (37.2, 1 + 3 * HOUR)]
    said = live(rule("temperature_high"), [reading("body_temperature", v, when) for v, when in values])
    assert [(when, one.active) for when, one in said] == [
        (1.0, False), (1 + 2 * HOUR, True), (1 + 3 * HOUR, False),
    ]  # fmt: skip
    assert said[-2][1].reasons[0].to_json() == {"code": "fever_again", "value": 37.3, "limit": 37.2, "hours": 2.0}
    assert said[-2][1].reasons[0].text() == "37.3 Cel, above 37.2 as 2.0 h before"


def test_only_good_live_and_possible_measurements_count() -> None:
    bad = [
        *(reading("glucose", 2.0, 1.0, quality) for quality in Quality if quality is not Quality.GOOD),
        Reading("dev-1", "glucose", 2.0, 2.0, stored=True),
        reading("glucose", 0.1, 3.0),
        reading("weight", 20.0, 4.0),
    ]
    assert play(rule("glucose_low"), bad, until=900) == []


def test_a_resident_s_own_step() -> None:
    assert found(play(rule("glucose_low", ("checks.glucose_low.medium", 5.0)), [reading("glucose", 4.9, 1.0)])) == [
        (1.0, MEDIUM, True)
    ]


def test_every_step_is_a_value_that_the_quantity_can_have() -> None:
    checks = RuleSettings().checks
    for spot in SPOTS:
        steps = getattr(checks, spot.kind)
        limits = [one for one in (steps.low, steps.medium, steps.high) if one is not None]
        assert all(QUANTITIES[spot.quantity].admits(one) for one in limits)
        assert sorted(limits, reverse=spot.low) == limits
