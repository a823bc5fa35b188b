"""What the history page shows of stored rows, in words. Pure."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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
        time=_date_time(row.get("wall")),
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


def _date_time(wall: object) -> str:
    try:
        return time.strftime("%m-%d %H:%M:%S", time.localtime(wall)) if isinstance(wall, int | float) else ""
    except (ValueError, OverflowError, OSError):  # no such day
        return ""
