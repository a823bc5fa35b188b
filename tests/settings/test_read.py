"""One file against one settings class."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from annotated_types import Ge, Le

from agent.settings.read import TomlFile


@dataclass(frozen=True, slots=True)
class Lamp:
    rate_hz: Annotated[float, Ge(0.4), Le(2.8)] = 2.0

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Lamps:
    name: str
    lamp: tuple[Lamp, ...] = ()

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def write(folder: Path, text: str) -> TomlFile:
    path = folder / "lamps.toml"
    path.write_text(text, encoding="utf-8")
    return TomlFile(path)


def test_good_values(tmp_path: Path) -> None:
    file = write(tmp_path, 'name = "hall"\n[[lamp]]\nrate_hz = 1.5\n')
    assert file.parse(Lamps) == Lamps("hall", (Lamp(1.5),))
    assert file.problems == []


def test_every_mistake_at_once_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, "colour = 1\n[[lamp]]\nrate_hz = 9\n[[lamp]]\nrate_hz = 'fast'\nblink = true\n")
    assert file.parse(Lamps) is None
    assert sorted(str(problem) for problem in file.problems) == [
        "lamps.toml:1: colour: unknown key; see the commented file of the same name that is shipped in config/",
        "lamps.toml:1: name: is required",
        "lamps.toml:3: lamp.0.rate_hz: input should be less than or equal to 2.8, not 9",
        "lamps.toml:5: lamp.1.rate_hz: input should be a valid number, unable to parse string as a number, not 'fast'",
        "lamps.toml:6: lamp.1.blink: unknown key; see the commented file of the same name that is shipped in config/",
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"), [("a = 1\nb = \n", 2, "not TOML"), ("a = 1\na = 2\n", 2, "not TOML")]
)
def test_what_is_no_toml(tmp_path: Path, text: str, line: int, words: str) -> None:
    (problem,) = write(tmp_path, text).problems
    assert (problem.line, words in problem.text) == (line, True)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (missing,) = TomlFile(tmp_path / "none.toml").problems
    assert str(missing) == "none.toml:1: cannot be read: No such file or directory"
    (tmp_path / "bad.toml").write_bytes(b"a = '\xff'")
    (latin,) = TomlFile(tmp_path / "bad.toml").problems
    assert "not UTF-8 at byte 5" in latin.text
