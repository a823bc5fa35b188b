"""Water on the floor, outlets that scald, noise at night, stuck contacts: each at its boundary."""

import pytest

from agent.detection.event import Event
from agent.residents import Binding, DeviceRole, Site, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.hazard_contact import HazardContactRule
from agent.rules.kinds import KINDS
from agent.rules.lasting import LASTING, LastingRule
from agent.rules.noise import NoiseRule
from agent.rules.scald import ScaldRule
from agent.rules.sos import SosRule
from drivers.reading import Quality
from tests.rules.ward import MIDNIGHT, R1, at, device, ground, live, reading

LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
NOON = MIDNIGHT + 12 * 3600
WATCH = {watch.kind: watch for watch in LASTING}

Told = list[tuple[float, Priority, bool, bool]]


def told(found: list[tuple[float, Finding]], kind: str) -> Told:
    assert all(f.kind == kind and f.device for _, f in found)
    return [(when, f.priority, f.active, f.happening) for when, f in found]


def states(kind: str, values: list[tuple[float, bool]], quality: Quality = Quality.GOOD, until: float = 0.0) -> Told:
    events: list[Event] = [reading(WATCH[kind].quantity, value, when, quality, "contact") for when, value in values]
    return told(live(LastingRule(WATCH[kind], ground(), device("contact")), events, until), kind)


@pytest.mark.parametrize(("kind", "for_s"), [("water_leak", 10.0), ("pump_fault", 30.0)])
def test_a_state_matters_once_it_has_lasted(kind: str, for_s: float) -> None:
    assert states(kind, [(1.0, True), (2.0, True)], until=for_s) == []
    assert states(kind, [(1.0, True), (2.0, True)], until=for_s + 50) == [(1 + for_s, MEDIUM, True, True)]
    assert states(kind, [(1.0, True), (for_s, True), (2 + for_s, True)]) == [(1 + for_s, MEDIUM, True, True)]


def test_a_splash_that_ends_in_time_is_none_and_counts_anew() -> None:
    values = [(1.0, False), (2.0, True), (11.0, False), (12.0, True), (21.0, True)]
    assert states("water_leak", values) == [(1.0, MEDIUM, False, False)]
    assert states("water_leak", values, until=22) == [(1.0, MEDIUM, False, False), (22.0, MEDIUM, True, True)]


def test_the_end_is_told_once_and_a_doubtful_word_changes_nothing() -> None:
    values = [(1.0, True), (20.0, False), (21.0, False)]
    assert states("water_leak", values) == [(11.0, MEDIUM, True, True), (20.0, MEDIUM, False, False)]
    assert states("water_leak", values, Quality.UNCERTAIN, until=100) == []
    events: list[Event] = [
        reading("moisture", True, 1.0, device="contact"),
        reading("moisture", False, 2.0, Quality.BAD, "contact"),
    ]
    found = live(LastingRule(WATCH["water_leak"], ground(), device("contact")), events, 30)
    assert [when for when, _ in found] == [11.0]
    assert dict(found[0][1].reasons[0].values) == {"device": "contact", "quantity": "moisture", "for_s": 10.0}
    assert found[0][1].subject.id == "201"


def test_a_leak_latches_and_is_the_place_s_and_a_pump_is_a_device() -> None:
    assert KINDS["water_leak"].latching
    (_, pump), *_ = live(
        LastingRule(WATCH["pump_fault"], ground(), device("dev-1")), [reading("pump_fault", True, 1.0)], 40
    )
    assert (pump.subject.kind, pump.subject.id, pump.subject.room) == (SubjectKind.DEVICE, "dev-1", "201")


def water(*values: tuple[float, float], until: float = 0.0) -> Told:
    events: list[Event] = [reading("water_temperature", value, when, device="contact") for when, value in values]
    return told(live(ScaldRule(ground(), device("contact")), events, until), "scald")


def test_water_is_too_hot_above_its_limits_for_its_time() -> None:
    assert water((1, 45.0), until=60)[:1] == []
    assert water((1, 45.1), until=5) == []
    assert water((1, 45.1), until=60) == [(6, MEDIUM, True, True)]
    assert water((1, 50.0), until=60) == [(6, MEDIUM, True, True)]
    assert water((1, 50.1), until=60) == [(6, HIGH, True, True)]
    assert water((1, 50.1), (3, 48.0), until=60) == [(6, MEDIUM, True, True)]
    assert water((1, 50.1), (3, 44.0), until=60) == []


def test_hotter_still_is_told_and_milder_is_not() -> None:
    assert water((1, 46), (10, 51), (20, 46), (30, 51), until=60) == [(6, MEDIUM, True, True), (15, HIGH, True, True)]


def test_it_ends_two_degrees_below_and_says_so_once() -> None:
    assert water((1, 46), (10, 43.1), (20, 43.0), (30, 20.0)) == [(6, MEDIUM, True, True), (20, LOW, False, False)]
    assert water((1, 43.1), (2, 43.0), (3, 40.0)) == [(2, LOW, False, False)]


def test_a_meter_that_speaks_on_change_only_is_believed_until_it_speaks_again() -> None:
    assert water((1, 46), until=300) == [(6, MEDIUM, True, True)]
    assert water((1, 20), (2, 60), (62.1, 60), until=300)[1:] == [(7, HIGH, True, True)]
    rule = ScaldRule(ground(), device("contact"))
    live(rule, [reading("water_temperature", 60.0, 1.0, device="contact")], 60)
    assert rule.due == float("inf")


def test_a_doubtful_temperature_is_never_judged() -> None:
    events: list[Event] = [
        reading("water_temperature", 60.0, float(s), Quality.UNCERTAIN, "contact") for s in range(1, 30)
    ]
    assert live(ScaldRule(ground(), device("contact")), events) == []


def noise(values: list[tuple[float, float]], wall: float = MIDNIGHT, until: float = 0.0) -> Told:
    events: list[Event] = [reading("sound_level", value, when, device="contact") for when, value in values]
    return told(live(NoiseRule(ground(), device("contact")), events, until, wall), "noise")


def test_noise_counts_at_night_above_its_level_for_its_time() -> None:
    assert noise([(1, 75.1), (10.9, 75.1)]) == []
    assert noise([(1, 75.1), (11, 75.1), (12, 80)]) == [(11, MEDIUM, True, True)]
    assert noise([(1, 75.0), (11, 75.0)]) == []
    assert noise([(1, 80), (6, 70), (7, 80), (16, 80)]) == []
    assert noise([(1, 80), (11, 80)], NOON) == []


def test_noise_ends_after_a_minute_of_quiet() -> None:
    loud = [(1.0, 80.0), (11.0, 80.0)]
    assert noise([*loud, (20, 60)], until=79) == [(11, MEDIUM, True, True)]
    assert noise([*loud, (20, 60), (30, 60)], until=200) == [(11, MEDIUM, True, True), (80, LOW, False, False)]
    assert noise([*loud, (20, 60), (70, 80), (75, 60)], until=134) == [(11, MEDIUM, True, True)]
    assert noise([(1, 60), (2, 60)], until=300) == [(61, LOW, False, False)]
    rule = NoiseRule(ground(), device("contact"))
    found = live(rule, [reading("sound_level", value, when, device="contact") for when, value in loud], 300)
    assert found[0][1].reasons[0].to_json() == {"code": "loud", "device": "contact", "value": 80.0, "for_s": 10.0}
    assert rule.due == float("inf")
    live(rule, [reading("sound_level", 60.0, 400.0, device="contact")], 500)
    assert rule.due == float("inf")


def test_a_contact_that_stays_closed_for_hours_is_a_fault_beside_its_alarm() -> None:
    stuck = ground().settings.hazards.stuck_after_s
    rule = HazardContactRule(ground(), device("contact"))
    events: list[Event] = [reading("smoke", True, 1.0, device="contact")]
    assert [f.kind for _, f in live(rule, events, stuck)] == ["smoke"]
    (when, fault), *more = live(rule, [], stuck + 5000)
    assert (when, fault.kind, fault.priority, fault.active) == (stuck + 1, "device_fault", MEDIUM, True)
    assert (fault.subject, fault.device, more) == (device("contact"), "contact", [])
    assert dict(fault.reasons[0].values) == {"device": "contact", "quantity": "smoke", "for_h": stuck / 3600}
    opened = list(rule.feed(reading("smoke", False, stuck + 9, device="contact"), at(stuck + 9)))
    assert [(f.kind, f.active) for f in opened] == [("smoke", False), ("device_fault", False)]
    assert rule.due == float("inf")
    again = live(rule, [reading("smoke", True, stuck + 10, device="contact")], stuck + 20)
    assert [f.kind for _, f in again] == ["smoke"]


def test_an_open_contact_says_so_once_since_an_alarm_from_before_a_restart_may_count_it_as_closed() -> None:
    events = [reading("smoke", value, when, device="contact") for when, value in ((1, False), (2, False), (3, True))]
    found = live(HazardContactRule(ground(), device("contact")), events)
    assert [(when, f.kind, f.active) for when, f in found] == [
        (1, "smoke", False),
        (1, "device_fault", False),
        (3, "smoke", True),
    ]


def test_an_open_contact_ends_nothing_while_its_neighbour_of_the_same_kind_is_closed() -> None:
    events = [
        reading(name, name == "gas", when, device="contact") for when, name in ((1, "gas"), (2, "carbon_monoxide"))
    ]
    found = live(HazardContactRule(ground(), device("contact")), events)
    assert [(when, f.kind, f.active) for when, f in found] == [(1, "gas", True), (2, "device_fault", False)]


def test_two_contacts_of_one_detector_are_stuck_each_for_itself() -> None:
    rule = HazardContactRule(ground(), device("contact"))
    events: list[Event] = [
        reading("smoke", True, 1.0, device="contact"),
        reading("gas", True, 100.0, device="contact"),
        reading("smoke", False, 200.0, device="contact"),
    ]
    list(rule.feed(events[0], at(1.0)))
    assert rule.due == 1.0 + 14_400.0
    found = live(HazardContactRule(ground(), device("contact")), events, 20_000)
    assert [(when, f.kind, f.active) for when, f in found][2:] == [
        (200.0, "smoke", False),
        (14_500.0, "device_fault", True),
    ]


def test_the_button_of_a_member_of_staff_calls_the_others() -> None:
    site = Site.of([], [Binding("pendant", DeviceRole.BUTTON, staff="s-1")])
    (call,) = SosRule(ground(site), device("pendant", site)).feed(
        reading("button", "press", 1.0, device="pendant"), at(1.0)
    )
    assert (call.kind, call.priority, call.happening, call.subject.id) == ("staff_call", HIGH, True, "pendant")
    (own,) = SosRule(ground(), device("dev-1")).feed(reading("button", "press", 1.0), at(1.0))
    assert (own.kind, own.subject) == ("sos", R1)
