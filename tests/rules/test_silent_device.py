"""Silence is itself an alarm."""

from dataclasses import fields

import pytest

from agent.detection.event import Event
from agent.residents import Binding, DeviceRole, Site, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.host import RuleHost
from agent.rules.settings.devices import SilentDeviceSettings
from agent.rules.silent_device import SilentDeviceRule
from drivers.base import Link, LinkState
from drivers.trouble import trouble
from tests.rules.ward import at, device, ground, live, reading

HOME = Site.of([], [Binding(role.value, role, room="201") for role in DeviceRole])
LOW, MEDIUM = Priority.LOW, Priority.MEDIUM


def rule(role: DeviceRole) -> SilentDeviceRule:
    return SilentDeviceRule(ground(HOME), device(role.value, HOME))


def word(role: DeviceRole, at: float) -> Link:
    return Link(role.value, LinkState.CONNECTED, at)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (DeviceRole.LIFE_SAFETY, [(300, MEDIUM)]),
        (DeviceRole.BED, [(300, MEDIUM)]),
        (DeviceRole.CAMERA, [(10, LOW), (60, MEDIUM)]),
        (DeviceRole.WEARABLE, [(1800, LOW)]),
        (DeviceRole.ENVIRONMENT, [(3600, LOW)]),
        (DeviceRole.BUTTON, []),
    ],
)
def test_each_role_after_its_time_of_silence(role: DeviceRole, expected: list[tuple[int, Priority]]) -> None:
    found = live(rule(role), [word(role, 0.0)], until=4000)
    assert [(round(at), f.priority) for at, f in found if f.active] == expected
    assert all((f.subject.kind, f.subject.room) == (SubjectKind.DEVICE, "201") for _, f in found)


def test_a_button_without_check_signal_may_be_silent_for_a_day() -> None:
    under_test = rule(DeviceRole.BUTTON)
    list(under_test.feed(word(DeviceRole.BUTTON, 0.0), at(0.0)))
    assert list(under_test.tick(at(86_399.0))) == []
    assert [f.priority for f in under_test.tick(at(86_400.0))] == [MEDIUM]


def test_a_device_never_heard_counts_from_the_start() -> None:
    host = RuleHost(ground(HOME))
    found = [(now, said.subject.id) for now in range(1000, 1020) for said in host.tick(at(float(now)))]
    assert found == [(1010, "camera")]


@pytest.mark.parametrize("state", [LinkState.SILENT, LinkState.FAULT])
def test_the_driver_s_word_counts_at_once_where_it_should(state: LinkState) -> None:
    broken = Link("life_safety", state, 3.0, trouble("no_answer", unit=2, times=3, each_s=0.3))
    found = live(rule(DeviceRole.LIFE_SAFETY), [word(DeviceRole.LIFE_SAFETY, 0.0), broken], until=60)
    assert [(at, f.priority, [reason.text() for reason in f.reasons]) for at, f in found if f.active] == [
        (3.0, MEDIUM, ["unit 2 does not answer (asked 3 times, 0.3 s each): check power, A/B, unit"])
    ]
    assert [f for _, f in live(rule(DeviceRole.WEARABLE), [Link("wearable", state, 3.0)], until=60) if f.active] == []


def test_any_reading_ends_it_and_a_search_does_not() -> None:
    events: list[Event] = [
        word(DeviceRole.LIFE_SAFETY, 0.0),
        Link("life_safety", LinkState.SEARCHING, 320.0),
        reading("smoke", False, 330.0, device="life_safety"),
    ]
    found = live(rule(DeviceRole.LIFE_SAFETY), events, until=340)
    assert [(at, f.active) for at, f in found] == [(0.0, False), (300.0, True), (330.0, False)]


def test_what_is_off_on_purpose_is_not_missed_until_it_is_on_again() -> None:
    off = [Link("camera", LinkState.OFF, float(now)) for now in range(20, 400)]
    events: list[Event] = [word(DeviceRole.CAMERA, 0.0), *off, word(DeviceRole.CAMERA, 400.0)]
    found = live(rule(DeviceRole.CAMERA), events, until=411)
    told = [(at, f.active, f.priority, f.reasons[0].code) for at, f in found]
    assert told == [
        (0.0, False, LOW, "heard_again"),
        (10.0, True, LOW, "silent"),
        (20.0, False, LOW, "link_off"),
        (410.0, True, LOW, "silent"),
    ]


def test_an_alarm_from_before_a_restart_ends_when_the_device_is_off() -> None:
    (said,) = rule(DeviceRole.CAMERA).feed(Link("camera", LinkState.OFF, 0.0), at(0.0))
    assert isinstance(said, Finding)
    assert (said.active, said.reasons[0].text()) == (False, "camera: switched off on purpose")


def test_every_role_has_a_row() -> None:
    assert {f.name for f in fields(SilentDeviceSettings)} == {role.value for role in DeviceRole}
