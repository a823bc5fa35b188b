"""``[[call]]``: templates are checked when they are read, and no text breaks out of the JSON."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from agent.settings.read import TomlFile
from agent.upstream.call_settings import PLACEHOLDERS, PRESETS, CallSettings, values_of
from agent.upstream.settings import UpstreamSettings

URL = "https://call.example.org/x"
EVENT: dict[str, Any] = {
    "id": "e-1",
    "time": "2027-01-14T20:00:00.000Z",
    "facility": "H-7",
    "data": {
        "alarm": {
            "id": "a-1", "kind": "fall", "priority": "high", "people": ["s-1", "s-2", "s-3"],
            "subject": {"kind": "resident", "id": "r-1", "room": "201"}, "call": {"callback": "+86 21"},
        }
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", PRESETS)
def test_a_preset_is_json_whatever_it_is_filled_with(kind: Any) -> None:  # noqa: ANN401
    nasty = dict.fromkeys(PLACEHOLDERS, '"}, {"a": "\\ {room} \n')
    filled = json.loads(CallSettings("x", URL, kind=kind).filled(nasty))
    assert set(filled) == set(json.loads(PRESETS[kind]))
    assert nasty["room"] in filled.values()


def test_what_an_alarm_says_of_itself() -> None:
    values = values_of(EVENT, {"s-1": "138", "s-3": "139", "s-9": "1"}, "110")
    assert values == {
        "alarm": "a-1", "event": "e-1", "kind": "fall", "kind_zh": "跌倒", "kind_en": "Fall", "priority": "high",
        "room": "201", "resident": "r-1", "time": EVENT["time"], "callback": "+86 21", "phone": "138,139",
        "facility": "H-7",
    }  # fmt: skip
    assert set(values) == set(PLACEHOLDERS)
    assert values_of(EVENT, {}, "110")["phone"] == "110"


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ('body = \'{"a": "{name}"}\'', "body: no such placeholder: name; use alarm"),
        ("body = '{\"a\": {room}}'", "body: is not JSON"),
        ('url = "http://call.example.org"', "predicate"),
        ("roles = []", "tuple should have at least 1"),
        ('kind = "fax"', "input should be"),
        ('method = "GET"', "input should be"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, line: str, start: str) -> None:
    url = "" if line.startswith("url") else f'url = "{URL}"\n'
    (tmp_path / "upstream.toml").write_text(f'[[call]]\nname = "x"\n{url}{line}\n', encoding="utf-8")
    file = TomlFile(tmp_path / "upstream.toml")
    assert file.parse(UpstreamSettings) is None
    [problem] = file.problems
    assert start in problem.text
    assert problem.key.startswith("call.0")


def test_what_the_shipped_file_shows_is_right(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "config" / "upstream.toml").read_text(encoding="utf-8")
    shown = "[[call]]" + text.partition("# [[call]]")[2].replace("\n# ", "\n")
    (tmp_path / "upstream.toml").write_text(shown, encoding="utf-8")
    file = TomlFile(tmp_path / "upstream.toml")
    settings = file.parse(UpstreamSettings)
    assert settings is not None, file.problems
    assert UpstreamSettings.of(json.loads(json.dumps(asdict(settings)))) == settings
    assert settings.call[0].consumer == "call:12349"
