"""Nothing is left of an alarm that is closed."""

import math
from dataclasses import replace

from agent.alarms.alarm import Action, Cause, Command
from agent.alarms.book import AlarmBook
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from tests.alarms.engines import raised
from tests.alarms.quiet_home import Home

LI = Subject(SubjectKind.RESIDENT, "r-1", "201")
ALARM = raised(Finding("spo2_low", LI, Priority.HIGH, 1.0, (), "oxi"))


def test_of_a_book_all_goes_with_the_last_and_what_is_not_in_it_may_go_twice() -> None:
    book = AlarmBook(lambda alarm: alarm.changed_at)
    other = replace(ALARM, id="other", changed_at=50.0)
    book.put(ALARM)
    book.put(other)
    book.remove(ALARM)
    assert ALARM.id not in book
    assert (book.of((LI, "spo2_low")), book.ordered, book.due) == ([other], (other,), 50.0)
    for _ in range(2):
        book.remove(other)
        assert (len(book), book.ordered, book.due) == (0, (), math.inf)
    assert not any((book._of, book._due, book._places))


def test_one_whose_time_was_taken_can_be_removed() -> None:
    book = AlarmBook(lambda alarm: alarm.changed_at)
    book.put(ALARM)
    assert book.take_due(ALARM.changed_at) == [ALARM]
    assert book.take_due(1e9) == []
    book.remove(ALARM)
    assert len(book) == 0


def test_the_engine_keeps_no_ladder_of_what_is_closed() -> None:
    home = Home()
    home.find("sos", happening=True)
    (alarm,) = home.engine.open
    home.do(Action.ATTEND, alarm)
    assert list(home.engine._climber._ladders) == [alarm.id]
    home.engine.command(Command(Action.CLOSE, alarm.id, "wang", Cause.ASSISTED), home.moment)
    assert home.engine._climber._ladders == {}
    home.engine._climber.forget(alarm)
    assert home.engine.due == math.inf


def test_an_alarm_that_changes_stands_once_where_it_belongs_and_waits_once() -> None:
    book = AlarmBook(lambda alarm: alarm.changed_at)
    low = replace(ALARM, id="low", priority=Priority.LOW, changed_at=math.inf)
    book.put(low)
    book.put(ALARM)
    for step in range(3):
        book.put(replace(ALARM, step=step))
    assert [(one.id, one.step) for one in book.ordered] == [(ALARM.id, 2), ("low", 0)]
    assert (len(book._queue), len(book._places)) == (1, 2)
    book.put(replace(low, priority=Priority.HIGH, raised_at=0.5))
    assert [one.id for one in book.ordered] == ["low", ALARM.id]
    book.put(replace(ALARM, changed_at=9.0))
    assert (book.due, [one.changed_at for one in book.take_due(9.0)], book.due) == (9.0, [9.0], math.inf)
