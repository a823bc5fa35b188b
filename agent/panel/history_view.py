"""What the history page shows of stored rows, in words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.clock import TimeQuality
from agent.detection.acts import ACTS
from agent.panel.view import actor, reason_text, task_title, title
from agent.panel.words import WORDS, word_or
from agent.rules.reason import Reason
from agent.rules.tasks import TASKS
from agent.store.entry import ACT, AUDIT, STANDING


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
    about, reasons = alarm or _mapping(data.get("state")), data.get("reasons")
    return Row(
        time=_date_time(str(row.get("time", "")), str(row.get("quality", ""))),
        happened=_happened(str(row.get("type", "")), data, language),
        title=_title(str(about.get("kind", "")), language) or _audited(row, data),
        priority=str(alarm.get("priority", "")),
        priority_word=word_or(str(alarm.get("priority", "")), language, ""),
        room=str(_mapping(about.get("subject")).get("room", "") or data.get("place", "")),
        actor=actor(str(row.get("actor", ""))),
        reasons=_set_or_said(data, language)
        + tuple(_stored_reason(one, language) for one in (reasons if isinstance(reasons, list) else ())),
    )


def _happened(event_type: str, data: Mapping[str, Any], language: str) -> str:
    """What a row tells: of an alarm, of a task, pause or shelf, or an act of staff; any other type as it is."""
    act, noted, parts = ACTS.get(str(data.get("act"))), str(data.get("noted")), event_type.split(".")
    if event_type == ACT and act is not None:
        return act.zh if language == "zh" else act.en
    if event_type == STANDING:
        return word_or(f"noted_{noted}", language, noted)
    if event_type == AUDIT and f"happened_{data.get('action')}" in WORDS:
        return word_or(f"happened_{data['action']}", language, "")
    happened = parts[2] if parts[:2] == ["nightlamp", "alarm"] and len(parts) == 4 else event_type
    return word_or(f"happened_{happened}", language, happened)


def _audited(row: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """To what somebody did something that no act stands for: a camera."""
    return str(row.get("subject", "")) if row.get("type") == AUDIT and "action" in data else ""


def _set_or_said(data: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Into which mode somebody put a camera, or what they said that it had seen."""
    if "action" not in data:
        return ()
    words = (word_or(f"{name}_{data.get(name)}", language, "") for name in ("mode", "label"))
    score = data.get("threshold", data.get("score"))
    numbers = (f"{score:.2f}",) if isinstance(score, float) and score else ()  # a fall that nobody saw has none
    return (*(text for text in words if text), *numbers)


def _title(kind: str, language: str) -> str:
    return task_title(kind, language) if kind in TASKS else title(kind, language)


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
