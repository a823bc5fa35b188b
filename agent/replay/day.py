"""The lines of a day file: JSON Lines in, values out. Pure; the format stands in docs/replay.md."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from agent.replay.line import DayError, Line, SiteLine, text_of, time_of
from agent.replay.measured import observation, reading
from agent.replay.orders import command

# Names of site tables; a plural or another usual word stands for the same.
TABLES: MappingProxyType[str, str] = MappingProxyType(
    {
        "facility": "facility",
        "resident": "resident", "residents": "resident",
        "bed": "bed", "beds": "bed",
        "place": "place", "places": "place", "room": "place", "rooms": "place",
        "binding": "binding", "bindings": "binding",
        "staff": "staff",
        "shift": "shift", "shifts": "shift",
        "duty": "duty", "duties": "duty", "roster": "duty", "rosters": "duty",
        "ladder": "ladder", "ladders": "ladder",
        "meals": "meals",
    }
)  # fmt: skip


def parse(text: str | bytes) -> Line:
    """The line as a value; raises `DayError`."""
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise DayError("no JSON of ours: it is nested too deep") from error
    except json.JSONDecodeError as error:
        cut = "the line is cut: " if error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg else ""
        raise DayError(f"no JSON: {cut}{error}") from error
    except ValueError as error:
        raise DayError(f"no JSON: {error}") from error
    if not isinstance(data, dict):
        raise DayError("is no JSON object")
    read = _READ.get(text_of(data, "kind"))
    if read is None:
        raise DayError(f"kind is {data.get('kind')!r}; it must be one of {', '.join(_READ)}")
    t, odd = time_of(data)
    line = read(t, data)
    return replace(line, odd="; ".join(filter(None, (odd, line.odd)))) if odd else line


def _site(t: float, data: Mapping[str, Any]) -> SiteLine:
    name = data.get("quantity")
    if name is None:  # whole tables as keys of their own
        named = [key for key in data if key in TABLES and key not in ("resident", "room")]
        if len(named) != 1:
            raise DayError(f"quantity must name one table: {', '.join(sorted(set(TABLES.values())))}")
        name, value = named[0], data[named[0]]
    else:
        value = data.get("value")
    table = TABLES.get(str(name))
    if table is None:
        raise DayError(f"quantity {name!r} is no table of the site; they are {', '.join(sorted(set(TABLES.values())))}")
    if table == "meals":
        return SiteLine(t, table, tuple(value) if isinstance(value, list) else ())
    rows = value if isinstance(value, list) and value else [value]
    return SiteLine(t, table, tuple(_row(table, row, data) for row in rows))


def _row(table: str, row: Any, data: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """The row, with the keys that the line itself carries: device and resident of a binding, id of a resident."""
    full = {key: value for key, value in row.items() if value is not None} if isinstance(row, dict) else {}
    if table == "binding":
        full = {**{key: data[key] for key in ("device", "resident") if data.get(key)}, **full}
    elif table in ("resident", "bed"):
        key = "id" if table == "resident" else "resident"
        full = {**({key: data["resident"]} if data.get("resident") else {}), **full}
    if not full:
        raise DayError("value must be an object with the fields of its table (docs/site.md)")
    return full


_READ: MappingProxyType[str, Callable[[float, Mapping[str, Any]], Line]] = MappingProxyType(
    {"site": _site, "reading": reading, "observation": observation, "command": command}
)
