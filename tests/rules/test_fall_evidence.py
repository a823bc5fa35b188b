"""Weighing evidence of a fall: a sum that anybody can check, whatever its order."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.rules.fall_evidence import BUTTON, SIGNS, Piece, Weight, weigh
from agent.rules.settings.fall import FallSettings, FallWeights
from agent.rules.words.fall import VALUES

SETTINGS = FallSettings(
    high_at=0.85,
    raise_at=0.5,
    ask_at=0.25,
    weights=FallWeights(camera=0.9, on_floor=0.6, radar=0.8, belt=0.8, bed_left=0.5),
)
KINDS = [one.name for one in fields(FallWeights)]

pieces = st.builds(
    Piece,
    st.sampled_from(KINDS),
    st.sampled_from(["a", "b", "c"]),
    st.just(0.0),
    st.floats(0.0, 1.0),
)


@given(st.lists(pieces, max_size=6), pieces)
def test_more_evidence_never_makes_it_less(known: list[Piece], more: Piece) -> None:
    before, after = weigh(known, SETTINGS), weigh([*known, more], SETTINGS)
    assert after.weight >= before.weight
    assert after.certainty >= before.certainty or before.weight is Weight.NOTHING


@given(st.lists(pieces, max_size=6).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_evidence_means_nothing(both: tuple[list[Piece], list[Piece]]) -> None:
    assert weigh(both[0], SETTINGS) == weigh(both[1], SETTINGS)


@given(pieces)
def test_one_source_alone_is_never_high(piece: Piece) -> None:
    assert weigh([piece, replace(piece, score=1.0)], SETTINGS).weight < Weight.HIGH


def test_the_sum_is_that_at_least_one_is_right() -> None:
    weighed = weigh([Piece("camera", "cam", 0.0, 0.8), Piece("bed_left", "bed", 0.0)], SETTINGS)
    assert weighed.certainty == pytest.approx(1 - (1 - 0.72) * 0.5)
    assert weighed.weight is Weight.HIGH


@pytest.mark.parametrize(
    ("score", "weight"),
    [(0.249, Weight.NOTHING), (0.25, Weight.ASK), (0.499, Weight.ASK), (0.5, Weight.MEDIUM), (1.0, Weight.MEDIUM)],
)
def test_each_limit_of_one_sign(score: float, weight: Weight) -> None:
    settings = replace(SETTINGS, weights=FallWeights(camera=1.0))
    assert weigh([Piece("camera", "cam", 0.0, score)], settings).weight is weight


def test_the_limit_of_high_with_something_that_is_no_sign() -> None:
    settings = replace(SETTINGS, weights=FallWeights(camera=1.0, bed_left=0.5))
    bed = Piece("bed_left", "bed", 0.0)
    assert weigh([Piece("camera", "cam", 0.0, 0.7), bed], settings).weight is Weight.HIGH  # 0.85
    assert weigh([Piece("camera", "cam", 0.0, 0.69), bed], settings).weight is Weight.MEDIUM
    assert weigh([Piece("camera", "cam", 0.0, 0.3), bed], settings).weight is Weight.MEDIUM
    assert weigh([Piece("camera", "cam", 0.0, 0.2), bed], settings) == weigh(
        [Piece("camera", "cam", 0.0, 0.2)], settings
    )


def test_two_weak_signs_or_one_and_a_button_are_high() -> None:
    weak = Piece("camera", "cam", 0.0, 0.3)
    assert weigh([weak, Piece("camera", "cam-2", 0.0, 0.3)], SETTINGS).weight is Weight.HIGH
    assert weigh([weak, Piece("camera", "cam", 0.0, 0.3)], SETTINGS).weight is Weight.ASK
    assert weigh([weak, Piece(BUTTON, "cam", 0.0)], SETTINGS).weight is Weight.HIGH
    assert weigh([weak, Piece("camera", "cam-2", 0.0, 0.1)], SETTINGS).weight is Weight.ASK


def test_a_hand_on_a_button_counts_whatever_its_weight() -> None:
    settings = replace(SETTINGS, weights=FallWeights(camera=1.0, button=0.0))
    weak = Piece("camera", "cam", 0.0, 0.3)
    assert weigh([weak, Piece(BUTTON, "b", 0.0)], settings).weight is Weight.HIGH
    assert weigh([weak, Piece(BUTTON, "b", 0.0)], settings).certainty == pytest.approx(0.3)


@pytest.mark.parametrize("kind", KINDS)
def test_signs_and_nothing_else_say_that_somebody_fell(kind: str) -> None:
    settings = replace(SETTINGS, weights=FallWeights(**dict.fromkeys(KINDS, 1.0)))
    signs = {"camera", "on_floor", "radar", "belt", "unworn"}
    assert weigh([Piece(kind, "d", 0.0)], settings).weight is (Weight.MEDIUM if kind in signs else Weight.NOTHING)


def test_what_is_no_sign_is_no_fall() -> None:
    some = [Piece(kind, kind, 0.0) for kind in KINDS if kind not in SIGNS]
    assert weigh(some, SETTINGS) == weigh([], SETTINGS)
    assert weigh([], SETTINGS).weight is Weight.NOTHING
    assert weigh([], SETTINGS).certainty == 0.0


def test_every_kind_has_words_and_a_reason_with_its_numbers() -> None:
    assert {name for value, name in VALUES if value == "evidence"} == set(KINDS)
    assert Piece("camera", "cam", 6.0, 0.81).why(10.0).to_json() == {
        "code": "evidence", "evidence": "camera", "device": "cam", "score": 0.81, "before_s": 4.0,
    }  # fmt: skip
    assert dict(Piece("camera", "cam", 6.0, 0.81).why(5.0).values)["before_s"] == 0.0
