"""The fall paragraph of the design, sentence by sentence."""

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.rules.fall import FallRule
from agent.rules.finding import Priority
from tests.rules.ward import R1, ground, live, reading

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def verdicts(events: list[Event], until: float = 200.0) -> list[tuple[float, Priority, bool]]:
    found = live(FallRule(ground(), R1), events, until)
    assert all(f.kind == "fall" and f.active and f.subject == R1 for _, f in found)
    return [(at, f.priority, f.happening) for at, f in found]


def fall(at: float, device: str = "cam-1", name: str = "fall") -> Observation:
    return Observation(device, name, at, score=0.9)


def test_medium_at_once_and_high_without_recovery() -> None:
    assert verdicts([fall(10.0)]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


def test_recovery_in_time_lowers_it_and_the_next_fall_is_judged_anew() -> None:
    events: list[Event] = [fall(10.0), Observation("cam-1", "recovered", 20.0), fall(60.0)]
    assert verdicts(events) == [(10.0, MEDIUM, True), (20.0, LOW, False), (60.0, MEDIUM, True), (75.0, HIGH, False)]


def test_recovery_too_late_lowers_nothing() -> None:
    events: list[Event] = [fall(10.0), Observation("cam-1", "recovered", 40.0), fall(90.0)]
    assert verdicts(events) == [(10.0, MEDIUM, True), (25.0, HIGH, False), (90.0, MEDIUM, True), (105.0, HIGH, False)]


def test_a_second_source_makes_it_high_at_once() -> None:
    assert verdicts([fall(10.0), fall(14.0, "radar-1")])[1] == (14.0, HIGH, True)
    assert verdicts([fall(10.0), fall(14.0, "radar-1", "low_on_floor")])[1] == (14.0, HIGH, False)
    assert verdicts([fall(10.0), reading("button", "press", 13.0)])[1] == (13.0, HIGH, False)
    assert verdicts([reading("button", "press", 5.0), fall(10.0)])[0] == (10.0, HIGH, True)


def test_a_source_long_ago_is_none() -> None:
    assert verdicts([reading("button", "press", 5.0), fall(36.0)])[0] == (36.0, MEDIUM, True)


def test_a_person_on_the_floor_raises_without_a_fall_seen() -> None:
    assert verdicts([fall(10.0, name="low_on_floor")])[0] == (10.0, MEDIUM, True)


def test_the_same_camera_seeing_them_lie_is_no_second_source() -> None:
    assert verdicts([fall(10.0), fall(13.0, name="low_on_floor")]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


def test_a_second_fall_is_a_happening_and_never_lower() -> None:
    assert verdicts([fall(10.0), fall(40.0)])[-1] == (40.0, HIGH, True)
