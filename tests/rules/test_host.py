"""No rule can silence another."""

import logging
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.detection.observations import OBSERVATIONS, Observation
from agent.residents import Site
from agent.rules.finding import Finding, Priority
from agent.rules.host import TRUSTED_AGAIN_S, RuleHost
from agent.rules.kinds import KINDS
from agent.rules.registry import ROWS, RuleRow
from agent.rules.rule import Event, Rule
from agent.rules.settings import RuleSettings
from drivers.quantities import QUANTITIES, Shape
from drivers.reading import Quality, Reading
from tests.rules.ward import SITE, reading


class Crashing:
    """A rule that fails on each event."""

    def __init__(self, site: Site, device: str, settings: RuleSettings) -> None:
        pass

    def feed(self, event: Event, now: float) -> Iterable[Finding]:
        raise ZeroDivisionError("division by zero")

    def tick(self, now: float) -> Iterable[Finding]:
        return ()


def build(site: Site, device: str, settings: RuleSettings) -> Rule:
    return Crashing(site, device, settings)


# All rules but the one that hears every device: its verdicts are tests/rules/test_silent_device.py's business.
QUIET_ROWS = tuple(row for row in ROWS if not row.all_devices)


def host(*extra: RuleRow, safe_mode: bool = False) -> RuleHost:
    return RuleHost(SITE, RuleSettings(), (*extra, *QUIET_ROWS), safe_mode=safe_mode)


@pytest.mark.parametrize(("life_safety", "priority"), [(True, Priority.HIGH), (False, Priority.MEDIUM)])
def test_a_rule_that_always_raises_is_announced_once_and_silences_nobody(
    life_safety: bool, priority: Priority, caplog: pytest.LogCaptureFixture
) -> None:
    under_test = host(RuleRow("crashing", build, ("button",), life_safety=life_safety))
    with caplog.at_level(logging.CRITICAL):
        first = under_test.feed(reading("button", "press", 1.0), 1.0)
        later = [f for at in (2.0, 3.0) for f in under_test.feed(reading("button", "press", at), at)]
    assert {(f.kind, f.priority) for f in first} == {("sos", Priority.HIGH), ("rule_blind", priority)}
    assert [f.kind for f in later] == ["sos", "sos"]


def test_it_is_trusted_again_after_a_minute_without_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    under_test = host(RuleRow("crashing", build, ("smoke",)))
    with caplog.at_level(logging.CRITICAL):
        under_test.feed(reading("smoke", False, 1.0), 1.0)
    assert [f for f in under_test.tick(TRUSTED_AGAIN_S) if f.kind == "rule_blind"] == []
    (cleared,) = under_test.tick(1.0 + TRUSTED_AGAIN_S)
    assert (cleared.kind, cleared.active) == ("rule_blind", False)
    assert under_test.tick(500.0) == []


def test_one_that_watches_every_device_is_built_again_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    """Also without a word from the device: the rule of silent ones would otherwise never miss it again."""
    built: list[str] = []

    def fragile(site: Site, device: str, settings: RuleSettings) -> Rule:
        built.append(device)
        if built.count(device) == 1:
            raise RuntimeError("cannot be built")
        return Crashing(site, device, settings)

    under_test = host(RuleRow("fragile", fragile, all_devices=True, life_safety=True))
    assert [f.kind for f in under_test.feed(reading("button", "press", 0.0), 0.0)] == ["rule_blind", "sos"]
    blind = [f for now in (1.0, 2.0, 3.0) for f in under_test.tick(now)]
    assert {f.subject.id for f in blind} == {"fragile:r-2", "fragile:201"}
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == len(SITE.bindings)
    assert len(built) == 2 * len(SITE.bindings)


def test_safe_mode_keeps_buttons_and_hazards_and_nothing_else() -> None:
    under_test = host(safe_mode=True)
    assert [f.kind for f in under_test.feed(reading("button", "press", 1.0), 1.0)] == ["sos"]
    assert [f.kind for f in under_test.feed(reading("smoke", True, 1.0, device="contact"), 1.0)] == ["smoke"]
    assert under_test.feed(Observation("dev-1", "fall", 1.0), 1.0) == []


def test_life_safety_rules_come_first() -> None:
    kinds = [f.kind for f in host().feed(reading("button", "press", 1.0), 1.0)]
    assert kinds[0] == "sos"


def test_all_cameras_and_buttons_of_a_resident_share_one_fall() -> None:
    under_test = host()
    under_test.feed(Observation("dev-1", "fall", 1.0), 1.0)
    (sos, fall) = under_test.feed(reading("button", "press", 3.0), 3.0)
    assert (sos.kind, fall.kind, fall.priority) == ("sos", "fall", Priority.HIGH)


def test_time_reaches_every_rule() -> None:
    under_test = host()
    under_test.feed(reading("bed_occupied", False, 0.0), 0.0)
    under_test.feed(Observation("dev-2", "fall", 0.0), 0.0)
    found = [(now, f.kind) for now in range(1, 62) for f in under_test.tick(float(now))]
    assert found == [(15, "fall"), (60, "bed_exit")]


def _values(name: str) -> st.SearchStrategy[float | bool | str]:
    quantity = QUANTITIES[name]
    if quantity.shape is Shape.EVENT:
        return st.sampled_from(quantity.choices)
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
    under_test = RuleHost(SITE, RuleSettings())
    for event in events:
        findings = [*under_test.feed(event, event.at), *under_test.tick(event.at)]
        assert all(f.kind in KINDS and f.kind != "rule_blind" and f.reasons for f in findings)
        if isinstance(event, Reading) and event.quantity == "button" and not event.stored and event.value != "release":
            assert any(f.kind == "sos" for f in findings)
