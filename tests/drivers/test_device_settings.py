"""The ``[[modbus]]`` and ``[[serial]]`` blocks of devices.toml: the shipped examples hold, mistakes are refused."""

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from drivers.modbus.bus import build
from drivers.modbus.profile import read_profiles
from drivers.modbus.settings import ModbusBusSettings
from drivers.serial.settings import SerialDeviceSettings

CONFIG = Path(__file__).parents[2] / "config"
_EXAMPLE = re.compile(r'# (\[\[[\w.]+\]\]|\w+ = ("[^"]*"|[\d.]+|true|false))')
BUSES, SERIALS = TypeAdapter(ModbusBusSettings), TypeAdapter(SerialDeviceSettings)


def shipped_examples() -> dict[str, Any]:
    """The commented blocks of config/devices.toml, taken out of their comments."""
    lines = (CONFIG / "devices.toml").read_text(encoding="utf-8").splitlines()
    return tomllib.loads("\n".join(line[2:] for line in lines if _EXAMPLE.fullmatch(line)))


def test_shipped_examples_are_true_and_show_the_defaults() -> None:
    examples = shipped_examples()
    (shown,) = examples["modbus"]
    bus = BUSES.validate_python(shown)
    assert bus == ModbusBusSettings(bus.port, device=bus.device)
    assert set(shown) == {field.name for field in dataclasses.fields(ModbusBusSettings)}
    driver = build(bus, read_profiles([CONFIG / "profiles"])[0], lambda event: None, lambda: 0.0)
    assert driver.devices == ("smoke-201", "climate-201")
    assert driver.name == f"modbus:{bus.port}"
    (radar,) = (SERIALS.validate_python(one) for one in examples["serial"])
    assert radar == SerialDeviceSettings("radar-201", radar.port, "r60abd1")


@pytest.mark.parametrize(
    ("adapter", "values", "key"),
    [
        (BUSES, {"port": "/dev/x", "baud": 9600}, "baud"),
        (BUSES, {"port": "/dev/x", "baudrate": 9601}, "baudrate"),
        (BUSES, {"port": "/dev/x", "timeout_s": 5}, "timeout_s"),
        (BUSES, {"port": "/dev/x", "device": [{"id": "a", "unit": 248, "profile": "di8"}]}, "unit"),
        (BUSES, {"port": ""}, "port"),
        (SERIALS, {"id": "a", "port": "/dev/x", "protocol": "ld2410"}, "protocol"),
        (SERIALS, {"id": "a", "port": "/dev/x", "protocol": "r60abd1", "silent_s": 1}, "silent_s"),
    ],
)
def test_mistakes_are_refused(adapter: TypeAdapter[Any], values: dict[str, object], key: str) -> None:
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(values)
    assert [mistake["loc"][-1] for mistake in refused.value.errors()] == [key]
