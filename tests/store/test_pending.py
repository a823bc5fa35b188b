"""What waits for the disk: when a commit is due, what it takes, and who is woken by it."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from agent.clock import Stamp, TimeQuality
from agent.store.entry import READING, Entry, Lane
from agent.store.lane_file import Batch, SiteFacts
from agent.store.outbox import Receipt
from agent.store.pending import ROWS_AT_MOST, Grouping, Pending
from agent.store.remembered import Remembered
from tests.waiting import until

AT = Stamp("boot-1", 5.0, 1_800_000_005.0, TimeQuality.UNSYNCHRONISED)
RECEIPT = Receipt("home", Lane.TELEMETRY, ((1, 2),))
SITE = SiteFacts({"id": "x"}, "wang")
LONG = Grouping(10.0, 3, 5)
LATE = Grouping(600.0, 3, 5)


def entry(number: int) -> Entry:
    return Entry(f"e-{number}", READING, AT, "dev-1", {})


def memory(number: int, rule: str = "a") -> Remembered:
    return Remembered(rule, "r-1", 1, {"n": number}, AT)


def taken(pending: Pending) -> tuple[list[str], list[int]]:
    """What is due now: entries, and the numbers of memories."""
    batch = pending.take(0.0)
    assert batch is not None
    return [one.id for one in batch.entries], [one.data["n"] for one in batch.remembered]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The clock of the queue; `now` is moved by hand."""
    clock = SimpleNamespace(now=100.0)
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr("agent.store.pending.time", clock)
    return clock


def put(pending: Pending, number: int) -> None:
    pending.put(entry(number))


def remember(pending: Pending, number: int) -> None:
    pending.remember([memory(number)])


@pytest.mark.parametrize(
    ("first", "second", "due"),
    [
        (put, put, (["e-1", "e-2"], [])), (put, remember, (["e-1"], [2])),
        (remember, put, (["e-2"], [1])), (remember, remember, ([], [2])),
    ],
)  # fmt: skip
def test_a_group_is_due_when_the_first_of_it_has_waited_its_time(
    clock: SimpleNamespace,
    first: Callable[[Pending, int], None],
    second: Callable[[Pending, int], None],
    due: tuple[list[str], list[int]],
) -> None:
    pending = Pending(LONG)
    assert taken(pending) == ([], [])
    for begin in (100.0, 200.0):
        clock.now = begin
        first(pending, 1)
        clock.now = begin + 5.0
        second(pending, 2)
        clock.now = begin + 9.9
        assert taken(pending) == ([], [])
        clock.now = begin + 10.0
        assert taken(pending) == due


def test_a_full_group_is_due_at_once_and_takes_memories_along() -> None:
    pending = Pending(LATE)
    pending.remember([memory(1), memory(7, "b")])
    pending.remember([memory(2)])
    for number in (1, 2):
        put(pending, number)
    assert taken(pending) == ([], [])
    put(pending, 3)
    assert taken(pending) == (["e-1", "e-2", "e-3"], [2, 7])
    assert taken(pending) == ([], [])


def test_orders_are_due_at_once_and_take_what_waits_along() -> None:
    pending, done = Pending(LATE), [lambda: None]
    put(pending, 1)
    pending.order(RECEIPT)
    batch = pending.take(0.0)
    assert batch == Batch([entry(1)], receipts=[RECEIPT])
    pending.order(SITE, done[0])
    assert pending.take(0.0) == Batch(sites=[SITE], done=done)
    assert pending.take(0.0) == Batch()


def test_the_oldest_goes_when_memory_is_full_and_the_next_commit_says_how_many() -> None:
    pending = Pending(Grouping(600.0, 100, 5))
    for number in range(5):
        put(pending, number)
    assert (pending.dropped, taken(pending)) == (0, ([], []))
    for number in (5, 6):
        put(pending, number)
    assert (pending.dropped, pending.count) == (2, 5)
    batch = pending.take(0.0)
    assert batch == Batch([entry(number) for number in range(2, 7)], lost=2)
    assert pending.take(0.0) == Batch()
    assert pending.dropped == 2


def test_what_the_writer_has_in_hand_counts_until_it_comes_back() -> None:
    pending = Pending(Grouping(600.0, 1, 2 * ROWS_AT_MOST))
    assert (pending.count, pending.dropped) == (0, 0)
    for number in range(ROWS_AT_MOST + 1):
        put(pending, number)
    assert len(taken(pending)[0]) == ROWS_AT_MOST
    assert pending.count == ROWS_AT_MOST + 1
    assert taken(pending) == ([f"e-{ROWS_AT_MOST}"], [])
    assert pending.count == 1
    assert taken(pending) == ([], [])
    assert pending.count == 0


def test_how_long_the_oldest_has_waited(clock: SimpleNamespace) -> None:
    pending = Pending(LONG)
    remember(pending, 1)
    clock.now = 103.0
    assert pending.oldest_s == 0.0
    clock.now = 110.0
    taken(pending)
    put(pending, 1)
    clock.now = 112.0
    put(pending, 2)
    assert pending.oldest_s == 2.0


@pytest.mark.parametrize(("keep", "due"), [(put, (["e-1"], [])), (remember, ([], [1]))])
def test_once_closed_what_waits_is_due_and_then_no_more(
    keep: Callable[[Pending, int], None], due: tuple[list[str], list[int]]
) -> None:
    pending = Pending(LATE)
    keep(pending, 1)
    assert taken(pending) == ([], [])
    pending.close()
    assert taken(pending) == due
    assert pending.take(600.0) is None


def closed(pending: Pending) -> None:
    pending.close()


def filled(pending: Pending) -> None:
    for number in (1, 2, 3):
        put(pending, number)


@pytest.mark.parametrize(
    ("wait_s", "wakes"),
    [
        (0.0, lambda pending: put(pending, 1)), (0.0, lambda pending: remember(pending, 1)), (600.0, filled),
        (600.0, lambda pending: pending.order(RECEIPT)), (600.0, closed),
    ],
)  # fmt: skip
async def test_a_writer_that_waits_is_woken(wait_s: float, wakes: Callable[[Pending], None]) -> None:
    pending = Pending(Grouping(wait_s, 3, 5))
    waiting: Any = pending._turn
    writer = threading.Thread(target=pending.take, args=(20.0,))
    writer.start()
    await until(lambda: waiting._waiters, "waits")
    wakes(pending)
    await until(lambda: not writer.is_alive(), "woken")
