"""The tasks of care together: whom each watches from the start."""

from dataclasses import replace

from agent.moment import Moment
from agent.residents import Resident, Site, Subject, SubjectKind
from agent.rules.care_dates import ASSESSMENT_ROW
from agent.rules.finding import Finding, Task
from agent.rules.ground import Ground
from agent.rules.host import RuleHost
from agent.rules.meals import MEALS_ROW
from agent.rules.night_rounds import ROUNDS_ROW
from agent.rules.visit import VISIT_ROW
from tests.rules.ward import (
    MIDNIGHT,
    R1,
    RESIDENT,
    ROOM,
    H,
    home,
    reading,
)


def test_every_task_rule_watches_from_the_start() -> None:
    site = home(
        replace(RESIDENT, choking_risk=True, assessed_on="2000-01-01", visit_days=1.0), Resident("r-2", "乙", "202")
    )
    rows = (ROUNDS_ROW, MEALS_ROW, ASSESSMENT_ROW, VISIT_ROW)
    on = Ground.of(site)
    two = Subject(SubjectKind.RESIDENT, "r-2", "202")
    other = Subject(SubjectKind.PLACE, "202", "202")
    assert [list(row.watches(site)) for row in rows] == [[ROOM, other], [R1], [R1, two], [ROOM]]
    nowhere = Site.of([Resident("r-3", "丙", "", visit_days=1.0), Resident("r-4", "丁", "203", lives_alone=True)], [])
    assert list(VISIT_ROW.watches(nowhere)) == [
        Subject(SubjectKind.PLACE, "203", "203"),
        Subject(SubjectKind.RESIDENT, "r-3"),
    ]
    assert list(ROUNDS_ROW.watches(nowhere)) == [Subject(SubjectKind.PLACE, "203", "203")]
    host = RuleHost(on, rows)
    host.tick(Moment(0.0, MIDNIGHT + 8 * H))
    assert host.due < float("inf")
    card = host.feed(reading("card", "c-1", 5.0, device="reader"), Moment(5.0, MIDNIGHT + 8 * H + 5))
    assert [one.kind for one in card if isinstance(one, Task | Finding)] == ["round_due", "round_missed"]
