"""Intervals against what textbooks and counting by hand give."""

import math

import numpy as np
import pytest

from agent.vision.statistics import area_under_curve, paired, percentile, recall_at, wilson


def test_wilson_is_the_textbook_interval() -> None:
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)
    assert wilson(0, 30) == pytest.approx((0.0, 0.1135), abs=1e-3)
    assert wilson(30, 30) == pytest.approx((0.8865, 1.0), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_area_counts_ties_half() -> None:
    assert area_under_curve([1.0, 2.0], [1.0, 0.0])[0] == pytest.approx(0.875)
    value, low, high = area_under_curve([0.9, 0.8, 0.7, 0.2], [0.6, 0.5, 0.1, 0.3])
    assert value == pytest.approx(13 / 16)
    assert low < value < high


def test_the_same_clips_give_the_same_interval() -> None:
    assert area_under_curve([0.9, 0.4], [0.6, 0.5]) == area_under_curve([0.9, 0.4], [0.6, 0.5])


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert percentile([1.4], 90) == (1.4, 1.4, 1.4)
    assert all(math.isnan(one) for one in percentile([], 50))
    value, low, high = percentile([1.0, 2.0, 3.0, 4.0, 5.0], 50)
    assert value == 3.0
    assert low < value < high


@pytest.mark.parametrize(
    ("allowed", "recall"),
    [
        (0.0, 0.25),  # above .8 stands .9 alone; .8 itself would let one through
        (0.24, 0.25),
        (0.25, 0.5),  # one of four may be let through: above .5
        (0.5, 0.75),
        (1.0, 1.0),
    ],
)
def test_recall_is_counted_above_what_lets_so_many_through(allowed: float, recall: float) -> None:
    falls, others = np.array([0.9, 0.8, 0.45, 0.2]), np.array([0.8, 0.5, 0.4, 0.1])
    assert recall_at(falls, others, allowed) == recall


def test_a_pair_draws_the_same_clips_for_both() -> None:
    scores = np.array([0.1, 0.5, 0.9, 0.3])
    value, low, high = paired([(scores + 1, scores)], lambda ours, others: float(ours[0].mean() - others[0].mean()))
    assert (value, low, high) == pytest.approx((1.0, 1.0, 1.0))


def test_a_difference_by_luck_has_nought_in_its_interval() -> None:
    dice = np.random.default_rng(3)
    ours, theirs = dice.normal(size=40), dice.normal(size=40)
    value, low, high = paired([(ours, theirs)], lambda one, other: float(one[0].mean() - other[0].mean()))
    assert low < value < high
    assert low < 0 < high
