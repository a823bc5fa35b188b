"""A weak sign of a fall asks first where somebody can hear it, and nowhere else."""

import math
from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Site, Subject, SubjectKind
from agent.rules.fall import FallRule
from agent.rules.finding import Decline, Finding, Prompt
from tests.rules.fallen import (
    HIGH,
    LOW,
    MEDIUM,
    ONE,
    PLAIN,
    R1,
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
from tests.rules.ward import at, ground, play, said_as


def test_a_weak_sign_asks_and_is_raised_without_an_answer() -> None:
    said = lived([weak(10.0)], 24.0, asks=True)
    ((when, prompt),) = said
    assert isinstance(prompt, Prompt)
    assert (when, prompt.text, prompt.subject) == (10.0, "are_you_all_right", R1)
    assert [reason.code for reason in prompt.reasons] == ["evidence", "certainty"]
    assert verdicts([weak(10.0)], asks=True) == [(25.0, MEDIUM, True), (40.0, HIGH, False)]
    assert falls([weak(10.0)], asks=True)[0][1].reasons[0].to_json() == {"code": "not_answered", "for_s": 15.0}


def test_a_strong_sign_never_waits_for_an_answer() -> None:
    assert verdicts([fall(10.0)], asks=True)[0] == (10.0, MEDIUM, True)


@pytest.mark.parametrize("second", [press(13.0), felt(13.0), weak(13.0, "cam-2"), felt(13.0, "radar-1")])
def test_a_button_or_a_second_source_ends_the_asking_with_high(second: Event) -> None:
    assert verdicts([weak(10.0), second], asks=True) == [(13.0, HIGH, True)]


def test_other_evidence_ends_the_asking_when_it_is_enough() -> None:
    assert verdicts([weak(10.0), *bed_left(12.0)], asks=True) == [(12.0, MEDIUM, True), (27.0, HIGH, False)]
    assert verdicts([fall(10.0, score=0.26), *bed_left(12.0)], asks=True)[0] == (25.0, MEDIUM, True)
    assert verdicts([weak(10.0), fall(13.0)], asks=True) == [(13.0, MEDIUM, True), (28.0, HIGH, False)]
    assert verdicts([weak(10.0), weak(13.0)], asks=True)[0] == (25.0, MEDIUM, True)


def test_staff_who_come_end_the_asking_and_who_were_there_before_do_not() -> None:
    came = Act("present", R1, 12.0, "s-1")
    said = lived([weak(10.0), came], asks=True)[1:]
    ((when, left),) = said
    assert isinstance(left, Decline)
    assert (when, left.reasons[0].to_json()) == (25.0, {"code": "staff_there", "by": "s-1"})
    assert verdicts([replace(came, at=10.0), weak(10.0)], asks=True)[0] == (25.0, MEDIUM, True)


def test_who_gets_up_while_being_asked_is_a_near_fall() -> None:
    assert verdicts([weak(10.0), up(15.0)], asks=True) == [(25.0, LOW, True)]
    assert verdicts([weak(10.0), up(15.0), press(17.0)], asks=True) == [(17.0, HIGH, True)]


def test_once_the_asking_is_over_the_next_weak_sign_is_asked_about_anew() -> None:
    came: list[Event] = [weak(10.0), Act("present", R1, 12.0, "s-1"), weak(60.0)]
    got_up: list[Event] = [weak(10.0), up(15.0), weak(60.0)]
    for events, first in ((came, []), (got_up, [(25.0, LOW, True)])):
        assert verdicts(events, asks=True) == [*first, (75.0, MEDIUM, True), (90.0, HIGH, False)]
        assert [when for when, one in lived(events, asks=True) if isinstance(one, Prompt)] == [10.0, 60.0]


def test_a_late_word_still_has_its_time_to_answer() -> None:
    on = ground(SITE, PLAIN)
    on.voices.rooms = frozenset({"201"})
    rule = FallRule(on, ONE)
    assert [type(one) for one in rule.feed(weak(10.0), at(60.0))] == [Prompt]
    for second in range(61, 75):
        assert (rule.due, list(rule.tick(at(float(second))))) == (second, [])
    assert [type(one) for one in rule.tick(at(75.0))] == [Finding]


@pytest.mark.parametrize(("spoken_not_at", "raised_at"), [(9.9, 25.0), (10.0, 11.0), (14.5, 15.0)])
def test_a_question_that_was_not_spoken_has_no_time_to_be_answered(spoken_not_at: float, raised_at: float) -> None:
    on = ground(SITE, PLAIN)
    on.voices.rooms = frozenset({"201"})
    rule = FallRule(on, ONE)
    play(rule, [weak(10.0)], math.floor(spoken_not_at), on=on)
    on.voices.unasked("202", spoken_not_at)
    on.voices.unasked("201", spoken_not_at)
    said = play(rule, [], 30.0)[:1]
    why = "not_answered for_s=15" if raised_at == 25.0 else "not_asked room=201"
    seen = sum_of(0.4, f"camera cam-1 0.4 {raised_at - 10.0:g}")
    assert said_as(said) == [f"{raised_at:g} fall medium r-1, happening: {why}, {seen}"]


def test_a_loudspeaker_that_dies_while_it_asks_leaves_no_time_to_wait() -> None:
    on = ground(SITE, PLAIN)
    on.voices.rooms = frozenset({"201", "301"})
    rule = FallRule(on, ONE)
    play(rule, [weak(10.0)], 13.0, on=on)
    on.voices.rooms = frozenset({"301"})
    seen = sum_of(0.4, "camera cam-1 0.4 4")
    assert said_as(play(rule, [], 14.0)) == [f"14 fall medium r-1, happening: not_asked room=201, {seen}"]
    assert rule.due == 29.0, "fifteen seconds from then to get up"
    assert [type(one) for one in rule.feed(weak(60.0), at(60.0))] == [Finding], "nor is it asked again"


def test_each_word_of_three_times_asking() -> None:
    came: list[Event] = [weak(10.0), Act("present", R1, 12.0, "s-1")]
    seen = sum_of(0.4, "camera cam-1 0.4 0")
    assert said_as(lived([*came, weak(60.0), up(65.0), weak(100.0), press(102.0)], asks=True)) == [
        f"10 asks are_you_all_right r-1: {seen}",
        "25 left fall r-1: staff_there by=s-1",
        f"60 asks are_you_all_right r-1: {seen}",
        f"75 fall low r-1, happening: not_answered for_s=15, {sum_of(0.4, 'camera cam-1 0.4 15')}",
        f"100 asks are_you_all_right r-1: {seen}",
        f"102 fall high r-1, happening by dev-1: {sum_of(0.94, 'button dev-1 1 0', 'camera cam-1 0.4 2')}",
    ]


@pytest.mark.parametrize(("present", "came"), [("wc-301", True), ("301", True), ("302", False)])
def test_a_fall_in_a_toilet_is_asked_about_there_and_staff_must_come_there(present: str, came: bool) -> None:
    site = Site.of(
        SITE.residents.values(),
        [Binding("cam-wc", DeviceRole.CAMERA, room="wc-301")],
        places=[Place("wc-301", PlaceKind.TOILET, "301")],
    )
    on = ground(site, PLAIN)
    on.voices.rooms = frozenset({"wc-301", "301"})
    staff = Act("present", Subject(SubjectKind.PLACE, present, present), 12.0, "s-1")
    said = said_as(play(FallRule(on, TWO), [weak(10.0, "cam-wc"), staff], 26.0, on=on))
    assert said[0] == f"10 asks are_you_all_right wc-301: {sum_of(0.4, 'camera cam-wc 0.4 0')}"
    assert said[1].startswith("25 left fall wc-301: staff_there" if came else "25 fall medium wc-301")
