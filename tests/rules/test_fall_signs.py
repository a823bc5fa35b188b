"""What each sign of a fall is worth: an empty bed, a button, a belt, a camera in doubt."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agent.detection.event import Event
from agent.rules.finding import Decline, Finding, Priority
from agent.rules.settings import RuleSettings
from drivers.reading import Quality
from tests.rules.fallen import (
    HIGH,
    LIMITS,
    MEDIUM,
    R1,
    bed_left,
    fall,
    falls,
    felt,
    lived,
    press,
    sum_of,
    verdicts,
    weak,
)
from tests.rules.ward import declined, reading, said_as


def test_an_empty_bed_just_before_is_told_with_its_numbers() -> None:
    ((_, found), *_) = falls([*bed_left(6.0), fall(10.0, score=0.81)])
    assert found.priority is HIGH  # 1 - 0.19 * 0.7 = 0.867
    assert [reason.text() for reason in found.reasons] == [
        "camera saw a fall 0.81 (cam-1), 0 s earlier",
        "bed left 1.00 (dev-1), 4 s earlier",
        "together 0.87",
    ]
    assert falls([*bed_left(6.0), fall(10.0, score=0.75)])[0][1].priority is MEDIUM  # 0.825


def test_a_bed_that_is_empty_all_the_time_or_doubtful_is_no_evidence() -> None:
    empty: list[Event] = [reading("bed_occupied", False, 5.0), reading("bed_occupied", False, 6.0)]
    assert verdicts([*empty, fall(10.0, score=0.9)])[0] == (10.0, MEDIUM, True)
    doubtful: list[Event] = [reading("bed_occupied", True, 5.0), reading("bed_occupied", False, 6.0, Quality.BAD)]
    assert verdicts([*doubtful, fall(10.0, score=0.9)])[0] == (10.0, MEDIUM, True)


def test_evidence_that_comes_later_lifts_a_fall_that_is_judged() -> None:
    assert verdicts([fall(10.0, score=0.81), *bed_left(12.0)])[1] == (12.0, HIGH, False)
    assert verdicts([fall(10.0, score=0.81), *bed_left(40.1)])[1:] == [(25.0, HIGH, False)]
    still = reading("motion", False, 14.0, device="pir-1")
    assert verdicts([fall(10.0, score=0.81), still])[1] == (14.0, HIGH, False)
    nobody = reading("presence", False, 14.0, device="radar-1")
    assert verdicts([fall(10.0, score=0.81), nobody])[1] == (14.0, HIGH, False)
    assert verdicts([fall(10.0, score=0.81), replace(still, value=True)])[1] == (25.0, HIGH, False)
    assert verdicts([fall(10.0, score=0.81), replace(still, quality=Quality.BAD)])[1] == (25.0, HIGH, False)
    assert verdicts([replace(still, at=9.0), fall(10.0, score=0.81)])[0] == (10.0, MEDIUM, True)


def test_a_button_or_an_empty_bed_alone_is_no_fall() -> None:
    assert lived([press(5.0), *bed_left(10.0), reading("button", "release", 11.0)]) == []


def test_a_release_is_no_press_and_a_remembered_word_is_none() -> None:
    assert verdicts([fall(10.0), reading("button", "release", 12.0)])[1] == (25.0, HIGH, False)
    assert lived([replace(felt(10.0), stored=True)]) == []


def test_a_belt_that_is_not_worn_proves_nothing_alone() -> None:
    off, on = (reading("worn", worn, 1.0, device="belt-1") for worn in (False, True))
    assert verdicts([off, felt(10.0)]) == []
    ((when, left),) = declined(lived([off, felt(10.0)]))
    assert (when, left.kind, left.subject, left.device) == (10.0, "fall", R1, "belt-1")
    assert left.reasons[-1].to_json() == {"code": "too_weak", "needed": 0.25}
    assert verdicts([off, on, felt(10.0)])[0] == (10.0, MEDIUM, True)
    assert verdicts([replace(off, quality=Quality.BAD), felt(10.0)])[0] == (10.0, MEDIUM, True)
    assert verdicts([off, felt(10.0), fall(11.0)])[0] == (11.0, MEDIUM, True)


def test_a_belt_that_cannot_prove_itself_raises_marked_so() -> None:
    first, second = (one for _, one in lived([felt(10.0, quality=Quality.UNVERIFIED)], 11.0))
    assert isinstance(first, Finding)
    assert isinstance(second, Finding)
    assert (first.kind, first.priority, first.unverified) == ("fall", MEDIUM, True)
    assert (second.kind, second.priority, second.subject.id) == ("device_unverified", MEDIUM, "belt-1")
    assert not falls([felt(10.0)])[0][1].unverified


def test_a_belt_and_a_radar_weigh_each_for_itself() -> None:
    only_belts = replace(LIMITS, weights=replace(LIMITS.weights, radar=0.0))
    settings = RuleSettings(fall=only_belts)
    assert verdicts([felt(10.0, "radar-1")], settings=settings) == []
    assert verdicts([felt(10.0, "belt-1")], settings=settings)[0] == (10.0, MEDIUM, True)


def test_a_sign_below_the_floor_is_left_with_its_numbers_once() -> None:
    ((when, left),) = lived([fall(10.0, score=0.2)])
    assert isinstance(left, Decline)
    assert [reason.code for reason in left.reasons] == ["evidence", "certainty", "too_weak"]
    assert (when, dict(left.reasons[1].values)) == (10.0, {"certainty": 0.2})


def test_a_weak_sign_raises_at_once_where_nobody_can_ask() -> None:
    assert verdicts([weak(10.0)]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


def test_each_word_of_a_belt_that_proves_little_or_nothing() -> None:
    assert said_as(lived([felt(10.0, quality=Quality.UNVERIFIED), fall(40.0)])) == [
        f"10 fall medium r-1, happening, unverified by belt-1: {sum_of(0.9, 'belt belt-1 1 0')}",
        "10 device_unverified medium belt-1 by belt-1: not_verified device=belt-1 quality=unverified",
        "25 fall high r-1: no_recovery for_s=15",
        f"40 fall high r-1 by cam-1: {sum_of(0.98, 'camera cam-1 0.8 0', 'belt belt-1 1 30')}",
    ]
    off = reading("worn", False, 1.0, device="belt-1")
    assert said_as(lived([off, felt(10.0), fall(11.0, score=0.2)])) == [
        f"10 left fall r-1 by belt-1: {sum_of(0.1, 'unworn belt-1 1 0')}, too_weak needed=0.25",
        f"11 fall medium r-1, happening by cam-1: {sum_of(0.28, 'camera cam-1 0.2 0', 'unworn belt-1 1 1')}",
        "26 fall high r-1: no_recovery for_s=15",
    ]


# laws

EVIDENCE = st.sampled_from(
    [fall(0.0), weak(0.0), fall(0.0, score=0.1), fall(0.0, "cam-2"), weak(0.0, "cam-2"), felt(0.0), press(0.0)]
)


def gravest(events: list[Event], asks: bool) -> Priority | None:
    return max((f.priority for _, f in falls(events, 11.0, asks=asks)), default=None)


@given(
    st.lists(EVIDENCE, max_size=4).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))), st.booleans()
)
def test_the_order_of_simultaneous_evidence_means_nothing(both: tuple[list[Event], list[Event]], asks: bool) -> None:
    first, second = ([replace(one, at=10.0) for one in events] for events in both)
    assert gravest(first, asks) == gravest(second, asks)


@given(st.lists(EVIDENCE, max_size=4), EVIDENCE, st.booleans())
def test_more_evidence_never_lowers_a_fall(events: list[Event], more: Event, asks: bool) -> None:
    before = gravest([replace(one, at=10.0) for one in events], asks)
    after = gravest([replace(one, at=10.0) for one in (*events, more)], asks)
    assert before is None or (after is not None and after >= before)
