"""A fall is held half a second at most and never lost, whatever becomes of the detector, the track or the frames."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.camera_facts import CameraFacts
from agent.vision.background import Bytes
from agent.vision.confirm import WITHIN_S
from agent.vision.confirmed_falls import ConfirmedFalls
from agent.vision.scene import Scene, Told
from models.person_detector import Person
from tests.vision.test_confirm import FELL_AT, LIES, SEEN_BEFORE, Words, fallen, scene


class Falls:
    """Tells what the test wants, at its time."""

    def __init__(self) -> None:
        self.says: list[Told] = []
        self.heard: list[str] = []

    def feed(self, scene: Scene) -> Iterable[Told]:
        says, self.says = self.says, []
        return says

    def protect(self, mask: Bytes) -> Bytes:
        self.heard.append("protect")
        return mask + 1

    def cut(self, at: float) -> None:
        self.heard.append("cut")

    def forget(self) -> None:
        self.heard.append("forget")


class Watched:
    """Three seconds of a room, then a fall."""

    def __init__(self, *looks: list[Person]) -> None:
        self.falls = Falls()
        self.words = Words(*looks)
        self.confirmed = ConfirmedFalls(self.falls, self.words, 0.88)
        self.track = fallen()
        self.facts = CameraFacts("hall")
        self.frame = np.zeros((160, 160, 3), np.uint8)
        for tenth in range(round(FELL_AT * 10)):
            self.see(tenth / 10)
        self.falls.says = [Told("fall", True, 0.9, ("silhouette_fell 0.90",), 1)]

    def see(self, at: float) -> list[Told]:
        self.confirmed.frames.keep(self.frame, at)
        return list(self.confirmed.feed(replace(scene(at, self.track), facts=self.facts)))


def test_a_confirmed_fall_is_told_in_the_same_frame() -> None:
    (told,) = Watched([SEEN_BEFORE, LIES]).see(FELL_AT)
    assert told.score == pytest.approx(0.95)
    assert told == Told("fall", True, told.score, ("silhouette_fell 0.90", "detector_lies 0.60"), 1)


def test_a_doubted_fall_is_told_four_frames_later() -> None:
    watched = Watched()
    told = [watched.see(FELL_AT + n / 10) for n in range(6)]
    assert [len(one) for one in told] == [0, 0, 0, 0, 1, 0]
    assert told[4][0].reasons == ("silhouette_fell 0.90", "detector_nobody")
    assert told[4][0].score == pytest.approx(0.88 * 0.9)


def test_the_threshold_that_staff_have_set_is_what_doubt_goes_below() -> None:
    watched = Watched()
    watched.facts = CameraFacts("hall", threshold=0.6)
    told = [one for n in range(6) for one in watched.see(FELL_AT + n / 10)]
    assert [one.score for one in told] == [pytest.approx(0.54)]


def test_all_else_goes_on_at_once() -> None:
    watched = Watched()
    other = Told("recovered", True, track=2)
    stranger = Told("fall", True, 0.9, (), 7)  # whose track is gone already
    watched.falls.says += [other, stranger]
    assert watched.see(FELL_AT) == [other, stranger]


def test_a_second_fall_is_not_held() -> None:
    watched = Watched()
    watched.see(FELL_AT)
    second = Told("fall", True, 0.91, (), 1)
    watched.falls.says = [second]
    assert watched.see(FELL_AT + 0.1) == [second]


def test_without_frames_it_is_told_when_its_time_is_over() -> None:
    watched = Watched()
    assert watched.confirmed.overdue(FELL_AT) == []
    watched.see(FELL_AT)
    assert watched.confirmed.overdue(FELL_AT + WITHIN_S) == []
    (told,) = watched.confirmed.overdue(FELL_AT + WITHIN_S + 0.01)
    assert (told.score, told.reasons) == (0.9, ("silhouette_fell 0.90", "detector_late"))
    assert watched.confirmed.overdue(FELL_AT + 9) == []
    assert watched.see(FELL_AT + 10) == []


def test_a_clock_behind_the_frame_s_tells_it_too() -> None:
    watched = Watched()
    watched.see(FELL_AT)
    assert len(watched.confirmed.overdue(FELL_AT - 1)) == 1


def test_a_cut_tells_it_with_the_next_scene_and_forgets_the_frames() -> None:
    watched = Watched()
    watched.see(FELL_AT)
    watched.confirmed.cut(FELL_AT + 5)
    assert watched.falls.heard == ["cut"]
    assert watched.confirmed.frames.since(0.0) == ()
    assert [one.name for one in watched.see(FELL_AT + 5)] == ["fall"]


def test_the_rest_is_as_the_falls_are() -> None:
    watched = Watched()
    assert (watched.confirmed.protect(np.zeros((2, 2), np.uint8)) == 1).all()
    watched.confirmed.forget()
    assert watched.falls.heard == ["protect", "forget"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["fall", "see", "cut", "forget", "late", "gone"]), st.floats(0.03, 0.8)), max_size=40
    )
)
def test_every_fall_is_told_once_and_none_waits_longer_than_half_a_second(steps: list[tuple[str, float]]) -> None:
    watched = Watched()
    watched.falls.says = []
    at, sent, told = FELL_AT, 0, 0
    waiting: list[float] = []
    for step, apart_s in (*steps, ("late", WITHIN_S + 0.1)):
        at += apart_s
        came: list[Told] = []
        match step:
            case "cut":
                watched.confirmed.cut(at)
            case "forget":
                watched.confirmed.forget()
            case "late":
                came = watched.confirmed.overdue(at)
            case _:
                if step == "fall":
                    watched.falls.says = [Told("fall", True, 0.9, (), 1)]
                    sent += 1
                    waiting.append(at)
                came = list(watched.confirmed.feed(scene(at) if step == "gone" else scene(at, watched.track)))
                watched.confirmed.frames.keep(watched.frame, at)
        told += len(came)
        waiting = waiting[len(came) :]
        if step in ("fall", "see", "gone", "late"):
            assert all(at - since <= WITHIN_S for since in waiting)
    assert told == sent
