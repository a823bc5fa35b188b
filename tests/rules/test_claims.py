"""What rules claim to go on, against what stands: silence about an open alarm, and belief in none, are found."""

import logging
from collections.abc import Iterable
from dataclasses import replace

import pytest

from agent.memory import AWAKE
from agent.rules.claims import Claims
from agent.rules.finding import Decline, Finding, Priority
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.memories import Memory
from agent.rules.reason import because
from agent.rules.registry import ROWS
from tests.rules.ward import R1, R2, SITE, at, device, reading

KEY, OTHER = ("vital_limits", R1), ("news2", R1)
ALL = 1_000


def says(kind: str = "spo2_low", active: bool = True, by: str = "dev-1") -> Finding:
    return Finding(kind, R1, Priority.HIGH, 1.0, (), by, active=active)


def test_what_goes_on_is_claimed_until_its_end() -> None:
    claims = Claims()
    claims.said(KEY, [says(), says(by="dev-2"), Decline("fall", R1, 1.0, (because("by_day"),))])
    assert claims.of(KEY) == (("spo2_low", "r-1", "dev-1"), ("spo2_low", "r-1", "dev-2"))
    claims.said(KEY, [says(), says(active=False, by="dev-2"), says(active=False, by="dev-3")])
    assert claims.of(KEY) == (("spo2_low", "r-1", "dev-1"),)
    assert claims.of(OTHER) == ()
    claims.drop(KEY)
    claims.drop(OTHER)
    assert claims.of(KEY) == ()


def test_what_is_one_off_is_no_state() -> None:
    claims = Claims()
    claims.said(KEY, [says("fall"), says("bed_exit")])
    assert claims.of(KEY) == ()


def test_both_are_compared() -> None:
    claims = Claims()
    claims.said(KEY, [says(), says(by="dev-2")])
    claims.take_up(OTHER, [("news2", "r-1", "")])
    news = says("news2", by="")
    assert claims.compared([says(), says(by="dev-2"), news]) == ([], [])
    assert claims.compared([says(), news]) == ([KEY], [])
    assert claims.compared(iter([says(), says(by="dev-2"), says("scald")])) == ([OTHER], [says("scald")])
    elsewhere = replace(news, subject=R2)
    assert claims.compared([says(), says(by="dev-2"), elsewhere]) == ([OTHER], [elsewhere])


def host() -> RuleHost:
    return RuleHost(Ground.of(SITE), [row for row in ROWS if row.name in ("spo2_low", "in_bed_long")])


def values(under_test: RuleHost, value: float, begin: int, seconds: int) -> list[tuple[float, bool]]:
    found = []
    for when in range(begin, begin + seconds + 1):
        said = under_test.feed(reading("spo2", value, float(when)), at(float(when)))
        found += [(float(when), one.active) for one in said if isinstance(one, Finding) and one.kind == "spo2_low"]
    return found


def kept(under_test: RuleHost) -> list[Memory]:
    return under_test.memories(ALL)


def reborn(memories: Iterable[Memory], going_on: Iterable[Finding]) -> RuleHost:
    after = host()
    for memory in memories:
        assert after.remember(memory, AWAKE, 300.0) == ""
    after.settle(going_on)
    return after


def test_a_rule_that_died_before_it_wrote_that_all_is_well_raises_again(caplog: pytest.LogCaptureFixture) -> None:
    before = host()
    assert values(before, 94, 1, 1) == [(1.0, False)]
    assert values(before, 90, 3, 180) == [(183.0, True)]
    raised = kept(before)
    assert [one.claims for one in raised if one.rule == "spo2_low"] == [(("spo2_low", "r-1", "dev-1"),)]
    assert [one.claims for one in before.known() if one.rule == "spo2_low"] == [(("spo2_low", "r-1", "dev-1"),)]
    assert values(before, 94, 184, 1) == [(184.0, False)]
    assert [one.claims for one in kept(before) if one.rule == "spo2_low"] == [()]

    assert values(reborn(raised, [says()]), 90, 300, 400) == [], "the alarm is open, and it said so"
    with caplog.at_level(logging.WARNING):
        after = reborn(raised, [])
    assert "spo2_low of dev-1: what it remembered is dropped: no such alarm is open" in caplog.messages
    assert values(after, 90, 300, 400) == [(480.0, True)]
    assert len(kept(after)) >= 1


def test_a_rule_that_died_before_it_wrote_that_it_raised_ends_the_alarm() -> None:
    before = host()
    values(before, 94, 1, 1)
    well = kept(before)
    assert values(before, 90, 3, 180) == [(183.0, True)]
    assert values(reborn(well, []), 94, 300, 5) == []
    assert values(reborn(well, [says()]), 94, 300, 5) == [(300.0, False)]
    assert values(reborn(well, [replace(says("smoke"), subject=device("dev-1"), device="")]), 94, 300, 5) == [
        (300.0, False)
    ], "by whatever name it may be its own"
    assert values(reborn(well, [replace(says(), subject=R2, device="dev-2")]), 94, 300, 5) == []


def test_who_took_nothing_up_is_left_as_it_is() -> None:
    after = host()
    values(after, 94, 1, 1)
    after.settle([says()])
    assert values(after, 94, 3, 1) == []


def test_a_dropped_rule_is_written_off_and_hears_again() -> None:
    before = host()
    values(before, 85, 1, 61)
    raised = kept(before)
    after = reborn(raised, [says()])
    assert kept(after)
    after.settle([])
    gone = [one for one in kept(after) if one.rule == "spo2_low"]
    assert [(one.facts, one.claims) for one in gone] == [({}, ())]
    assert values(after, 85, 300, 61) == [(360.0, True)]
