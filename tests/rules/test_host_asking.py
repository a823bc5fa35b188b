"""When the host builds, asks and resumes its rules, and when new site facts rebuild them."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.moment import Moment
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site, Subject
from agent.rules.finding import Priority, Said
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.row import RuleRow, Scope
from agent.rules.rule import Rule
from drivers.base import Link, LinkState
from tests.rules.test_scope import BED, LIVES, RESIDENT
from tests.rules.ward import at, reading


class Told(Rule):
    """Notes what it is told; asks to be ticked at once."""

    def __init__(self, on: Ground, about: Subject, notes: list[str]) -> None:
        self._about, self._notes = about, notes
        notes.append(f"built {about.id}")

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        self._notes.append(f"fed {self._about.id} {now.monotonic:g}")
        self.due = now.monotonic + 5.0
        return ()

    def resume(self, priority: Priority, at: float, subject: Subject) -> None:
        self._notes.append(f"resumed {self._about.id} {priority.label} {at:g} {subject.id}")

    def tick(self, now: Moment) -> Iterable[Said]:
        self._notes.append(f"ticked {self._about.id} {now.monotonic:g}")
        self.due = float("inf")
        return ()


def telling(scope: Scope, notes: list[str], site: Site = LIVES) -> RuleHost:
    row = RuleRow(
        "told", lambda on, about: Told(on, about, notes), scope, ("smoke",), acts=("round",), resumes=("fall", "sos")
    )
    return RuleHost(Ground.of(site), (row, replace(row, name="other", resumes=())))


@pytest.mark.parametrize(
    ("scope", "kind", "subject", "expected"),
    [
        (Scope.ROOM, "fall", RESIDENT, ["built 201", "resumed 201 high 7 r-1"]),
        (Scope.SUBJECT, "sos", RESIDENT, ["built r-1", "resumed r-1 high 7 r-1"]),
        (Scope.DEVICE, "fall", BED, ["built bed", "resumed bed high 7 bed"]),
        (Scope.DEVICE, "fall", RESIDENT, []),
        (Scope.ROOM, "smoke", RESIDENT, []),
    ],
)
def test_an_alarm_from_before_goes_on_where_a_rule_resumes_it(
    scope: Scope, kind: str, subject: Subject, expected: list[str]
) -> None:
    notes = list[str]()
    telling(scope, notes).resume(kind, subject, Priority.HIGH, 7.0, at(9.0))
    assert notes == expected


def test_a_tick_comes_when_it_is_due_and_at_most_once_a_second() -> None:
    notes = list[str]()
    under_test = telling(Scope.DEVICE, notes)
    assert under_test.due == float("-inf")
    under_test.tick(at(0.0))
    assert under_test.due == float("inf")
    under_test.feed(reading("smoke", True, 1.0, device="smoke"), at(1.0))
    assert under_test.due == 6.0
    under_test.tick(at(5.9))
    under_test.tick(at(6.0))
    under_test.tick(at(60.0))
    assert notes == ["built smoke", "fed smoke 1", "built smoke", "fed smoke 1", "ticked smoke 6", "ticked smoke 6"]


def test_a_tick_that_is_put_off_meanwhile_does_not_come() -> None:
    notes = list[str]()
    under_test = telling(Scope.DEVICE, notes)
    for when in (1.0, 3.0):
        under_test.feed(reading("smoke", True, when, device="smoke"), at(when))
    notes.clear()
    for when in (6.0, 7.9, 8.0):
        under_test.tick(at(when))
    assert notes == ["ticked smoke 8"] * 2


class Restless(Told):
    """Wants to be ticked at once, again and again."""

    def tick(self, now: Moment) -> Iterable[Said]:
        self._notes.append(f"ticked {now.monotonic:g}")
        self.due = now.monotonic
        return ()


def test_a_rule_that_is_never_satisfied_is_ticked_once_a_second() -> None:
    notes = list[str]()
    row = RuleRow("restless", lambda on, about: Restless(on, about, notes), Scope.HOME, ("smoke",), links=True)
    under_test = RuleHost(Ground.of(LIVES), (row,))
    under_test.feed(reading("smoke", True, 0.0), at(0.0))
    for tenth in range(50, 75):
        under_test.tick(at(tenth / 10))
    assert notes[2:] == ["ticked 5", "ticked 6", "ticked 7"]
    under_test.feed(Link("bed", LinkState.SILENT, 8.0), at(8.0))
    assert notes[-1] == "fed gateway 8"


def test_the_ward_and_the_rules_hear_acts_and_events_of_one_name_are_told_apart() -> None:
    notes = list[str]()
    under_test = telling(Scope.SUBJECT, notes)
    act = Act("round", RESIDENT, 2.0, "s-1")
    under_test.feed(act, at(2.0))
    assert under_test.ground.ward.staff_in("201", at(3.0)) == "s-1"
    under_test.feed(Observation("bed", "smoke", 3.0), at(3.0))
    under_test.feed(reading("smoke", True, 4.0, device="bed"), at(4.0))
    under_test.feed(replace(act, subject=BED), at(5.0))
    assert notes == ["built r-1", "fed r-1 2"] * 2 + ["fed r-1 4"] * 2


def test_new_site_facts_rebuild_only_the_rules_that_they_concern() -> None:
    notes = list[str]()
    under_test = telling(Scope.DEVICE, notes)
    loose, smoke = (reading("smoke", True, 1.0, device=name) for name in ("loose", "smoke"))
    for event in (loose, smoke):
        under_test.feed(event, at(1.0))
    notes.clear()
    moved = Site.of(LIVES.residents.values(), [Binding("smoke", DeviceRole.LIFE_SAFETY, room="202")])
    under_test.use(moved)
    assert under_test.ground.site is moved
    assert under_test.ground.ward.site is moved
    assert under_test.due == float("-inf")
    under_test.tick(at(2.0))
    under_test.tick(at(6.0))  # the old rule of the detector wanted it, and is gone
    for event in (loose, smoke):
        under_test.feed(event, at(7.0))
    assert notes == [
        *["ticked loose 6"] * 2, *["fed loose 7"] * 2, *["built smoke", "fed smoke 7"] * 2,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        Site.of(
            [replace(LIVES.residents["r-1"], wander_risk=True)], LIVES.bindings.values(), places=LIVES.places.values()
        ),
        Site.of(
            [*LIVES.residents.values(), Resident("r-2", "乙", "201")],
            LIVES.bindings.values(),
            places=LIVES.places.values(),
        ),
        Site.of(
            LIVES.residents.values(),
            [*LIVES.bindings.values(), replace(LIVES.bindings["bed"], role=DeviceRole.WEARABLE)],
            places=LIVES.places.values(),
        ),
    ],
)
def test_a_rule_about_a_bed_is_rebuilt_when_its_resident_neighbour_or_role_changes(changed: Site) -> None:
    notes = list[str]()
    under_test = telling(Scope.DEVICE, notes)
    under_test.feed(reading("smoke", True, 1.0, device="bed"), at(1.0))
    under_test.use(Site.of(LIVES.residents.values(), LIVES.bindings.values(), places=LIVES.places.values()))
    under_test.feed(reading("smoke", True, 2.0, device="bed"), at(2.0))
    assert notes == ["built bed", "fed bed 1"] * 2 + ["fed bed 2"] * 2
    under_test.use(changed)
    under_test.feed(reading("smoke", True, 3.0, device="bed"), at(3.0))
    assert notes[6:] == ["built bed", "fed bed 3"] * 2


def test_a_rule_is_rebuilt_when_what_is_known_of_its_subject_changes() -> None:
    def rebuilt(before: Site, after: Site, scope: Scope, device: str) -> bool:
        notes = list[str]()
        under_test = telling(scope, notes, before)
        under_test.feed(reading("smoke", True, 1.0, device=device), at(1.0))
        under_test.use(after)
        notes.clear()
        under_test.feed(reading("smoke", True, 2.0, device=device), at(2.0))
        return any(note.startswith("built") for note in notes)

    nowhere = Resident("r-9", "丁", "")
    bed = Binding("bed", DeviceRole.BED, resident="r-9")
    before, after = Site.of([nowhere], [bed]), Site.of([replace(nowhere, wander_risk=True)], [bed])
    smoke = Binding("smoke", DeviceRole.LIFE_SAFETY, room="wc-201")
    toilet = Site.of([], [smoke], places=[Place("wc-201", PlaceKind.TOILET, "201")])
    yard = Site.of([], [smoke], places=[Place("wc-201", PlaceKind.YARD, "201")])
    other = Site.of([], [smoke], places=[Place("wc-201", PlaceKind.TOILET, "202")])
    for scope in (Scope.SUBJECT, Scope.DEVICE):
        assert [rebuilt(before, one, scope, "bed") for one in (before, after)] == [False, True]
    assert [rebuilt(toilet, one, Scope.SUBJECT, "smoke") for one in (toilet, yard)] == [False, True]
    assert [rebuilt(toilet, one, Scope.DEVICE, "smoke") for one in (toilet, other)] == [False, True]
    assert not rebuilt(toilet, Site.of([nowhere], [smoke], places=toilet.places.values()), Scope.DEVICE, "loose")
