"""The book of one camera: one happening is one candidate, words have their time, and hours are those it could see."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.camera_facts import CameraMode
from agent.detection.observations import Observation
from agent.shadow.book import FALLS_KEPT, HOUR_S, KEPT, RECORD_S, SHIFT_S, WINDOW_S, CameraBook, ShadowError
from agent.shadow.candidate import Candidate, Kind, Label, WatchedHour
from agent.shadow.status import raises

NOW = 1_800_000_000.0  # a whole hour
_IDS: Iterator[int] = count()


def told(at: float, score: float = 0.5, track: int | None = 1, name: str = "fall_candidate", *why: str) -> Observation:
    return Observation("hall", name, at, True, score, why, track)


def see(book: CameraBook, at: float = 0.0, score: float = 0.5, track: int | None = 1, wall: float | None = None) -> str:
    wall = NOW + at if wall is None else wall
    return book.see(told(at, score, track), CameraMode.SHADOW, "hall", wall, f"c{next(_IDS)}").id


@pytest.fixture
def book() -> CameraBook:
    return CameraBook("hall")


def test_one_is_written_down_whole(book: CameraBook) -> None:
    found = book.see(told(5.0, 0.7, 3, "fall_candidate", "window"), CameraMode.LIVE, "1F", NOW, "c1")
    assert found == Candidate("c1", "hall", "1F", NOW, 0.7, Kind.FALL, CameraMode.LIVE, ("window",))
    assert book.candidates == (found,)
    assert book.drain().written == (found,)
    assert not book.drain()


def test_words_of_one_track_within_ten_seconds_are_one(book: CameraBook) -> None:
    first = see(book, 0.0, 0.4)
    assert see(book, 9.99, 0.6) == first
    assert see(book, 9.99, 0.5, track=2) != first
    assert see(book, 10.0, 0.3) != first
    assert [one.score for one in book.candidates] == [0.6, 0.5, 0.3]


def test_the_highest_score_and_all_reasons_count(book: CameraBook) -> None:
    book.see(told(0.0, 0.8, 1, "fall_candidate", "a"), CameraMode.SHADOW, "", NOW, "c1")
    found = book.see(told(1.0, 0.6, 1, "fall_candidate", "a", "b"), CameraMode.SHADOW, "", NOW + 1, "c2")
    assert (found.id, found.score, found.reasons, found.wall) == ("c1", 0.8, ("a", "b"), NOW)


@pytest.mark.parametrize(("name", "why"), [("low_on_floor", ()), ("fall_candidate", ("low_on_floor",))])
def test_low_on_the_floor_is_told_apart(book: CameraBook, name: str, why: tuple[str, ...]) -> None:
    assert book.see(told(0.0, 0.9, 1, name, *why), CameraMode.SHADOW, "", NOW, "c1").kind is Kind.LOW
    assert book.tally(NOW).unknown == ()  # its score is of another net


@pytest.mark.parametrize("order", [1, -1])
def test_a_fall_and_who_lies_there_are_one_and_the_score_is_that_of_the_fall(book: CameraBook, order: int) -> None:
    words = [told(0.0, 0.5, 1), told(1.0, 0.9, 1, "low_on_floor", "posture")][::order]
    for number, word in enumerate(words):
        book.see(word, CameraMode.SHADOW, "", NOW, f"c{number}")
    (found,) = book.candidates
    assert (found.id, found.kind, found.score) == ("c0", Kind.FALL, 0.5)
    assert found.reasons == ("low_on_floor", "posture")
    assert raises(found, 0.88)


def test_somebody_says_what_it_was_and_may_think_again(book: CameraBook) -> None:
    id_ = see(book)
    assert book.label(id_, Label.NOT, "wang", NOW + 60).label is Label.NOT
    found = book.label(id_, Label.FELL, "li", NOW + 90)
    assert (found.label, found.by, found.labelled_at, found.fell) == (Label.FELL, "li", NOW + 90, True)
    assert book.drain().written == (found,)


@pytest.mark.parametrize(("label", "last_s"), [(Label.NOT, SHIFT_S), (Label.UNSURE, SHIFT_S), (Label.FELL, RECORD_S)])
def test_words_have_their_time(book: CameraBook, label: Label, last_s: float) -> None:
    id_ = see(book)
    with pytest.raises(ShadowError) as refused:
        book.label(id_, label, "wang", NOW + last_s + 1)
    assert refused.value.code == "too_late"
    assert book.label(id_, label, "wang", NOW + last_s).label is label


def test_of_one_that_is_not_there_nothing_can_be_said(book: CameraBook) -> None:
    with pytest.raises(ShadowError) as refused:
        book.label("c0", Label.NOT, "wang", NOW)
    assert refused.value.code == "unknown_candidate"


def test_a_fall_that_was_not_told_can_be_noted(book: CameraBook) -> None:
    found = book.note("hall", NOW - 60, "wang", NOW, "n1")
    assert (found.kind, found.score, found.label, found.by) == (Kind.NOTED, 0.0, Label.FELL, "wang")
    assert book.tally(NOW).unseen == 1


def test_the_end_of_an_alarm_labels_the_nearest_that_nobody_has_labelled(book: CameraBook) -> None:
    far, near, said = see(book, 0.0), see(book, 100.0), see(book, 130.0)
    book.label(said, Label.NOT, "li", NOW + 140)
    found = book.answer(NOW + 120, Label.FELL, "wang", NOW + 400)
    assert found is not None
    assert (found.id, found.label, found.by, found.labelled_at) == (near, Label.FELL, "wang", NOW + 400)
    assert book.answer(NOW + 120.5, Label.FELL, "wang", NOW + 400) is None  # the next is more than two minutes away
    last = book.answer(NOW + 120, Label.NOT, "wang", NOW + 500)
    assert last is not None
    assert last.id == far


@pytest.mark.parametrize(
    ("wall", "code"), [(NOW - RECORD_S - 1, "too_late"), (NOW + 121, "not_yet"), (float("nan"), "too_late")]
)
def test_a_fall_of_no_such_time_is_refused(book: CameraBook, wall: float, code: str) -> None:
    with pytest.raises(ShadowError) as refused:
        book.note("hall", wall, "wang", NOW, "n1")
    assert refused.value.code == code
    assert not book.candidates


def test_a_fall_that_was_told_is_to_be_labelled_not_noted(book: CameraBook) -> None:
    """Else it would count as one that no threshold finds, and the candidate as unknown."""
    id_ = see(book)
    for wall in (NOW - 120, NOW + 120):
        with pytest.raises(ShadowError) as refused:
            book.note("hall", wall, "wang", NOW + 200, "n1")
        assert (refused.value.code, refused.value.values) == ("seen_already", {"id": id_})
    assert book.note("hall", NOW - 121, "wang", NOW + 200, "n1")
    book.label(id_, Label.NOT, "wang", NOW + 200)
    assert book.note("hall", NOW + 30, "wang", NOW + 200, "n2")


def test_the_scores_go_where_the_words_say(book: CameraBook) -> None:
    ids = [see(book, 20.0 * number, 0.3 + number / 10) for number in range(5)]
    for id_, label in zip(ids, (Label.FELL, Label.NOT, Label.UNSURE), strict=False):
        book.label(id_, label, "wang", NOW + 100)
    tally = book.tally(NOW + 100)
    assert tally.falls == (0.3,)
    assert tally.false == (0.4,)
    assert tally.unknown == pytest.approx((0.5, 0.6, 0.7))


def test_a_fall_below_what_is_told_is_none_that_a_threshold_finds(book: CameraBook) -> None:
    book.label(see(book, score=0.29), Label.FELL, "wang", NOW)
    assert (book.tally(NOW).falls, book.tally(NOW).unseen) == ((), 1)


def test_only_time_in_which_it_sees_counts(book: CameraBook) -> None:
    for second in range(11):
        book.beat(100.0 + second, NOW + second, sees=True)
    assert book.hours(NOW) == pytest.approx(10 / HOUR_S)
    book.beat(111.0, NOW + 11, sees=False)
    book.beat(112.0, NOW + 12, sees=True)  # the second in which it began to see again is not counted
    book.beat(115.25, NOW + 15, sees=True)  # too long a silence
    book.beat(115.25, NOW + 15, sees=True)
    assert book.hours(NOW) == pytest.approx(10 / HOUR_S)
    book.beat(118.25, NOW + 18, sees=True)
    assert book.hours(NOW) == pytest.approx(13 / HOUR_S)
    assert book.drain().hours == (WatchedHour("hall", int(NOW // HOUR_S), 13.0),)


def test_an_hour_has_no_more_than_its_seconds(book: CameraBook) -> None:
    """A clock that is set back lives an hour twice."""
    for second in range(int(HOUR_S) + 100):
        book.beat(float(second), NOW, sees=True)
    assert book.hours(NOW) == 1.0


def test_what_is_older_than_four_weeks_counts_no_more(book: CameraBook) -> None:
    fell, was_not = see(book, 0.0, 0.8), see(book, 20.0, 0.7)
    book.label(fell, Label.FELL, "wang", NOW + 30)
    book.label(was_not, Label.NOT, "wang", NOW + 30)
    book.beat(0.0, NOW, sees=True)
    book.beat(1.0, NOW + 1, sees=True)
    assert book.tally(NOW + WINDOW_S).false == (0.7,)
    later = NOW + WINDOW_S + HOUR_S
    tally = book.tally(later)
    assert (tally.hours, tally.false, tally.falls) == (0.0, (), (0.8,))
    book.drain()
    see(book, 50.0, wall=later)
    changes = book.drain()
    assert changes.gone == (was_not,)
    assert changes.hours == (WatchedHour("hall", int(NOW // HOUR_S), 0.0),)
    assert fell in {one.id for one in book.candidates}


def test_beyond_so_many_the_oldest_hours_go_whole(book: CameraBook) -> None:
    for number in range(KEPT + 1):  # a hundred an hour
        wall = NOW + number * HOUR_S / 100
        book.see(told(20.0 * number), CameraMode.SHADOW, "", wall, f"c{number}")
        book.beat(20.0 * number, wall, sees=True)
        book.beat(20.0 * number + 1, wall, sees=True)
    kept = book.candidates
    assert (len(kept), kept[0].id) == (KEPT + 1 - 100, "c100")
    assert book.hours(NOW + 30 * HOUR_S) == pytest.approx((KEPT - 99) / HOUR_S)
    assert len(book.drain().gone) == 100


def test_a_flood_within_one_hour_drops_the_oldest_alone(book: CameraBook) -> None:
    for number in range(KEPT + 3):
        book.see(told(20.0 * number), CameraMode.SHADOW, "", NOW + number / 10, f"c{number}")
    assert (len(book.candidates), book.candidates[0].id) == (KEPT, "c3")


def test_falls_are_kept_apart_but_not_without_end(book: CameraBook) -> None:
    for number in range(FALLS_KEPT + 2):
        id_ = see(book, 20.0 * number)
        book.label(id_, Label.FELL, "wang", NOW + 20 * number)
    see(book, 1e6)
    assert sum(one.fell for one in book.candidates) == FALLS_KEPT


def test_a_restart_finds_it_all(book: CameraBook) -> None:
    old, new = CameraBook("hall"), book
    id_ = see(old)
    old.beat(0.0, NOW, sees=True)
    old.beat(2.0, NOW + 2, sees=True)
    old.label(id_, Label.NOT, "wang", NOW)
    kept = old.drain()
    after = see(new, 100.0)
    new.beat(0.0, NOW + 3, sees=True)
    new.beat(1.0, NOW + 4, sees=True)
    new.take_up(kept.written, kept.hours)
    assert [one.id for one in new.candidates] == [id_, after]
    assert new.hours(NOW) == pytest.approx(3 / HOUR_S)
    assert new.drain().hours == (WatchedHour("hall", int(NOW // HOUR_S), 3.0),)
    third = CameraBook("hall")
    third.take_up(kept.written, kept.hours)
    assert not third.drain()  # nothing is new


steps = st.lists(
    st.tuples(st.floats(0, 200_000), st.sampled_from(["see", "fell", "not", "note", "beat"]), st.floats(0.0, 1.0)),
    max_size=60,
)


@given(steps)
def test_what_is_drained_is_what_is_kept(given_steps: list[tuple[float, str, float]]) -> None:
    book = CameraBook("hall")
    kept: dict[str, Candidate] = {}
    for number, (at, step, score) in enumerate(sorted(given_steps)):
        wall, last = NOW + at, next(reversed(book.candidates), None)
        if step == "see":
            book.see(told(at, score), CameraMode.SHADOW, "hall", wall, f"c{number}")
        elif step == "beat":
            book.beat(at, wall, sees=score > 0.2)
        elif step == "note":
            with suppress(ShadowError):  # seen_already
                book.note("hall", wall, "wang", wall, f"n{number}")
        elif last is not None and wall - last.wall < SHIFT_S:
            book.label(last.id, Label(step), "wang", wall)
        changes = book.drain()
        kept |= {one.id: one for one in changes.written}
        for gone in changes.gone:
            kept.pop(gone, None)
    assert sorted(kept.values(), key=lambda one: one.id) == sorted(book.candidates, key=lambda one: one.id)
    assert list(book.candidates) == sorted(book.candidates, key=lambda one: one.wall)
