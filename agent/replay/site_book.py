"""Site facts out of the site lines of a day file, by the same checks as config/site.toml.

A field or row that cannot be used is left out and told with its line; the rest of the home stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from agent.replay.line import DayError, SiteLine
from agent.residents import DeviceRole
from agent.settings.site import SiteSettings

_KEYS = {"binding": "device", "bed": "id"}  # what tells one row from another; `id` elsewhere
_ROLES = {"resident": "wearable", "room": "environment", "staff": "tag"}
_OF_ROOMS = (DeviceRole.CAMERA, DeviceRole.ENVIRONMENT, DeviceRole.LIFE_SAFETY, DeviceRole.READER)

Row = dict[str, Any]
Told = tuple[int, str]  # number of the line, what was made of it


class SiteBook:
    """Rows by table; a row with a known id replaces the one before."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Row]] = {}
        self._single: Row = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._told_of: set[str] = set()
        self.told: list[Told] = []
        self.left_out = 0  # rows

    def take(self, line: SiteLine, number: int = 0) -> None:
        """Take one site line, the file's `number`th; raises `DayError` for a row without its id."""
        if line.table in ("facility", "meals"):
            self._single[line.table] = line.rows[0] if line.table == "facility" else list(line.rows)
            self._numbers[line.table, ""] = number
            return
        for row in line.rows:
            self._take_row(line.table, dict(row), number)

    def _take_row(self, table: str, row: Row, number: int) -> None:
        rows = self._tables.setdefault(table, {})
        if table in ("duty", "ladder"):
            key = f"{1 + int(next(reversed(rows), -1))}"  # never one in use, although rows before it were left out
        elif table == "bed":
            key = str(row.get("id") or row.get("bed") or row.get("resident") or "")
        else:
            key = str(row.get(_KEYS.get(table, "id")) or "")
        if not key:
            raise DayError(f"{table} needs {_KEYS.get(table, 'id')!r}")
        rows[key] = row
        self._numbers[table, key] = number

    def settings(self) -> SiteSettings:
        """The site facts so far; what nobody can use is left out and told. Raises `DayError`."""
        while True:
            try:
                settings = SiteSettings.from_document(self._document())
            except ValidationError as error:
                told = error.errors(include_url=False, include_input=False)
                keys = {table: list(rows) for table, rows in self._tables.items()}
                for one in told:
                    self._mend(keys, one["loc"], "not known" if _strange(one["type"]) else one["msg"])
            else:
                self._tell_strangers(settings)
                return settings

    def _document(self) -> Row:
        full = {"resident": self._resident, "binding": self._binding}
        document: Row = {
            table: [full[table](row) if table in full else row for row in rows.values()]
            for table, rows in self._tables.items()
            if table != "bed"
        }
        return document | self._single

    def _resident(self, row: Row) -> Row:
        """With the bed that names the resident, and with the room of that bed (a bed alone is a place as well)."""
        bed = str(row.get("bed") or next(self._beds_of(row["id"]), ""))
        room = row.get("room") or self._tables.get("bed", {}).get(bed, {}).get("room") or bed
        return {"name": row["id"], **row, "bed": bed, **({"room": room} if room else {})}

    def _beds_of(self, resident: object) -> Iterator[str]:
        return (key for key, row in self._tables.get("bed", {}).items() if row.get("resident") == resident)

    def _binding(self, row: Row) -> Row:
        """With one owner, of resident, room and staff: a place is a room, a bed is who lies there or its room."""
        own = {key: value for key, value in row.items() if key not in ("place", "bed") and value != ""}
        bed = str(row.get("bed") or "")
        if row.get("place"):
            own.setdefault("room", row["place"])
        if bed and not {"resident", "room"} & own.keys():
            own |= self._of_bed(bed)
        own.setdefault("role", next((role for whose, role in _ROLES.items() if own.get(whose)), "environment"))
        owners = [key for key in _ROLES if own.get(key)]
        kept = "room" if own["role"] in _OF_ROOMS and "room" in owners else next(iter(owners), "")
        return {key: value for key, value in own.items() if key not in owners or key == kept}

    def _of_bed(self, bed: str) -> Row:
        told = self._tables.get("bed", {}).get(bed, {})
        sleeper = told.get("resident") or next(
            (row["id"] for row in self._tables.get("resident", {}).values() if row.get("bed") == bed), None
        )
        return {"resident": sleeper} if sleeper else {"room": told.get("room") or bed}

    def _mend(self, keys: Mapping[str, Sequence[str]], place: tuple[int | str, ...], why: str) -> None:
        """Leave out the field at `place`, or the whole row where it does without none."""
        table = str(place[0]) if place else ""
        if table in self._single:
            del self._single[table]
            self._tell(table, "", f"{_dotted(place)}: {why}", "was left out")
            return
        if len(place) < 2 or not isinstance(place[1], int) or table not in keys:
            raise DayError(f"site: {_dotted(place)}: {why}")
        key = keys[table][place[1]]
        row, path = self._tables[table].get(key), place[2:]
        if row is None:  # left out for another fault already
            return
        part: Any = row
        while len(path) > 1 and isinstance(part, dict) and isinstance(part.get(path[0]), dict):
            part, path = part[path[0]], path[1:]
        if path and path[0] in part and path[0] != _KEYS.get(table, "id"):
            del part[path[0]]
            self._tell(table, key, f"{_dotted(place[2:])}: {why}", "was left out")
            return
        del self._tables[table][key]
        self.left_out += 1
        self._tell(table, key, f"{_dotted(place[2:])}: {why}" if path else why, "the whole row was left out")

    def _tell_strangers(self, settings: SiteSettings) -> None:
        """Rows that point at nobody are in force, but somebody has mistyped an id."""
        residents, staff = {one.id for one in settings.resident}, {one.id for one in settings.staff}
        shifts = {one.id for one in settings.shift}
        for binding in settings.binding:
            self._missing("binding", binding.device, "resident", binding.resident, residents)
            self._missing("binding", binding.device, "staff", binding.staff, staff)
        for key, duty in zip(self._tables.get("duty", ()), settings.duty, strict=True):
            self._missing("duty", key, "member", duty.member, staff)
            self._missing("duty", key, "shift", duty.shift, shifts)

    def _missing(self, table: str, key: str, field: str, id_: str, known: set[str]) -> None:
        if id_ and id_ not in known:
            self._tell(table, key, f"{field} {id_!r} is on no site line", "so it belongs to nobody yet")

    def _tell(self, table: str, key: str, what: str, then: str) -> None:
        text = f"site: {table} {key}: {what}; {then}" if key else f"site: {what}; {then}"
        if text not in self._told_of:
            self._told_of.add(text)
            self.told.append((self._numbers.get((table, key), 0), text))


def _strange(kind: str) -> bool:
    return kind in ("extra_forbidden", "unexpected_keyword_argument")


def _dotted(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place)
