"""Readings and observations of a day file. Pure.

What is wrong is refused with its cure. A button, smoke, gas or a fall whose value, unit or quality makes no sense is
taken all the same, marked unverified, and told: of a call for help nothing is left out over its form.
"""

from collections.abc import Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any

from agent.detection.observations import OBSERVATIONS, Observation
from agent.replay.line import DayError, EventLine, Value, device_of, given, nearest, one_of, text_of
from agent.replay.units import accepted, converted
from drivers.base import Link, LinkState
from drivers.quantities import QUANTITIES, Quantity, Shape
from drivers.reading import Quality, Reading

LINK = "link"

_TRUTHS: MappingProxyType[str, bool] = MappingProxyType(
    {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}
)
# what plain true and false of an event mean; elsewhere they say too little
_PLAIN: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {"button": ("press", "release"), "body_fall": ("fall", ""), "turned": ("turned", ""), "service": ("other", "")}
)


def reading(t: float, data: Mapping[str, Any]) -> EventLine:
    """A reading or the state of a link; raises `DayError`."""
    device, quantity, resident = device_of(data), text_of(data, "quantity"), str(data.get("resident") or "")
    if quantity == LINK:
        return EventLine(t, Link(device, one_of(LinkState, data.get("value"), "value"), t), resident)
    row = QUANTITIES.get(quantity)
    if row is None:
        raise DayError(_unknown(data.get("quantity")))
    stored = data.get("stored") is True
    try:
        value = _in_own_unit(_value(row, data.get("value")), row, data.get("unit"))
        quality = one_of(Quality, given(data, "quality", "good"), "quality")
    except DayError as error:
        if not row.life_safety or (data.get("value") is None and row.shape is not Shape.EVENT):
            raise
        value = _told_or_true(row, data.get("value"))
        return EventLine(t, Reading(device, quantity, value, t, Quality.UNVERIFIED, stored), resident, _taken(error))
    return EventLine(t, Reading(device, quantity, value, t, quality, stored), resident)


def observation(t: float, data: Mapping[str, Any]) -> EventLine:
    """An observation; raises `DayError`."""
    device, name, resident = device_of(data), text_of(data, "quantity"), str(data.get("resident") or "")
    kind = OBSERVATIONS.get(name)
    if kind is None:
        known = f"{data.get('quantity')!r} is no observation; they are {', '.join(OBSERVATIONS)}"
        raise DayError(
            f"quantity {known}" + (f"; {name} is a reading: write kind reading" if name in QUANTITIES else "")
        )
    try:
        holds, score = _holds(data)
    except DayError as error:
        if not kind.life_safety:
            raise
        return EventLine(t, Observation(device, name, t), resident, _taken(error))
    return EventLine(t, Observation(device, name, t, holds, score), resident)


def _holds(data: Mapping[str, Any]) -> tuple[bool, float]:
    """Whether it is seen, and how surely."""
    value = given(data, "value", True)
    if isinstance(value, str):
        value = _TRUTHS.get(value.lower(), value)
    if isinstance(value, bool) or value in (0, 1):
        holds, sure = bool(value), 1.0
    elif isinstance(value, int | float):
        holds, sure = True, float(value)
    else:
        raise DayError(f"value is {value!r}; an observation has true, false, or a score from 0 to 1")
    score = given(data, "score", sure)
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0.0 <= score <= 1.0:
        raise DayError(f"score is {score!r}; it lies between 0 and 1")
    return holds, float(score)


def _value(row: Quantity, value: Any) -> Value:  # noqa: ANN401 - any JSON value
    if row.shape is Shape.CONTINUOUS:
        if isinstance(value, bool) or not isinstance(value, int | float) or not _counts(value):
            raise DayError(f"value is {value!r}; {row.name} has a number, without quotes")
        return value
    if row.shape is Shape.STATE:
        told = _TRUTHS.get(value.lower(), value) if isinstance(value, str) else value
        if isinstance(told, bool) or (isinstance(told, int | float) and told in (0, 1)):
            return bool(told)
        raise DayError(f"value is {value!r}; {row.name} is true or false")
    return _word(row, value)


def _counts(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:  # an integer beyond all floats
        return False


def _word(row: Quantity, value: Any) -> str:  # noqa: ANN401 - any JSON value
    if not row.choices:  # an id
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise DayError(f"value is {value!r}; {row.name} has an id, as text")
        return str(value)
    if isinstance(value, bool | int | float) and value in (0, 1):
        plain = _PLAIN[row.name][not value]
        if plain:
            return plain
    if not isinstance(value, str) or value not in row.choices:
        raise DayError(f"value is {value!r}; {row.name} is one of {', '.join(row.choices)}")
    return value


def _in_own_unit(value: Value, row: Quantity, unit: Any) -> Value:  # noqa: ANN401 - any JSON value
    if not unit or row.shape is not Shape.CONTINUOUS or isinstance(value, str):
        return value  # a state or a word has no unit, whatever is written
    own = converted(value, str(unit), row.unit)
    if own is None:
        raise DayError(f"unit is {unit!r}; {row.name} is told in {', '.join(accepted(row.unit))}")
    return own


def _told_or_true(row: Quantity, value: Any) -> Value:  # noqa: ANN401 - any JSON value
    """The value if it can be read and only its surroundings are odd; else the word of an alarm."""
    try:
        return _value(row, value)
    except DayError:
        return True if row.shape is Shape.STATE else row.choices[0]


def _taken(error: DayError) -> str:
    return f"{error} (taken as an alarm all the same)"


def _unknown(quantity: object) -> str:
    if isinstance(quantity, str) and quantity in OBSERVATIONS:
        return f"quantity {quantity!r} is an observation: write kind observation"
    hint = nearest(quantity, (*QUANTITIES, LINK)) if isinstance(quantity, str) else ""
    return f"quantity {quantity!r} is not known (drivers/quantities.py, docs/replay.md){hint}"
