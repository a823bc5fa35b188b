"""What the API may ask of the site facts; the core fulfils it (agent/app/site_facts.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

# Tables that may be edited row by row; the codes of the facility are the installer's.
TABLES = ("resident", "place", "binding", "staff", "shift", "duty", "meals", "ladder", "camera")


@dataclass(frozen=True, slots=True)
class SiteProblem:
    """What is wrong with the facts after an edit, and where, in English and Chinese."""

    key: str
    text: str
    zh: str

    def to_json(self, language: str) -> dict[str, str]:
        """As the API tells it."""
        return {"key": self.key, "text": self.zh if language == "zh" else self.text}


class SiteRefusedError(Exception):
    """An edit would leave facts that cannot be used; nothing was changed. `problems` holds every one."""

    def __init__(self, problems: tuple[SiteProblem, ...]) -> None:
        super().__init__("; ".join(f"{one.key}: {one.text}" for one in problems))
        self.problems = problems


class UnknownRowError(Exception):
    """There is no such row to take out."""


class SiteNotKeptError(Exception):
    """An edit is in force, but the disk has not taken it: it is lost if the gateway ends before it does."""


class SiteNotReadError(Exception):
    """What the store holds is not read yet, so that an edit would be made to facts that may be old: nothing changed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One row of `table` under `id` becomes `row`, or is taken out when that is None."""

    table: str
    id: str
    row: Mapping[str, Any] | None


class SiteDesk(Protocol):
    """The site facts in force."""

    @property
    def document(self) -> Mapping[str, Any]:
        """All of them, names included: for people who are logged in, never for the way upstream."""

    async def edit(self, edit: Edit, author: str) -> tuple[SiteProblem, ...]:
        """Put an edit in force at once, and give its warnings when it is safe on disk.

        Raises `SiteRefusedError`, `UnknownRowError` or, in time, `SiteNotReadError`, which change nothing; and, in
        time, `SiteNotKeptError`.
        """
