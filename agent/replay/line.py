"""What the lines of a day file are as values, and what they have in common. Pure; the format: docs/replay.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from math import isfinite
from typing import Any

from agent.detection.observations import Observation
from drivers.base import Link
from drivers.reading import Reading

Value = str | float | bool

LATEST = 7_258_118_400.0  # UTC seconds of the year 2200: beyond it a time is no time, or in milliseconds
_MILLISECONDS = 1e11


class DayError(ValueError):
    """A line that cannot be used; the text names the key and what would be right."""


@dataclass(frozen=True, slots=True)
class SiteLine:
    """Rows of one table of the site facts, in force from `t` (UTC seconds). `odd`: what was made the best of."""

    t: float
    table: str
    rows: tuple[Any, ...]
    odd: str = ""


@dataclass(frozen=True, slots=True)
class EventLine:
    """A reading, observation or link state; its `at` is `t`."""

    t: float
    event: Reading | Observation | Link
    resident: str = ""
    odd: str = ""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What a person does: `name` is an order or an act, `value` that of the act; the rest says about whom, and how."""

    t: float
    name: str
    resident: str = ""
    place: str = ""
    device: str = ""
    alarm: str = ""
    kind: str = ""
    by: str = "replay"
    value: Value = True
    more: Mapping[str, Any] = field(default_factory=dict)
    odd: str = ""


Line = SiteLine | EventLine | CommandLine


def time_of(data: Mapping[str, Any]) -> tuple[float, str]:
    """UTC seconds of the line's `t`, and what was odd about it; raises `DayError`."""
    told = data.get("t")
    if isinstance(told, str):
        return seconds_of(told)
    if isinstance(told, bool) or not isinstance(told, int | float) or not isfinite(told):
        raise DayError(f"t is {told!r}; write UTC as 2027-01-14T16:00:00Z, or as seconds since 1970")
    return _bounded(float(told), told), ""


def seconds_of(told: str) -> tuple[float, str]:
    """UTC seconds of `told`: RFC 3339, or seconds since 1970; raises `DayError`. One without a zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(told.strip())
    except ValueError as error:
        return _number_of(told, error), ""
    if moment.tzinfo is not None:
        return _bounded(moment.timestamp(), told), ""
    return _bounded(moment.replace(tzinfo=UTC).timestamp(), told), f"{told!r} has no zone and was taken as UTC: write Z"


def _number_of(told: str, error: ValueError) -> float:
    try:
        seconds = float(told)
    except ValueError:
        raise DayError(f"{told!r} is no time; write UTC as 2027-01-14T16:00:00Z") from error
    return _bounded(seconds, told)


def _bounded(seconds: float, told: object) -> float:
    if 0.0 <= seconds < LATEST:
        return seconds
    why = (
        "looks like milliseconds; divide it by 1000" if _MILLISECONDS <= seconds < 1e14 else "lies outside 1970 to 2200"
    )
    raise DayError(f"t is {told!r}, which {why}: write UTC as 2027-01-14T16:00:00Z, or as seconds since 1970")


def text_of(data: Mapping[str, Any], key: str) -> str:
    """The value of `key` if it is text; else nothing that any table knows."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def device_of(data: Mapping[str, Any]) -> str:
    """The device; raises `DayError` without one."""
    device = data.get("device")
    if not isinstance(device, str) or not device:
        raise DayError("device is missing: the id, as text, by which site lines bind it")
    return device


def given(data: Mapping[str, Any], key: str, otherwise: object) -> Any:  # noqa: ANN401 - any JSON value
    """The value of `key`; null is as good as none."""
    value = data.get(key)
    return otherwise if value is None else value


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the one that may have been meant, or nothing."""
    near = get_close_matches(word, list(known), 1)
    return f"; is {near[0]!r} meant?" if near else ""


def one_of(kind: Any, value: Any, key: str) -> Any:  # noqa: ANN401 - any StrEnum and its member
    """The member of `kind`; raises `DayError` with all there are."""
    try:
        return kind(value)
    except ValueError as error:
        raise DayError(f"{key} is {value!r}; it must be one of {', '.join(kind)}") from error
