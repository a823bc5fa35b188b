"""Who is asked next: by a clock of the test's own."""

from collections.abc import Callable
from itertools import pairwise

from drivers.modbus.plan import Block, Target
from drivers.modbus.profile import Point
from drivers.modbus.schedule import LATE_S, Schedule

TIMEOUT_S, GAP_S = 0.3, 0.05


def block(unit: int, period_s: float = 1.0, address: int = 0, function: int = 2) -> Block:
    point = Point(function, address, "bit", period_s, "smoke", channels=1)  # type: ignore[arg-type]
    return Block(unit, function, address, 8, period_s, (Target(f"d{unit}", "smoke", point, 0, 0, False),))


def simulate(schedule: Schedule, for_s: float, answers: Callable[[Block], bool]) -> list[tuple[float, Block]]:
    """What is asked when: an answer takes 20 ms, a miss the whole time-out."""
    now, asked = 0.0, []
    while now < for_s:
        one, wait_s = schedule.next(now)
        if one is None:
            assert wait_s > 0
            now += wait_s
            continue
        asked.append((now, one))
        if answers(one):
            now += 0.02
            schedule.answered(one, now)
        else:
            now += TIMEOUT_S
            schedule.missed(one, now)
        now += GAP_S
    return asked


def times(asked: list[tuple[float, Block]], of: Block) -> list[float]:
    return [at for at, one in asked if one is of]


def gaps(asked: list[tuple[float, Block]], of: Block) -> list[float]:
    found = times(asked, of)
    return [b - a for a, b in pairwise(found)]


def test_each_block_keeps_its_period_without_drift() -> None:
    fast, slow = block(1, 1.0), block(2, 10.0)
    asked = simulate(Schedule((fast, slow), 0.0, TIMEOUT_S, 3, 10.0), 100.0, lambda one: True)
    assert len(times(asked, fast)) == 100
    assert len(times(asked, slow)) == 10


def test_a_dead_unit_is_silent_in_a_second_and_then_costs_the_living_nothing() -> None:
    live, dead = block(1, 1.0), block(2, 1.0)
    asked = simulate(Schedule((live, dead), 0.0, TIMEOUT_S + GAP_S, 3, 10.0), 300.0, lambda one: one is live)
    assert times(asked, dead)[2] < 1.5
    assert max(gaps([a for a in asked if a[0] > 3.0], live)) < 1.0 + 0.001
    assert 28 <= len(times(asked, dead)) < 40  # at least each 10 s


def test_a_bus_without_gaps_still_asks_the_silent() -> None:
    live, dead = block(1, 0.2), block(2, 1.0)
    asked = simulate(Schedule((live, dead), 0.0, TIMEOUT_S + GAP_S, 3, 10.0), 100.0, lambda one: one is live)
    assert max(gaps(asked, dead)) <= 16.0
    assert max(gaps([a for a in asked if a[0] > 3.0], live)) < 0.2 + TIMEOUT_S + 2 * GAP_S


def test_an_overloaded_bus_serves_all_in_turn() -> None:
    blocks = tuple(block(unit, 0.1) for unit in range(1, 6))
    asked = simulate(Schedule(blocks, 0.0, TIMEOUT_S, 3, 10.0), 10.0, lambda one: True)
    counts = [len(times(asked, one)) for one in blocks]
    assert max(counts) - min(counts) <= 1


def test_an_answer_after_a_miss_is_asked_for_once_more_at_once() -> None:
    one = block(1)
    schedule = Schedule((one,), 0.0, TIMEOUT_S, 3, 10.0)
    assert schedule.missed(one, 0.3) is False
    assert schedule.next(0.35) == (one, 0.0)
    schedule.answered(one, 0.4)
    assert schedule.next(0.45) == (one, 0.0)
    schedule.answered(one, 0.47)
    assert schedule.next(0.5)[0] is None


def test_questions_that_answers_cannot_tell_apart_rest_after_a_miss() -> None:
    first, second, other = block(1, address=0), block(1, address=100), block(1, address=0, function=1)
    schedule = Schedule((first, second, other), 0.0, TIMEOUT_S, 3, 10.0)
    schedule.missed(first, 0.3)
    schedule.answered(other, 0.4)
    assert schedule.next(1.5) == (other, 0.0)  # its answers look different
    schedule.answered(other, 1.5)
    assert schedule.next(1.6)[0] is None
    assert schedule.next(2.5)[0] is other
    schedule.answered(other, 11.0)
    assert schedule.next(0.3 + LATE_S + 0.01)[0] in {first, second}


def test_a_refusal_makes_nobody_rest() -> None:
    first, second = block(1, address=0), block(1, address=100)
    schedule = Schedule((first, second), 0.0, TIMEOUT_S, 3, 10.0)
    schedule.missed(first, 0.1, late=False)
    assert schedule.next(0.2)[0] is second
