"""The documents name what there is, and what they name is there."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from agent.alarms.settings import AlarmSettings
from agent.cli.main import COMMANDS
from agent.replay.day import parse
from agent.replay.line import CommandLine
from agent.replay.player import Player
from agent.replay.schema import day_schema, told_schema
from agent.replay.told import WORDS
from agent.rules.guardrails import numbers
from agent.rules.registry import ROWS
from agent.rules.settings import RuleSettings
from agent.store import entry

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh.md")
PAGES = (*READMES, "CHANGELOG.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)", text(page))
    dead = [link for link in links if ":" not in link and not ((ROOT / page).parent / link).exists()]
    assert not dead


@pytest.mark.parametrize("page", READMES)
def test_the_readme_shows_only_commands_that_there_are(page: str) -> None:
    shown = re.findall(r"^ +nightlamp ([a-z-]+)", text(page), re.MULTILINE)
    assert set(shown) <= set(COMMANDS)


def test_both_readmes_show_the_same() -> None:
    english, chinese = (
        (re.findall(r"^    \S.*?(?= {2,}|$)", text(page), re.MULTILINE), re.findall(r"\]\((docs/[^)]+)", text(page)))
        for page in READMES
    )
    assert english[0] == chinese[0]
    assert {link.replace(".zh.png", ".png") for link in english[1]} == {
        link.replace(".zh.png", ".png") for link in chinese[1]
    }
    assert all(len(text(page).splitlines()) <= 90 for page in READMES)


@pytest.mark.parametrize("rule", sorted(row.name for row in ROWS))
def test_every_rule_stands_in_its_table(rule: str) -> None:
    assert re.search(rf"^\|.*`{rule}`", text("docs/rules.md"), re.MULTILINE), f"no row of docs/rules.md names {rule}"


SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}


def test_every_number_beside_its_name_is_the_default() -> None:
    defaults: dict[str, set[float]] = {}
    for name, value in numbers(RuleSettings()):
        defaults.setdefault(name.rpartition(".")[2], set()).add(value)
    told = re.findall(r"`(\w+)` ([0-9.]*[0-9])(?: (s|min|h)\b)?", text("docs/rules.md"))
    told = [one for one in told if one[0] in defaults and (not one[2] or one[0].rpartition("_")[2] in SECONDS)]
    wrong = [
        (name, number, unit)
        for name, number, unit in told
        if float(number) * (SECONDS[unit] / SECONDS[name.rpartition("_")[2]] if unit else 1.0) not in defaults[name]
    ]
    assert len(told) > 40
    assert wrong == []


def test_every_event_type_stands_in_the_contract() -> None:
    types = [value for name, value in vars(entry).items() if name.isupper() and str(value).startswith("nightlamp.")]
    assert len(types) > 5
    contract = text("docs/architecture.md")
    assert [one for one in types if one.replace("{happened}", "<happened>") not in contract] == []


@pytest.mark.parametrize(("name", "made"), [("day", day_schema), ("told", told_schema)])
def test_the_schemas_of_a_replay_are_those_of_the_code(name: str, made: Callable[[], dict[str, Any]]) -> None:
    written = json.loads(text(f"docs/replay/{name}.schema.json"))
    assert written == made(), f"nightlamp replay --schema {name} > docs/replay/{name}.schema.json"


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ({"kind": "site", "quantity": "bed", "value": {"id": "b-1"}}, "device resident unit quality"),
        (
            {"kind": "reading", "quantity": "button", "value": "press", "device": "b"},
            "resident unit quality stored",
        ),
        ({"kind": "observation", "quantity": "fall", "device": "c"}, "resident value score unit quality"),
        (
            {"kind": "command", "quantity": "pause"},
            "device resident place by alarm value cause reason seconds minutes until unit quality",
        ),
    ],
)
def test_a_key_with_null_is_as_good_as_none_by_the_schema_and_the_reader(line: dict[str, Any], keys: str) -> None:
    line_of = jsonschema.Draft202012Validator(day_schema())
    line = {"t": "2027-01-14T16:00:00Z", **line}
    full = {**line, **dict.fromkeys(keys.split())}
    line_of.validate(full)
    read, bare = (parse(json.dumps(one)) for one in (full, line))
    if isinstance(read, CommandLine) and isinstance(bare, CommandLine):
        read, bare = replace(read, more={}), replace(bare, more={})
    assert read == bare


def test_the_example_of_a_day_has_a_line_of_every_kind_and_is_told_in_full() -> None:
    player = Player(RuleSettings(), AlarmSettings())
    told: list[dict[str, Any]] = []
    line_of, event_of = (jsonschema.Draft202012Validator(schema()) for schema in (day_schema, told_schema))
    kinds = set()
    for line in text("docs/replay/example.jsonl").splitlines():
        line_of.validate(json.loads(line))
        kinds.add(json.loads(line)["kind"])
        told += player.feed(line)
    told += player.end()
    for one in told:
        event_of.validate(one)
    assert kinds == {"site", "reading", "observation", "command"}
    assert {one["event"] for one in told if "event" in one} == {*WORDS.values(), "suppressed"}
    assert player.left_out == 0
