"""Quantiles in bounded memory."""

from agent.figures.durations import KEPT_AT_MOST, Durations, Spread


def _of(values: list[float]) -> Spread | None:
    durations = Durations()
    for value in values:
        durations.add(value)
    assert len(durations._kept) <= KEPT_AT_MOST
    return durations.spread()


def test_exact_while_few() -> None:
    assert _of([]) is None
    assert _of([7.0]) == Spread(1, 7.0, 7.0, 7.0)
    assert _of([float(n) for n in range(10, 0, -1)]) == Spread(10, 5.0, 9.0, 10.0)
    assert _of([float(n) for n in range(KEPT_AT_MOST)]) == Spread(KEPT_AT_MOST, 2047.0, 3686.0, 4095.0)


def test_near_and_bounded_when_many() -> None:
    many = 10 * KEPT_AT_MOST + 3
    spread = _of([float(n * 7919 % many) for n in range(many)])
    assert spread is not None
    assert spread.count == many
    assert abs(spread.p50 / many - 0.5) < 0.02
    assert abs(spread.p90 / many - 0.9) < 0.02
    assert spread.longest == many - 1
