"""What an answer settles, whatever it says."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.store.entry import Lane
from agent.store.outbox import Rejected
from agent.upstream.parcel import AnswerError, Parcel, in_pieces


def parcel(*numbers: int, gap_from: int = 0) -> Parcel:
    """Events of these numbers; the first of them is a gap from `gap_from`, if that is given."""
    events = [((gap_from if gap_from and n == numbers[0] else n, n), {"id": f"id-{n}", "sequence": n}) for n in numbers]
    return Parcel.of(Lane.ALARMS, events)


def answer(accepted: Any, rejected: Any = ()) -> bytes:  # noqa: ANN401 - any JSON value
    return json.dumps({"accepted": accepted, "rejected": list(rejected)}).encode()


def no(number: int, lane: str = "alarms") -> dict[str, Any]:
    return {"lane": lane, "sequence": number, "id": f"id-{number}", "reason": "no"}


def test_what_was_sent_and_accepted_is_settled() -> None:
    receipt = parcel(3, 4, 5, 7).receipt(answer({"alarms": [[1, 4], [6, 100]], "telemetry": [[5, 5]]}), "p")
    assert receipt.accepted == ((3, 4), (7, 7))


def test_a_refused_one_is_settled_and_named() -> None:
    receipt = parcel(3, 4).receipt(answer({"alarms": [[3, 3]]}, [no(4), no(3, "telemetry"), no(99)]), "p")
    assert receipt.rejected == (Rejected(4, "id-4", "no"),)
    assert receipt.settles() == ((3, 4),)


def test_a_gap_settles_all_its_numbers() -> None:
    assert parcel(9, 10, gap_from=2).receipt(answer({"alarms": [[9, 10]]}), "p").accepted == ((2, 10),)
    assert parcel(9, gap_from=2).receipt(answer({}, [no(9)]), "p").settles() == ((2, 9),)


def test_an_empty_one_asks_only_whether_anybody_is_there() -> None:
    asked = Parcel(Lane.ALARMS, ())
    assert gzip.decompress(asked.body()) == b"[]"
    assert asked.receipt(answer({}), "p").settles() == ()


@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.booleans(),
        lambda c: (
            st.lists(c)
            | st.dictionaries(st.sampled_from(["accepted", "rejected", "alarms", "lane", "sequence", "reason"]), c)
        ),
    )
)
def test_no_answer_settles_what_was_not_sent(said: object) -> None:
    for body in (json.dumps(said).encode(), answer(said, [said])):
        try:
            receipt = parcel(3, 4).receipt(body, "p")
        except AnswerError:
            continue
        assert set(receipt.settles()) <= {(3, 3), (4, 4), (3, 4)}


def test_nothing_taken_is_no_success() -> None:
    with pytest.raises(AnswerError, match="none of 2"):
        parcel(3, 4).receipt(answer({"alarms": []}), "p")


def test_a_batch_stays_within_what_a_slow_link_takes() -> None:
    events = [((n, n), {"id": str(n), "data": "x" * 200_000}) for n in range(1, 6)]
    assert [len(Parcel.of(Lane.ALARMS, events[start:]).events) for start in (0, 2, 4)] == [2, 2, 1]
    assert len(Parcel.of(Lane.ALARMS, [((1, 1), {"data": "x" * 10**6})]).events) == 1


def test_many_refusals_fit_the_lines_to_the_core() -> None:
    numbers = range(1, 201)
    receipt = parcel(*numbers).receipt(answer({}, [no(n) | {"reason": "因" * 900} for n in numbers]), "p")
    pieces = in_pieces(receipt)
    assert len(pieces) == 4
    assert all(len(json.dumps(piece.to_json(), ensure_ascii=False).encode()) < 60_000 for piece in pieces)
    assert sum(len(piece.rejected) for piece in pieces) == 200
