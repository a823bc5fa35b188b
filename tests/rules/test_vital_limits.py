"""Each limit at its boundary, in value and in time."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.rules.finding import Finding, Priority
from agent.rules.settings import RuleSettings
from agent.rules.vital_limits import WATCHES, VitalLimitRule
from drivers.reading import Quality, Reading
from tests.rules.ward import R1, device, ground, live, reading

SHIPPED = Path(__file__).resolve().parents[2] / "config" / "rules.toml"
WATCH = {watch.kind: watch for watch in WATCHES}


def rule(kind: str, name: str = "dev-1") -> VitalLimitRule:
    return VitalLimitRule(WATCH[kind], ground(), device(name))


def stream(quantity: str, value: float, start: int, seconds: int, quality: Quality = Quality.GOOD) -> list[Reading]:
    return [reading(quantity, value, float(at), quality) for at in range(start, start + seconds + 1)]


def raised(found: list[tuple[float, Finding]]) -> list[tuple[float, Priority]]:
    return [(at, finding.priority) for at, finding in found if finding.active]


# kind, quantity, value at the limit, first value inside it, priority, seconds (domain 2.3)
BOUNDS = [
    ("heart_rate_low", "heart_rate", 50, 51, Priority.MEDIUM, 300),
    ("heart_rate_low", "heart_rate", 40, 41, Priority.HIGH, 60),
    ("heart_rate_high", "pulse_rate", 111, 110, Priority.MEDIUM, 300),
    ("heart_rate_high", "heart_rate", 131, 130, Priority.HIGH, 60),
    ("spo2_low", "spo2", 91, 92, Priority.MEDIUM, 180),
    ("spo2_low", "spo2", 87, 88, Priority.HIGH, 60),
    ("respiratory_rate_low", "respiratory_rate", 9, 10, Priority.MEDIUM, 180),
    ("respiratory_rate_low", "respiratory_rate", 8, 9, Priority.HIGH, 120),
    ("respiratory_rate_high", "respiratory_rate", 24, 23, Priority.MEDIUM, 180),
    ("respiratory_rate_high", "respiratory_rate", 27, 26, Priority.HIGH, 120),
]


@pytest.mark.parametrize(("kind", "quantity", "at_limit", "inside", "priority", "seconds"), BOUNDS)
def test_each_limit_at_its_boundary(
    kind: str, quantity: str, at_limit: float, inside: float, priority: Priority, seconds: int
) -> None:
    assert raised(live(rule(kind), stream(quantity, at_limit, 1, seconds)))[-1] == (1.0 + seconds, priority)
    assert (1.0 + seconds, priority) not in raised(live(rule(kind), stream(quantity, inside, 1, seconds)))
    short = raised(live(rule(kind), stream(quantity, at_limit, 1, seconds - 1)))
    assert priority not in [p for _, p in short]


def test_a_resident_on_scale_2_has_limits_of_their_own() -> None:
    assert live(rule("spo2_low", "dev-2"), stream("spo2", 86, 1, 600)) == []
    assert raised(live(rule("spo2_low", "dev-2"), stream("spo2", 83, 1, 60))) == [(61.0, Priority.HIGH)]


def test_it_gets_worse_and_ends_only_well_inside_the_limit() -> None:
    events = [*stream("spo2", 90, 1, 180), *stream("spo2", 85, 182, 60), *stream("spo2", 92, 243, 5)]
    under_test = rule("spo2_low")
    found = live(under_test, [*events, reading("spo2", 93, 250.0)])
    assert [(at, f.priority, f.active) for at, f in found] == [
        (181.0, Priority.MEDIUM, True),
        (242.0, Priority.HIGH, True),
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
    assert found == [(63.0, Priority.HIGH)]


def test_silence_does_not_count_as_persistence() -> None:
    found = live(rule("spo2_low"), [reading("spo2", 80, 1.0), reading("spo2", 80, 500.0)], until=900)
    assert found == []


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
