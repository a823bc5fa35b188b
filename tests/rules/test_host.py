"""No rule can silence another."""

import logging
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.detection.observations import OBSERVATIONS, Observation
from agent.moment import Moment
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.host import TRUSTED_AGAIN_S, RuleHost
from agent.rules.kinds import KINDS
from agent.rules.registry import ROWS
from agent.rules.row import RuleRow, Scope, bound_devices
from agent.rules.rule import Rule
from drivers.base import Link, LinkState
from drivers.quantities import QUANTITIES, Shape
from drivers.reading import Quality, Reading
from tests.rules.test_scope import BED, LIVES, RESIDENT
from tests.rules.ward import SITE, at, ground, reading, said_as


class Crashing(Rule):
    """A rule that fails on each event."""

    def feed(self, event: Event, now: Moment) -> Iterable[Said]:
        raise ZeroDivisionError("division by zero")


def build(_ground: Ground, _about: Subject) -> Rule:
    return Crashing()


def findings(said: Iterable[Said]) -> list[Finding]:
    """What matters, and what rules say of themselves; that all is well is said once by many."""
    return [one for one in said if isinstance(one, Finding) and (one.active or one.kind == "rule_blind")]


# All rules but the one that hears every device: its verdicts are tests/rules/test_silent_device.py's business.
QUIET_ROWS = tuple(row for row in ROWS if not row.every_word)


def host(*extra: RuleRow, safe_mode: bool = False) -> RuleHost:
    return RuleHost(ground(), (*extra, *QUIET_ROWS), safe_mode=safe_mode)


@pytest.mark.parametrize(("life_safety", "priority"), [(True, Priority.HIGH), (False, Priority.MEDIUM)])
def test_a_rule_that_always_raises_is_announced_once_and_silences_nobody(
    life_safety: bool, priority: Priority, caplog: pytest.LogCaptureFixture
) -> None:
    under_test = host(RuleRow("crashing", build, Scope.DEVICE, ("button",), life_safety=life_safety))
    with caplog.at_level(logging.CRITICAL):
        first = findings(under_test.feed(reading("button", "press", 1.0), at(1.0)))
        later = [f for s in (2.0, 3.0) for f in findings(under_test.feed(reading("button", "press", s), at(s)))]
    assert {(f.kind, f.priority) for f in first} == {("sos", Priority.HIGH), ("rule_blind", priority)}
    assert [f.kind for f in later] == ["sos", "sos"]


def test_it_is_trusted_again_after_a_minute_without_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    under_test = host(RuleRow("crashing", build, Scope.DEVICE, ("smoke",)))
    with caplog.at_level(logging.CRITICAL):
        under_test.feed(reading("smoke", False, 1.0), at(1.0))
    assert [f for f in findings(under_test.tick(at(TRUSTED_AGAIN_S))) if f.kind == "rule_blind"] == []
    assert under_test.due == 1.0 + TRUSTED_AGAIN_S
    (cleared,) = findings(under_test.tick(at(1.0 + TRUSTED_AGAIN_S)))
    assert (cleared.kind, cleared.active) == ("rule_blind", False)
    assert findings(under_test.tick(at(500.0))) == []


def test_one_that_watches_every_device_is_built_again_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    """Also without a word from the device: the rule of silent ones would otherwise never miss it again."""
    built: list[str] = []

    def fragile(_ground: Ground, about: Subject) -> Rule:
        built.append(about.id)
        if built.count(about.id) == 1:
            raise RuntimeError("cannot be built")
        return Crashing()

    under_test = host(
        RuleRow("fragile", fragile, Scope.DEVICE, every_word=True, life_safety=True, watches=bound_devices)
    )
    assert [f.kind for f in findings(under_test.feed(reading("button", "press", 0.0), at(0.0)))] == [
        "rule_blind",
        "sos",
    ]
    blind = [f for now in (1.0, 2.0, 3.0) for f in findings(under_test.tick(at(now)))]
    assert {f.subject.id for f in blind} == {"fragile:r-2", "fragile:201"}
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == len(SITE.bindings)
    assert len(built) == 2 * len(SITE.bindings)


def test_safe_mode_keeps_buttons_and_hazards_and_nothing_else() -> None:
    under_test = host(safe_mode=True)
    assert [f.kind for f in findings(under_test.feed(reading("button", "press", 1.0), at(1.0)))] == ["sos"]
    assert [f.kind for f in findings(under_test.feed(reading("smoke", True, 1.0, device="contact"), at(1.0)))] == [
        "smoke"
    ]
    assert under_test.feed(Observation("dev-1", "fall", 1.0), at(1.0)) == []


def test_life_safety_rules_come_first() -> None:
    kinds = [f.kind for f in findings(host().feed(reading("button", "press", 1.0), at(1.0)))]
    assert kinds[0] == "sos"


def test_all_cameras_and_buttons_of_a_resident_share_one_fall() -> None:
    under_test = host()
    under_test.feed(Observation("dev-1", "fall", 1.0), at(1.0))
    (sos, fall) = findings(under_test.feed(reading("button", "press", 3.0), at(3.0)))
    assert (sos.kind, fall.kind, fall.priority) == ("sos", "fall", Priority.HIGH)


def test_time_reaches_every_rule() -> None:
    under_test = host()
    under_test.feed(reading("bed_occupied", False, 0.0), at(0.0))
    under_test.feed(Observation("dev-2", "fall", 0.0), at(0.0))
    found = [(now, f.kind) for now in range(1, 62) for f in findings(under_test.tick(at(float(now))))]
    assert found == [(15, "fall"), (60, "bed_exit")]


def _values(name: str) -> st.SearchStrategy[float | bool | str]:
    quantity = QUANTITIES[name]
    if quantity.shape is Shape.EVENT:
        return st.sampled_from(quantity.choices or ("201", "corridor-1"))
    return st.booleans() if quantity.shape is Shape.STATE else st.floats(quantity.low, quantity.high)


READINGS = st.sampled_from(sorted(QUANTITIES)).flatmap(
    lambda name: st.builds(
        Reading,
        st.sampled_from(["dev-1", "dev-2", "contact", "loose"]),
        st.just(name),
        _values(name),
        st.floats(-1e9, 1e9),
        st.sampled_from(list(Quality)),
        st.booleans(),
    )
)
SIGHTS = st.builds(
    Observation,
    st.sampled_from(["dev-1", "loose"]),
    st.sampled_from(sorted(OBSERVATIONS)),
    st.floats(-1e9, 1e9),
    st.booleans(),
)


@given(events=st.lists(st.one_of(READINGS, SIGHTS), max_size=40))
def test_no_admitted_event_at_any_time_blinds_a_rule(events: list[Event]) -> None:
    under_test = RuleHost(ground())
    for event in events:
        found = findings([*under_test.feed(event, at(event.at)), *under_test.tick(at(event.at))])
        assert all(f.kind in KINDS and f.kind != "rule_blind" and f.reasons for f in found)
        if isinstance(event, Reading) and event.quantity == "button" and not event.stored and event.value != "release":
            assert any(f.kind == "sos" for f in found)


# an alarm from before a restart, and new site facts


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


def test_a_rule_that_cannot_resume_is_blind_and_told_later(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_ground: Ground, _about: Subject) -> Rule:
        raise RuntimeError("cannot be built")

    under_test = RuleHost(Ground.of(LIVES), (RuleRow("broken", broken, Scope.ROOM, resumes=("fall",)),))
    under_test.resume("fall", RESIDENT, Priority.HIGH, 7.0, at(9.0))
    assert [record.getMessage() for record in caplog.records] == ["201: rule broken failed"]


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


def test_what_is_said_of_a_blind_rule_whole(caplog: pytest.LogCaptureFixture) -> None:
    under_test = RuleHost(Ground.of(LIVES), (RuleRow("crashing", build, Scope.DEVICE, ("smoke",), life_safety=True),))
    blind = under_test.feed(reading("smoke", True, 1.0, device="bed"), at(1.0))
    well = under_test.tick(at(61.0))
    assert said_as([*((1.0, one) for one in blind), *((61.0, one) for one in well)]) == [
        "1 rule_blind high crashing:r-1: rule_failed rule=crashing subject=r-1 why=ZeroDivisionError",
        "61 rule_blind over low crashing:r-1: rule_works rule=crashing subject=r-1 why=",
    ]
    assert [(one.subject.kind, one.subject.room, one.at) for one in findings(blind)] == [
        (SubjectKind.RESIDENT, "201", 1.0)
    ]
    assert [record.getMessage() for record in caplog.records] == ["bed: rule crashing failed"]
