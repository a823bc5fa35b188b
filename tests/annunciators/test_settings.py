"""The settings of buzzers, lamps, loudspeakers and pagers, and the block that is shipped."""

import json
import re
import tomllib
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.annunciators.build import build
from agent.annunciators.settings import (
    AnnunciatorSettings,
    GpioSettings,
    LoudspeakerSettings,
    PagerSettings,
    RelaySettings,
    SimulatedSettings,
    TowerLightSettings,
)

SHIPPED = Path(__file__).resolve().parents[2] / "config" / "annunciators.toml"
KINDS = ("gpio", "tower_light", "relay", "loudspeaker", "pager", "simulated")


def read(text: str) -> AnnunciatorSettings:
    return TypeAdapter(AnnunciatorSettings).validate_python(tomllib.loads(text))


def all_in() -> AnnunciatorSettings:
    """The shipped file with every block in use."""
    return read(re.sub(r"(?m)^# (\[\[|\w+ = )", r"\1", SHIPPED.read_text(encoding="utf-8")))


def test_what_is_shipped_is_valid_and_has_no_output() -> None:
    assert read(SHIPPED.read_text(encoding="utf-8")) == AnnunciatorSettings()


def test_what_is_shipped_shows_every_kind_and_every_setting() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    for kind in KINDS:
        rows = getattr(all_in(), kind)
        assert rows, kind
        for field in fields(rows[0]):
            assert re.search(rf"(?m)^#? ?{field.name} = ", text), f"{kind}.{field.name}"


def test_the_sounder_reads_what_the_core_writes() -> None:
    assert AnnunciatorSettings.from_json(json.loads(json.dumps(asdict(all_in())))) == all_in()


RELAY = {"name": "r", "port": "/dev/x", "coils": 4}
PAGER = {"name": "p", "port": "/dev/x"}


@pytest.mark.parametrize(
    ("kind", "row", "says"),
    [
        (RelaySettings, {**RELAY, "rooms": {"1": 4}}, "coil 4 of a board with 4"),
        (RelaySettings, {**RELAY, "red": 4}, "coil 4 of a board with 4"),
        (RelaySettings, {**RELAY, "red": 1, "yellow": 1}, "used twice"),
        (RelaySettings, {**RELAY, "red": 1, "rooms": {"1": 1}}, "used twice"),
        (LoudspeakerSettings, {"name": "l", "alarms": False}, "no alarms and has no rooms"),
        (PagerSettings, {**PAGER, "form": "7E1"}, "xor7"),
        (PagerSettings, {**PAGER, "form": "7E1", "checksum": "xor7", "encoding": "gb18030"}, "no gb18030"),
        (PagerSettings, {**PAGER, "own": "2"}, "two addresses"),
        (AnnunciatorSettings, {"self_test_at": "23:00"}, "in the night"),
        (AnnunciatorSettings, {"self_test_at": "noon"}, "no time of day"),
        (AnnunciatorSettings, {"pager": [PAGER], "relay": [{**RELAY, "name": "p"}]}, "one name"),
    ],
)
def test_what_could_not_work_is_refused(kind: type[Any], row: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        TypeAdapter(kind).validate_python(row)


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (RelaySettings, {**RELAY, "rooms": {"1": 3, "2": 3}, "red": 0}),  # two rooms may share a lamp
        (PagerSettings, {**PAGER, "form": "7E1", "checksum": "xor7"}),
        (LoudspeakerSettings, {"name": "l", "alarms": False, "rooms": ["205"]}),
        (AnnunciatorSettings, {"self_test_at": ""}),
        (AnnunciatorSettings, {"self_test_at": "20:59"}),
    ],
)
def test_what_works_is_taken(kind: type[Any], row: dict[str, Any]) -> None:
    assert TypeAdapter(kind).validate_python(row)


def test_when_the_test_is() -> None:
    assert AnnunciatorSettings().test_at_s == 36_000
    assert AnnunciatorSettings(self_test_at="").test_at_s is None


@pytest.mark.parametrize(
    "settings",
    [
        AnnunciatorSettings(),
        AnnunciatorSettings(gpio=(GpioSettings("a", red=1),)),
        AnnunciatorSettings(gpio=(GpioSettings("a", red=1), GpioSettings("b", buzzer=0))),
        AnnunciatorSettings(tower_light=(TowerLightSettings("a", "/dev/ttyUSB0"),)),
        AnnunciatorSettings(relay=(RelaySettings("a", "/dev/ttyUSB0", red=1),)),
        AnnunciatorSettings(relay=(RelaySettings("a", "/dev/ttyUSB0", buzzer=0),)),
        AnnunciatorSettings(loudspeaker=(LoudspeakerSettings("a"),)),
        AnnunciatorSettings(loudspeaker=(LoudspeakerSettings("a", alarms=False, rooms=("205",)),)),
        AnnunciatorSettings(pager=(PagerSettings("a", "/dev/ttyUSB0"),)),
        AnnunciatorSettings(simulated=(SimulatedSettings("a", "lines"),)),
    ],
)
def test_the_core_knows_whether_anything_can_sound(settings: AnnunciatorSettings) -> None:
    assert settings.sounds is any(output.sounds for output in build(settings, lambda *_, **__: None))
