"""Site facts out of the site lines of a day file, by the same checks as config/site.toml."""

from typing import Any

from pydantic import ValidationError

from agent.replay.day import DayError, SiteLine
from agent.settings.site import SiteSettings

_KEYS = {"binding": "device"}  # what tells one row from another; `id` elsewhere
_ROLES = {"resident": "wearable", "room": "environment", "staff": "tag"}


class SiteBook:
    """Rows by table; a row with a known id replaces the one before."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, dict[str, Any]]] = {}
        self._single: dict[str, Any] = {}
        self._beds: dict[str, str] = {}
        self.warnings: list[str] = []

    def take(self, line: SiteLine) -> None:
        """Take one site line; raises `DayError` for a row without its id."""
        if line.table in ("facility", "meals"):
            self._single[line.table] = line.rows[0] if line.table == "facility" else list(line.rows)
            return
        for number, row in enumerate(line.rows):
            self._take_row(line.table, dict(row), number)

    def _take_row(self, table: str, row: dict[str, Any], number: int) -> None:
        if table == "bed":
            if not row.get("resident"):
                raise DayError("a bed needs its resident")
            self._beds[str(row["resident"])] = str(row.get("id") or row.get("bed") or "")
            return
        rows = self._tables.setdefault(table, {})
        if table in ("duty", "ladder"):
            rows[f"{len(rows) + number}"] = row
            return
        key = _KEYS.get(table, "id")
        if not row.get(key):
            raise DayError(f"{table} needs {key!r}")
        if table == "resident":
            row.setdefault("name", row["id"])
        elif table == "binding" and "role" not in row:
            row["role"] = next((role for whose, role in _ROLES.items() if row.get(whose)), "environment")
        rows[str(row[key])] = row

    def settings(self) -> SiteSettings:
        """The site facts so far; keys that nobody knows are left out and told in `warnings`. Raises `DayError`."""
        document: dict[str, Any] = {table: list(rows.values()) for table, rows in self._tables.items()}
        document |= self._single
        for resident in document.get("resident", ()):
            resident.setdefault("bed", self._beds.get(resident["id"], ""))
        while True:
            try:
                return SiteSettings.from_document(document)
            except ValidationError as error:
                self._without_strangers(document, error)

    def _without_strangers(self, document: dict[str, Any], error: ValidationError) -> None:
        told = error.errors(include_url=False, include_input=False)
        strangers = [one["loc"] for one in told if one["type"] in ("extra_forbidden", "unexpected_keyword_argument")]
        if len(strangers) < len(told):
            first = next(one for one in told if one["loc"] not in strangers)
            raise DayError(f"site: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
        for place in strangers:
            part: Any = document
            for step in place[:-1]:
                part = part[step]
            del part[place[-1]]
            self.warnings.append(f"site: {'.'.join(str(step) for step in place)} is not known and was left out")
