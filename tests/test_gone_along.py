"""Tasks and what is held back go to the room to which their resident has moved."""

import math
from dataclasses import replace

from agent.alarms.escalation import Escalation
from agent.alarms.standing import Held, Noted, OpenTask, StandingEvent, from_json, to_json
from agent.residents import Site
from agent.rules.finding import Task
from agent.rules.reason import because
from tests.rules.ward import R1, SITE
from tests.test_judge import Home

NEW = "305"
WHY = (because("now_in_room", room=NEW),)
MOVED = Escalation(site=replace(SITE, residents={**SITE.residents, R1.id: replace(SITE.residents[R1.id], room=NEW)}))
WATER = Task("service_water", R1, 1.0, (because("cause", cause="x"),), device="dev-1")


def edited(home: Home, facts: Escalation = MOVED) -> tuple[StandingEvent, ...]:
    home.judge.use(facts)
    assert home.judge.due == -math.inf
    home.now += 1.0
    standing = home.judge.tick(home.moment).standing
    assert home.judge.due > home.now
    return standing


def test_an_open_task_goes_along() -> None:
    home = Home()
    (opened,) = home.judge.report([WATER], home.moment).standing
    assert isinstance(opened.record, OpenTask)
    (event,) = edited(home)
    assert (event.noted, event.open, event.at, event.actor) == (Noted.TASK_OPENED, True, home.now, "system")
    assert event.reasons == WHY
    assert isinstance(event.record, OpenTask)
    assert event.record == opened.record
    assert event.record.subject.room == NEW
    assert [one.subject.room for one in home.judge.tasks.open] == [NEW]
    assert edited(home) == ()


def test_it_is_done_by_whoever_does_it_there() -> None:
    home = Home()
    home.judge.report([WATER], home.moment)
    edited(home)
    subject = replace(R1, room=NEW)
    (done,) = home.judge.report([replace(WATER, subject=subject, active=False)], home.moment).standing
    assert (done.noted, done.open) == (Noted.TASK_DONE, False)
    assert home.judge.tasks.open == ()


def test_what_is_held_back_goes_along_and_is_raised_there() -> None:
    home = Home()
    home.act("out")
    (held,) = home.find("inactivity").suppressed
    assert held.subject.room != NEW
    (event,) = edited(home)
    assert (event.noted, event.open, event.at, event.reasons) == (Noted.HELD, True, home.now, WHY)
    assert isinstance(event.record, Held)
    assert [one.subject.room for one in event.record.findings] == [NEW]
    (shown,) = home.judge.engine.suppressed
    assert shown == held
    assert shown.subject.room == NEW
    assert edited(home) == ()
    (raised,) = home.act("back").events
    assert raised.alarm.subject.room == NEW


def test_what_comes_back_from_before_a_restart_is_placed_anew() -> None:
    home = Home()
    (opened,) = home.judge.report([WATER], home.moment).standing
    again = Home()
    again.judge.use(MOVED)
    again.judge.tick(again.moment)
    again.judge.restore_standing(from_json(to_json(opened.record), 0.0), again.moment)
    assert again.judge.due == -math.inf
    (event,) = again.judge.tick(again.moment).standing
    assert event.reasons == WHY
    assert [one.subject.room for one in again.judge.tasks.open] == [NEW]


def test_of_whom_nobody_knows_any_more_it_stays_as_it_was() -> None:
    home = Home()
    home.judge.report([WATER], home.moment)
    assert edited(home, Escalation(site=Site())) == ()
    assert [one.subject.room for one in home.judge.tasks.open] == [R1.room]
