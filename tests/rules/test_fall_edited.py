"""A fall that is being judged while site facts are edited, or the core dies: it is told all the same."""

from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import Sleep
from agent.residents import Resident, Site
from agent.rules.finding import Finding, Priority, Prompt, Said
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.memories import Memory
from agent.rules.registry import ROWS
from tests.rules.fallen import HIGH, LOW, MEDIUM, PLAIN, R1, SITE, fall, up, weak
from tests.rules.ward import at

ANSWER_S, RECOVERY_S = 15.0, 15.0
NEIGHBOUR = Resident("r-9", "丁", "201")
LI = SITE.residents["r-1"]
EDITS = {
    "another fact": replace(SITE, residents={**SITE.residents, "r-1": replace(LI, turning_min=120.0)}),
    "somebody moved in": replace(SITE, residents={**SITE.residents, "r-9": NEIGHBOUR}),
    "moved out": replace(SITE, residents={**SITE.residents, "r-1": replace(LI, room="299")}),
    "nobody's any more": Site.of([], SITE.bindings.values()),
}
FALL = tuple(row for row in ROWS if row.name in ("fall", "long_lie"))


class Room:
    """Room 201 with a loudspeaker, and the rules of falls."""

    def __init__(self) -> None:
        self.host = RuleHost(Ground.of(SITE, PLAIN), FALL)
        self.host.ground.voices.rooms = frozenset({"201"})

    def feed(self, *events: Event) -> list[Said]:
        return [said for event in events for said in self.host.feed(event, at(event.at))]

    def until(self, first: float, last: float) -> list[tuple[float, str, Priority]]:
        """What is found in each second from `first` to `last`."""
        told = []
        for second in range(int(first), int(last) + 1):
            said = [one for one in self.host.tick(at(float(second))) if isinstance(one, Finding) and one.active]
            told += [(float(second), one.kind, one.priority) for one in said]
        return told


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_who_is_being_asked_is_raised_although_site_facts_change(edit: str) -> None:
    room = Room()
    (asked,) = room.feed(weak(10.0))
    assert isinstance(asked, Prompt)
    room.host.use(EDITS[edit])
    told = room.until(11, 60)
    assert told == [(10.0 + ANSWER_S, "fall", MEDIUM), (10.0 + ANSWER_S + RECOVERY_S, "fall", HIGH)]


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_who_does_not_get_up_is_a_grave_fall_although_site_facts_change(edit: str) -> None:
    room = Room()
    assert [one.priority for one in room.feed(fall(10.0)) if isinstance(one, Finding)] == [MEDIUM]
    room.host.use(EDITS[edit])
    assert room.until(11, 60) == [(10.0 + RECOVERY_S, "fall", HIGH)]


def test_who_gets_up_after_an_edit_is_a_near_fall() -> None:
    room = Room()
    room.feed(fall(10.0))
    room.host.use(EDITS["somebody moved in"])
    said = [one for one in room.feed(up(12.0)) if isinstance(one, Finding) and one.kind == "fall"]
    assert [one.priority for one in said] == [LOW]
    assert room.until(13, 60) == []


def test_the_clock_of_a_long_lie_goes_on_through_an_edit() -> None:
    room = Room()
    room.feed(fall(10.0, name="low_on_floor", score=0.1))
    room.host.use(EDITS["another fact"])
    lies = [when for when, kind, _ in room.until(11, 10 + 1000) if kind == "long_lie"]
    assert lies == [10.0 + room.host.ground.settings.fall.lie_s]


def remembered(before: Room, sleep: Sleep) -> Room:
    """The room after a restart."""
    after = Room()
    after.host.ground.voices.rooms = frozenset()  # the sounder is not heard yet
    (memory,) = [one for one in before.host.memories(100) if one.rule == "fall"]
    assert after.host.remember(memory, sleep, 10.0) == ""
    return after


@pytest.mark.parametrize("passed_s", [3.0, None])
def test_who_was_being_asked_when_the_core_died_is_raised_at_once(passed_s: float | None) -> None:
    before = Room()
    before.feed(weak(10.0))
    after = remembered(before, Sleep(passed_s, 3.0))
    assert after.until(14, 60) == [(14.0, "fall", MEDIUM), (14.0 + RECOVERY_S, "fall", HIGH)]


def test_an_older_fall_that_is_open_still_ends_no_question() -> None:
    before = Room()
    before.feed(weak(10.0))
    after = remembered(before, Sleep(3.0, 3.0))
    after.host.resume("fall", R1, HIGH, -9000.0, at(13.0))
    assert after.until(14, 60) == [(14.0, "fall", MEDIUM), (14.0 + RECOVERY_S, "fall", HIGH)]


def test_what_staff_have_looked_after_is_not_asked_about_again() -> None:
    before = Room()
    before.feed(weak(10.0), Act("present", R1, 12.0, "s-1", True))
    assert before.until(13, 60) == []
    assert remembered(before, Sleep(3.0, 3.0)).until(63, 200) == []


def test_a_memory_of_a_fall_that_makes_no_sense_is_refused() -> None:
    room = Room()
    room.feed(weak(10.0))
    (memory,) = [one for one in room.host.memories(100) if one.rule == "fall"]
    after = Room()
    wrong = Memory(memory.rule, memory.about, memory.whose, memory.version, {"_falls": [{"subject": "r-1"}]})
    assert "other fields" in after.host.remember(wrong, Sleep(3.0, 3.0), 10.0)
    assert after.until(11, 60) == []
