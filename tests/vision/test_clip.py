"""Video files as the eyes are shown them: their clock, their size, and what is said of those that cannot be played."""

import contextlib
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from agent.vision.clip import Clip
from agent.vision.file_error import WORDS, FileError
from tests.vision.clips import write_clip, write_frames
from tests.vision.uneven import with_steps

UNIT = 1024  # of OpenCV's MP4 at ten frames a second: what one frame lasts


def _times(path: Path) -> list[float]:
    return [round(shot.at, 3) for shot in Clip(path).shots()]


@pytest.mark.parametrize(
    ("fps", "expected"),
    [
        (10.0, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (5.0, [0, 0.2, 0.4]),
        (8.0, [0, 0.125, 0.25, 0.375, 0.5]),
        (15.0, [0, 0.133, 0.2, 0.333, 0.4, 0.533]),  # two of three
        (30.0, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (50.0, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    ],
)
def test_ten_pictures_a_second_at_most_whatever_the_rate(tmp_path: Path, fps: float, expected: list[float]) -> None:
    path = write_clip(tmp_path / "a.mp4", 0.6, fps)
    clip = Clip(path)
    assert clip.length_s == pytest.approx(round(0.6 * fps) / fps)
    assert [round(shot.at, 3) for shot in clip.shots()] == expected
    assert clip.frames == round(0.6 * fps)
    assert clip.fps == pytest.approx(fps)


def test_uneven_times_are_the_container_s(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", 1.0, 10.0)
    with_steps(path, [UNIT, UNIT, 3 * UNIT, UNIT // 2, UNIT // 2, UNIT, UNIT, UNIT, UNIT // 2, UNIT // 2])
    # those at 0.55 and 0.95 come too soon after the ones before them
    assert _times(path) == [0, 0.1, 0.2, 0.5, 0.6, 0.7, 0.8, 0.9]


def test_a_file_without_times_goes_by_its_count(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", 1.0, 10.0)
    with_steps(path, [0] * 10)
    times = _times(path)
    assert len(times) > 1
    assert times == sorted(set(times))


@pytest.mark.parametrize("size", [(64, 48), (48, 64), (322, 181), (176, 144)])
@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "mp4v"), ("a.avi", "MJPG"), ("a.mkv", "mp4v"), ("a.avi", "XVID")]
)
def test_any_size_and_codec_upright_or_not(tmp_path: Path, size: tuple[int, int], name: str, codec: str) -> None:
    width, height = size
    dice = np.random.default_rng(0)
    frames = [dice.integers(0, 255, (height, width, 3), np.uint8) for _ in range(4)]
    clip = Clip(write_frames(tmp_path / name, frames, 10.0, codec))
    wide, high = clip.size
    assert (wide - width, high - height) in {(0, 0), (0, -1), (-1, 0), (-1, -1)}  # XVID drops an odd line
    assert [shot.picture.shape for shot in clip.shots()] == [(high, wide, 3)] * 4


def test_one_picture_is_a_clip_too(tmp_path: Path) -> None:
    clip = Clip(write_clip(tmp_path / "a.mp4", 0.1, 10.0))
    assert [shot.at for shot in clip.shots()] == [0.0]
    assert clip.fps == pytest.approx(10.0)


def test_what_cannot_be_played_is_named_with_its_cure_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_bytes(b"not a video" * 50)
    (tmp_path / "empty.mp4").touch()
    whole = write_clip(tmp_path / "cut.mp4", 0.5)
    whole.write_bytes(whole.read_bytes()[:400])
    for name, code in (
        ("none.mp4", "missing"),
        (".", "folder"),
        ("text.mp4", "no_video"),
        ("empty.mp4", "no_video"),
        ("cut.mp4", "no_video"),
    ):
        path = tmp_path / name
        with pytest.raises(FileError) as caught:
            Clip(path)
        assert (caught.value.code, caught.value.path) == (code, path)
        for index, language in enumerate(("en", "zh")):
            assert str(path) in caught.value.text(language)
            assert WORDS[code][index] in caught.value.text(language)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_not_called_missing(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", 0.2)
    path.chmod(0)
    with pytest.raises(FileError) as caught:
        Clip(path)
    assert caught.value.code == "rights"


def test_a_picture_is_not_taken_for_a_series_of_its_neighbours(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        cv2.imwrite(str(tmp_path / f"room{number}.jpg"), np.full((48, 64, 3), 40 * number, np.uint8))
    with contextlib.suppress(FileError):
        assert len(list(Clip(tmp_path / "room1.jpg").shots())) == 1
