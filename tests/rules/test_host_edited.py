"""Rules whose facts were edited, and acts that are told again: what the host hands on, also when a rule fails at it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import ClassVar

import pytest

from agent.detection.event import Event
from agent.memory import AWAKE
from agent.moment import Moment
from agent.residents import Resident, Subject, SubjectKind
from agent.rules.finding import Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.host import BLIND, TRUSTED_AGAIN_S, RuleHost
from agent.rules.memories import Memory
from agent.rules.row import Scope, residents
from agent.rules.rule import Rule
from tests.rules.test_host_remembering import ALL, ROW, Counting, counted, fed, host, words
from tests.rules.ward import R1, SITE, act, at, reading

EDITED = replace(SITE, residents={**SITE.residents, "r-9": Resident("r-9", "丁", SITE.residents["r-1"].room)})
GONE = Memory("counting", R1, "", 0, {})


class Breaking(Counting):
    """Fails when it is fed the third time."""

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        if self.count == 2:
            raise ZeroDivisionError
        return super().feed(event, now)


def running(build: Callable[[Ground, Subject], Rule]) -> RuleHost:
    return host(replace(ROW, build=build))


def blind(said: Iterable[Said]) -> list[tuple[str, Priority]]:
    return [(one.subject.id, one.priority) for one in said if isinstance(one, Finding) and one.kind == BLIND]


def test_who_moved_in_is_watched_before_anything_is_heard_of_them() -> None:
    under_test = host(replace(ROW, watches=residents))
    under_test.tick(at(0.0))
    assert (len(under_test), under_test.due) == (2, math.inf)
    under_test.use(EDITED)
    assert under_test.due == -math.inf
    under_test.tick(at(1.0))
    assert len(under_test) == 3


def test_an_heir_is_told_again_only_what_it_does_not_remember() -> None:
    under_test = host()
    under_test.remember(counted(2), AWAKE, 7.0)
    under_test.use(EDITED)
    assert words(under_test.retell(act("round", 7.0), at(20.0))) == []
    assert words(under_test.retell(act("round", 7.1), at(20.0))) == ["fed 3"]


def test_an_heir_that_fails_is_contained_and_told_of() -> None:
    under_test = running(lambda _on, about: Breaking(about))
    fed(under_test, 1.0, 2.0)
    under_test.use(EDITED)
    assert blind(under_test.feed(reading("motion", True, 3.0), at(3.0))) == [("counting:r-1", Priority.MEDIUM)]


def test_where_no_heir_can_be_built_the_memory_is_written_off(caplog: pytest.LogCaptureFixture) -> None:
    failures = [ZeroDivisionError()]

    def fragile(on: Ground, about: Subject) -> Rule:
        if "r-9" in on.site.residents and failures:
            raise failures.pop()
        return Counting(about)

    under_test = running(fragile)
    fed(under_test, 1.0, 2.0)
    assert counted(2, 11.0) in under_test.memories(ALL)
    under_test.use(EDITED)
    assert caplog.messages == ["r-1: rule counting failed"]
    assert under_test.memories(0) == [GONE]
    assert fed(under_test, 3.0, 4.0, 5.0) == ["fed 3"], "it begins anew"


def test_a_rule_that_is_blind_hands_nothing_on(caplog: pytest.LogCaptureFixture) -> None:
    under_test = running(lambda _on, about: Breaking(about))
    fed(under_test, 1.0, 2.0)
    under_test.memories(ALL)
    fed(under_test, 3.0)
    under_test.use(EDITED)
    assert under_test.memories(0) == [GONE], "what it knew before it failed is not what it knows"
    assert len(caplog.records) == 1


def test_what_goes_on_is_written_anew_at_once_where_somebody_moved_in() -> None:
    """The old memory is theirs who lived there; until the new one is written a death of the core would lose it."""

    class Lasting(Counting):
        goes_on: ClassVar[bool] = True

    under_test = host(replace(ROW, build=lambda _on, about: Lasting(about), scope=Scope.ROOM))
    fed(under_test, 1.0, 2.0)
    under_test.memories(ALL)
    under_test.use(EDITED)
    room = Subject(SubjectKind.PLACE, "201", "201")
    facts = {"due": 11.0, "count": 2, "since": 1.0}
    assert under_test.memories(0) == [
        Memory("counting", room, "", 0, {}),
        Memory("counting", room, "r-1 r-9", 2, facts),
    ]


def test_a_rule_that_is_dropped_while_others_run_is_neither_heard_nor_asked_again() -> None:
    """Its memory was read late, after events had found their way to it."""
    under_test = host(replace(ROW, watches=residents))
    under_test.tick(at(0.0))
    fed(under_test, 1.0)
    known = replace(counted(2, 11.0), claims=(("turning_due", "r-1", ""),))
    assert under_test.remember(known, AWAKE, 2.0) == ""
    under_test.settle([])
    assert (len(under_test), under_test.due) == (1, -math.inf), "whoever watches on his own is built anew at once"
    assert under_test.tick(at(11.0)) == []
    assert len(under_test) == 2
    assert fed(under_test, 12.0, 13.0) == []
    assert fed(under_test, 14.0) == ["fed 3"]


def test_a_rule_that_is_blind_when_alarms_are_restored_is_asked_nothing() -> None:
    under_test = running(lambda _on, about: Breaking(about))
    under_test.remember(counted(2), AWAKE, 2.0)
    assert blind(under_test.feed(reading("motion", True, 3.0), at(3.0))) == [("counting:r-1", Priority.MEDIUM)]
    under_test.settle([Finding("turning_due", R1, Priority.MEDIUM, 1.0, ())])
    assert fed(under_test, 4.0, 5.0) == []


def test_who_is_told_again_gets_the_act_itself() -> None:
    told: list[tuple[Event, float]] = []

    class Noting(Counting):
        def feed(self, event: Event, now: Moment) -> Iterable[Said]:
            told.append((event, now.monotonic))
            return ()

    under_test = running(lambda _on, about: Noting(about))
    done = act("round", 7.0)
    under_test.retell(done, at(20.0))
    assert told == [(done, 20.0)]


def test_who_fails_at_what_is_told_again_is_contained_and_trusted_after_a_minute() -> None:
    under_test = running(lambda _on, about: Breaking(about))
    under_test.remember(counted(2), AWAKE, 5.0)
    assert blind(under_test.retell(act("round", 7.0), at(20.0))) == [("counting:r-1", Priority.MEDIUM)]
    assert blind(under_test.tick(at(20.0 + TRUSTED_AGAIN_S - 1.0))) == []
    assert blind(under_test.tick(at(20.0 + TRUSTED_AGAIN_S))) == [("counting:r-1", Priority.LOW)]


def test_a_rule_that_is_blind_for_a_device_whose_id_has_a_colon_is_known_after_a_restart() -> None:
    device = Subject(SubjectKind.DEVICE, "modbus:7")
    under_test = host(replace(ROW, build=lambda _on, about: Breaking(about), scope=Scope.DEVICE))
    under_test.resume(BLIND, replace(device, id="counting:modbus:7"), Priority.MEDIUM, 1.0, at(100.0))
    said = [
        under_test.feed(reading("motion", True, when, device=device.id), at(when)) for when in (101.0, 102.0, 103.0)
    ]
    assert [blind(one) for one in said] == [[], [], []], "told before it"
