"""The eyes as shipped, on the project's own clips, and on what no camera should send."""

import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from agent.detection.observations import OBSERVATIONS, Observation
from agent.vision.geometry import GeometricScore
from agent.vision.kept import Kept
from agent.vision.pipeline import Pipeline, open_pipeline
from tests.vision.scenes import ShapePosture
from tests.vision.test_kept import a_room, shot, with_somebody

CLIPS = Path(__file__).parents[1] / "simulator" / "clips"
RATE = 12.0
Frame = NDArray[np.uint8]


@cache
def _clip(name: str) -> tuple[Frame, ...]:
    capture = cv2.VideoCapture(str(CLIPS / f"{name}.mp4"))
    frames: list[Frame] = []
    while True:
        more, frame = capture.read()
        if not more:
            capture.release()
            return tuple(frames)
        frames.append(np.asarray(frame, np.uint8))


def _noisy(frames: tuple[Frame, ...], seed: int, grey_levels: int) -> Iterator[Frame]:
    dice = np.random.default_rng(seed)
    grains = [dice.integers(-grey_levels, grey_levels + 1, frames[0].shape, dtype=np.int16) for _ in range(5)]
    for number, frame in enumerate(frames):
        yield np.clip(frame + grains[number % 5], 0, 255).astype(np.uint8)


def _play(eyes: Pipeline, *names: str, seed: int = 0, noise: int = 2, start: float = 0.0) -> list[Observation]:
    """What the eyes tell while the clips are played one after the other, as the camera simulator does."""
    told: list[Observation] = []
    frames = itertools.chain.from_iterable(_noisy(_clip(name), seed, noise) for name in names)
    for number, frame in enumerate(frames):
        told += eyes.feed(frame, start + number / RATE)
    return told


def _names(told: list[Observation]) -> list[str]:
    return [seen.name for seen in told]


@pytest.mark.parametrize(
    ("seed", "noise"), [pytest.param(1, 1, marks=pytest.mark.slow), pytest.param(2, 3, marks=pytest.mark.slow), (3, 6)]
)
def test_one_fall_is_told_once_however_the_clips_are_looped(seed: int, noise: int) -> None:
    eyes = open_pipeline("camera-1")
    told = _play(eyes, "empty", "sit_and_bend", "fall", "empty", seed=seed, noise=noise)
    (fall,) = [seen for seen in told if seen.name == "fall"]
    begins = (len(_clip("empty")) + len(_clip("sit_and_bend"))) / RATE
    assert 7.0 <= fall.at - begins <= 9.5  # he trips seven seconds into the clip
    assert fall.device == "camera-1"
    assert fall.score >= eyes.threshold
    assert fall.reasons
    assert fall.track is not None
    assert "recovered" not in _names(told)
    assert [seen.value for seen in told if seen.name == "low_on_floor"][:1] == [True]


def test_who_lies_still_for_long_has_fallen_once() -> None:
    eyes = open_pipeline("camera-1")
    told = _play(eyes, "empty", "fall")
    lying = _clip("fall")[-1]
    at = (len(_clip("empty")) + len(_clip("fall"))) / RATE
    dice = np.random.default_rng(0)
    for number in range(40 * 12):
        grain = dice.integers(-2, 3, lying.shape[:2], dtype=np.int16)[..., None]
        told += eyes.feed(np.clip(lying + grain, 0, 255).astype(np.uint8), at + number / RATE)
    assert _names(told).count("fall") == 1
    assert [seen.value for seen in told if seen.name == "low_on_floor"] == [True]
    assert _names(told)[-1] != "nobody_in_view"


def test_who_sits_without_a_stir_for_a_minute_and_a_half_stays_a_person() -> None:
    eyes = open_pipeline("camera-1")
    told = _play(eyes, "empty")
    film = _clip("sit_and_bend")
    sits, begin = int(11.5 * RATE), len(_clip("empty")) / RATE
    for number, frame in enumerate(_noisy(film[: sits + 1] + (film[sits],) * int(90 * RATE), 0, 2)):
        told += eyes.feed(frame, begin + number / RATE)
    assert [seen.value for seen in told if seen.name == "nobody_in_view"] == [True, False]
    assert eyes.scene is not None
    assert eyes.scene.tracks


@pytest.mark.parametrize("pixels", [16, 48])
def test_after_a_move_the_room_is_learned_anew_and_told_so(pixels: int) -> None:
    eyes = open_pipeline("camera-1")
    _play(eyes, "empty", "empty")
    begin = 2 * len(_clip("empty")) / RATE
    told: list[Observation] = []
    for number, frame in enumerate(_noisy(_clip("empty") * 2, 1, 2)):
        told += eyes.feed(np.roll(frame, pixels, axis=1), begin + number / RATE)
    said = [(seen.name, seen.value) for seen in told if seen.name in {"camera_moved", "learning"}]
    assert said[:2] == [("camera_moved", True), ("learning", True)]
    assert ("learning", False) in said


def test_the_next_fall_in_the_same_place_is_told_too() -> None:
    assert _names(_play(open_pipeline("camera-1"), "empty", "fall", "fall")).count("fall") == 2


def test_a_fall_is_told_while_the_room_is_still_being_learned() -> None:
    told = _play(open_pipeline("camera-1"), "fall")
    (fall,) = [seen for seen in told if seen.name == "fall"]
    assert "background_not_learned" in fall.reasons
    assert "nobody_in_view" not in _names(told)


def test_sitting_down_and_bending_is_no_fall_even_in_a_room_not_learned() -> None:
    assert "fall" not in _names(_play(open_pipeline("camera-1"), "sit_and_bend", "sit_and_bend", seed=4))


def test_it_says_when_it_has_learned_and_who_is_in_view() -> None:
    eyes = open_pipeline("camera-1")
    assert eyes.state == "learning"
    told = _play(eyes, "empty", "empty", "sit_and_bend")
    assert eyes.state == "ready"
    changes = [(seen.name, seen.value) for seen in told if seen.name in {"learning", "nobody_in_view"}]
    assert changes[:4] == [("learning", True), ("learning", False), ("nobody_in_view", True), ("nobody_in_view", False)]
    assert all(OBSERVATIONS[seen.name].state for seen in told)


def test_what_was_learned_from_clips_needs_no_learning_time() -> None:
    eyes = open_pipeline("camera-1")
    for number, frame in enumerate(_clip("empty")[::6]):
        eyes.learn(frame, number / 2)
    assert eyes.state == "ready"
    told = _play(eyes, "fall")
    assert "learning" not in _names(told)
    assert _names(told).count("fall") == 1


def _stood_up(falls: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """The fall, then the way back up: the same pictures in the other order, faster than one can get up."""
    return (*falls[:160], *falls[160:30:-2])


def test_standing_up_again_is_recovery() -> None:
    eyes = open_pipeline("camera-1")
    told = _play(eyes, "empty")
    frames = _noisy(_stood_up(_clip("fall")), 1, 2)
    for number, frame in enumerate(frames):
        told += eyes.feed(frame, len(_clip("empty")) / RATE + number / RATE)
    assert [name for name in _names(told) if name in {"fall", "recovered"}] == ["fall", "recovered"]


@pytest.mark.parametrize(
    ("name", "picture"),
    [("picture_dark", 3), ("picture_covered", 120)],
)
def test_a_dark_or_covered_lens_is_told_and_its_end_too(name: str, picture: int) -> None:
    eyes = Pipeline("camera-1", GeometricScore())
    dice = np.random.default_rng(1)
    told: list[Observation] = []
    for number in range(150):
        told += eyes.feed(dice.integers(picture - 2, picture + 3, (120, 160, 3), dtype=np.uint8), number / 10)
    assert [(seen.name, seen.value) for seen in told if seen.name.startswith("picture")] == [(name, True)]
    for number, frame in enumerate(_noisy(_clip("empty")[:20], 1, 2)):
        told += eyes.feed(frame, 15 + number / 10)
    assert (name, False) in [(seen.name, seen.value) for seen in told]


def test_a_frozen_picture_is_told_and_its_end_too() -> None:
    eyes = Pipeline("camera-1", GeometricScore())
    frame = _clip("empty")[0]
    told = [seen for number in range(120) for seen in eyes.feed(frame, number / 10)]
    assert ("picture_frozen", True) in [(seen.name, seen.value) for seen in told]
    moving = [
        seen for n, frame in enumerate(_noisy(_clip("empty")[:9], 1, 2)) for seen in eyes.feed(frame, 12 + n / 10)
    ]
    assert ("picture_frozen", False) in [(seen.name, seen.value) for seen in moving]


def test_it_is_unsure_of_a_room_it_knows_while_the_picture_is_at_fault() -> None:
    eyes = Pipeline("camera-1", GeometricScore())
    for number, frame in enumerate(_noisy(_clip("empty")[:20], 1, 2)):
        eyes.learn(frame, number / RATE)
    for number in range(120):
        eyes.feed(_clip("empty")[0], number / 10)
    assert eyes.state == "unsure"
    for number, frame in enumerate(_noisy(_clip("empty")[:9], 1, 2)):
        eyes.feed(frame, 12 + number / 10)
    assert eyes.state == "ready"


def test_the_shipped_clips_are_no_frozen_pictures() -> None:
    assert "picture_frozen" not in _names(_play(Pipeline("camera-1", GeometricScore()), "empty", "empty", noise=0))


def test_another_frame_size_is_learned_anew_and_a_fall_in_it_told() -> None:
    eyes = open_pipeline("camera-1")
    _play(eyes, "empty", "empty")
    assert eyes.state == "ready"
    told: list[Observation] = []
    at = 2 * len(_clip("empty")) / RATE
    for number, frame in enumerate((*_clip("empty"), *_clip("empty"), *_clip("fall"))):
        told += eyes.feed(np.ascontiguousarray(frame[30:210]), at + number / RATE)
    assert [seen.value for seen in told if seen.name == "learning"] == [True, False]
    assert _names(told).count("fall") == 1


@pytest.mark.parametrize(
    "rate", [8.0, pytest.param(15.0, marks=pytest.mark.slow), pytest.param(25.0, marks=pytest.mark.slow)]
)
def test_a_fall_is_told_at_any_usual_frame_rate(rate: float) -> None:
    eyes = open_pipeline("camera-1")
    for number, frame in enumerate(_clip("empty")[::6]):
        eyes.learn(frame, number / 2)
    frames = _clip("fall")
    told: list[Observation] = []
    for number in range(int(12 * rate)):
        told += eyes.feed(frames[int(number / rate * RATE)], number / rate)
    assert _names(told).count("fall") == 1


def _thing(seed: int) -> object:
    """Something that is no picture, or a strange one."""
    dice = np.random.default_rng(seed)
    things: list[object] = [
        None,
        b"not a picture",
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((120, 160), np.uint8),
        np.zeros((120, 160, 4), np.uint8),
        np.full((120, 160, 3), np.nan, np.float32),
        np.zeros((1, 4000, 3), np.uint8),
        dice.integers(0, 256, (120, 160, 3), dtype=np.uint8),
        dice.integers(0, 256, (17, 400, 3), dtype=np.uint8),
        np.zeros((90, 160, 3), np.uint8),
        np.full((120, 160, 3), 255, np.uint8),
    ]
    return things[seed % len(things)]


_TIMES = st.one_of(st.floats(-1e9, 1e9), st.just(float("nan")), st.just(float("inf")))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1000), st.one_of(st.floats(0, 20), _TIMES)), max_size=30))
def test_noise_never_raises(shown: list[tuple[int, float]]) -> None:
    eyes = Pipeline("camera-1", GeometricScore())
    for seed, at in shown:
        for seen in eyes.feed(_thing(seed), at):  # type: ignore[arg-type]
            assert seen.name in OBSERVATIONS
            assert seen.at == at
        eyes.learn(_thing(seed + 1), at)  # type: ignore[arg-type]


@pytest.mark.parametrize("back_s", [0.05, 0.5, pytest.param(5.0, marks=pytest.mark.slow), 1e6])
def test_a_clock_that_goes_back_costs_no_fall(back_s: float) -> None:
    eyes = open_pipeline("camera-1")
    told = _play(eyes, "empty", start=1e6)
    frames = _clip("fall")
    for number, frame in enumerate(frames[:200]):
        at = 1e6 + len(_clip("empty")) / RATE + number / RATE - (back_s if number >= 40 else 0.0)
        told += eyes.feed(frame, at)
    assert _names(told).count("fall") == 1


def test_frames_beyond_ten_a_second_cost_nothing() -> None:
    eyes = Pipeline("camera-1", GeometricScore())
    for number in range(250):
        eyes.feed(_clip("empty")[number % 200], number / 25)
    assert 98 <= eyes.looked <= 104


def test_a_room_that_was_kept_is_ready_with_the_first_frame_and_a_fall_in_it_is_told() -> None:
    eyes = open_pipeline("camera-1")
    assert eyes.keep() is None
    for number, frame in enumerate(_noisy(_clip("empty"), 1, 2)):
        eyes.learn(frame, number / RATE)
    eyes.feed(_clip("empty")[0], 0.0)
    kept = eyes.keep()
    assert kept is not None
    later = open_pipeline("camera-1")
    later.take_up(kept)
    told = _play(later, "fall")
    assert (told[0].name, told[0].value) == ("learning", False)
    (fall,) = [seen for seen in told if seen.name == "fall"]
    assert "background_not_learned" not in fall.reasons


def test_a_kept_room_that_is_another_one_is_learned() -> None:
    eyes = open_pipeline("camera-1")
    eyes.take_up(Kept("camera-1", np.full((90, 160, 3), 5, np.float16), np.zeros((90, 160), np.uint8)))
    assert [(one.name, one.value) for one in eyes.feed(_clip("empty")[0], 0.0)] == [("learning", True)]
    assert eyes.keep() is None


def _postured() -> Pipeline:
    return Pipeline("camera-1", GeometricScore(), postures=ShapePosture())


@pytest.fixture(scope="module")
def walked_in() -> Kept:
    """A room through which somebody has walked."""
    eyes = _postured()
    for number in range(20):
        eyes.learn(shot(a_room()), number / 10)
    for number, left in enumerate(range(4, 120, 4)):
        eyes.feed(shot(with_somebody(a_room(), left)), number / 10)
    kept = eyes.keep()
    assert kept is not None
    assert np.count_nonzero(kept.learned["feet"]) >= 3
    return kept


@pytest.mark.parametrize("black", [0, 5], ids=["at once", "after a few black pictures"])
def test_where_people_walk_is_known_to_the_process_that_follows(walked_in: Kept, black: int) -> None:
    later = _postured()
    later.take_up(walked_in)
    for number in range(black):
        later.feed(shot(a_room() * 0.01), number / 10)
    later.feed(shot(a_room()), black / 10)
    again = later.keep()
    assert again is not None
    for name, part in walked_in.learned.items():
        assert np.array_equal(again.learned[name], part)


def test_where_people_walk_in_one_room_says_nothing_of_another(walked_in: Kept) -> None:
    later = _postured()
    later.take_up(walked_in)
    for number in range(250):
        later.feed(shot(a_room(2)), number / 10)
    kept = later.keep()
    assert kept is not None
    assert not kept.learned["feet"].any()


def test_eyes_without_postures_hand_on_the_room_alone(walked_in: Kept) -> None:
    later = Pipeline("camera-1", GeometricScore())
    later.take_up(walked_in)
    later.feed(shot(a_room()), 0.0)
    again = later.keep()
    assert again is not None
    assert not again.learned
