"""Which press became which alarm."""

from typing import Any

import pytest

from tests.benchmarks.presses import Press, Raised, calls_in, match, stages, within

PRESSES = [Press("r-1", 10.0), Press("r-2", 11.0), Press("r-1", 20.0)]
CALLS = [Raised("a", "r-1", 10.001), Raised("b", "r-2", 11.002), Raised("c", "r-1", 20.004)]
LINES = {"a": 10.003, "b": 11.003, "c": 20.010}


def test_each_press_gets_its_own_alarm_and_sound() -> None:
    outcome = match(PRESSES, CALLS, LINES)
    assert (outcome.lost, outcome.double) == (0, 0)
    assert sorted((one.press.at, one.raised_at, one.line_at) for one in outcome.answers) == [
        (10.0, 10.001, 10.003),
        (11.0, 11.002, 11.003),
        (20.0, 20.004, 20.010),
    ]


@pytest.mark.parametrize(
    ("calls", "lines", "lost", "double"),
    [
        (CALLS[:2], LINES, 1, 0),  # the last one raised nothing
        (CALLS, {"a": 1.0, "b": 1.0}, 1, 0),  # raised, never heard
        ([*CALLS, Raised("d", "r-2", 11.5)], LINES, 0, 1),  # one press, two alarms
        ([*CALLS, Raised("d", "r-3", 11.5)], LINES, 0, 1),  # nobody pressed
        ([*CALLS, Raised("d", "r-1", 9.0)], LINES, 0, 1),  # before any press
        ([CALLS[0], CALLS[1], Raised("c", "r-1", 20.004, again=1)], LINES, 0, 1),  # a repeat was taken for a press
    ],
)
def test_lost_and_double_presses_are_counted(
    calls: list[Raised], lines: dict[str, float], lost: int, double: int
) -> None:
    outcome = match(PRESSES, calls, lines)
    assert (outcome.lost, outcome.double) == (lost, double)
    values = stages(outcome, {})
    assert (values["presses"], values["presses lost"], values["presses double"]) == (3, lost, double)


def test_stages_and_phases_are_in_milliseconds() -> None:
    values = stages(match(PRESSES, CALLS, LINES), {"cut": within([(10.5, 30.0)]), "never": within([])})
    assert values["byte to raised max"] == pytest.approx(4)
    assert values["raised to line max"] == pytest.approx(6)
    assert values["total p50"] == pytest.approx(3)
    assert (values["presses, cut"], values["presses, never"]) == (2, 0)
    assert values["total p99, cut"] == pytest.approx(10)


def test_calls_are_read_from_the_log_of_alarms() -> None:
    def event(id_: str, kind: str, happened: str) -> dict[str, Any]:
        alarm = {"id": id_, "kind": kind, "subject": {"id": "r-1"}, "raised_at": 5.0}
        return {"data": {"happened": happened, "alarm": alarm}}

    events: list[dict[str, Any]] = [
        event("a", "sos", "raised"),
        event("x", "smoke", "raised"),
        event("a", "sos", "changed"),
        event("a", "sos", "closed"),
        {"data": {"action": "site_facts"}},
    ]
    assert calls_in(events) == [Raised("a", "r-1", 5.0, again=1)]
