"""The host lets its rules take up what they remembered, and asks nobody twice."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.memory import AT, AWAKE, COUNT, HEARD, Keeps, Sleep
from agent.moment import Moment
from agent.places import Place, PlaceKind
from agent.residents import GATEWAY, Binding, DeviceRole, Resident, Site, Subject
from agent.rules.finding import Decline, Said
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.memories import WARD, Memory
from agent.rules.reason import because
from agent.rules.registry import ROWS
from agent.rules.row import RuleRow, Scope, residents
from agent.rules.rule import Rule
from tests.rules.ward import MIDNIGHT, R1, SITE, act, at, reading

ALL = 1_000


class Counting(Rule):
    """Counts what it is fed, speaks at each third, and wants to be asked ten seconds after the first."""

    keeps: ClassVar[Keeps | None] = Keeps(2, due=HEARD, count=COUNT, since=AT)

    def __init__(self, about: Subject) -> None:
        self._about = about
        self.count = 0
        self.since = 0.0

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        self.count += 1
        if self.count == 1:
            self.since, self.due = now.monotonic, now.monotonic + 10.0
        return self._said(now, f"fed {self.count}") if self.count % 3 == 0 else ()

    def tick(self, now: Moment) -> Iterable[Said]:
        self.due = float("inf")
        return self._said(now, f"ticked {self.count} since {self.since:g}")

    def _said(self, now: Moment, what: str) -> Iterable[Said]:
        return (Decline("fall", self._about, now.monotonic, (because("is_back", by=what),)),)


ROW = RuleRow("counting", lambda _on, about: Counting(about), Scope.SUBJECT, ("motion", "weight"), acts=("round",))


def host(*rows: RuleRow, site: Site = SITE) -> RuleHost:
    return RuleHost(Ground.of(site), rows or (ROW,))


def words(said: Iterable[Said]) -> list[str]:
    return [str(dict(one.reasons[0].values)["by"]) for one in said if isinstance(one, Decline)]


def fed(under_test: RuleHost, *times: float, quantity: str = "motion") -> list[str]:
    return [word for when in times for word in words(under_test.feed(reading(quantity, True, when), at(when)))]


def counted(count: int, due: float | str = "never", since: float = 1.0) -> Memory:
    return Memory("counting", R1, "r-1", 2, {"due": due, "count": count, "since": since})


def rules_in(memories: Iterable[Memory]) -> list[str]:
    return [one.rule for one in memories]


def test_a_rule_goes_on_where_it_was() -> None:
    before, after = host(), host()
    fed(before, 1.0, 2.0)
    (ward, memory) = before.memories(ALL)
    assert (ward.rule, ward.about) == (WARD, GATEWAY)
    assert memory == counted(2, 11.0)
    assert after.remember(memory, AWAKE, 2.0) == ""
    assert (len(after), after.tick(at(2.0))) == (1, [])
    assert fed(after, 3.0) == ["fed 3"]
    assert words(after.tick(at(10.9))) == []
    assert words(after.tick(at(11.0))) == ["ticked 3 since 1"]


def test_its_times_are_those_of_now() -> None:
    after = host()
    assert after.remember(counted(2, 11.0), Sleep(passed_s=100.0, deaf_s=160.0), 102.0) == ""
    after.tick(at(102.0))
    assert after.due == 171.0
    assert words(after.tick(at(171.0))) == ["ticked 2 since 101"]


@pytest.mark.parametrize(
    ("memory", "why"),
    [
        (replace(counted(2), whose="r-2"), "the site facts have changed"),
        (replace(counted(2), about=replace(R1, room="202")), "the site facts have changed"),
        (replace(counted(2), rule="gone"), "there is no such rule"),
        (replace(counted(2), version=1), "form 1 is not read any more"),
        (replace(counted(2), facts={"count": 2}), "other fields than due, count, since"),
        (replace(counted(2), facts={"due": "never", "count": 2.5, "since": 1}), "2.5 is no int"),
        (Memory(WARD, GATEWAY, "gateway", 1, {"x": 1}), "other fields than"),
        (Memory(WARD, GATEWAY, "gateway", 0, {}), "form 0 is not read any more"),
        (Memory(WARD, R1, "r-1", 1, {}), "there is no such rule"),
    ],
)
def test_what_does_not_fit_is_refused_and_the_rule_begins_anew(memory: Memory, why: str) -> None:
    after = host()
    assert after.remember(memory, AWAKE, 2.0).startswith(why)
    assert len(after) == 0
    assert fed(after, 3.0, 4.0, 5.0) == ["fed 3"]


def test_a_time_that_nobody_knows_is_refused() -> None:
    assert host().remember(counted(2), Sleep(None, 5.0), 2.0) == "nobody knows how long ago it was"


@pytest.mark.parametrize("error", [AttributeError("x"), KeyError("x"), OverflowError("x"), TypeError("x")])
def test_whatever_a_rule_makes_of_it_the_host_lives(error: Exception) -> None:
    class Spoilt(Counting):
        def remember(self, facts: Any, sleep: Sleep) -> None:  # noqa: ANN401
            raise error

    after = host(replace(ROW, build=lambda _on, about: Spoilt(about)))
    assert "x" in after.remember(counted(2), AWAKE, 2.0)
    assert len(after) == 0


def test_a_rule_that_cannot_be_built_is_no_reason_to_die(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_on: Ground, _about: Subject) -> Rule:
        raise ZeroDivisionError

    assert host(replace(ROW, build=broken)).remember(counted(2), AWAKE, 2.0) == "it cannot be built"
    assert caplog.messages == ["r-1: rule counting failed"]


def test_a_rule_without_a_form_takes_nothing_up() -> None:
    class Forgetful(Counting):
        keeps: ClassVar[Keeps | None] = None

    after = host(replace(ROW, build=lambda _on, about: Forgetful(about)))
    assert after.remember(counted(2), AWAKE, 2.0) == "form 2 is not read any more"
    assert Forgetful(R1).memory() == {}
    Forgetful(R1).remember({"x": 1}, AWAKE)
    fed(after, 1.0)
    assert rules_in(after.memories(ALL)) == [WARD]


def test_the_ward_is_known_again() -> None:
    before, after = host(), host()
    before.feed(act("out", 5.0, value=MIDNIGHT + 3600.0), at(5.0))
    (ward,) = [one for one in before.memories(ALL) if one.rule == WARD]
    assert after.remember(ward, AWAKE, 5.0) == ""
    assert after.ground.ward.out("r-1", at(6.0)) == before.ground.ward.out("r-1", at(6.0))
    assert after.ground.ward.out("r-1", at(6.0)) is not None


def test_an_act_is_told_again_to_those_alone_who_do_not_remember_it() -> None:
    other = replace(ROW, name="other")
    after = host(ROW, other)
    after.remember(counted(2), AWAKE, 7.0)
    assert words(after.retell(act("round", 7.0), at(20.0))) == []
    assert words(after.retell(act("round", 7.1), at(20.0))) == ["fed 3"]
    assert [one.facts["count"] for one in after.memories(ALL) if one.rule != WARD] == [3, 2]


@pytest.mark.parametrize(("told_at", "out"), [(7.0, False), (7.1, True)])
def test_the_ward_is_told_again_what_it_does_not_remember(told_at: float, out: bool) -> None:
    before, after = host(), host()
    (ward,) = [one for one in before.memories(ALL) if one.rule == WARD]
    after.remember(ward, AWAKE, 7.0)
    after.retell(act("out", told_at, value=MIDNIGHT + 3600.0), at(20.0))
    assert (after.ground.ward.out("r-1", at(20.0)) is not None) is out


def test_who_remembers_nothing_is_told_all_again() -> None:
    after = host()
    after.retell(act("out", 7.0, value=MIDNIGHT + 3600.0), at(20.0))
    after.retell(act("round", 7.0), at(20.0))
    assert after.ground.ward.out("r-1", at(20.0)) is not None
    assert [one.facts["count"] for one in after.memories(ALL) if one.rule != WARD] == [1]


def test_what_was_said_or_done_by_hand_is_due_at_once() -> None:
    under_test = host()
    under_test.memories(ALL)
    fed(under_test, 1.0, 2.0)
    under_test.memories(1)  # the turn of the ward
    assert rules_in(under_test.memories(0)) == []
    fed(under_test, 3.0)
    assert rules_in(under_test.memories(0)) == ["counting"], "it spoke"
    fed(under_test, 4.0, quantity="weight")
    assert rules_in(under_test.memories(0)) == ["counting"], "it was measured by a person"
    under_test.feed(Act("round", R1, 5.0, "s-1", True), at(5.0))
    assert rules_in(under_test.memories(0)) == ["ward", "counting"]
    under_test.tick(at(11.0))
    assert rules_in(under_test.memories(0)) == ["counting"]


def test_a_rule_of_who_has_gone_is_written_off() -> None:
    under_test = host(replace(ROW, watches=residents))
    fed(under_test, 1.0)
    under_test.memories(ALL)
    under_test.use(replace(SITE, residents={"r-2": SITE.residents["r-2"]}))
    assert Memory("counting", R1, "", 0, {}) in under_test.memories(0)


def test_a_device_in_another_place_is_told_of_anew() -> None:
    site = Site.of([Resident("r-1", "甲", "201")], [Binding("pir", DeviceRole.ENVIRONMENT, room="201")])
    under_test = host(replace(ROW, scope=Scope.DEVICE), site=site)
    under_test.feed(reading("motion", True, 1.0, device="pir"), at(1.0))
    (_, before) = under_test.memories(ALL)
    assert (before.about.id, before.about.room, before.whose) == ("pir", "201", "201")
    under_test.use(replace(site, bindings={"pir": Binding("pir", DeviceRole.ENVIRONMENT, room="202")}))
    under_test.feed(reading("motion", True, 2.0, device="pir"), at(2.0))
    found = under_test.memories(ALL)
    assert [(one.about.room, one.facts.get("count")) for one in found if one.rule == "counting"] == [
        ("201", None),
        ("202", 1),
    ]


WANDERS = replace(SITE.residents["r-1"], wander_risk=True)
TWO = {"tag": Binding("tag", DeviceRole.TAG, resident="r-1"), "exit": Binding("exit", DeviceRole.READER, room="exit")}


@pytest.mark.parametrize(("wanders", "due"), [(True, True), (False, False)])
def test_who_is_no_longer_watched_is_not_watched_by_what_was_remembered(wanders: bool, due: bool) -> None:
    places = {"exit": Place("exit", PlaceKind.EXIT, "exit")}
    site = replace(SITE, residents={"r-1": WANDERS}, bindings=TWO, places=places)
    (row,) = [one for one in ROWS if one.name == "exit_zone"]
    before = host(row, site=site)
    before.feed(reading("seen_at", "exit", 1.0, device="tag"), at(1.0))
    (memory,) = [one for one in before.memories(ALL) if one.rule == "exit_zone"]
    assert memory.facts["_exit"] == "exit"
    after = host(row, site=replace(site, residents={"r-1": replace(WANDERS, wander_risk=wanders)}))
    assert after.remember(memory, AWAKE, 1.0) == ""
    assert (after.tick(at(60.0)) != []) is due


def test_what_is_remembered_outlives_an_edit_of_somebody_else_s_facts() -> None:
    """Else each edit in the room would begin the interval of turning anew."""
    under_test = host(replace(ROW, watches=residents))
    fed(under_test, 1.0, 2.0)
    neighbour = Resident("r-9", "丁", SITE.residents["r-1"].room)
    under_test.use(replace(SITE, residents={**SITE.residents, "r-9": neighbour}))
    assert fed(under_test, 3.0) == ["fed 3"]
    assert counted(3, 11.0) in [one for one in under_test.memories(ALL) if one.rule == "counting"]
