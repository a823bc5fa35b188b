"""Weight that is lost, at its boundaries in value and in days."""

import pytest

from agent.moment import DAY_S, Moment
from agent.rules.finding import Finding, Priority
from agent.rules.weight_loss import WeightLossRule
from drivers.reading import Quality, Reading
from tests.rules.ward import MIDNIGHT, R1, at, ground, live, reading, said_as


def rule() -> WeightLossRule:
    return WeightLossRule(ground(), R1)


def weighed(*values: tuple[float, float], device: str = "dev-1") -> list[Reading]:
    return [reading("weight", kg, day * DAY_S + 8 * 3600, device=device) for kg, day in values]


def told(found: list[tuple[float, Finding]]) -> list[tuple[float, bool]]:
    return [((when - 8 * 3600) / DAY_S, one.active) for when, one in found]


@pytest.mark.parametrize(
    ("before", "after", "days", "lost"),
    [
        (60.0, 57.0, 30, 30), (60.0, 57.1, 30, None), (60.0, 57.0, 31, None), (60.0, 54.0, 31, 180),
        (60.0, 54.0, 180, 180), (60.0, 54.1, 180, None), (60.0, 54.0, 181, None), (60.0, 57.0, 1, 30),
        (60.0, 63.0, 10, None),
    ],
)  # fmt: skip
def test_each_boundary(before: float, after: float, days: int, lost: int | None) -> None:
    found = live(rule(), weighed((before, 0), (after, days)))
    assert told(found) == [(0, False), *([(days, True)] if lost else [])]
    if lost:
        assert dict(found[-1][1].reasons[0].values)["days"] == lost


def test_it_is_low_and_tells_of_both() -> None:
    one = live(rule(), weighed((60.0, 0), (56.4, 20)))[-1][1]
    assert (one.kind, one.subject, one.priority, one.device) == ("weight_loss", R1, Priority.LOW, "dev-1")
    assert one.reasons[0].text() == "56.4 kg, 6.0 % less than 60 kg within 30 days"


def test_it_is_told_once_and_over_when_the_weight_is_back_by_the_device_that_raised_it() -> None:
    events = [*weighed((60.0, 0), (56.0, 10), (55.5, 11)), *weighed((59.0, 20), (59.0, 21), device="other")]
    found = live(rule(), events)
    assert told(found) == [(0, False), (10, True), (20, False)]
    assert [one.device for _, one in found] == ["dev-1"] * 3
    assert found[-1][1].reasons[0].text() == "59 kg"


def test_one_weight_too_high_is_a_mistake_among_three() -> None:
    assert told(live(rule(), weighed((60.0, 0), (70.0, 5), (60.0, 10), (59.0, 12)))) == [
        (0, False),
        (10, True),
        (12, False),
    ]
    assert told(live(rule(), weighed((60.0, 0), (60.0, 5), (70.0, 10), (60.0, 12)))) == [(0, False)]
    found = live(rule(), weighed((60.0, 0), (62.0, 5), (70.0, 10), (58.9, 12)))
    assert said_as(found[1:]) == [
        f"{12 * DAY_S + 8 * 3600:.10g} weight_loss low r-1 by dev-1: weight_lost value=58.9 percent=5 before=62 days=30"
    ]


def test_the_last_weight_of_a_day_is_that_day_s() -> None:
    first = reading("weight", 70.0, 3600.0)
    assert told(live(rule(), [first, *weighed((60.0, 0), (59.0, 1))]))[1:] == []


def test_without_a_clock_nothing_is_said() -> None:
    under_test = rule()
    for event in weighed((60.0, 0), (50.0, 10)):
        assert list(under_test.feed(event, Moment(event.at, 0.0, wall_known=False))) == []


def test_records_of_before_a_restart_are_remembered_and_raise_nothing() -> None:
    under_test = rule()
    told_at = MIDNIGHT - 20 * DAY_S + 60.0
    past = [
        Reading("dev-1", "weight", 60.0, 1.0, stored=True, measured_at=told_at),
        Reading("dev-1", "weight", 90.0, 1.0, stored=True),
    ]
    assert [list(under_test.feed(one, at(1.0))) for one in past] == [[], []]
    assert told(live(under_test, weighed((56.0, 0)))) == [(0, True)]


def test_a_record_does_not_replace_what_was_weighed_that_day() -> None:
    under_test = rule()
    live(under_test, weighed((60.0, 0)))
    list(under_test.feed(Reading("d", "weight", 90.0, 1.0, stored=True, measured_at=MIDNIGHT), at(9 * 3600.0)))
    assert live(under_test, weighed((58.0, 1))) == []


def test_only_good_and_possible_weights_count() -> None:
    events = [
        *weighed((60.0, 0)),
        *(reading("weight", 50.0, DAY_S, quality) for quality in Quality if quality is not Quality.GOOD),
        reading("weight", 10.0, DAY_S + 1),
        reading("glucose", 5.0, DAY_S + 2),
    ]
    assert told(live(rule(), events)) == [(0, False)]
