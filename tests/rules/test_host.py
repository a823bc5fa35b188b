"""No rule can silence another."""

import logging
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.event import Event
from agent.detection.observations import OBSERVATIONS, Observation
from agent.moment import Moment
from agent.residents import Binding, DeviceRole, FallRisk, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority, Said
from agent.rules.ground import Ground
from agent.rules.host import BLIND, TRUSTED_AGAIN_S, RuleHost
from agent.rules.kinds import KINDS
from agent.rules.registry import ROWS
from agent.rules.row import RuleRow, Scope, bound_devices
from agent.rules.rule import Rule
from drivers.quantities import QUANTITIES, Shape
from drivers.reading import Quality, Reading
from tests.rules.test_scope import LIVES, RESIDENT
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


def test_a_rule_that_was_blind_before_a_restart_is_trusted_again_after_a_minute() -> None:
    under_test = host()
    under_test.resume(BLIND, Subject(SubjectKind.RESIDENT, "apnoea:r-1", "201"), Priority.MEDIUM, 1.0, at(100.0))
    under_test.tick(at(100.0))
    assert [f for f in findings(under_test.tick(at(99.0 + TRUSTED_AGAIN_S))) if f.kind == BLIND] == []
    (cleared,) = [f for f in findings(under_test.tick(at(100.0 + TRUSTED_AGAIN_S))) if f.kind == BLIND]
    assert (cleared.subject.id, cleared.active) == ("apnoea:r-1", False)


def test_one_that_is_blind_still_is_not_told_twice(caplog: pytest.LogCaptureFixture) -> None:
    under_test = host(RuleRow("crashing", build, Scope.DEVICE, ("smoke",)))
    blind = at(1.0)
    with caplog.at_level(logging.CRITICAL):
        (told,) = [f for f in findings(under_test.feed(reading("smoke", False, 1.0), blind)) if f.kind == BLIND]
        again = host(RuleRow("crashing", build, Scope.DEVICE, ("smoke",)))
        again.resume(BLIND, told.subject, told.priority, 1.0, at(50.0))
        assert [f for f in findings(again.feed(reading("smoke", False, 60.0), at(60.0))) if f.kind == BLIND] == []
    assert [f for f in findings(again.tick(at(50.0 + TRUSTED_AGAIN_S))) if f.kind == BLIND] == []
    assert [f.active for f in findings(again.tick(at(60.0 + TRUSTED_AGAIN_S))) if f.kind == BLIND] == [False]


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


def test_a_rule_that_cannot_resume_is_blind_and_told_later(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_ground: Ground, _about: Subject) -> Rule:
        raise RuntimeError("cannot be built")

    under_test = RuleHost(Ground.of(LIVES), (RuleRow("broken", broken, Scope.ROOM, resumes=("fall",)),))
    under_test.resume("fall", RESIDENT, Priority.HIGH, 7.0, at(9.0))
    assert [record.getMessage() for record in caplog.records] == ["201: rule broken failed"]


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


def test_of_two_beds_before_one_camera_each_is_heard_by_its_own_resident() -> None:
    lives = Site.of(
        [Resident(f"r-{bed}", "甲", "201", bed=bed, fall_risk=FallRisk.HIGH) for bed in ("1", "2")],
        [Binding("cam", DeviceRole.CAMERA, room="201")],
    )
    under_test = RuleHost(ground(lives), QUIET_ROWS)
    said = under_test.feed(Observation("cam", "edge_of_bed", 1.0, bed="2"), at(1.0))
    said += under_test.feed(Observation("cam", "edge_of_bed", 2.0, bed="1"), at(2.0))
    said += under_test.feed(Observation("cam", "edge_of_bed", 3.0, bed="9"), at(3.0))  # nobody has that bed
    assert [(one.kind, one.subject.id) for one in findings(said)] == [("bed_exit", "r-2"), ("bed_exit", "r-1")]
    for number in range(100):
        under_test.feed(Observation("cam", "edge_of_bed", 4.0, bed=f"no-{number}"), at(4.0))
    assert len(under_test._routes) == 3, "beds that are made up cost no memory"
