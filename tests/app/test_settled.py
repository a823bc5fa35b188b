"""After a restart rules and alarms agree: what a rule remembers is held against the alarms that are open."""

from collections.abc import Iterable

import pytest

from agent.alarms.alarm import Action, Alarm, Cause, Command
from agent.app.past import restore
from agent.memory import AWAKE
from agent.rules.memories import Memory
from tests.app.test_past import Life, opened, stamp
from tests.rules.ward import reading


def lives(life: Life, value: float, until: float) -> None:
    """A reading each second."""
    while life.now < until:
        life.now += 1.0
        life.flow.feed(reading("spo2", value, life.now))
        life.flow.tick()


def memories(life: Life) -> list[Memory]:
    return life.flow.judge.rules.memories(1_000)


def reborn(memory: Iterable[Memory], before: Life) -> Life:
    after = Life(before.now + 10.0)
    for one in memory:
        assert after.flow.judge.rules.remember(one, AWAKE, before.now) == ""
    states = before.stored()
    assert restore(opened(states), after.flow, stamp(after.now)) == []
    return after


def oxygen(life: Life) -> list[Alarm]:
    return [one for one in life.flow.open if one.kind == "spo2_low"]


def test_an_alarm_that_its_rule_remembers_goes_on_as_it_was() -> None:
    before = Life(100.0)
    lives(before, 94, 105.0)
    lives(before, 90, 290.0)
    (alarm,) = oxygen(before)
    after = reborn(memories(before), before)
    lives(after, 90, after.now + 200.0)
    (same,) = oxygen(after)
    assert (same.id, same.reasons) == (alarm.id, alarm.reasons)
    lives(after, 94, after.now + 2.0)
    assert not any(one.condition for one in oxygen(after))


def test_an_alarm_that_its_rule_does_not_remember_ends_all_the_same() -> None:
    before = Life(100.0)
    lives(before, 94, 105.0)
    well = memories(before)
    lives(before, 90, 290.0)
    assert oxygen(before)[0].condition
    after = reborn(well, before)
    lives(after, 94, after.now + 2.0)
    assert not any(one.condition for one in oxygen(after))


@pytest.mark.parametrize("closed", [False, True])
def test_a_rule_that_remembers_an_alarm_that_is_over_raises_again(closed: bool) -> None:
    before = Life(100.0)
    lives(before, 94, 105.0)
    lives(before, 90, 290.0)
    raised = memories(before)
    if closed:  # by a person, and then over: nothing of it is left
        for action in (Action.ATTEND, Action.CLOSE):
            before.flow.command(Command(action, oxygen(before)[0].id, "wang", Cause.OTHER))
    lives(before, 94, 292.0)
    assert not any(one.condition for one in oxygen(before))
    after = reborn(raised, before)
    lives(after, 90, after.now + 179.0)
    assert not any(one.condition for one in oxygen(after))
    lives(after, 90, after.now + 2.0)
    assert [one.condition for one in oxygen(after)] == [True]
