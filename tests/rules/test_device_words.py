"""Each word of the rules of one device: a life of it, and all that is said, whole and in order."""

import pytest

from agent.detection.event import Event
from agent.detection.observations import Observation
from agent.residents import Binding, DeviceRole, Resident, Site, Subject
from agent.rules.battery import BatteryRule
from agent.rules.bed_flutter import BedFlutterRule
from agent.rules.camera_sight import CameraSightRule
from agent.rules.ground import Ground
from agent.rules.hazard_contact import HazardContactRule
from agent.rules.lasting import LASTING, LastingRule
from agent.rules.long_lie import LongLieRule
from agent.rules.mains import MainsRule
from agent.rules.noise import NoiseRule
from agent.rules.row import Build
from agent.rules.scald import ScaldRule
from agent.rules.service_request import ServiceRequestRule
from agent.rules.silent_device import SilentDeviceRule
from agent.rules.sos import SosRule
from agent.rules.worn import WornRule
from drivers.base import Link, LinkState
from drivers.reading import Quality
from drivers.trouble import trouble
from tests.rules.ward import MIDNIGHT, device, ground, play, reading, said_as

HOME = Site.of(
    [Resident("r-1", "甲", "201")],
    [
        Binding("button", DeviceRole.BUTTON, resident="r-1"),
        Binding("band", DeviceRole.WEARABLE, resident="r-1"),
        Binding("tap", DeviceRole.ENVIRONMENT, room="201"),
        Binding("cam", DeviceRole.CAMERA, room="201"),
        Binding("detector", DeviceRole.LIFE_SAFETY, room="201"),
    ],
)
NINE = MIDNIGHT + 9 * 3600.0


def states(name: str, quantity: str, *values: tuple[float, bool | float | str]) -> list[Event]:
    return [reading(quantity, value, float(at), device=name) for at, value in values]


def said(build: Build, name: str, events: list[Event], until: float = 0.0, wall: float = MIDNIGHT) -> list[str]:
    on = ground(HOME)
    return said_as(play(build(on, device(name, HOME)), events, until, wall, on))


def test_a_button_s_battery() -> None:
    levels = ((1, 30.0), (2, 10.0), (3, 15.0), (4, 35.0), (5, 9.0), (6, 36.0), (7, 100.0))
    events = [*states("button", "battery", *levels), *states("button", "battery_low", (8, True), (9, False))]
    assert said(BatteryRule, "button", events) == [
        "1 task charge_device button by button: battery_at device=button level=30",
        "2 battery_low medium button by button: battery_at device=button level=10",
        "3 battery_low over medium button by button: battery_at device=button level=15",
        "4 done charge_device button by button: battery_at device=button level=35",
        "4 battery_low over medium button by button: battery_at device=button level=35",
        "5 task charge_device button by button: battery_at device=button level=9",
        "5 battery_low medium button by button: battery_at device=button level=9",
        "6 battery_low over medium button by button: battery_at device=button level=36",
        "6 done charge_device button by button: battery_at device=button level=36",
        "8 task charge_device button by button: battery_at device=button level=100",
        "8 battery_low medium button by button: battery_says_low device=button level=100",
        "9 battery_low over medium button by button: battery_at device=button level=100",
        "9 done charge_device button by button: battery_at device=button level=100",
    ]


def flips(begin: float, number: int, every: float) -> list[Event]:
    """The first word of a bed and `number` changes of it."""
    return [reading("bed_occupied", bool(n % 2), begin + every * n, device="tap") for n in range(number + 1)]


def test_a_bed_sensor_that_changes_seven_times_in_a_minute() -> None:
    steady = states("tap", "bed_occupied", (131, True), (150, True), (151, True), (152, True), (400, True))
    assert said(BedFlutterRule, "tap", [*flips(1.0, 9, 10.0), *steady, *flips(500.0, 12, 1.0)]) == [
        "71 device_fault low tap by tap: flutters device=tap changes=7 for_s=60",
        "151 device_fault over low tap by tap: flutters_no_more device=tap",
        "506 device_fault low tap by tap: flutters device=tap changes=7 for_s=6",
    ]
    assert said(BedFlutterRule, "tap", flips(1.0, 20, 10.01)) == []
    assert said(BedFlutterRule, "tap", flips(1.0, 6, 1.0)) == []


def test_a_bed_sensor_that_is_steady_says_so_once() -> None:
    steady = states(
        "tap", "bed_occupied", (100, True), (159, True), (160, True), (200, True), (300, False), (400, False)
    )
    assert said(BedFlutterRule, "tap", steady) == ["160 device_fault over low tap by tap: flutters_no_more device=tap"]


def test_a_band_that_is_off_and_charged() -> None:
    levels = ((2100, 40.0), (2200, 41.0), (5600, 41.0), (5700, 40.0))
    off = states("band", "worn", (1, True), (10, False), (2000, True), (2010, False))
    assert said(WornRule, "band", [*off, *states("band", "battery", *levels)], 9000.0, NINE) == [
        "1 not_worn over low band by band: worn_again device=band for_min=0",
        "1810 not_worn low band by band: off device=band for_min=30",
        "2000 not_worn over low band by band: worn_again device=band for_min=0",
        "3810 left not_worn band by band: charging device=band",
        "5610 left not_worn band by band: charging device=band",
        "7410 not_worn low band by band: off device=band for_min=90",
    ]


def test_mains_that_go_while_the_battery_empties() -> None:
    gone, back = states("tap", "mains", (1, False)), states("tap", "mains", (60, True), (70, False))
    assert said(MainsRule, "tap", [*gone, *states("tap", "battery", (30, 50.0), (40, 15.0)), *back], 90.0) == [
        "11 power_lost low tap by tap: mains_gone device=tap level=100",
        "30 power_lost medium tap by tap: mains_gone device=tap level=50",
        "40 power_lost high tap by tap: mains_gone device=tap level=15",
        "60 power_lost over low tap by tap: mains_back device=tap",
        "80 power_lost high tap by tap: mains_gone device=tap level=15",
    ]


def test_a_camera_in_the_dark() -> None:
    dark: list[Event] = [Observation("cam", "picture_dark", 1.0), Observation("cam", "picture_dark", 2.0, value=False)]
    assert said(CameraSightRule, "cam", dark) == [
        "1 camera_blind medium cam by cam: camera_says device=cam fault=picture_dark",
        "2 camera_blind over medium cam by cam: camera_sees device=cam",
    ]


def test_a_request() -> None:
    assert said(ServiceRequestRule, "button", states("button", "service", (1, "water"))) == [
        "1 task service_water r-1 by button: requested device=button service=water"
    ]


@pytest.mark.parametrize(("kind", "subject", "for_s"), [("water_leak", "201", 10), ("pump_fault", "tap", 30)])
def test_a_state_that_lasts_twice(kind: str, subject: str, for_s: int) -> None:
    (watch,) = (one for one in LASTING if one.kind == kind)

    def build(on: Ground, about: Subject) -> LastingRule:
        return LastingRule(watch, on, about)

    quantity = watch.quantity
    values = ((1, False), (2, True), (50, False), (60, True), (60 + for_s, False), (200, True))
    begins = f"{kind} medium {subject}, happening by tap: state_lasts device=tap quantity={quantity} for_s={for_s}"
    over = f"{kind} over medium {subject} by tap: state_over device=tap quantity={quantity}"
    assert said(build, "tap", states("tap", quantity, *values), 220.0 + for_s) == [
        f"1 {over}",
        f"{2 + for_s} {begins}",
        f"50 {over}",
        f"{60 + for_s} {begins}",
        f"{60 + for_s} {over}",
        f"{200 + for_s} {begins}",
    ]


def test_water_that_is_hot_hotter_and_hot_again() -> None:
    degrees = ((1, 43.0), (2, 46.0), (10, 51.0), (20, 43.0), (30, 51.0), (40, 20.0))
    assert said(ScaldRule, "tap", states("tap", "water_temperature", *degrees), 100.0) == [
        "1 scald over low 201 by tap: water_cool device=tap value=43",
        "7 scald medium 201, happening by tap: water_hot device=tap value=46 limit=45 for_s=5",
        "15 scald high 201, happening by tap: water_hot device=tap value=51 limit=50 for_s=5",
        "20 scald over low 201 by tap: water_cool device=tap value=43",
        "35 scald high 201, happening by tap: water_hot device=tap value=51 limit=50 for_s=5",
        "40 scald over low 201 by tap: water_cool device=tap value=20",
    ]


def test_noise_twice_in_a_night() -> None:
    levels = ((1, 80.0), (11, 80.0), (20, 60.0), (90, 60.0), (100, 76.0), (111, 77.0), (112, 60.0))
    assert said(NoiseRule, "band", states("band", "sound_level", *levels), 300.0) == [
        "11 noise medium r-1, happening by band: loud device=band value=80 for_s=10",
        "80 noise over low r-1 by band: quiet_again device=band",
        "111 noise medium r-1, happening by band: loud device=band value=77 for_s=11",
        "172 noise over low r-1 by band: quiet_again device=band",
    ]


def test_presses_of_a_button() -> None:
    forged = reading("button", "long_press", 2.0, Quality.UNVERIFIED, "button")
    assert said(SosRule, "button", [*states("button", "button", (1, "press")), forged]) == [
        "1 sos high r-1, happening by button: pressed device=button press=press",
        "2 sos high r-1, happening, unverified by button: pressed device=button press=long_press",
        "2 device_unverified medium button by button: not_verified device=button quality=unverified",
    ]


def test_a_camera_that_goes_silent_twice() -> None:
    events = [Link("cam", LinkState.CONNECTED, 0.0), *states("cam", "motion", (1, True), (99, True), (100, True))]
    assert said(SilentDeviceRule, "cam", events, 200.0) == [
        "0 device_silent over low cam by cam: heard_again device=cam",
        "11 device_silent low cam by cam: silent device=cam silent_s=10",
        "61 device_silent medium cam by cam: silent device=cam silent_s=60",
        "99 device_silent over low cam by cam: heard_again device=cam",
        "110 device_silent low cam by cam: silent device=cam silent_s=10",
        "160 device_silent medium cam by cam: silent device=cam silent_s=60",
    ]


def test_a_detector_whose_link_breaks_twice() -> None:
    events: list[Event] = [
        Link("detector", LinkState.CONNECTED, 1.0),
        Link("detector", LinkState.SILENT, 10.0, trouble("no_answer", unit=2, times=3, each_s=0.3)),
        Link("detector", LinkState.FAULT, 11.0),
        Link("detector", LinkState.CONNECTED, 20.0),
        Link("detector", LinkState.FAULT, 30.0),
    ]
    assert said(SilentDeviceRule, "detector", events, 1000.0) == [
        "1 device_silent over low detector by detector: heard_again device=detector",
        "10 device_silent medium detector by detector: no_answer unit=2 times=3 each_s=0.3",
        "20 device_silent over low detector by detector: heard_again device=detector",
        "30 device_silent medium detector by detector: link_broken device=detector why=fault",
    ]


def test_somebody_on_the_floor_twice() -> None:
    lies = ((1.0, False), (10.0, True), (400.0, False), (500.0, True))
    events: list[Event] = [Observation("cam", "low_on_floor", at, value) for at, value in lies]
    assert said(LongLieRule, "cam", events, 2000.0) == [
        "1 long_lie over high 201 by cam: off_the_floor",
        "310 long_lie high 201, happening by cam: on_floor_for for_s=300",
        "400 long_lie over high 201 by cam: off_the_floor",
        "800 long_lie high 201, happening by cam: on_floor_for for_s=300",
    ]


def test_a_detector_with_two_contacts_is_well_when_both_are() -> None:
    gas = states("detector", "gas", (1, True), (20_000, False))
    monoxide = states("detector", "carbon_monoxide", (2, True), (20_001, False))
    smoke = [reading("smoke", True, 20_002.0, Quality.BAD, "detector")]
    events = sorted([*gas, *monoxide, *smoke], key=lambda one: one.at)
    open_, stuck = "contact_open device=detector quantity=", "contact_stuck device=detector quantity="
    closed = "contact_closed device=detector quantity="
    assert said(HazardContactRule, "detector", events, 40_000.0) == [
        f"1 gas high 201, happening by detector: {closed}gas",
        f"2 gas high 201, happening by detector: {closed}carbon_monoxide",
        f"14401 device_fault medium detector by detector: {stuck}gas for_h=4",
        f"14402 device_fault medium detector by detector: {stuck}carbon_monoxide for_h=4",
        f"20001 gas over high 201 by detector: {open_}carbon_monoxide",
        f"20001 device_fault over low detector by detector: {open_}carbon_monoxide",
        f"20002 smoke high 201, happening, unverified by detector: {closed}smoke",
        f"34402 device_fault medium detector by detector: {stuck}smoke for_h=4",
    ]
