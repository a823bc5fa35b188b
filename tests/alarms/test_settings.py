"""The shipped ladder is the one that the code falls back to."""

import tomllib
from pathlib import Path

from pydantic import TypeAdapter

from agent.alarms.settings import AlarmSettings

SHIPPED = Path(__file__).resolve().parents[2] / "config" / "alarms.toml"


def test_the_shipped_file_and_the_defaults_are_the_same() -> None:
    shipped = TypeAdapter(AlarmSettings).validate_python(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))
    assert shipped == AlarmSettings()
