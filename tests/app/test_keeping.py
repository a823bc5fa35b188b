"""What is kept of a question that was asked aloud."""

import json
import sqlite3
from pathlib import Path

from agent.residents import Subject, SubjectKind
from agent.rules.finding import Prompt
from agent.rules.reason import because
from tests.store.logs import Ward


def test_a_question_is_kept_with_its_reasons(tmp_path: Path) -> None:
    ward = Ward(tmp_path)
    room = Subject(SubjectKind.RESIDENT, "r-1", "201")
    why = (because("fall_seen", device="cam", sign="rapid descent", score=0.4),)
    ward.keep(ward.judge.report([Prompt("are_you_all_right", room, ward.now, why)], ward.moment))
    ward.close()
    with sqlite3.connect(tmp_path / "telemetry.db") as connection:
        rows = connection.execute("SELECT subject, data FROM log WHERE type = 'nightlamp.decision.v1'").fetchall()
    connection.close()
    ((subject, data),) = rows
    assert subject == "r-1"
    assert json.loads(data) == {
        "decision": "asked",
        "text": "are_you_all_right",
        "reasons": [{"code": "fall_seen", "device": "cam", "sign": "rapid descent", "score": 0.4}],
    }
