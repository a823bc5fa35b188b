"""The detector that a home has added, in the eyes: in the pipeline, and in the real process."""

import hashlib
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
import pytest

from agent.detection.observations import Observation
from agent.eyes.settings import CameraSettings, CamerasSettings
from agent.model_folder.errors import ModelFolderError
from agent.model_folder.folder import ModelFolder
from agent.model_folder.trial import try_run
from agent.vision.background import Bytes, Floats
from agent.vision.confirm import Detector
from agent.vision.detector import open_detector
from agent.vision.evaluate import watch_one
from agent.vision.labels import Label
from agent.vision.pipeline import Pipeline, open_pipeline
from models.person_detector import Person, PersonDetector
from tests.models.light_net import light_net
from tests.vision.bench import Bench
from tests.vision.test_pipeline import CLIPS, RATE, _clip, _noisy
from tests.waiting import until


def added(folder: Path, **more: object) -> ModelFolder:
    """A folder of models with the detector of light in it."""
    content = light_net()
    source = folder / "light.onnx"
    source.write_bytes(content)
    told = {"name": "light", "sha256": hashlib.sha256(content).hexdigest(), "sha256_from": "option"}
    models = ModelFolder(folder / "models")
    models.install(str(source), {**told, "licence": "MIT", "source": "us", **more}, lambda *_: None, try_run)
    return models


def test_without_a_folder_or_in_an_empty_one_there_is_none(tmp_path: Path) -> None:
    assert open_detector(None) is None
    assert open_detector(tmp_path / "models") is None


def test_what_was_added_is_opened_as_its_manifest_says(tmp_path: Path) -> None:
    detector = open_detector(added(tmp_path, padding=0).path)
    assert isinstance(detector, PersonDetector)
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[8:16, 24:32] = 255
    assert [(one.left, one.top) for one in detector.find(picture)] == [(24, 8)]
    dimmed = open_detector(added(tmp_path, padding=0, scale=5.0).path)
    assert dimmed is not None
    assert dimmed.find(picture) == ()


@pytest.mark.parametrize("fault", ["altered", "lost", "manifest"])
def test_one_that_is_not_the_one_meant_is_not_used_and_the_eyes_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    models = added(tmp_path)
    row = models.installed()
    assert row is not None
    match fault:
        case "altered":
            models.file(row).write_bytes(b"another")
        case "lost":
            models.file(row).unlink()
        case _:
            (models.path / "manifest.toml").write_text("", encoding="utf-8")
            with pytest.raises(ModelFolderError):
                models.installed()
    assert open_detector(models.path) is None
    assert "the added person detector is not used" in caplog.text
    assert caplog.records[-1].levelname == "ERROR"


class Everywhere:
    """A detector that sees one person over the whole picture, or nobody, or fails."""

    def __init__(self, sees: bool = True, fails: bool = False) -> None:
        self._sees, self._fails = sees, fails
        self.asked: list[tuple[int, ...]] = []

    def find(self, picture_bgr: Bytes, least: float) -> Sequence[Person]:
        self.asked.append(picture_bgr.shape)
        if self._fails:
            raise RuntimeError("broken")
        height, width = picture_bgr.shape[:2]
        return [Person(0, 0, width, height, 0.5)] if self._sees else []


def falls(detector: Detector | None, clip: str = "fall") -> list[Observation]:
    """The falls that are told of the project's own clip, in a room that was learned."""
    eyes = open_pipeline("camera-1", detector)
    for number, frame in enumerate(_clip("empty")[::6]):
        eyes.learn(frame, number / 2)
    frames = _noisy(_clip(clip), 3, 2)
    told = chain.from_iterable(eyes.feed(frame, number / RATE) for number, frame in enumerate(frames))
    return [one for one in told if one.name == "fall"]


def test_a_fall_is_told_once_within_half_a_second_with_what_the_detector_makes_of_it() -> None:
    (alone,) = falls(None)
    eyes = open_pipeline("camera-1")
    for detector, score in ((Everywhere(sees=False), 0.9 * eyes.threshold), (Everywhere(fails=True), alone.score)):
        (seconded,) = falls(detector)
        assert seconded.score == pytest.approx(score, abs=1e-6)
        assert 0 <= seconded.at - alone.at <= 0.5
        assert seconded.reasons[: len(alone.reasons)] == alone.reasons
        assert len(seconded.reasons) == len(alone.reasons) + 1
        assert seconded.track == alone.track
    assert len(detector.asked) == 1


def test_a_detector_is_asked_after_a_fall_alone() -> None:
    detector = Everywhere()
    assert falls(detector, "sit_and_bend") == []
    assert detector.asked == []
    falls(detector)
    assert 1 <= len(detector.asked) <= 3


class Sure:
    """A net that takes whatever has moved for two seconds for a fall."""

    threshold = 0.9

    def __init__(self) -> None:
        self._asked = 0

    def score(self, window: Floats) -> float:
        self._asked += 1
        return 0.95 if self._asked > 20 else 0.0


@pytest.mark.parametrize(("detector", "counts"), [(None, True), (Everywhere(sees=False), False)])
def test_a_fall_that_was_doubted_does_not_count_in_the_table(detector: Detector | None, counts: bool) -> None:
    label = Label("fall.mp4", fell=True, start_s=None, group="sim", camera="sim")
    result = watch_one(CLIPS, [label], True, lambda: Pipeline("camera-1", Sure(), detector), label)
    assert bool(result.falls_at) is counts


@pytest.mark.slow
async def test_the_real_process_opens_it_and_tells_of_the_fall(
    run_folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = tmp_path / "room.mp4"
    size = _clip("empty")[0].shape
    writer = cv2.VideoWriter(str(whole), cv2.VideoWriter.fourcc(*"mp4v"), RATE, (size[1], size[0]))
    for frame in _noisy((*_clip("empty")[:60], *_clip("fall")), 3, 2):
        writer.write(frame)
    writer.release()
    settings = CamerasSettings((CameraSettings("hall", str(whole), "hall", loop=True),))
    bench = Bench(run_folder, settings, models=added(tmp_path).path)
    await bench.start()
    try:
        await until(lambda: bench.of("fall"), "a fall is told", 40.0)
    finally:
        await bench.stop()
    assert any(reason.startswith("detector_") for reason in bench.of("fall")[0].reasons)
    assert "looked at a second time by light" in capfd.readouterr().err
