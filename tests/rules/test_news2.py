"""NEWS2 of a resident: of fresh values only, whole or not at all."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority, Said
from agent.rules.news2 import NEWS2_ROW, News2Rule
from agent.rules.recent import Recent
from drivers.reading import Quality, Reading
from tests.rules.ward import R1, R2, at, declined, ground, live, play, reading

MIN = 60.0
H = 3600.0


def rule(about: Subject = R1) -> News2Rule:
    return News2Rule(ground(), about)


def act(name: str, value: str | bool, when: float = 1.0, about: Subject = R1) -> Act:
    return Act(name, about, when, "wang", value)


def measured(when: float = 2.0, /, **but: float) -> list[Event]:
    values = {"systolic": 120.0, "body_temperature": 37.0, "respiratory_rate": 16.0, "spo2": 97.0, "heart_rate": 70.0}
    return [reading(name, value, when) for name, value in {**values, **but}.items()]


def whole(level: str = "A", /, **but: float) -> list[Event]:
    return [act("consciousness", level), *measured(2.0, **but)]


def told(said: Iterable[tuple[float, Said]]) -> list[tuple[float, Priority, bool]]:
    return [(when, one.priority, one.active) for when, one in said if isinstance(one, Finding)]


@pytest.mark.parametrize(
    ("but", "found"),
    [
        ({}, [(2.0, Priority.LOW, False)]),
        ({"heart_rate": 111.0, "spo2": 92.0}, [(2.0, Priority.LOW, False)]),  # 4
        ({"heart_rate": 131.0}, [(2.0, Priority.MEDIUM, True)]),  # one of 3
        ({"heart_rate": 111.0, "spo2": 92.0, "respiratory_rate": 11.0}, [(2.0, Priority.MEDIUM, True)]),  # 5
        ({"heart_rate": 111.0, "spo2": 92.0, "respiratory_rate": 24.0}, [(2.0, Priority.MEDIUM, True)]),  # 6
        (
            {"heart_rate": 111.0, "spo2": 92.0, "respiratory_rate": 24.0, "systolic": 110.0},  # 7
            [(2.0, Priority.HIGH, True)],
        ),
    ],
)
def test_what_the_score_comes_to(but: dict[str, float], found: list[tuple[float, Priority, bool]]) -> None:
    assert told(play(rule(), whole(**but))) == found


def test_its_reasons_are_the_parameters_and_their_points() -> None:
    events = [act("oxygen", True), *whole("V", heart_rate=111.0, body_temperature=38.1)]
    ((when, finding),) = live(rule(), events)
    assert (when, finding.kind, finding.subject, finding.priority) == (2.0, "news2", R1, Priority.HIGH)
    assert [reason.text() for reason in finding.reasons] == [
        "NEWS2 8", "breathing rate 16: 0", "SpO2 97: 0", "air or oxygen oxygen: 2", "systolic pressure 120: 0",
        "pulse 111: 2", "consciousness answers to voice: 3", "body temperature 38.1: 1",
    ]  # fmt: skip
    assert finding.reasons[-2].text("zh") == "意识 对声音有反应：3 分"
    ((_, on_air),) = live(rule(), whole("V"))
    assert on_air.reasons[3].to_json() == {"code": "news2_part", "parameter": "oxygen", "shown": "air", "points": 0}


@pytest.mark.parametrize("gone", ["systolic", "body_temperature", "respiratory_rate", "spo2", "heart_rate"])
def test_with_one_missing_it_raises_nothing_and_says_so_once(gone: str) -> None:
    events = [act("oxygen", True), *whole("U", respiratory_rate=25.0, heart_rate=131.0, systolic=90.0)]
    left = [event for event in events if not (isinstance(event, Reading) and event.quantity == gone)]
    again = [reading("systolic" if gone != "systolic" else "body_temperature", 90 if gone != "systolic" else 37, 40.0)]
    said = play(rule(), [*left, *again])
    assert told(said) == []
    ((_, decline),) = declined(said)
    assert decline.kind == "news2"
    assert decline.reasons[0].code == "news2_partial"
    assert {dict(reason.values)["parameter"] for reason in decline.reasons if reason.code == "news2_missing"} >= {gone}


def test_a_band_that_says_it_is_off_measures_nobody() -> None:
    off, on = reading("worn", value=False, at=1.5), reading("worn", value=True, at=3.0)
    assert told(play(rule(), [act("consciousness", "A"), off, *measured(heart_rate=131.0)])) == []
    again = [act("consciousness", "A"), off, on, *measured(4.0, heart_rate=131.0)]
    assert told(play(rule(), again)) == [(4.0, Priority.MEDIUM, True)]
    others = [act("consciousness", "A"), replace(off, device="dev-2"), *measured(heart_rate=131.0)]
    assert told(play(rule(), others)) == [(2.0, Priority.MEDIUM, True)]


def test_a_part_that_alarms_again_later_is_left_anew() -> None:
    events = [reading("systolic", value, float(n + 1)) for n, value in enumerate([90, 90, 120, 90])]
    said = declined(play(rule(), events))
    assert [when for when, _ in said] == [1.0, 4.0]
    assert said[0][1].reasons[0].text() == "partial score 2/7: 3 so far, no NEWS2"


def test_without_a_persons_word_it_is_none() -> None:
    assert told(play(rule(), measured(heart_rate=131.0))) == []
    assert told(play(rule(), [act("consciousness", "X"), *measured(heart_rate=131.0)])) == []
    assert told(play(rule(), [act("consciousness", "C"), *measured()])) == [(2.0, Priority.MEDIUM, True)]


@pytest.mark.parametrize(
    ("later", "name", "fresh"),
    [
        (15 * MIN, "heart_rate", True), (15 * MIN + 1, "heart_rate", False),
        (15 * MIN, "spo2", True), (15 * MIN + 1, "spo2", False),
        (15 * MIN, "respiratory_rate", True), (15 * MIN + 1, "respiratory_rate", False),
        (8 * H, "systolic", True), (8 * H + 1, "systolic", False),
        (8 * H, "body_temperature", True), (8 * H + 1, "body_temperature", False),
        (8 * H, "consciousness", True), (8 * H + 1, "consciousness", False),
    ],
)  # fmt: skip
def test_what_is_stale_is_refused(later: float, name: str, fresh: bool) -> None:
    under_test = rule()
    play(under_test, [act("consciousness", "A", 10.0), *measured(10.0)])
    vitals = under_test.values(at(10.0 + later))
    assert (getattr(vitals, name) is not None) is fresh


def test_oxygen_stands_until_somebody_says_otherwise() -> None:
    under_test = rule()
    play(under_test, [act("oxygen", True)])
    assert under_test.values(at(90 * H)).oxygen
    play(under_test, [act("oxygen", "maybe", 2.0)])
    assert under_test.values(at(2.0)).oxygen
    play(under_test, [act("oxygen", False, 3.0), act("oxygen", "maybe", 4.0), act("consciousness", True, 5.0)])
    assert not under_test.values(at(5.0)).oxygen


def test_what_is_no_word_and_no_value_judges_nothing() -> None:
    under_test = rule()
    play(under_test, [*whole(heart_rate=131.0), *measured(40.0), *measured(70.0)])
    late = 70.0 + 15 * MIN  # what was measured is still fresh, and all has been well for long enough
    odd: list[Event] = [
        reading("heart_rate", 70, late, Quality.UNCERTAIN),
        Reading("dev-1", "heart_rate", 70, late, stored=True),
        reading("heart_rate", 400, late),
        reading("respiratory_rate", 0, late),
        reading("glucose", 5.0, late),
    ]
    assert play(under_test, [act("consciousness", "X", late), act("oxygen", "maybe", late), *odd]) == []
    assert told(play(under_test, [reading("systolic", 120, late)])) == [(late, Priority.LOW, False)]


def test_scale_2_is_the_residents() -> None:
    said = play(rule(R2), [act("consciousness", "A", about=R2), *measured(spo2=89.0)])
    assert told(said) == [(2.0, Priority.LOW, False)]


def test_it_is_over_after_a_quarter_of_an_hour_below() -> None:
    events = whole(heart_rate=131.0)
    well: list[Event] = [one for n in range(1, 60) for one in measured(2.0 + 30 * n)]
    said = told(play(rule(), [*events, *well]))
    first_well = next(2.0 + 30 * n for n in range(1, 60) if n + 1 > 2)  # its middle is well with the second good value
    assert said[0] == (2.0, Priority.MEDIUM, True)
    assert said[1:] == [(first_well - 30 + 15 * MIN, Priority.LOW, False)]


def test_it_gets_worse_and_never_milder_and_a_relapse_begins_the_quarter_anew() -> None:
    worse: list[Event] = [act("consciousness", "V", 100.0), act("oxygen", True, 101.0), reading("systolic", 91, 102.0)]
    milder: list[Event] = [
        act("consciousness", "A", 200.0),
        act("consciousness", "C", 800.0),
        act("consciousness", "A", 900.0),
    ]
    end: list[Event] = [
        reading("systolic", 120.0, 190.0),
        *milder,
        *measured(1000.0),
        *measured(1799.0),
        *measured(1800.0 + 30.0),
    ]
    said = told(play(rule(), [*whole(heart_rate=111.0), *worse, *end]))
    assert said == [
        (2.0, Priority.LOW, False),
        (100.0, Priority.MEDIUM, True),
        (101.0, Priority.HIGH, True),
        (1830.0, Priority.LOW, False),
    ]


def test_only_good_live_and_plausible_values_count() -> None:
    odd: list[Event] = [
        reading("heart_rate", 140, 40.0, Quality.UNCERTAIN),
        Reading("dev-1", "heart_rate", 140, 80.0, stored=True),
        reading("heart_rate", 400, 120.0),
        reading("systolic", 20, 120.0),
        reading("respiratory_rate", 0, 120.0),
    ]
    under_test = rule()
    assert told(play(under_test, [*whole(), *odd])) == [(2.0, Priority.LOW, False)]
    vitals = under_test.values(at(120.0))
    assert (vitals.heart_rate, vitals.systolic, vitals.respiratory_rate) == (70.0, 120.0, 16.0)
    assert play(rule(Subject(SubjectKind.DEVICE, "r-1", "201")), whole(heart_rate=131.0)) == []


def test_an_artefact_of_a_minute_and_a_half_moves_nothing() -> None:
    steady: list[Event] = [reading("spo2", 97, 30.0 * n) for n in range(1, 20)]
    dip: list[Event] = [reading("spo2", 75, 600.0 + n) for n in range(91)]
    rest = [
        e for n in range(1, 23) for e in measured(30.0 * n) if not (isinstance(e, Reading) and e.quantity == "spo2")
    ]
    events = sorted([act("consciousness", "A"), *steady, *dip, *rest], key=lambda event: event.at)
    assert [one for one in told(play(rule(), events)) if one[2]] == []


def test_who_is_no_resident_has_no_score() -> None:
    assert list(News2Rule(ground(), Subject(R1.kind, "nobody", "")).feed(reading("systolic", 80, 1.0), at(1.0))) == []


def test_it_hears_all_that_the_chart_asks_for() -> None:
    assert {*NEWS2_ROW.quantities, *NEWS2_ROW.acts} == {
        "heart_rate", "pulse_rate", "spo2", "respiratory_rate", "systolic", "body_temperature", "oxygen",
        "consciousness", "worn",
    }  # fmt: skip


def test_the_middle_of_what_was_told_lately() -> None:
    recent = Recent(every_s=30.0, kept=3)
    assert recent.middle(0.0, 900.0) is None
    assert [recent.take(value, when) for value, when in [(5.0, 0.0), (9.0, 29.9), (7.0, 30.0)]] == [True, False, True]
    assert not recent.take(4.0, 30.0)
    assert not recent.take(4.0, 30.5)
    assert recent.middle(30.5, 900.0) == 5.0  # of two the lower
    assert recent.take(6.0, 60.0)
    assert recent.middle(60.0, 900.0) == 6.0
    assert recent.take(1.0, 90.0)  # the first one is gone
    assert recent.middle(90.0, 900.0) == 6.0
    assert recent.middle(90.0, 30.0) == 1.0
    assert recent.take(2.0, 10.0)  # a clock that went back keeps nothing out
