"""One pair of eyes before one clip: what is told and when, the score, the held end, and whose pictures are learned."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from agent.detection.observations import Observation
from agent.vision.clip import Clip
from agent.vision.file_error import FileError
from agent.vision.pipeline import open_pipeline
from agent.vision.player import HELD_S, learn, play
from tests.vision.clips import write_clip, write_frames

CLIPS = Path(__file__).parents[1] / "simulator" / "clips"
FALL, EMPTY, DAILY = (CLIPS / f"{name}.mp4" for name in ("fall", "empty", "sit_and_bend"))


def test_a_fall_is_told_on_the_clip_s_clock_and_its_score_is_above_the_threshold() -> None:
    eyes = open_pipeline("camera-1")
    clip = Clip(FALL)
    assert learn(eyes, [EMPTY], clip) == []
    heard: list[Observation] = []
    looked: list[float] = []
    played = play(eyes, clip, heard.append, looked.append)
    assert heard == played.told
    falls = [one for one in played.told if one.name == "fall"]
    assert len(falls) == 1
    assert 7.5 <= falls[0].at <= 9.5  # it begins at 7.0
    assert played.score >= eyes.threshold
    assert played.state == "ready"
    assert (played.frames, played.fps) == (clip.frames, clip.fps)
    assert looked == [at for at, _ in played.curve]
    assert played.ms_per_frame_p50 > 0


def test_the_last_picture_is_held_for_two_seconds(tmp_path: Path) -> None:
    clip = Clip(write_clip(tmp_path / "a.mp4", 1.0))
    played = play(open_pipeline("camera-1"), clip)
    assert played.curve[-1][0] == pytest.approx(played.length_s + HELD_S)
    assert played.state == "learning"  # the clip is shorter than what a room takes
    assert len(played.curve) == len(played.costs_ms) + round(HELD_S * 10)


def test_below_the_threshold_the_score_is_told_all_the_same() -> None:
    eyes = open_pipeline("camera-1")
    clip = Clip(DAILY)
    learn(eyes, [EMPTY], clip)
    played = play(eyes, clip)
    assert not [one for one in played.told if one.name == "fall"]
    assert 0 < played.score < eyes.threshold


def test_a_room_is_learned_from_the_clips_of_its_view_alone(tmp_path: Path) -> None:
    eyes = open_pipeline("camera-1")
    clip = Clip(FALL)
    capture = cv2.VideoCapture(str(EMPTY))
    frame = np.asarray(capture.read()[1], np.uint8)
    capture.release()
    other = write_clip(tmp_path / "other.mp4", 0.5)
    half = write_frames(tmp_path / "half.mp4", [np.asarray(cv2.resize(frame, None, fx=0.5, fy=0.5), np.uint8)] * 3)
    upright = write_frames(tmp_path / "upright.mp4", [np.ascontiguousarray(frame.transpose(1, 0, 2))] * 3)
    left_out = learn(eyes, [FALL, half, upright], clip)
    assert [(error.path, error.code) for error in left_out] == [(FALL, "itself"), (upright, "other_size")]
    assert eyes.state == "ready"  # the half-size one shows the same view
    with pytest.raises(FileError):
        learn(eyes, [other, tmp_path / "none.mp4"], clip)


def test_nobody_in_view_scores_nothing() -> None:
    assert play(open_pipeline("camera-1"), Clip(EMPTY)).score == 0
