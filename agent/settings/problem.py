"""A mistake in a settings file, as the installer is told of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`key` stands in `file` at `line`; `text` says what is wrong and what is allowed."""

    file: str
    line: int
    key: str
    text: str

    def __str__(self) -> str:
        """As a compiler would print it."""
        return f"{self.file}:{self.line}: {self.key + ': ' if self.key else ''}{self.text}"


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds every mistake found, in file and line order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
