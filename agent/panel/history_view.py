"""What the history page shows of stored rows, in words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.clock import TimeQuality
from agent.panel.view import actor, reason_text, title
from agent.panel.words import word_or
from agent.rules.reason import Reason


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the history."""

    time: str
    happened: str
    title: str
    priority: str
    priority_word: str
    room: str
    actor: str
    reasons: tuple[str, ...]


def history(rows: Iterable[Mapping[str, Any]], language: str) -> tuple[Row, ...]:
    """Rows of the alarm log in words; what a row lacks is left empty."""
    return tuple(_row(row, language) for row in rows)


def _row(row: Mapping[str, Any], language: str) -> Row:
    """One stored row; what an older version wrote otherwise is left empty rather than hide the rest."""
    data = _mapping(row.get("data"))
    alarm = _mapping(data.get("alarm"))
    happened, reasons = _happened(str(row.get("type", ""))), data.get("reasons")
    return Row(
        time=_date_time(str(row.get("time", "")), str(row.get("quality", ""))),
        happened=word_or(f"happened_{happened}", language, happened),
        title=title(str(alarm.get("kind", "")), language),
        priority=str(alarm.get("priority", "")),
        priority_word=word_or(str(alarm.get("priority", "")), language, ""),
        room=str(_mapping(alarm.get("subject")).get("room", "")),
        actor=actor(str(row.get("actor", ""))),
        reasons=tuple(_stored_reason(one, language) for one in (reasons if isinstance(reasons, list) else ())),
    )


def _happened(event_type: str) -> str:
    """``raised`` of ``nightlamp.alarm.raised.v1``; any other type as it is."""
    parts = event_type.split(".")
    return parts[2] if parts[:2] == ["nightlamp", "alarm"] and len(parts) == 4 else event_type


def _stored_reason(stored: object, language: str) -> str:
    try:
        return reason_text(Reason.from_json(_mapping(stored)), language)
    except KeyError:
        return str(stored)


def _mapping(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _date_time(time: str, quality: str) -> str:
    """RFC 3339 by the gateway's local time; with a question mark when the clock had not been set."""
    try:
        local = datetime.fromisoformat(time).astimezone()
    except (ValueError, OverflowError):  # no such day
        return time
    return f"{local:%m-%d %H:%M:%S}{' ?' if quality == TimeQuality.UNSET else ''}"
