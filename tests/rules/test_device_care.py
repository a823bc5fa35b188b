"""Batteries, wearables that are not worn, cameras that cannot see, and requests that are no alarms."""

from dataclasses import replace

import pytest

from agent.detection.event import Event
from agent.detection.observations import OBSERVATIONS, Observation
from agent.moment import Moment
from agent.residents import Binding, DeviceRole, Resident, Site
from agent.rules.battery import BatteryRule
from agent.rules.camera_sight import FAULTS, CameraSightRule
from agent.rules.finding import Finding, Priority, Said, Task
from agent.rules.mains import MainsRule
from agent.rules.reason import because
from agent.rules.service_request import ServiceRequestRule
from agent.rules.tasks import TASKS
from agent.rules.words.devices import VALUES
from agent.rules.worn import WornRule
from drivers.quantities import QUANTITIES
from drivers.reading import Quality
from tests.rules.ward import MIDNIGHT, R1, declined, device, ground, live, play, reading, tasks

LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
NINE = MIDNIGHT + 9 * 3600
HOME = Site.of([Resident("r-1", "甲", "201")], [Binding(role.value, role, resident="r-1") for role in DeviceRole])


def battery(values: list[tuple[float, float | bool]], role: DeviceRole = DeviceRole.WEARABLE) -> list[str]:
    """Each word as ``at kind begins|ends``."""
    events: list[Event] = [
        reading("battery_low" if isinstance(value, bool) else "battery", value, when, device=role.value)
        for when, value in values
    ]
    rule = BatteryRule(ground(HOME), device(role.value, HOME))
    return [word(when, said) for when, said in play(rule, events)]


def word(when: float, said: Said) -> str:
    assert isinstance(said, Finding | Task)
    assert said.device == said.subject.id
    return f"{when:g} {said.kind} {'begins' if said.active else 'ends'}"


def test_a_battery_asks_for_charge_at_30_and_alarms_at_10_percent() -> None:
    assert battery([(1, 31), (2, 30), (3, 29), (4, 11), (5, 10), (6, 9)]) == [
        "2 charge_device begins",
        "5 battery_low begins",
    ]


def test_a_charged_battery_ends_both_above_their_limits() -> None:
    assert battery([(1, 10), (2, 14), (3, 15), (4, 34), (5, 35), (6, 90)]) == [
        "1 charge_device begins",
        "1 battery_low begins",
        "3 battery_low ends",
        "5 charge_device ends",
        "5 battery_low ends",
    ]
    assert battery([(1, 35), (2, 34), (3, 90)]) == ["1 charge_device ends", "1 battery_low ends"]


def test_a_device_that_says_that_its_battery_is_low_is_believed() -> None:
    assert battery([(1, False), (2, True), (3, True), (4, False)]) == [
        "1 charge_device ends",
        "1 battery_low ends",
        "2 charge_device begins",
        "2 battery_low begins",
        "4 battery_low ends",
        "4 charge_device ends",
    ]
    assert battery([(1, True), (2, 90)]) == ["1 charge_device begins", "1 battery_low begins"]


@pytest.mark.parametrize("role", DeviceRole)
def test_an_empty_battery_is_graver_where_a_call_hangs_on_it(role: DeviceRole) -> None:
    rule = BatteryRule(ground(HOME), device(role.value, HOME))
    ((_, low),) = live(rule, [reading("battery", 10.0, 1.0, device=role.value)])
    vital = role in (DeviceRole.BUTTON, DeviceRole.LIFE_SAFETY, DeviceRole.WEARABLE)
    assert low.priority is (MEDIUM if vital else LOW)
    assert low.reasons == (because("battery_at", device=role.value, level=10.0),)


def test_a_device_of_nobody_is_taken_for_a_button_and_its_own_word_is_told() -> None:
    ((_, low),) = live(BatteryRule(ground(HOME), device("x", HOME)), [reading("battery_low", True, 1.0, device="x")])
    assert (low.priority, low.reasons) == (MEDIUM, (because("battery_says_low", device="x", level=100.0),))


def test_a_doubtful_level_says_nothing() -> None:
    rule = BatteryRule(ground(HOME), device("wearable", HOME))
    assert play(rule, [reading("battery", 1.0, 1.0, Quality.UNCERTAIN, "wearable")]) == []


def worn(
    values: list[tuple[float, bool | float]], until: float, wall: float = NINE
) -> tuple[list[tuple[float, bool]], list[float]]:
    """When it was told as (at, active), and when it was weighed and left."""
    events: list[Event] = [
        reading("worn" if isinstance(value, bool) else "battery", value, when, device="wearable")
        for when, value in values
    ]
    said = play(WornRule(ground(HOME), device("wearable", HOME)), events, until, wall)
    found = [(when, one) for when, one in said if isinstance(one, Finding)]
    assert all((f.kind, f.priority, f.subject.id) == ("not_worn", LOW, "wearable") for _, f in found)
    return [(when, f.active) for when, f in found], [when for when, _ in declined(said)]


def test_not_worn_for_half_an_hour_of_the_day() -> None:
    assert worn([(1, False), (10, False)], 1800) == ([], [])
    assert worn([(1, False), (10, False)], 9000) == ([(1801, True)], [])


def test_worn_again_in_time_counts_anew_and_is_told_once() -> None:
    assert worn([(1, True), (2, False), (1801, True), (1802, False), (1803, True)], 9000) == ([(1, False)], [])
    assert worn([(1, False), (2000, True), (2001, True)], 9000) == ([(1801, True), (2000, False)], [])


def test_a_night_off_does_not_count_and_half_an_hour_after_it_does() -> None:
    six = 6 * 3600.0
    assert worn([(1, False)], six + 1799, MIDNIGHT) == ([], [])
    assert worn([(1, False)], six + 9000, MIDNIGHT) == ([(six + 1800, True)], [])


def test_without_a_clock_it_counts_as_night_and_is_asked_again() -> None:
    rule = WornRule(ground(HOME), device("wearable", HOME))
    list(rule.feed(reading("worn", False, 1.0, device="wearable"), Moment(1.0, NINE, wall_known=False)))
    assert list(rule.tick(Moment(1801.0, NINE, wall_known=False))) == []
    assert rule.due == 3601.0


def test_on_the_charger_it_cannot_be_worn() -> None:
    assert worn([(1, False), (2, 40.0), (600, 41.0), (1200, 41.0)], 1900) == ([], [1801.0])
    assert worn([(1, False), (2, 40.0), (600, 41.0), (3000, 41.0)], 9000)[0] == []
    assert worn([(1, False), (2, 40.0), (600, 41.0), (1200, 40.0)], 9000) == ([(1801, True)], [])
    assert worn([(1, False), (2, 40.0), (600, 40.0)], 9000) == ([(1801, True)], [])
    worn_since: list[tuple[float, bool | float]] = [(1, False), (2, 40.0), (600, 41.0), (900, True), (1000, False)]
    assert worn(worn_since, 9000) == ([(900, False), (2800, True)], [])


def test_a_battery_that_rose_while_it_was_worn_is_on_no_charger() -> None:
    fuller: list[tuple[float, bool | float]] = [(1, True), (2, 40.0), (3, 41.0), (10, False)]
    assert worn(fuller, 9000) == ([(1, False), (1810, True)], [])
    assert worn([*fuller, (600, 42.0)], 1900) == ([(1, False)], [1810.0])


def mains(values: list[tuple[float, bool | float]], until: float = 0.0) -> list[tuple[float, Priority, bool]]:
    events: list[Event] = [
        reading("mains" if isinstance(value, bool) else "battery", value, when, device="environment")
        for when, value in values
    ]
    found = live(MainsRule(ground(HOME), device("environment", HOME)), events, until)
    assert all((f.kind, f.subject.id, f.device) == ("power_lost", "environment", "environment") for _, f in found)
    return [(when, f.priority, f.active) for when, f in found]


def test_mains_that_are_gone_for_ten_seconds_are_low() -> None:
    assert mains([(1, False), (2, False)], 10) == []
    assert mains([(1, False), (2, False)], 60) == [(11, LOW, True)]
    assert mains([(1, False), (10, True), (11, False)], 20) == [(10, LOW, False)]
    assert mains([(1, True), (2, True), (3, False), (13, False), (20, True)]) == [
        (1, LOW, False), (13, LOW, True), (20, LOW, False),
    ]  # fmt: skip


def test_they_get_graver_as_the_battery_empties_and_never_milder() -> None:
    assert mains([(1, False), (20, 51), (21, 50), (22, 16), (23, 15), (24, 60)]) == [
        (11, LOW, True), (21, MEDIUM, True), (23, HIGH, True),
    ]  # fmt: skip
    assert mains([(1, 40), (2, False)], 60) == [(12, MEDIUM, True)]
    assert mains([(1, 10), (2, 12)], 60) == []
    for doubtful in (
        reading("mains", False, 1.0, Quality.BAD, "environment"),
        replace(reading("mains", False, 1.0, device="environment"), stored=True),
    ):
        assert live(MainsRule(ground(HOME), device("environment", HOME)), [doubtful], 60) == []


def test_a_camera_is_blind_while_any_fault_lasts() -> None:
    rule = CameraSightRule(ground(HOME), device("camera", HOME))
    events: list[Event] = [
        Observation("camera", "picture_dark", 1.0),
        Observation("camera", "picture_dark", 2.0),
        Observation("camera", "camera_moved", 3.0),
        Observation("camera", "picture_dark", 4.0, value=False),
        Observation("camera", "camera_moved", 5.0, value=False),
        Observation("camera", "camera_moved", 6.0, value=False),
    ]
    found = live(rule, events)
    assert [(when, f.active) for when, f in found] == [(1.0, True), (3.0, True), (5.0, False)]
    assert all((f.kind, f.priority, f.device) == ("camera_blind", MEDIUM, "camera") for _, f in found)
    assert [f.reasons[0].text() for _, f in found] == ["camera: too dark", "camera: was moved", "camera: sees again"]


def test_a_camera_that_says_that_it_sees_ends_an_alarm_from_before_once() -> None:
    rule = CameraSightRule(ground(HOME), device("camera", HOME))
    events = [Observation("camera", name, float(n), value=False) for n, name in enumerate(FAULTS, 1)]
    assert [(when, f.active) for when, f in live(rule, events)] == [(1.0, False)]


def test_every_technical_word_of_a_camera_is_a_fault_but_that_it_learns() -> None:
    technical = {name for name, row in OBSERVATIONS.items() if row.technical}
    assert set(FAULTS) == technical - {"learning"}
    assert {name for value, name in VALUES if value == "fault"} == set(FAULTS)


@pytest.mark.parametrize("service", QUANTITIES["service"].choices)
def test_a_request_is_a_task_and_never_an_alarm(service: str) -> None:
    rule = ServiceRequestRule(ground(HOME), device("button", HOME))
    said = play(rule, [reading("service", service, 1.0, device="button")])
    ((_, task),) = tasks(said)
    assert len(said) == 1
    assert (task.kind, task.subject, task.device, task.due, task.active) == (
        f"service_{service}", R1, "button", None, True,
    )  # fmt: skip
    assert task.kind in TASKS
    assert task.reasons[0].text("zh") != task.reasons[0].text()
