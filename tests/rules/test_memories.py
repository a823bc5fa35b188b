"""Which memories are due to be written, and whose they still are."""

from dataclasses import replace
from typing import Any, ClassVar

import pytest

from agent.memory import COUNT, Keeps
from agent.places import Place, PlaceKind
from agent.residents import GATEWAY, Binding, DeviceRole, Site, Subject, SubjectKind
from agent.rules.claims import Key, claim_of
from agent.rules.finding import Finding, Priority
from agent.rules.memories import Memories, Memory, Remembering, whose
from tests.rules.ward import R1, R2, SITE


class Keeper:
    """Remembers a number, and one more that is no reason to write."""

    keeps: ClassVar[Keeps | None] = Keeps(4, beside=("noise",), number=COUNT, noise=COUNT)

    def __init__(self) -> None:
        self.number = self.noise = self.asked = 0

    def memory(self) -> dict[str, Any]:
        self.asked += 1
        return {"number": self.number, "noise": self.noise}


class Forgetful(Keeper):
    keeps: ClassVar[Keeps | None] = None


def home(number: int) -> dict[Key, Keeper]:
    return {(f"rule-{n}", R1): Keeper() for n in range(number)}


def due(memories: Memories, rules: dict[Key, Keeper], looks: int) -> list[str]:
    asked: dict[Key, Remembering | None] = dict(rules)
    return [one.rule for one in memories.due(asked, SITE, looks)]


def test_each_is_given_in_its_turn_and_again_only_when_it_has_changed() -> None:
    memories, rules = Memories(), home(5)
    assert due(memories, rules, 2) == ["rule-0", "rule-1"]
    assert due(memories, rules, 2) == ["rule-2", "rule-3"]
    assert due(memories, rules, 2) == ["rule-4"]
    rules["rule-1", R1].number = 1
    assert due(memories, rules, 2) == ["rule-1"]
    assert due(memories, rules, 5) == []
    assert [one.asked for one in rules.values()] == [3, 3, 3, 2, 2]


def test_a_look_at_all_is_one_at_each() -> None:
    memories, rules = Memories(), home(3)
    assert len(due(memories, rules, 1_000_000)) == 3
    assert [one.asked for one in rules.values()] == [1, 1, 1]
    assert due(memories, {}, 7) == []


def test_what_was_stirred_is_given_at_once() -> None:
    memories, rules = Memories(), home(5)
    due(memories, rules, 5)
    rules["rule-4", R1].number = 9
    assert due(memories, rules, 1) == []
    memories.stir(("rule-4", R1))
    memories.stir(("rule-3", R1))
    memories.stir(("nobody", R1))
    assert due(memories, rules, 0) == ["rule-4"], "and of those alone what has changed"
    rules["rule-4", R1].number = 10
    assert due(memories, rules, 0) == []


def test_what_changes_with_each_reading_goes_along_and_is_no_reason() -> None:
    memories, rules = Memories(), home(1)
    due(memories, rules, 1)
    rules["rule-0", R1].noise = 5
    assert due(memories, rules, 1) == []
    rules["rule-0", R1].number = 1
    (memory,) = memories.due(dict(rules), SITE, 1)
    assert memory == Memory("rule-0", R1, "r-1", 4, {"number": 1, "noise": 5})


def test_who_remembers_nothing_or_is_not_built_or_unknown_is_left_out() -> None:
    elsewhere, nobody = Subject(SubjectKind.RESIDENT, "r-1", "999"), Subject(SubjectKind.RESIDENT, "r-9", "201")
    rules: dict[Key, Remembering | None] = {
        ("a", R1): Forgetful(), ("b", R1): None, ("c", elsewhere): Keeper(), ("d", nobody): Keeper(),
        ("e", R2): Keeper(),
    }  # fmt: skip
    assert [one.rule for one in Memories().due(rules, SITE, 5)] == ["e"]


def test_a_rule_that_is_no_more_is_written_off_once_if_it_was_written() -> None:
    memories, rules = Memories(), home(2)
    memories.forget(("rule-0", R1))
    assert due(memories, rules, 2) == ["rule-0", "rule-1"]
    memories.stir(("rule-0", R1))
    memories.forget(("rule-0", R1))
    assert memories.due({}, SITE, 0) == [Memory("rule-0", R1, "", 0, {})]
    assert memories.due({}, SITE, 0) == []
    assert due(memories, rules, 2) == ["rule-0"], "and anew when it is built again"


def test_what_a_rule_that_is_no_more_claimed_is_not_claimed_by_its_heir() -> None:
    memories, rules = Memories(), home(1)
    (key,) = rules
    goes_on = Finding("spo2_low", R1, Priority.HIGH, 1.0, (), "dev-1")
    memories.stir(key, [goes_on])
    assert [one.claims for one in memories.due(dict(rules), SITE, 0)] == [(claim_of(goes_on),)]
    memories.forget(key)
    assert [one.claims for one in memories.due(dict(rules), SITE, 1)] == [(), ()]


@pytest.mark.parametrize(
    ("about", "belongs"),
    [
        (R1, "r-1"),
        (Subject(SubjectKind.RESIDENT, "r-1", "202"), None),
        (Subject(SubjectKind.RESIDENT, "r-9", "201"), None),
        (Subject(SubjectKind.PLACE, "201", "201"), "r-1 r-3"),
        (Subject(SubjectKind.PLACE, "wc", "201"), "r-1 r-3"),
        (Subject(SubjectKind.PLACE, "202"), "r-2"),
        (Subject(SubjectKind.PLACE, "lobby", "lobby"), ""),
        (Subject(SubjectKind.DEVICE, "dev-1", "201"), "r-1"),
        (Subject(SubjectKind.DEVICE, "dev-1", "202"), None),
        (Subject(SubjectKind.DEVICE, "contact", "201"), "201"),
        (Subject(SubjectKind.DEVICE, "loose"), "loose"),
        (GATEWAY, "gateway"),
    ],
)
def test_whose_a_memory_is(about: Subject, belongs: str | None) -> None:
    third = replace(SITE.residents["r-1"], id="r-3")
    site = Site.of(
        [third, *SITE.residents.values()],
        [*SITE.bindings.values(), Binding("drip", DeviceRole.LIFE_SAFETY, room="wc")],
        places=[Place("wc", PlaceKind.TOILET, "201")],
    )
    assert whose(site, about) == belongs


def test_a_device_that_went_to_another_resident_is_theirs() -> None:
    site = Site.of(SITE.residents.values(), [Binding("dev-1", DeviceRole.BED, resident="r-2")])
    assert whose(site, site.device_subject("dev-1")) == "r-2"


def test_it_is_given_again_when_it_belongs_to_somebody_else_or_elsewhere() -> None:
    memories, keeper = Memories(), Keeper()

    def given(room: str, resident: str) -> list[tuple[str, str]]:
        site = Site.of(
            [replace(one, room=room) for one in SITE.residents.values()],
            [Binding("dev-1", DeviceRole.BED, resident=resident)],
        )
        rules: dict[Key, Remembering | None] = {("a", site.device_subject("dev-1")): keeper}
        return [(one.about.room, one.whose) for one in memories.due(rules, site, 1)]

    assert given("201", "r-1") == [("201", "r-1")]
    assert given("201", "r-1") == []
    assert given("201", "r-2") == [("201", "r-2")]
    assert given("203", "r-2") == [("203", "r-2")]
