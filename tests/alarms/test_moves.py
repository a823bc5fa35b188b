"""Who moves takes along their own tasks and what is held back of them, and nobody else's, beside all else."""

import itertools
from dataclasses import replace

from agent.alarms.escalation import Escalation
from agent.alarms.standing import Noted
from agent.detection.acts import Act
from agent.judge import Judge
from agent.moment import Moment
from agent.residents import Resident, Site, Subject, SubjectKind
from agent.rules.finding import Decline, Finding, Priority, Prompt, Said, Task
from agent.rules.reason import because
from agent.rules.settings import RuleSettings

LI, WANG = (Subject(SubjectKind.RESIDENT, name, room) for name, room in (("r-1", "201"), ("r-2", "202")))
RESIDENTS = (Resident("r-1", "李", "201"), Resident("r-2", "王", "202"))
MOVED = Escalation(site=Site.of((RESIDENTS[0], replace(RESIDENTS[1], room="305")), []))


def at(now: float) -> Moment:
    """On both clocks."""
    return Moment(now, 1_800_000_000.0 + now)


def found(who: Subject, now: float, kind: str = "inactivity") -> Finding:
    """Something of `who` that their absence explains."""
    return Finding(kind, who, Priority.MEDIUM, now, (because("cause", cause="x"),), "pir")


def test_of_two_only_the_one_who_moved_is_told_of_beside_what_the_rules_say() -> None:
    numbers = itertools.count(1)
    judge = Judge.of(RuleSettings(), Escalation(site=Site.of(RESIDENTS, [])), lambda: f"id-{next(numbers)}")
    for who in (LI, WANG):
        judge.feed(Act("out", who, 10.0, "s-1", True), at(10.0))
    judge.report([found(who, 11.0) for who in (LI, WANG)], at(11.0))
    judge.report([Task("service_water", who, 12.0, ()) for who in (LI, WANG)], at(12.0))
    judge.use(MOVED)
    left, asked = Decline("sos", LI, 13.0, ()), Prompt("all_right", LI, 13.0)
    new = found(LI, 13.0, "toilet_stay")
    said: list[Said] = [left, asked, new]
    judge.rules.tick = lambda _: said  # type: ignore[assignment, method-assign]
    verdict = judge.tick(at(13.0))
    assert (verdict.declined, verdict.prompts, verdict.events) == ((left,), (asked,), ())
    assert [(one.kind, one.subject) for one in verdict.suppressed] == [("toilet_stay", LI)]
    why = (because("now_in_room", room="305"),)
    moved = [one for one in verdict.standing if one.reasons == why]
    assert [(one.noted, one.actor, one.open) for one in moved] == [
        (Noted.HELD, "system", True),
        (Noted.TASK_OPENED, "system", True),
    ]
    assert len({one.id for one in verdict.standing}) == 3
    assert all(one.id.startswith("id-") for one in verdict.standing)
