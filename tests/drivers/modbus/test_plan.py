"""Which requests serve the devices of a bus, and what is wrong with its settings."""

import pytest

from drivers.errors import ProfileError
from drivers.modbus.bus import build
from drivers.modbus.plan import MAX_REGISTERS, plan
from drivers.modbus.profile import Point, Profile
from drivers.modbus.settings import ModbusBusSettings, ModbusDeviceSettings
from drivers.reading import Quality
from drivers.serial.framing import Measured

DI8 = Profile("board", (Point(2, 0, "bit", 1.0, channels=8),))
SLOW = Profile("slow board", (Point(2, 0, "bit", 5.0, channels=8),))
CLIMATE = Profile(
    "climate",
    (
        Point(4, 1, "int16", 10.0, "air_temperature", scale=0.1),
        Point(4, 2, "uint16", 10.0, "humidity", scale=0.1),
        Point(4, 9, "uint16", 10.0, "illuminance"),
    ),
)
PROFILES = {"di8": DI8, "slow": SLOW, "climate": CLIMATE}
Device = ModbusDeviceSettings


def bus(*devices: Device) -> ModbusBusSettings:
    return ModbusBusSettings("/dev/x", device=devices)


def test_all_channels_of_a_unit_are_one_request() -> None:
    blocks, mistakes = plan(
        bus(Device("smoke-201", 3, "di8", 0, "smoke"), Device("gas-k", 3, "di8", 7, "gas", invert=True)), PROFILES
    )
    assert mistakes == []
    assert [(b.unit, b.function, b.address, b.count, b.period_s) for b in blocks] == [(3, 2, 0, 8, 1.0)]
    assert blocks[0].devices == {"smoke-201", "gas-k"}
    assert list(blocks[0].values([True, *[False] * 7])) == [
        ("smoke-201", Measured("smoke", True)),
        ("gas-k", Measured("gas", True)),
    ]


def test_registers_side_by_side_are_one_request_and_holes_are_not_read() -> None:
    blocks, _ = plan(bus(Device("room-201", 1, "climate")), PROFILES)
    assert [(b.address, b.count) for b in blocks] == [(1, 2), (9, 1)]
    assert list(blocks[0].values([305, 1200])) == [
        ("room-201", Measured("air_temperature", 30.5)),
        ("room-201", Measured("humidity", 120.0, Quality.BAD)),
    ]


def test_a_request_is_never_longer_than_the_protocol_allows() -> None:
    profile = Profile("long", tuple(Point(3, n, "uint16", 10.0, "humidity") for n in range(300)))
    blocks, _ = plan(bus(Device("x", 1, "long")), {"long": profile})
    assert [b.count for b in blocks] == [MAX_REGISTERS, MAX_REGISTERS, 50]


@pytest.mark.parametrize(
    ("device", "key", "words"),
    [
        (Device("a", 1, "none"), "profile", "unknown: 'none'; known are climate, di8, slow"),
        (Device("a", 1, "di8", quantity="smoke"), "channel", "from 0 to 7"),
        (Device("a", 1, "di8", 8, "smoke"), "channel", "from 0 to 7"),
        (Device("a", 1, "di8", 0), "quantity", "say what is wired"),
        (Device("a", 1, "di8", 0, "heart_rate"), "quantity", "not 'heart_rate'"),
        (Device("a", 1, "climate", 0), "channel", "has no channels"),
        (Device("a", 1, "climate", quantity="smoke"), "quantity", "says itself"),
        (Device("a", 1, "slow", 0, "smoke"), "quantity", "at most 1, not 5"),
    ],
)
def test_mistakes_name_their_key(device: Device, key: str, words: str) -> None:
    _, mistakes = plan(bus(device), PROFILES)
    assert [one.key for one in mistakes] == [("device", 0, key)]
    assert words in mistakes[0].text


def test_all_mistakes_at_once() -> None:
    settings = bus(Device("a", 1, "none"), Device("a", 2, "di8", 0, "smoke"), Device("b", 2, "di8", 9))
    _, mistakes = plan(settings, PROFILES)
    assert [one.key for one in mistakes] == [
        ("device", 0, "profile"),
        ("device", 1, "id"),
        ("device", 2, "channel"),
        ("device", 2, "quantity"),
    ]
    assert [one.key for one in plan(bus(), PROFILES)[1]] == [("device",)]
    with pytest.raises(ProfileError, match=r"/dev/x: device\.0\.profile: unknown"):
        build(settings, PROFILES, lambda event: None, lambda: 0.0)
