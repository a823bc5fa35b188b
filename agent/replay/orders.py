"""Commands of a day file: orders to alarms, and acts. Pure."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from agent.alarms.alarm import Cause
from agent.detection.acts import ACTS
from agent.replay.line import CommandLine, DayError, Value, given, nearest, seconds_of, text_of
from agent.rules.kinds import KINDS

ALARM_ORDERS = ("seen", "attended", "closed")
QUIET_ORDERS = ("pause", "resume", "shelve", "unshelve")
ORDERS = (*ALARM_ORDERS, *QUIET_ORDERS)
CAUSES = tuple(cause for cause in Cause if cause is not Cause.RESTORED)  # those that a person can give


def command(t: float, data: Mapping[str, Any]) -> CommandLine:
    """What somebody does; raises `DayError`."""
    name, value = text_of(data, "quantity"), given(data, "value", True)
    if name not in ORDERS and name not in ACTS:
        known = (*ORDERS, *ACTS)
        raise DayError(
            f"quantity {data.get('quantity')!r} is no command; they are {', '.join(known)}{nearest(name, known)}"
        )
    more = {**data, **(value if isinstance(value, dict) else {})}
    more.pop("kind", None)  # that of the line
    told = value if isinstance(value, str) and name in ORDERS else ""
    kind = value.get("kind") if isinstance(value, dict) else None
    if name == "closed":
        if told in CAUSES and told not in KINDS:
            more["cause"], told = told, ""
        _check_cause(more.get("cause"))
    acted, odd = _act_value(name, more.get("until", value)) if name in ACTS else (True, "")
    if name in QUIET_ORDERS and more.get("until") is not None:
        more["until"], odd = _until(name, more["until"])
    return CommandLine(
        t,
        name,
        str(more.get("resident") or ""),
        str(more.get("place") or ""),
        str(more.get("device") or ""),
        alarm=str(more.get("alarm") or told),
        kind=str(more.get("alarm_kind") or kind or told),
        by=str(more.get("by") or "replay"),
        value=acted,
        more=more,
        odd=odd,
    )


def _check_cause(cause: object) -> None:
    if cause and cause not in CAUSES:
        raise DayError(f"cause is {cause!r}; it must be one of {', '.join(CAUSES)}")


def _act_value(name: str, value: Any) -> tuple[Value, str]:  # noqa: ANN401 - any JSON value
    read = _VALUES.get(name)
    if read is not None:
        return read(name, value)
    return (value if isinstance(value, str | int | float) else True), ""


def _until(name: str, value: Any) -> tuple[Value, str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool):
        return True, ""  # no end was said
    if isinstance(value, str):
        return seconds_of(value)
    if not isinstance(value, int | float) or value < 1e8:
        raise DayError(f"{name}: value is {value!r}; say until when, as 2027-01-14T16:00:00Z or seconds since 1970")
    return float(value), ""


def _consciousness(name: str, value: Any) -> tuple[Value, str]:  # noqa: ANN401 - any JSON value
    letter = value.strip().upper()[:1] if isinstance(value, str) else ""
    words = ("A", "C", "V", "P", "U", "ALERT", "CONFUSION", "CONFUSED", "VOICE", "PAIN", "UNRESPONSIVE")
    if not letter or str(value).strip().upper() not in words:
        raise DayError(f"{name}: value is {value!r}; it is A, C, V, P or U")
    return letter, ""


def _oxygen(name: str, value: Any) -> tuple[Value, str]:  # noqa: ANN401 - any JSON value
    if not isinstance(value, int | float) or value < 0:  # litres a minute are an answer too
        raise DayError(f"{name}: value is {value!r}; it is true (oxygen) or false (air)")
    return bool(value), ""


_VALUES: MappingProxyType[str, Callable[[str, Any], tuple[Value, str]]] = MappingProxyType(
    {
        **dict.fromkeys(("out", "activity", "maintenance"), _until),
        "consciousness": _consciousness,
        "oxygen": _oxygen,
    }
)
