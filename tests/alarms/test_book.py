"""The book of open alarms is what a plain list would be, only faster."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Alarm
from agent.alarms.book import AlarmBook
from agent.moment import Moment
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from tests.alarms.engines import raised

WHO = [Subject(SubjectKind.RESIDENT, f"r-{n}", "201") for n in range(3)]
BASE = raised(Finding("spo2_low", WHO[0], Priority.HIGH, 1.0, ()), Moment(1.0, 2.0))

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "remove", "take"]),
        st.integers(0, 5),
        st.sampled_from(Priority),
        st.integers(0, 2),
        st.sampled_from([5.0, 10.0, 15.0, math.inf]),
    ),
    max_size=30,
)


def alarm(n: int, priority: Priority, who: int, due: float) -> Alarm:
    """An alarm whose next time is `due`, told by `changed_at`; each id has one subject and time of raising."""
    return replace(
        BASE, id=f"a-{n}", priority=priority, subject=WHO[n % 3], raised_at=float(n % 2), changed_at=due, step=who
    )


@given(STEPS)
def test_the_book_is_what_a_list_would_be(steps: list[tuple[str, int, Priority, int, float]]) -> None:
    book = AlarmBook(lambda one: one.changed_at)
    plain: dict[str, Alarm] = {}
    waits: dict[str, float] = {}
    for what, n, priority, who, due in steps:
        one = alarm(n, priority, who, due)
        if what == "put":
            book.put(one)
            plain[one.id], waits[one.id] = one, due
        elif what == "remove":
            book.remove(one)
            plain.pop(one.id, None)
            waits.pop(one.id, None)
        elif due < math.inf:
            taken = [id_ for id_, at in waits.items() if at <= due]
            in_order = sorted((plain[id_] for id_ in taken), key=lambda a: (-a.priority, a.raised_at, a.id))
            assert book.take_due(due) == in_order
            for id_ in taken:
                del waits[id_]
        assert book.ordered == tuple(sorted(plain.values(), key=lambda a: (-a.priority, a.raised_at, a.id)))
        assert book.due == min(waits.values(), default=math.inf)
        assert len(book) == len(plain)
        for subject in WHO:
            assert {a.id for a in book.of((subject, "spo2_low"))} == {
                i for i, a in plain.items() if a.subject == subject
            }
        assert all(book.get(id_) is one and id_ in book for id_, one in plain.items())


def test_alarms_of_one_kind_and_subject_come_oldest_first() -> None:
    book = AlarmBook(lambda _: math.inf)
    first, second = replace(BASE, id="z"), replace(BASE, id="a")
    book.put(first)
    book.put(second)
    book.put(replace(first, step=1))
    assert [one.id for one in book.of((BASE.subject, BASE.kind))] == ["z", "a"]


def test_the_list_is_made_anew_only_when_something_changed() -> None:
    book = AlarmBook(lambda _: math.inf)
    book.put(BASE)
    assert book.ordered is book.ordered
