"""The parts of ourselves: which fault becomes which alarm, and when."""

import pytest

from agent.alarms.alarm import Alarm
from agent.app.parts import PROVEN_S, ROWS, Parts, row_of
from agent.panel.words import WORDS
from agent.residents import Subject, SubjectKind
from agent.rules.finding import AlarmClass, Finding, Priority
from agent.rules.kinds import KINDS
from agent.rules.reason import because
from tests.alarms.engines import raised


class Bench:
    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.changes = 0
        self.parts = Parts(self.found.extend, self._changed)

    def _changed(self) -> None:
        self.changes += 1


@pytest.mark.parametrize("name", ROWS)
def test_the_panel_has_a_word_for_each_part(name: str) -> None:
    assert f"part_{name.removesuffix(':')}" in WORDS


def test_a_fault_is_told_once_and_its_end_once() -> None:
    bench = Bench()
    bench.parts.state("alarms.db", "disk full", 10.0)
    bench.parts.state("alarms.db", "disk full", 11.0)
    bench.parts.tick(12.0)
    bench.parts.state("alarms.db", "", 13.0)
    bench.parts.state("alarms.db", "", 14.0)
    assert [(f.kind, f.priority, f.active) for f in bench.found] == [
        ("store_failed", Priority.HIGH, True),
        ("store_failed", Priority.HIGH, False),
    ]
    assert bench.found[0].device == bench.found[1].device != ""


def test_a_fault_that_ends_in_time_is_shown_but_never_an_alarm() -> None:
    bench = Bench()
    bench.parts.state("upstream", "no route", 0.0)
    bench.parts.tick(299.0)
    assert [(one.state, one.detail) for one in bench.parts.statuses()] == [("degraded", "no route")]
    bench.parts.state("upstream", "", 299.5)
    bench.parts.tick(1000.0)
    assert bench.found == []
    assert [one.state for one in bench.parts.statuses()] == ["ok"]


def test_a_fault_that_lasts_is_an_alarm_of_its_own_priority() -> None:
    bench = Bench()
    bench.parts.state("upstream", "no route", 0.0)
    bench.parts.state("upstream", "refused", 200.0)  # another word for the same fault
    bench.parts.tick(300.0)
    assert [(f.kind, f.priority) for f in bench.found] == [("upstream_down", Priority.LOW)]
    assert [one.state for one in bench.parts.statuses()] == ["down"]


def test_a_fault_that_gets_graver_is_told_anew_and_a_milder_one_is_not() -> None:
    bench = Bench()
    bench.parts.state("power", "on battery", 1.0, Priority.LOW)
    bench.parts.state("power", "on battery, 50 %", 2.0, Priority.MEDIUM)
    bench.parts.state("power", "on battery, 49 %", 3.0, Priority.MEDIUM)
    bench.parts.state("power", "on battery, 15 %", 4.0, Priority.HIGH)
    bench.parts.state("power", "on battery, 30 %", 5.0, Priority.MEDIUM)
    bench.parts.state("power", "", 6.0)
    assert [(f.at, f.priority, f.active) for f in bench.found] == [
        (1.0, Priority.LOW, True),
        (2.0, Priority.MEDIUM, True),
        (4.0, Priority.HIGH, True),
        (6.0, Priority.LOW, False),
    ]


def test_parts_of_one_family_are_kept_apart() -> None:
    bench = Bench()
    bench.parts.state("camera:hall", "picture_dark", 0.0)
    bench.parts.state("camera:dining", "picture_frozen", 0.0)
    bench.parts.state("camera:hall", "", 1.0)
    assert [(f.subject.id, f.active) for f in bench.found] == [
        ("camera:hall", True), ("camera:dining", True), ("camera:hall", False),
    ]  # fmt: skip


def test_a_part_that_nobody_described_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        row_of("surprise")


def test_every_row_is_a_technical_kind() -> None:
    assert all(KINDS[row.kind].alarm_class is AlarmClass.TECHNICAL for row in ROWS.values())


def alarm_from_before(name: str, kind: str) -> Alarm:
    """An open alarm about part `name`, as a restart takes it up."""
    subject = Subject(SubjectKind.GATEWAY, name)
    finding = Finding(kind, subject, Priority.HIGH, 0.0, (because("part_failed", part=name, why="before"),), name)
    return raised(finding)


def test_what_is_well_again_after_a_restart_ends_its_alarm() -> None:
    bench = Bench()
    bench.parts.inherit([alarm_from_before("alarms.db", "store_failed")], 5.0)
    bench.parts.tick(5.0 + PROVEN_S - 1)
    assert bench.found == []
    bench.parts.tick(5.0 + PROVEN_S)
    bench.parts.tick(5.0 + 2 * PROVEN_S)
    assert [(f.kind, f.subject.id, f.active) for f in bench.found] == [("store_failed", "alarms.db", False)]


def test_what_fails_still_after_a_restart_ends_its_alarm_when_it_is_well() -> None:
    bench = Bench()
    bench.parts.inherit([alarm_from_before("upstream", "upstream_down")], 5.0)
    bench.parts.state("upstream", "not heard yet", 5.0)
    bench.parts.tick(5.0 + PROVEN_S)
    assert bench.found == []
    bench.parts.state("upstream", "", 100.0)
    assert [(f.kind, f.active) for f in bench.found] == [("upstream_down", False)]


@pytest.mark.parametrize(
    ("name", "kind"), [("open alarms", "history_unreadable"), ("later", "store_failed"), ("alarms.db", "panel_down")]
)
def test_other_alarms_are_left_to_people(name: str, kind: str) -> None:
    bench = Bench()
    bench.parts.inherit([alarm_from_before(name, kind)], 0.0)
    bench.parts.tick(1000.0)
    assert bench.found == []


def test_what_was_closed_while_it_failed_is_told_well_too() -> None:
    bench = Bench()
    left = Finding("store_failed", Subject(SubjectKind.GATEWAY, "alarms.db"), Priority.HIGH, 1.0, ())
    bench.parts.inherit([left], 5.0)
    bench.parts.tick(5.0 + PROVEN_S)
    assert [(f.kind, f.subject.id, f.active) for f in bench.found] == [("store_failed", "alarms.db", False)]


def test_a_fault_with_more_to_say_says_it_in_the_alarm_and_to_the_panel_as_it_is_now() -> None:
    bench = Bench()
    first, second = (because("call_failing", call="12349", count=n, why="no answer") for n in (1, 2))
    bench.parts.state("call:12349", "no answer", 0.0, reason=first)
    bench.parts.state("call:12349", "no answer", 4.0, reason=second)
    bench.parts.tick(5.0)
    assert [(f.kind, f.reasons) for f in bench.found] == [("call_failed", (second,))]
    third = because("call_failing", call="12349", count=3, why="no answer")
    bench.parts.state("call:12349", "no answer", 9.0, reason=third)
    (status,) = bench.parts.statuses()
    assert (status.state, status.detail, status.reason) == ("down", "no answer", third)
    assert len(bench.found) == 1, "one fault, one alarm"
    bench.parts.state("call:12349", "", 10.0)
    assert [(f.active, f.reasons[0].code) for f in bench.found[1:]] == [(False, "part_works")]
