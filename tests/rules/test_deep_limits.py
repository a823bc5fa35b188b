"""Oxygen far below its limit: high sooner, and still not for a hand that shakes."""

from dataclasses import replace

import pytest

from agent.residents import Site
from agent.rules.finding import Finding, Priority
from agent.rules.vital_limits import WATCHES, VitalLimitRule
from drivers.reading import Quality, Reading
from tests.rules.ward import SITE, declined, device, ground, live, play, reading

(SPO2,) = (watch for watch in WATCHES if watch.kind == "spo2_low")


def rule(name: str = "dev-1") -> VitalLimitRule:
    return VitalLimitRule(SPO2, ground(), device(name))


def stream(value: float, start: int, seconds: int, quality: Quality = Quality.GOOD) -> list[Reading]:
    return [reading("spo2", value, float(at), quality) for at in range(start, start + seconds + 1)]


def highs(found: list[tuple[float, Finding]]) -> list[float]:
    return [at for at, finding in found if finding.active and finding.priority is Priority.HIGH]


def left(events: list[Reading], under_test: VitalLimitRule | None = None) -> list[float]:
    return [when for when, _ in declined(play(under_test or rule(), events))]


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [("dev-1", 80.0, 40), ("dev-1", 80.5, 60), ("dev-1", 60.0, 40), ("dev-2", 76.0, 40), ("dev-2", 76.5, 60)],
)
def test_what_is_deep_from_the_first_value_on(name: str, value: float, seconds: int) -> None:
    assert highs(live(rule(name), stream(value, 1, 300))) == [1.0 + seconds]
    assert live(rule(name), stream(value, 1, seconds - 1)) == []


@pytest.mark.parametrize(("value", "seconds"), [(80.0, 100), (81.0, 180), (70.0, 100)])
def test_what_falls_at_a_jump(value: float, seconds: int) -> None:
    fall = [*stream(96, 1, 9), *stream(value, 11, 300)]
    assert highs(live(rule(), fall)) == [11.0 + seconds]
    assert highs(live(rule(), fall[: 10 + seconds])) == []
    assert left([*fall[: 10 + seconds], reading("spo2", 96, 11.0 + seconds)]) == [11.0 + seconds]


def test_its_words_are_of_the_limit_that_was_passed() -> None:
    ((_, deep),) = [one for one in live(rule(), [*stream(96, 1, 9), *stream(70, 11, 300)]) if one[1].active]
    assert deep.reasons[0].text() == "SpO2 70 % ≤ 80 for 40 s"
    ((_, high),) = live(rule(), stream(81, 1, 90))
    assert high.reasons[0].text() == "SpO2 81 % ≤ 87 for 60 s"


@pytest.mark.parametrize("fall", [range(95, 80, -3), (93, 90, 88, 86, 84, 82)])
def test_what_sinks_is_believed_at_once(fall: range | tuple[int, ...]) -> None:
    sinking = [one for n, value in enumerate(fall) for one in stream(value, 11 + 10 * n, 9)]
    begin = 11 + 10 * len(fall)
    assert highs(live(rule(), [*stream(96, 1, 9), *sinking, *stream(79, begin, 120)]))[0] <= begin + 40.0


def test_a_jump_from_below_the_high_limit_is_one() -> None:
    low = [*stream(96, 1, 9), *stream(93, 11, 9), *stream(90, 21, 9), *stream(88, 31, 9), *stream(86, 41, 9)]
    assert highs(live(rule(), [*low, *stream(79, 51, 100)])) == [101.0], "the high limit has its time first"


def test_deeper_within_a_jump_is_of_the_same_jump() -> None:
    sinking = [*stream(96, 1, 9), *stream(93, 11, 9), *stream(90, 21, 19)]
    assert highs(live(rule(), [*sinking, *stream(84, 41, 4), *stream(80, 46, 300)])) == [146.0]
    assert highs(live(rule(), [*stream(96, 1, 9), *stream(90, 11, 9), *stream(86, 21, 4), *stream(82, 26, 4),
                               *stream(79, 31, 300)])) == [131.0]  # fmt: skip
    assert highs(live(rule(), [*stream(96, 1, 9), *stream(84, 11, 4), *stream(81, 16, 4), *stream(79, 21, 300)])) == [
        121.0
    ]


@pytest.mark.parametrize("before", [10, 20, 39])
def test_doubtful_values_stop_its_clock_and_do_not_turn_it_back(before: int) -> None:
    doubt = stream(60, 1 + before, 600, Quality.UNCERTAIN)
    events = [*stream(79, 1, before - 1), *doubt, *stream(79, 602 + before, 60)]
    assert highs(live(rule(), events)) == [602.0 + before + 40 - before]


def test_silence_is_no_depth() -> None:
    assert highs(live(rule(), [reading("spo2", 75, 1.0), reading("spo2", 75, 500.0)], until=900)) == []


def test_it_begins_anew_after_a_value_above_it() -> None:
    assert highs(live(rule(), [*stream(80, 1, 38), reading("spo2", 80.5, 40.0), *stream(80, 41, 19)])) == []


def test_what_was_told_is_not_left() -> None:
    fall = [*stream(96, 1, 9), *stream(75, 11, 110)]
    for after in (96.0, 92.0, 89.0):
        under_test = rule()
        assert highs(live(under_test, fall)) == [111.0]
        assert left([reading("spo2", after, 122.0)], under_test) == []
    over = rule()
    assert left([*fall, reading("spo2", 96, 122.0)], over) == []
    assert left([*stream(96, 123, 9), *stream(75, 133, 5), reading("spo2", 96, 139.0)], over) == [139.0]


def test_a_home_without_it_waits_as_long_as_for_any() -> None:
    site = Site.of(
        [replace(SITE.residents["r-1"], limits=(("vitals.spo2_low.deep.at", 65.0),))], SITE.bindings.values()
    )
    under_test = VitalLimitRule(SPO2, ground(site), device("dev-1", site))
    assert highs(live(under_test, stream(66, 1, 100))) == [61.0]
    assert highs(live(rule(), stream(66, 1, 100))) == [41.0]


def test_how_long_a_jump_must_last_is_a_setting() -> None:
    limits = (("vitals.confirm_deep_s", 30.0), ("vitals.spo2_low.deep.for_s", 20.0))
    site = Site.of([replace(SITE.residents["r-1"], limits=limits)], SITE.bindings.values())
    under_test = VitalLimitRule(SPO2, ground(site), device("dev-1", site))
    assert highs(live(under_test, [*stream(96, 1, 9), *stream(75, 11, 110)])) == [61.0]
