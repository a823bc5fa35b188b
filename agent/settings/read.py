"""One TOML file against one settings class."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from agent.settings.locate import key_lines, line_of
from agent.settings.problem import Problem

T = TypeVar("T")

# What pydantic's words leave open.
_CURES = {
    "unexpected_keyword_argument": "unknown key; see the commented file of the same name that is shipped in config/",
    "missing": "is required",
    "missing_argument": "is required",
}


class TomlFile:
    """One file, read once: values for those who use them, lines for those who must mend them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.values: dict[str, Any] = {}
        self._lines: dict[tuple[str | int, ...], int] = {}
        try:
            text = path.read_text(encoding="utf-8")
            self.values = tomllib.loads(text)
            self._lines = key_lines(text)
        except OSError as error:
            self.add((), f"cannot be read: {error.strerror}")
        except UnicodeDecodeError as error:
            self.add((), f"is not UTF-8 at byte {error.start}; save it as UTF-8")
        except tomllib.TOMLDecodeError as error:
            self.problems.append(Problem(path.name, _line_in(str(error)), "", f"not TOML: {error}"))

    def add(self, key: tuple[str | int, ...], text: str) -> None:
        """Note a problem at `key`."""
        self.problems.append(self.problem(key, text))

    def problem(self, key: tuple[str | int, ...], text: str) -> Problem:
        """What is wrong at `key`, with its line."""
        return Problem(self.path.name, line_of(key, self._lines), ".".join(str(part) for part in key), text)

    def parse(self, into: type[T], within: str = "") -> T | None:
        """The values (of table `within`, if named) as `into`; None with every problem noted."""
        values = self.values.get(within, {}) if within else self.values
        prefix = (within,) if within else ()
        try:
            return TypeAdapter(into).validate_python(values)
        except ValidationError as error:
            for mistake in error.errors():
                kind, given = mistake["type"], mistake["input"]
                text = _CURES.get(kind, mistake["msg"].removeprefix("Value error, "))
                shown = "" if kind in _CURES or isinstance(given, dict | list) else f", not {given!r}"
                self.add((*prefix, *mistake["loc"]), text[:1].lower() + text[1:] + shown)
            return None


def _line_in(message: str) -> int:
    """The line that tomllib names at the end of its message, as in ``(at line 3, column 7)``."""
    _, found, tail = message.rpartition("at line ")
    digits = tail.split(",")[0]
    return int(digits) if found and digits.isdigit() else 1
