"""The figures out of a real store."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.alarms.alarm import Action, Cause
from agent.detection.acts import Act
from agent.figures.carers import always
from agent.figures.kpi import Figures
from agent.figures.log_event import LogEvent, of_event, of_suppressed
from agent.figures.tally import figures
from agent.judge import Verdict
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from agent.store.database import read_only
from agent.store.entry import Lane
from agent.store.reader import StoreUnreadableError
from agent.store.stats import _DECISIONS, DAY_S, stats
from tests.store.keeping import alarm_entry
from tests.store.logs import WALL, Ward

ONE = always(1.0)
WANG = Subject(SubjectKind.RESIDENT, "r-1", "201")


def _of(ward: Ward, days: float = 1.0) -> Figures:
    return stats(ward.folder, days, ward.wall, ONE)


def test_the_store_gives_the_same_figures_as_the_engine_s_own_events(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    events: list[LogEvent] = []
    keep = ward.keeping.verdict

    def listening(verdict: Verdict) -> None:
        events.extend(of_event(event, ward.wall) for event in verdict.events)
        events.extend(of_suppressed(held, ward.wall) for held in verdict.suppressed)
        keep(verdict)

    ward.keeping.verdict = listening  # type: ignore[method-assign]
    began = ward.wall
    ward.live(Cause.FALL)
    ward.now += 400
    ward.live(Cause.FALSE_ALARM)
    ward.now += 400
    ward.press()
    ward.act(Act("out", WANG, ward.now, "panel:carer", WALL + ward.now + 7200))
    held = Finding("bed_exit", WANG, Priority.MEDIUM, ward.now, (because("out_of_bed", away_s=900.0),), "band-1")
    assert ward.keep(ward.judge.report([held], ward.moment)).suppressed
    ward.now += 90_000
    ward.close()
    found = stats(ward.folder, 3.0, ward.wall, ONE)
    assert found == figures(events, 1.0, began, ward.wall)
    assert (found.whole.raised, found.stale_now, dict(found.suppressed)) == (3, 1, {"bed_exit": 1})
    assert dict(found.causes) == {"fall": 1, "false_alarm": 1}
    assert found.responses["high"]["raised_to_attended"].p50 == 60


def test_only_the_days_asked_for_and_what_is_open_from_before(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    ward.press()
    ward.now += 2 * DAY_S
    ward.do(Action.SEE, ward.judge.engine.open[0], 0.0)
    ward.close()
    found = _of(ward)
    assert (found.whole.raised, found.open_now, found.stale_now) == (0, 1, 1)
    assert found.whole.hours == 24.0
    assert _of(ward, 3.0).whole.hours == pytest.approx(48.0)  # the log is no older
    assert _of(ward, 3.0).whole.raised == 1


def test_far_behind_many_rows_the_span_is_found(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    for number in range(1500):
        ward.now += 600.0
        ward.store.put(Lane.ALARMS, alarm_entry(ward.clock, f"x-{number}"))  # not of this form: counts for nothing
        if number % 100 == 0:
            ward.press()
            ward.do(Action.ATTEND, ward.judge.engine.open[0], 1)
            ward.do(Action.CLOSE, ward.judge.engine.open[0], 1, Cause.ASSISTED)
    ward.close()
    assert _of(ward, 1.0).whole.raised == 1
    assert _of(ward, 5.0).whole.raised == 7
    assert _of(ward, 366.0).whole.raised == 15


def test_decisions_have_an_index(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    ward.close()
    with closing(read_only(ward.folder / "telemetry.db")) as connection:
        plan = str(connection.execute(f"EXPLAIN QUERY PLAN {_DECISIONS}", (0, 1)).fetchall())
    assert "decision_at" in plan


def test_without_telemetry_the_alarms_count_without_alarms_nothing_does(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    ward.live()
    ward.close()
    (ward.folder / "telemetry.db").write_bytes(b"no database")
    assert _of(ward).whole.raised == 1
    with pytest.raises(StoreUnreadableError, match=r"alarms\.db"):
        stats(tmp_path, 1.0, 0.0, ONE)


def test_a_row_from_before_the_clock_was_set_does_not_hide_those_before_it(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    ward.live()
    ward.close()
    with closing(sqlite3.connect(ward.folder / "alarms.db")) as connection:
        last = connection.execute("SELECT max(sequence) FROM log").fetchone()[0]
        connection.execute("DROP TRIGGER log_is_written_once")
        connection.execute("UPDATE log SET wall = 5.0, quality = 'unset' WHERE sequence = ?", (last,))
        connection.commit()
    assert _of(ward).whole.raised == 1
