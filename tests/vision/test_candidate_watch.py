"""What might be a fall is told once, with the score at which a threshold would have told it too."""

from collections import deque
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from agent.camera_facts import CameraFacts
from agent.vision.background import Foreground
from agent.vision.candidate_watch import APART_S, EPISODE_S, LEAST, CandidateWatch
from agent.vision.fall_watch import Judged
from agent.vision.pipeline import Pipeline
from agent.vision.scene import Scene, Told
from agent.vision.tracker import Box, Track
from tests.simulator.ward.plan import CLIPS

BOX = Box(10, 10, 20, 40)
STEP_S = 0.125  # whole in binary, so that ten seconds are ten seconds
NOTHING = np.zeros((4, 4), np.uint8)
FOREGROUND = Foreground(NOTHING, np.zeros((4, 4), np.int16), NOTHING, 0.0)
PICTURE = np.zeros((4, 4, 3), np.uint8)


class Watched:
    """Scenes in which tracks 0, 1 … score as the test says; None: the track is followed and not judged."""

    def __init__(self) -> None:
        self.now: list[Judged] = []
        self.before: dict[int, float] = {}
        self.watch = CandidateWatch(lambda: self.now)
        self.at = 100.0
        self.told: list[tuple[float, Told]] = []

    def see(self, *scores: float | None) -> None:
        self.at += STEP_S
        window = np.zeros((1,), np.float32)
        judged = {number: score for number, score in enumerate(scores) if score is not None}
        self.now = [
            Judged(n, BOX, BOX, window, score, min(score, self.before.get(n, 0.0))) for n, score in judged.items()
        ]
        self.before = judged
        tracks = tuple(Track(number, deque(maxlen=2)) for number in range(len(scores)))
        scene = Scene(self.at, PICTURE, FOREGROUND, tracks, tracks, learning=False, unclear=False)
        self.told += [(self.at, told) for told in self.watch.feed(scene)]

    def rest(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.see(0.0)

    @property
    def peaks(self) -> list[float]:
        return [told.score for _, told in self.told]


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_the_peak_is_told_when_its_time_is_over(watched: Watched) -> None:
    for score in (0.1, 0.4, 0.5, 0.9, 0.8, 0.2):
        watched.see(score)
    began = 100.0 + 3 * STEP_S  # the second window of .3 or more agrees with the first
    watched.rest(EPISODE_S + 1)
    assert watched.told == [
        (began + EPISODE_S, Told("fall_candidate", True, 0.8, ("silhouette_fell 0.80",), 0)),
    ]


def test_one_window_alone_is_a_flicker(watched: Watched) -> None:
    for score in (0.0, 0.95, 0.0, 0.0):
        watched.see(score)
    watched.rest(APART_S)
    assert watched.told == []


@pytest.mark.parametrize(("score", "count"), [(LEAST, 1), (LEAST - 0.001, 0)])
def test_from_three_tenths_on(watched: Watched, score: float, count: int) -> None:
    watched.see(score)
    watched.see(score)
    watched.rest(EPISODE_S)
    assert len(watched.told) == count


def test_one_track_is_told_of_once_in_ten_seconds_and_another_by_itself(watched: Watched) -> None:
    for _ in range(round(2 * APART_S / STEP_S)):
        watched.see(0.6, 0.7)
    times = [(told.track, at) for at, told in watched.told]
    assert [track for track, _ in times] == [0, 1, 0, 1]
    first, _, second, _ = (at for _, at in times)
    assert second - first >= APART_S


def test_who_leaves_the_view_is_told_at_once(watched: Watched) -> None:
    watched.see(0.6)
    watched.see(0.6)
    watched.see()
    assert watched.peaks == [0.6]
    watched.rest(EPISODE_S)
    assert watched.peaks == [0.6]


def test_it_keeps_nothing_out_of_the_room(watched: Watched) -> None:
    mask = np.ones((4, 4), np.uint8)
    assert watched.watch.protect(mask) is mask
    watched.watch.cut(5.0)


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=200))
def test_whatever_a_threshold_would_have_told_is_told(scores: list[float]) -> None:
    watched = Watched()
    for score in scores:
        watched.see(score)
    watched.rest(EPISODE_S + STEP_S)
    agreed = [min(pair) for pair in pairwise(scores)]
    assert bool(watched.told) == any(one >= LEAST for one in agreed)
    assert all(peak in agreed for peak in watched.peaks)
    times = [at for at, _ in watched.told]
    assert all(later - earlier >= APART_S for earlier, later in pairwise(times))


class Constant:
    """A net that finds each window a fall, by so much."""

    threshold = 0.8

    def __init__(self, score: float) -> None:
        self._score = score

    def score(self, window: object) -> float:
        return self._score


@cache
def _fall() -> tuple[NDArray[np.uint8], ...]:
    capture, frames = cv2.VideoCapture(str(CLIPS / "fall.mp4")), []
    while (read := capture.read())[0]:
        frames.append(np.asarray(read[1], np.uint8))
    capture.release()
    return tuple(frames)


@pytest.mark.parametrize(
    ("threshold", "score", "told"),
    [
        (None, 0.81, {"fall", "fall_candidate"}),
        (None, 0.79, {"fall_candidate"}),
        (0.5, 0.51, {"fall", "fall_candidate"}),
        (0.9, 0.89, {"fall_candidate"}),
        (0.05, 0.29, {"fall"}),
    ],
)
def test_in_the_eyes_the_threshold_is_that_of_the_camera_and_a_candidate_is_told_beside(
    threshold: float | None, score: float, told: set[str]
) -> None:
    eyes = Pipeline("hall", Constant(score))
    eyes.use(CameraFacts("hall", threshold=threshold))
    seen = [one for number, frame in enumerate(_fall()) for one in eyes.feed(frame, number / 10)]
    assert {one.name for one in seen} & {"fall", "fall_candidate"} == told
    for one in seen:
        if one.name in ("fall", "fall_candidate"):
            assert (one.score, bool(one.track), one.reasons[0]) == (score, True, f"silhouette_fell {score:.2f}")
