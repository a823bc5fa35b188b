"""The fall paragraph of the design, sentence by sentence, and whose fall it is."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.residents import Subject, SubjectKind
from agent.rules.fall import FALL_ROW, FallRule
from agent.rules.finding import Decline, Finding, Priority
from agent.rules.host import RuleHost
from agent.rules.settings import RuleSettings
from drivers.reading import Quality
from tests.rules.fallen import (
    HIGH,
    LIMITS,
    LOW,
    MEDIUM,
    ONE,
    PLAIN,
    R1,
    R3,
    R4,
    SITE,
    TWO,
    bed_left,
    fall,
    falls,
    felt,
    lived,
    press,
    sum_of,
    up,
    verdicts,
    weak,
)
from tests.rules.ward import MIDNIGHT, at, declined, ground, live, play, reading, said_as

# the paragraph


def test_medium_at_once_and_high_without_recovery() -> None:
    assert verdicts([fall(10.0)], 24.0) == [(10.0, MEDIUM, True)]
    assert verdicts([fall(10.0)]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


def test_recovery_in_time_lowers_it_and_the_next_fall_is_judged_anew() -> None:
    assert verdicts([fall(10.0), up(20.0), fall(60.0)]) == [
        (10.0, MEDIUM, True), (20.0, LOW, False), (60.0, MEDIUM, True), (75.0, HIGH, False),
    ]  # fmt: skip
    assert falls([fall(10.0), up(20.0)])[1][1].reasons[0].to_json() == {"code": "recovered", "after_s": 10.0}
    assert verdicts([felt(10.0), reading("body_fall", "recovered", 20.0, device="belt-1")])[1] == (20.0, LOW, False)


def test_recovery_too_late_lowers_nothing() -> None:
    assert verdicts([fall(10.0), up(40.0), fall(90.0)]) == [
        (10.0, MEDIUM, True), (25.0, HIGH, False), (90.0, MEDIUM, True), (105.0, HIGH, False),
    ]  # fmt: skip


def test_only_what_saw_the_fall_can_see_the_recovery() -> None:
    assert verdicts([fall(10.0), up(20.0, "cam-2")]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


@pytest.mark.parametrize(
    "second", [fall(14.0, "radar-1"), fall(14.0, "cam-2", "low_on_floor"), felt(14.0), press(14.0), fall(14.0, "cam-2")]
)
def test_a_second_source_makes_it_high_at_once_in_either_order(second: Event) -> None:
    assert verdicts([fall(10.0), second]) == [(10.0, MEDIUM, True), (14.0, HIGH, False)]
    first = replace(second, at=5.0)
    assert verdicts([first, fall(10.0)])[-1][:2] == (10.0, HIGH)


def test_a_source_long_ago_is_none() -> None:
    assert verdicts([press(5.0), fall(35.0)])[0] == (35.0, HIGH, True)
    assert verdicts([press(5.0), fall(35.1)])[0] == (35.1, MEDIUM, True)


def test_a_person_on_the_floor_raises_without_a_fall_seen() -> None:
    assert verdicts([fall(10.0, name="low_on_floor", score=0.9)])[0] == (10.0, MEDIUM, True)
    assert verdicts([Observation("cam-1", "low_on_floor", 10.0, value=False)]) == []


def test_the_same_camera_seeing_them_lie_is_no_second_source_however_late() -> None:
    for when in (13.0, 100.0):
        lies = fall(when, name="low_on_floor")
        assert verdicts([fall(10.0), lies]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


def test_a_second_fall_is_a_happening_and_never_lower_until_an_hour_later() -> None:
    assert verdicts([fall(10.0), fall(40.0)])[-1] == (40.0, HIGH, True)
    assert verdicts([fall(10.0), fall(15.0)])[1] == (15.0, MEDIUM, True)
    assert verdicts([felt(10.0), felt(40.0)])[-1] == (40.0, HIGH, True)
    assert verdicts([fall(10.0), fall(3609.0)], 3700)[-1] == (3609.0, HIGH, True)
    assert verdicts([fall(10.0), fall(3610.0)], 3620)[-1] == (3610.0, MEDIUM, True)


def test_a_new_fall_has_its_own_time_to_get_up() -> None:
    assert verdicts([fall(10.0), fall(20.0)]) == [(10.0, MEDIUM, True), (20.0, MEDIUM, True), (35.0, HIGH, False)]


def test_of_two_copies_of_a_fall_the_one_taken_up_last_goes_on() -> None:
    rule = FallRule(ground(), R1)
    rule.resume(MEDIUM, 100.0, R1)
    rule.resume(LOW, 110.0, R1)
    assert rule.due == math.inf
    rule.resume(MEDIUM, 100.0, R1)
    rule.resume(HIGH, 100.0, R1)
    assert rule.due == math.inf


def test_a_fall_goes_on_after_a_restart() -> None:
    rule = FallRule(ground(SITE, PLAIN), ONE)
    rule.resume(MEDIUM, 100.0, R1)
    assert rule.due == 115.0
    assert [f.priority for f in rule.tick(at(115.0)) if isinstance(f, Finding)] == [HIGH]
    rule = FallRule(ground(SITE, PLAIN), ONE)
    rule.resume(MEDIUM, 100.0, R1)
    (near,) = rule.feed(up(105.0), at(105.0))
    assert isinstance(near, Finding)
    assert (near.priority, near.subject) == (LOW, R1)
    rule = FallRule(ground(SITE, PLAIN), ONE)
    rule.resume(LOW, 100.0, R1)
    assert rule.due == float("inf")
    rule.resume(HIGH, 100.0, R1)
    assert rule.due == float("inf")
    (again,) = rule.feed(fall(150.0), at(150.0))
    assert isinstance(again, Finding)
    assert again.priority is HIGH


# what each kind of evidence is worth


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


# weak signs


def test_a_sign_below_the_floor_is_left_with_its_numbers_once() -> None:
    ((when, left),) = lived([fall(10.0, score=0.2)])
    assert isinstance(left, Decline)
    assert [reason.code for reason in left.reasons] == ["evidence", "certainty", "too_weak"]
    assert (when, dict(left.reasons[1].values)) == (10.0, {"certainty": 0.2})


def test_a_weak_sign_raises_at_once_where_nobody_can_ask() -> None:
    assert verdicts([weak(10.0)]) == [(10.0, MEDIUM, True), (25.0, HIGH, False)]


# whose fall it is


def test_a_camera_of_two_residents_tells_the_place_and_a_belt_joins_it_with_a_name() -> None:
    (_, first), (_, second) = falls([fall(10.0, "cam-3"), felt(12.0, "belt-3")], room=TWO)
    assert first.subject == second.subject == TWO
    assert (second.priority, second.happening) == (HIGH, False)
    assert second.reasons[-1].to_json() == {"code": "names_resident", "resident": "r-3"}
    assert [reason.code for reason in first.reasons] == ["evidence", "certainty"]


def test_a_belt_first_names_the_resident_and_the_camera_joins() -> None:
    found = falls([felt(10.0, "belt-3"), fall(12.0, "cam-3")], room=TWO)
    assert [(f.subject, f.priority) for _, f in found] == [(R3, MEDIUM), (R3, HIGH)]


def test_a_bed_just_left_says_whose_fall_the_camera_sees() -> None:
    assert falls([*bed_left(6.0, "bed-4"), fall(10.0, "cam-3")], room=TWO)[0][1].subject == R4
    both = [*bed_left(5.0, "bed-3"), *bed_left(7.0, "bed-4"), fall(10.0, "cam-3")]
    assert falls(both, room=TWO)[0][1].subject == TWO


def test_two_residents_who_fall_are_two_falls() -> None:
    found = falls([felt(10.0, "belt-3"), felt(12.0, "belt-4")], room=TWO)
    assert [(when, f.subject, f.priority, f.happening) for when, f in found] == [
        (10.0, R3, MEDIUM, True), (12.0, R4, MEDIUM, True), (25.0, R3, HIGH, False), (27.0, R4, HIGH, False),
    ]  # fmt: skip


def test_the_button_of_a_neighbour_is_no_second_source() -> None:
    assert [f.priority for _, f in falls([felt(10.0, "belt-3"), press(12.0, "bed-4")], 20.0, TWO)] == [MEDIUM]
    assert [f.priority for _, f in falls([felt(10.0, "belt-3"), press(12.0, "bed-3")], 20.0, TWO)] == [MEDIUM, HIGH]
    assert [f.priority for _, f in falls([fall(10.0, "cam-3"), press(12.0, "bed-4")], 20.0, TWO)] == [MEDIUM, HIGH]


def test_a_neighbour_who_gets_up_lowers_nothing() -> None:
    events: list[Event] = [felt(10.0, "belt-3"), reading("body_fall", "recovered", 15.0, device="belt-4")]
    assert [(when, f.priority) for when, f in falls(events, room=TWO)] == [(10.0, MEDIUM), (25.0, HIGH)]


def test_a_hall_is_told_by_its_place_and_a_loose_device_by_its_own_name() -> None:
    host = RuleHost(ground(SITE, PLAIN), (FALL_ROW,))
    (hall,) = host.feed(fall(10.0, "cam-hall"), at(10.0))
    (loose,) = host.feed(fall(10.0, "cam-x"), at(10.0))
    assert isinstance(hall, Finding)
    assert isinstance(loose, Finding)
    assert (hall.subject.kind, hall.subject.id) == (SubjectKind.PLACE, "hall")
    assert (loose.subject.kind, loose.subject.id) == (SubjectKind.DEVICE, "cam-x")


# each word, whole and in order


def test_each_word_of_three_falls_of_one_resident() -> None:
    first: list[Event] = [*bed_left(6.0), fall(10.0, score=0.75), reading("motion", False, 14.0, device="pir-1")]
    later: list[Event] = [up(20.0), fall(60.0), up(70.0), fall(100.0), press(105.0)]
    still = sum_of(0.8775, "stillness pir-1 1 0", "camera cam-1 0.75 4", "bed_left dev-1 1 8")
    assert said_as(lived([*first, *later])) == [
        f"10 fall medium r-1, happening by cam-1: {sum_of(0.825, 'camera cam-1 0.75 0', 'bed_left dev-1 1 4')}",
        f"14 fall high r-1 by pir-1: {still}",
        f"60 fall medium r-1, happening by cam-1: {sum_of(0.8, 'camera cam-1 0.8 0')}",
        "70 fall low r-1 by cam-1: recovered after_s=10",
        f"100 fall medium r-1, happening by cam-1: {sum_of(0.8, 'camera cam-1 0.8 0')}",
        f"105 fall high r-1 by dev-1: {sum_of(0.98, 'button dev-1 1 0', 'camera cam-1 0.8 5')}",
    ]


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


def test_each_word_of_two_who_fall_and_of_whom_a_belt_names() -> None:
    belts: list[Event] = [felt(10.0, "belt-3"), felt(12.0, "belt-4")]
    seen: list[Event] = [fall(13.0, "cam-3"), fall(14.0, "cam-3", "low_on_floor")]
    both = sum_of(0.98, "belt belt-3 1 0", "camera cam-3 0.8 2")
    assert said_as(lived([*belts, *seen], room=TWO)) == [
        f"10 fall medium r-3, happening by belt-3: {sum_of(0.9, 'belt belt-3 1 0')}",
        f"12 fall medium r-4, happening by belt-4: {sum_of(0.9, 'belt belt-4 1 0')}",
        f"13 fall high r-4 by cam-3: {sum_of(0.98, 'camera cam-3 0.8 0', 'belt belt-4 1 1')}",
        "25 fall high r-3: no_recovery for_s=15",
    ]
    assert said_as(lived([fall(10.0, "cam-3"), felt(12.0, "belt-3")], room=TWO)) == [
        f"10 fall medium 301, happening by cam-3: {sum_of(0.8, 'camera cam-3 0.8 0')}",
        f"12 fall high 301 by belt-3: {both}, names_resident resident=r-3",
    ]


@pytest.mark.parametrize(("subject", "named"), [(R3, ""), (TWO, ", names_resident resident=r-3")])
def test_each_word_of_what_was_open_before_a_restart(subject: Subject, named: str) -> None:
    rule = FallRule(ground(SITE, PLAIN), TWO)
    rule.resume(MEDIUM, -5.0, subject)
    assert said_as(play(rule, [felt(5.0, "belt-3"), felt(7.0, "belt-4")], 100.0)) == [
        f"5 fall medium {subject.id} by belt-3: {sum_of(0.9, 'belt belt-3 1 0')}{named}",
        f"7 fall medium r-4, happening by belt-4: {sum_of(0.9, 'belt belt-4 1 0')}",
        f"10 fall high {subject.id}: no_recovery for_s=15",
        "22 fall high r-4: no_recovery for_s=15",
    ]


def test_a_neighbour_s_belt_is_no_word_of_a_fall_from_before_a_restart() -> None:
    rule = FallRule(ground(SITE, PLAIN), TWO)
    rule.resume(MEDIUM, -5.0, R3)
    assert said_as(play(rule, [felt(5.0, "belt-4")], 11.0)) == [
        f"5 fall medium r-4, happening by belt-4: {sum_of(0.9, 'belt belt-4 1 0')}",
        "10 fall high r-3: no_recovery for_s=15",
    ]


def test_a_button_strengthens_its_own_fall_and_not_the_neighbour_s_that_came_first() -> None:
    events: list[Event] = [felt(10.0, "belt-3"), felt(12.0, "belt-4"), press(14.0, "bed-4")]
    assert [(when, f.subject, f.priority) for when, f in falls(events, 20.0, TWO)][2:] == [(14.0, R4, HIGH)]


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


def test_a_whole_fall_at_night() -> None:
    on = ground(SITE, PLAIN)
    found = live(FallRule(on, ONE), [*bed_left(5.0), fall(9.0, score=0.95), up(12.0)], 100.0, MIDNIGHT, on)
    assert [(when, f.priority) for when, f in found] == [(9.0, HIGH)]
