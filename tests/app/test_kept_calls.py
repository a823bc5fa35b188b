"""What is kept of questions that were asked aloud, and of calls."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from agent.residents import Subject, SubjectKind
from agent.rules.finding import Prompt
from agent.rules.reason import because
from tests.store.logs import Ward


def decisions(folder: Path) -> list[tuple[str, Any]]:
    """Subject and data of each."""
    connection = sqlite3.connect(folder / "telemetry.db")
    rows = connection.execute("SELECT subject, data FROM log WHERE type = 'nightlamp.decision.v1'").fetchall()
    connection.close()
    return [(subject, json.loads(data)) for subject, data in rows]


def test_a_question_is_kept_with_its_reasons(tmp_path: Path) -> None:
    ward = Ward(tmp_path)
    room = Subject(SubjectKind.RESIDENT, "r-1", "201")
    why = (because("fall_seen", device="cam", sign="rapid descent", score=0.4),)
    ward.keep(ward.judge.report([Prompt("are_you_all_right", room, ward.now, why)], ward.moment))
    ward.close()
    reason = {"code": "fall_seen", "device": "cam", "sign": "rapid descent", "score": 0.4}
    asked = {"decision": "asked", "text": "are_you_all_right", "reasons": [reason]}
    assert decisions(tmp_path) == [("r-1", asked)]


def test_what_became_of_a_call_is_kept(tmp_path: Path) -> None:
    ward = Ward(tmp_path)
    ward.keeping.called("paged", "r-1", {"alarm": "a", "person": "s-1", "ok": True})
    ward.close()
    assert decisions(tmp_path) == [("r-1", {"decision": "paged", "alarm": "a", "person": "s-1", "ok": True})]
