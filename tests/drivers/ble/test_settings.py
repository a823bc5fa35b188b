"""The settings as pydantic reads them out of devices.toml, and the mistakes that an installer makes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from drivers.ble.adapter import build
from drivers.ble.settings import BleAdapterSettings

KEY = "231d39c1d7cc1ab1aee224cd096db932"


def _read(**device: str) -> BleAdapterSettings:
    values: dict[str, Any] = {"device": [{"id": "a", "address": "aa:bb:cc:dd:ee:ff", "product": "bthome"} | device]}
    return TypeAdapter(BleAdapterSettings).validate_python(values)


def test_the_defaults_and_one_device() -> None:
    settings = _read(key=KEY)
    assert (settings.adapter, settings.silent_scan_s) == ("hci0", 60.0)
    identity = settings.device[0].identity
    assert (identity.device, identity.address, identity.key) == ("a", "AA:BB:CC:DD:EE:FF", bytes.fromhex(KEY))
    driver = build(settings, lambda _: None, lambda: 0.0, lambda *_: None)
    assert (driver.name, driver.devices) == ("ble:hci0", ("a",))


@pytest.mark.parametrize(
    ("device", "told"),
    [
        ({"address": "aa:bb:cc:dd:ee"}, "six hex pairs"),
        ({"product": "toaster"}, "known are bthome, heart_rate, pulse_oximeter"),
        ({"key": "abc"}, "32 hex digits"),
        ({"product": "heart_rate", "key": KEY}, "leave it out"),
        ({"id": ""}, "at least 1"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_mistakes_are_named_with_what_is_allowed(device: dict[str, str], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        _read(**device)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"adapter": "bluetooth0"}, "of the form hci0"),
        ({"silent_scan_s": 0}, "greater than or equal to 1"),
        ({"device": [{"id": "a", "address": f"AA:BB:CC:DD:EE:0{n}", "product": "bthome"} for n in (1, 2)]}, "id a"),
        ({"device": [{"id": n, "address": "AA:BB:CC:DD:EE:01", "product": "bthome"} for n in "ab"]}, "address AA"),
    ],
)
def test_mistakes_of_the_adapter(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        TypeAdapter(BleAdapterSettings).validate_python(values)


def test_the_shipped_example_is_valid_once_uncommented() -> None:
    shipped = (Path(__file__).parents[3] / "config" / "devices.toml").read_text(encoding="utf-8")
    part = shipped.split("# --- Bluetooth", 1)[1].split("# ---", 1)[0]
    lines = [line.removeprefix("# ") for line in part.splitlines()[1:]]
    values = tomllib.loads("\n".join(line for line in lines if line.startswith("[[") or " = " in line))
    (adapter,) = TypeAdapter(tuple[BleAdapterSettings, ...]).validate_python(values["ble"])
    assert {one.product for one in adapter.device} == {"bthome", "heart_rate", "pulse_oximeter"}
