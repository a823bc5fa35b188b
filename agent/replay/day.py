"""The lines of a day file: JSON Lines in, values out. Pure; the format stands in docs/replay.md."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from types import MappingProxyType
from typing import Any

from agent.detection.acts import ACTS
from agent.detection.observations import OBSERVATIONS, Observation
from drivers.base import Link, LinkState
from drivers.quantities import QUANTITIES
from drivers.reading import Quality, Reading

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
ALARM_ORDERS = ("seen", "attended", "closed")
OTHER_ORDERS = ("pause", "shelve", "unshelve", "note")
LINK = "link"


class DayError(ValueError):
    """A line that cannot be used; the text names the key and what would be right."""


@dataclass(frozen=True, slots=True)
class SiteLine:
    """Rows of one table of the site facts, in force from `t` (UTC seconds)."""

    t: float
    table: str
    rows: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class EventLine:
    """A reading, observation or link state; its `at` is `t`."""

    t: float
    event: Reading | Observation | Link
    resident: str = ""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What a person does: `name` is an order to an alarm, or an act; the rest says about whom, and how."""

    t: float
    name: str
    resident: str = ""
    place: str = ""
    device: str = ""
    alarm: str = ""
    kind: str = ""
    by: str = "replay"
    value: Any = True
    more: Mapping[str, Any] = field(default_factory=dict)


Line = SiteLine | EventLine | CommandLine


def parse(text: str | bytes) -> Line:
    """The line as a value; raises `DayError`."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise DayError(f"no JSON: {error}") from error
    if not isinstance(data, dict):
        raise DayError("is no JSON object")
    read = _READ.get(_text(data, "kind"))
    if read is None:
        raise DayError(f"kind is {data.get('kind')!r}; it must be one of {', '.join(_READ)}")
    return read(_time(data), data)


def _time(data: Mapping[str, Any]) -> float:
    told = data.get("t")
    if isinstance(told, str):
        return seconds_of(told)
    if isinstance(told, bool) or not isinstance(told, int | float) or not isfinite(told):
        raise DayError(f"t is {told!r}; write UTC as 2027-01-14T16:00:00Z, or as seconds since 1970")
    return float(told)


def seconds_of(told: str) -> float:
    """UTC seconds of RFC 3339 `told`; raises `DayError`, also for a time without a zone."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise DayError(f"{told!r} is no time; write UTC as 2027-01-14T16:00:00Z") from error
    if moment.tzinfo is None:
        raise DayError(f"{told!r} has no zone; write UTC as 2027-01-14T16:00:00Z")
    return moment.timestamp()


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
        return SiteLine(t, table, tuple(value or ()))
    rows = value if isinstance(value, list) else [value]
    return SiteLine(t, table, tuple(_row(table, row, data) for row in rows))


def _row(table: str, row: Any, data: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """The row, with the keys that the line itself carries: device and resident of a binding, id of a resident."""
    full = dict(row) if isinstance(row, dict) else {}
    if table == "binding":
        full = {**{key: data[key] for key in ("device", "resident") if data.get(key)}, **full}
    elif table in ("resident", "bed"):
        key = "id" if table == "resident" else "resident"
        full = {**({key: data["resident"]} if data.get("resident") else {}), **full}
    if not full:
        raise DayError("value must be an object with the fields of its table (docs/site.md)")
    return full


def _reading(t: float, data: Mapping[str, Any]) -> EventLine:
    device, quantity, value = _device(data), _text(data, "quantity"), data.get("value")
    if quantity == LINK:
        return EventLine(t, Link(device, _of(LinkState, value, "value"), t), str(data.get("resident") or ""))
    row = QUANTITIES.get(quantity)
    if row is None:
        raise DayError(f"quantity {quantity!r} is not known (drivers/quantities.py, docs/replay.md)")
    if not isinstance(value, str | int | float):
        raise DayError(f"value is {value!r}; a reading has a number, true, false or a word")
    unit = data.get("unit")
    if unit and unit != row.unit:
        raise DayError(f"unit is {unit!r}; {quantity} is told in {row.unit!r}")
    quality = _of(Quality, data.get("quality", "good"), "quality")
    stored = data.get("stored") is True
    return EventLine(t, Reading(device, quantity, value, t, quality, stored), str(data.get("resident") or ""))


def _observation(t: float, data: Mapping[str, Any]) -> EventLine:
    device, name, value = _device(data), _text(data, "quantity"), data.get("value", True)
    if name not in OBSERVATIONS:
        raise DayError(f"quantity {name!r} is no observation; they are {', '.join(OBSERVATIONS)}")
    score = data.get("score", value if isinstance(value, float) and not isinstance(value, bool) else 1.0)
    if not isinstance(score, int | float) or not 0.0 <= score <= 1.0:
        raise DayError(f"score is {score!r}; it lies between 0 and 1")
    holds = value is not False
    return EventLine(t, Observation(device, name, t, holds, float(score)), str(data.get("resident") or ""))


def _command(t: float, data: Mapping[str, Any]) -> CommandLine:
    name, value = _text(data, "quantity"), data.get("value", True)
    if name not in (*ALARM_ORDERS, *OTHER_ORDERS, *ACTS):
        raise DayError(f"quantity {name!r} is no command; they are {', '.join((*ALARM_ORDERS, *OTHER_ORDERS, *ACTS))}")
    more = {**data, **(value if isinstance(value, dict) else {})}
    told = value if isinstance(value, str) and name not in ACTS else ""
    return CommandLine(
        t,
        name,
        str(more.get("resident") or ""),
        str(more.get("place") or ""),
        str(more.get("device") or ""),
        alarm=str(more.get("alarm") or told),
        kind=str(more.get("alarm_kind") or (value.get("kind") if isinstance(value, dict) else "") or told),
        by=str(more.get("by") or "replay"),
        value=value,
        more=more,
    )


def _text(data: Mapping[str, Any], key: str) -> str:
    """The value of `key` if it is text; else nothing that any table knows."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _device(data: Mapping[str, Any]) -> str:
    device = data.get("device")
    if not isinstance(device, str) or not device:
        raise DayError("device is missing: the id by which site lines bind it")
    return device


def _of(kind: Any, value: Any, key: str) -> Any:  # noqa: ANN401 - any StrEnum and its member
    try:
        return kind(value)
    except ValueError as error:
        raise DayError(f"{key} is {value!r}; it must be one of {', '.join(kind)}") from error


_READ: MappingProxyType[str, Callable[[float, Mapping[str, Any]], Line]] = MappingProxyType(
    {"site": _site, "reading": _reading, "observation": _observation, "command": _command}
)
