"""Safe mode: a fall that was being judged when the core died is raised, since nobody waits for what comes of it."""

import math

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import Sleep
from agent.rules.fall import FallRule
from agent.rules.finding import Priority
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.reason import because
from agent.rules.registry import UNJUDGED_ROWS
from agent.rules.unjudged_fall import UNJUDGED_FALL_ROW, UnjudgedFallRule
from tests.rules.fallen import HIGH, LOW, MEDIUM, ONE, PLAIN, R1, SITE, TWO, fall, felt, up, weak
from tests.rules.ward import at, ground, play, said_as

SLEEP = Sleep(3.0, 3.0)


def died(*events: Event, came: float | None = None) -> UnjudgedFallRule:
    """The rule in safe mode, after one that lived through `events` until 13 where a loudspeaker works.

    Staff `came` at a time.
    """
    on = ground(SITE, PLAIN)
    on.voices.rooms = frozenset({"201"})
    before = FallRule(on, ONE)
    play(before, list(events), 13.0, on=on)
    on.voices.rooms = frozenset()
    if came is not None:
        on.ward.take(Act("present", R1, came, "s-1"), at(came))
    rule = UnjudgedFallRule(on, ONE)
    rule.remember(before.memory(), SLEEP)
    return rule


def last_words(rule: UnjudgedFallRule, when: float = 16.0) -> list[str]:
    """At once, and nothing after."""
    assert rule.due == -math.inf
    said = [(when, one) for one in rule.tick(at(when))]
    assert rule.due == math.inf
    assert list(rule.tick(at(when + 1.0))) == []
    return said_as(said)


def test_a_fall_that_was_medium_is_high_at_once() -> None:
    assert last_words(died(fall(10.0))) == ["16 fall high r-1: nobody_judges"]


def test_a_question_that_was_open_is_a_fall_that_is_high() -> None:
    assert last_words(died(weak(10.0))) == ["16 fall high r-1, happening: nobody_judges"]


def test_whoever_got_up_while_being_asked_is_a_near_fall() -> None:
    rule = died(weak(10.0), up(12.0))
    assert last_words(rule) == ["16 fall low r-1, happening: nobody_judges"]
    assert rule.memory() == {"_falls": []}


def test_a_question_that_staff_have_looked_after_is_left() -> None:
    assert last_words(died(weak(10.0), came=14.0)) == ["16 left fall r-1: staff_there by=s-1"]
    assert last_words(died(weak(10.0), came=9.0)) == ["16 fall high r-1, happening: nobody_judges"]
    assert last_words(died(fall(10.0), came=14.0)) == ["16 fall high r-1: nobody_judges"], "as if nobody stood up"


def test_a_grave_fall_has_been_told_and_none_needs_no_word() -> None:
    assert died(fall(10.0), felt(12.0)).due == math.inf
    assert died().due == math.inf


@pytest.mark.parametrize(("priority", "told"), [(HIGH, []), (MEDIUM, ["16 fall high r-1: nobody_judges"]), (LOW, [])])
def test_an_alarm_that_is_open_is_raised_though_no_rule_remembers_it(priority: Priority, told: list[str]) -> None:
    rule = UnjudgedFallRule(ground(SITE, PLAIN), ONE)
    rule.resume(priority, 10.0, R1)
    assert rule.due == (-math.inf if told else math.inf)
    assert said_as((16.0, one) for one in rule.tick(at(16.0))) == told


def test_each_fall_of_a_room_has_its_word() -> None:
    rule = UnjudgedFallRule(ground(SITE, PLAIN), TWO)
    rule.resume(HIGH, 9.0, TWO)
    for binding in ("r-3", "r-4"):
        rule.resume(MEDIUM, 10.0, SITE.resident_subject(SITE.residents[binding]))
    assert last_words(rule) == ["16 fall high r-3: nobody_judges", "16 fall high r-4: nobody_judges"]


def test_what_it_raised_is_remembered_as_raised() -> None:
    """Else the next death would raise it again, or the rule after safe mode."""
    rule = died(weak(10.0))
    last_words(rule)
    for heir in (UnjudgedFallRule(ground(SITE, PLAIN), ONE), FallRule(ground(SITE, PLAIN), ONE)):
        heir.remember(rule.memory(), SLEEP)
        assert heir.due == math.inf


def test_the_words_say_that_nobody_judges() -> None:
    why = because("nobody_judges")
    assert "nobody judges falls now" in why.text()
    assert "暂不判断跌倒" in why.text("zh")


def test_in_safe_mode_it_stands_in_for_the_rule_and_hears_nothing() -> None:
    assert UNJUDGED_ROWS == (UNJUDGED_FALL_ROW,)
    host = RuleHost(Ground.of(SITE, PLAIN), safe_mode=True)
    assert [host.has(name) for name in ("fall", "sos", "hazard_contact", "long_lie")] == [True, True, True, False]
    assert host.feed(fall(10.0), at(10.0)) == []
    assert host.feed(felt(11.0), at(11.0)) == []
    host.resume("fall", R1, MEDIUM, 10.0, at(16.0))
    assert host.feed(up(15.0), at(16.0)) == []
    assert said_as((16.0, one) for one in host.tick(at(16.0))) == ["16 fall high r-1: nobody_judges"]


def test_what_is_known_by_the_end_of_safe_mode_is_known_after_it() -> None:
    safe, after = (RuleHost(Ground.of(SITE, PLAIN), safe_mode=mode) for mode in (True, False))
    assert safe.known() == []
    (memory,) = [one for one in _asking().memories(100) if one.rule == "fall"]
    assert safe.remember(memory, SLEEP, 13.0) == ""
    assert len(safe.tick(at(16.0))) == 1
    safe.memories(100)  # written down: known all the same
    (known,) = safe.known()
    assert (known.rule, known.about, known.facts["_falls"][0]["priority"]) == ("fall", ONE, "HIGH")
    assert after.remember(known, Sleep(0.0, 0.0), 600.0) == ""
    told = [one for when in range(600, 640) for one in after.tick(at(float(when)))]
    assert not [one for one in said_as((0.0, one) for one in told) if "fall" in one]


def _asking() -> RuleHost:
    host = RuleHost(Ground.of(SITE, PLAIN))
    host.ground.voices.rooms = frozenset({"201"})
    host.feed(weak(10.0), at(10.0))
    return host
