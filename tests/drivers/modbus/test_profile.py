"""Profiles: the shipped ones fit the makers' frames, a wrong one is told with every mistake."""

from pathlib import Path

import pytest

from drivers.modbus.profile import Point, Profile, ProfileProblem, read_profile, read_profiles
from drivers.modbus.registers import measure
from drivers.quantities import QUANTITIES
from drivers.reading import Quality
from drivers.serial.framing import Measured

T = "air_temperature"
SHIPPED = Path(__file__).parents[3] / "config/profiles"


def point(**keys: object) -> Point:
    return Point(**{"function": 4, "address": 0, "type": "uint16", "period_s": 10.0, **keys})  # type: ignore[arg-type]


def test_shipped_profiles_are_free_of_mistakes() -> None:
    profiles, problems = read_profiles([SHIPPED])
    assert problems == []
    assert {"di8", "xy-md02"} <= set(profiles)


def test_every_mistake_is_told_with_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "meter.toml"
    path.write_text(
        """
name = "meter"
base = 40001
[[point]]
function = 3
address = 40000
type = "int32"
quantity = "humidity"
period_s = 5
[[point]]
function = 2
address = 40001
type = "int16"
quantity = "volts"
period_s = 5
[[point]]
function = 3
address = 40005
type = "bit"
bit = 12
channels = 8
quantity = "humidity"
period_s = 5
[[point]]
function = 4
address = 40010
type = "float32"
scale = 0
quantity = "button"
period_s = 5
""",
        encoding="utf-8",
    )
    profile, problems = read_profile(path)
    assert profile is None
    assert [(one.file, one.key) for one in problems] == [
        ("meter.toml", "point.0.address"),
        ("meter.toml", "point.1.type"),
        ("meter.toml", "point.1.quantity"),
        ("meter.toml", "point.2.channels"),
        ("meter.toml", "point.2.quantity"),
        ("meter.toml", "point.2.quantity"),
        ("meter.toml", "point.3.scale"),
        ("meter.toml", "point.3.quantity"),
    ]
    assert "40000 less base 40001 is -1" in str(problems[0])


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("name = ", "", "not TOML"),
        ('name = "x"', "point", "is required"),
        ('name = "x"\npoint = []', "point", "at least 1 item"),
        ('name = "x"\ncolour = 1\n[[point]]\nfunction = 9', "colour", "unknown key"),
        ('name = "x"\n[[point]]\nfunction = 9', "point.0.function", "should be 1, 2, 3 or 4, not 9"),
        ('name = "x"\n[[point]]\nfunction = 9', "point.0.period_s", "is required"),
    ],
)
def test_what_is_not_a_profile(tmp_path: Path, text: str, key: str, words: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    profile, problems = read_profile(path)
    assert profile is None
    assert any(one.key == key and words in one.text for one in problems), problems


def test_unreadable_and_not_utf8(tmp_path: Path) -> None:
    assert read_profile(tmp_path / "none.toml")[1] == [
        ProfileProblem("none.toml", "", "cannot be read: No such file or directory")
    ]
    (tmp_path / "x.toml").write_bytes(b'name = "\xff"')
    assert "UTF-8 at byte 8" in str(read_profile(tmp_path / "x.toml")[1][0])


def test_the_users_own_folder_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "di8.toml").write_text(
        'name = "ours"\n[[point]]\nfunction = 2\naddress = 8\ntype = "bit"\nchannels = 4\nperiod_s = 0.5\n',
        encoding="utf-8",
    )
    profiles, problems = read_profiles([SHIPPED, tmp_path, tmp_path / "missing"])
    assert problems == []
    assert profiles["di8"].name == "ours"
    assert "xy-md02" in profiles


@pytest.mark.parametrize(
    ("keys", "raw", "quantity", "value"),
    [
        ({"type": "int16", "scale": 0.1}, [305], T, Measured(T, 30.5)),
        ({"type": "int16", "scale": 0.1}, [0xFFCE], T, Measured(T, -5.0)),
        (
            {"type": "int16", "scale": 0.1},
            [0x8000],
            "air_temperature",
            Measured("air_temperature", -3276.8, Quality.BAD),
        ),
        ({"type": "uint16", "scale": 0.1}, [546], "humidity", Measured("humidity", 54.6)),
        ({"type": "uint16", "offset": -40.0}, [62], T, Measured(T, 22.0)),
        ({"type": "float32"}, [0x41B4, 0x0000], T, Measured(T, 22.5)),
        (
            {"type": "float32", "words": "little"},
            [0x0000, 0x41B4],
            "air_temperature",
            Measured("air_temperature", 22.5),
        ),
        ({"type": "float32"}, [0x7FC0, 0], T, None),
        ({"type": "float32"}, [0x7F80, 0], T, None),
        ({"type": "uint32", "words": "little"}, [1000, 1], "illuminance", Measured("illuminance", 66536.0)),
        ({"type": "int32"}, [0xFFFF, 0xFFFE], T, Measured(T, -2.0)),
        ({"type": "uint16", "on": (2, 3)}, [3], "moisture", Measured("moisture", True)),
        ({"type": "uint16", "on": (2, 3)}, [1], "moisture", Measured("moisture", False)),
        ({"type": "uint16", "invert": True}, [1], "moisture", Measured("moisture", False)),
        ({"type": "bit", "bit": 4}, [0b10000], "smoke", Measured("smoke", True)),
        ({"type": "bit", "bit": 4, "invert": True}, [0b10000], "smoke", Measured("smoke", False)),
        ({"type": "bit", "function": 2}, [True], "smoke", Measured("smoke", True)),
    ],
)
def test_registers_to_values(keys: dict[str, object], raw: list[int], quantity: str, value: Measured | None) -> None:
    assert measure(point(**keys), raw, QUANTITIES[quantity]) == value


def test_a_channel_is_picked_and_inverted_twice_is_not_inverted() -> None:
    row = point(function=2, type="bit", channels=8)
    bits = [False, False, True, False, False, False, False, False]
    smoke = QUANTITIES["smoke"]
    assert [measure(row, bits, smoke, n) == Measured("smoke", True) for n in range(3)] == [False, False, True]
    inverted = point(function=2, type="bit", channels=8, invert=True)
    assert measure(inverted, bits, smoke, 2, invert=True) == Measured("smoke", True)
    register = point(type="bit", channels=8, bit=2)
    assert measure(register, [0b10100], smoke, 2) == Measured("smoke", True)


def test_base_and_width() -> None:
    assert point(function=2, type="bit", channels=8).width == 8
    assert point(type="bit", channels=8).width == 1
    assert point(type="float32").width == 2
    assert Profile("x", (point(address=40001),), base=40001).base == 40001
