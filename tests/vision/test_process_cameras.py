"""One camera under watch, on a clock of the test's own: silence, slowness, and a pipeline that fails."""

import logging
from pathlib import Path

import numpy as np
import pytest

from agent.camera_facts import CameraFacts, CameraMode
from agent.detection.observations import Observation
from agent.vision.cameras import REBUILD_S, CameraWatch
from agent.vision.kept import Kept
from agent.vision.outline import Outline
from agent.vision.settings import CameraTask
from drivers.camera.capture import CaptureState
from drivers.camera.frame import Frame, Pixels
from drivers.camera.source import source_of
from drivers.camera.stream import Stream
from models.errors import ModelMissingError

SOURCE = source_of("rtsp://cam/live")


class Film(Stream):
    """A stream whose frames and states the test writes down."""

    def __init__(self) -> None:
        super().__init__(SOURCE, now=lambda: 0.0)

    def tick(self) -> None:
        pass

    def show(self, at: float) -> None:
        self._newest = Frame(np.zeros((4, 4, 3), np.uint8), at, 0)
        self.state = CaptureState.PLAYING


class Eye:
    """Sees someone in each frame, or fails."""

    threshold = 0.8
    state = "ready"

    def __init__(self, device: str) -> None:
        self.kept: Kept | None = None
        self.device = device
        self.fails: Exception | None = None
        self.facts: CameraFacts | None = None
        self.waits: list[Observation] = []
        self.beds: tuple[str, ...] = ()  # somebody lies in each

    def use(self, facts: CameraFacts) -> None:
        self.facts = facts

    def overdue(self, now: float) -> list[Observation]:
        waits, self.waits = self.waits, []
        return waits

    def keep(self) -> Kept | None:
        return self.kept

    def take_up(self, kept: Kept) -> None:
        self.kept = kept

    def outline(self) -> Outline | None:
        return Outline(8, 1, b"x")

    def feed(self, frame_bgr: Pixels, t_s: float) -> list[Observation]:
        if self.fails:
            raise self.fails
        told = [Observation(self.device, "in_bed", t_s, bed=bed) for bed in self.beds]
        return [*told, Observation(self.device, "nobody_in_view", t_s, value=False)]


class Watched:
    def __init__(self) -> None:
        self.film = Film()
        self.eyes: list[Eye] = []
        self.facts = CameraFacts("hall", threshold=0.7)
        task = CameraTask("hall", SOURCE, 5.0, loop=False, facts=self.facts)
        self.watch = CameraWatch(task, self.film, self._build, 100.0)
        self.told: list[tuple[str, bool]] = []

    def _build(self, device: str) -> Eye:
        self.eyes.append(Eye(device))
        return self.eyes[-1]

    def play(self, since: float, until: float, fps: float) -> None:
        """`fps` frames a second, looked at twenty times a second."""
        shown = since
        for turn in range(round((until - since) * 20)):
            now = since + turn / 20
            if now >= shown:
                self.film.show(now)
                shown += 1 / fps
            self.tick(now)

    def tick(self, now: float) -> list[Observation]:
        told = self.watch.tick(now)
        self.told += [(one.name, one.value) for one in told if one.name != "nobody_in_view"]
        return told


@pytest.fixture
def hall() -> Watched:
    return Watched()


def test_a_core_that_comes_hears_of_each_bed(hall: Watched) -> None:
    hall.film.show(100.0)
    hall.tick(100.02)
    hall.eyes[0].beds = ("1", "2")
    hall.film.show(100.1)
    hall.tick(100.12)
    beds = [(one.bed, one.value, one.at) for one in hall.watch.states(100.2) if one.name == "in_bed"]
    assert beds == [("1", True, 100.1), ("2", True, 100.1)]


def test_a_frame_is_judged_once(hall: Watched) -> None:
    hall.film.show(100.0)
    seen = [one for one in hall.tick(100.02) if one.name == "nobody_in_view"]
    assert seen == [Observation("hall", "nobody_in_view", 100.0, value=False)]
    assert hall.tick(100.04) == []
    health = hall.watch.health(100.5)
    used = {"threshold": 0.8, "settings": hall.facts.mark}
    assert health == {"state": "playing", "fps": 1.0, "frame_age_s": 0.5, **used}


def test_silence_is_told_after_ten_seconds(hall: Watched) -> None:
    hall.play(100.0, 101.0, 10)
    last_s = hall.film.newest.at if hall.film.newest else 0.0
    hall.film.state = CaptureState.LOST
    hall.tick(last_s + 10.0)
    assert hall.told == [("no_frames", False)]
    (told,) = hall.tick(last_s + 10.1)
    assert (told.name, told.value, told.at, told.reasons) == (
        "no_frames",
        True,
        last_s + 10.1,
        ("no frame for 10 s",),
    )
    hall.film.show(last_s + 11.0)
    hall.tick(last_s + 11.0)
    assert hall.told[-1] == ("no_frames", False)


def test_a_camera_that_never_spoke_is_told_after_ten_seconds_too(hall: Watched) -> None:
    hall.film.state, hall.film.why = CaptureState.LOST, "rtsp://cam/live: refused"
    assert hall.tick(110.0) == []
    (told,) = hall.tick(110.1)
    assert (told.name, told.reasons) == ("no_frames", ("rtsp://cam/live: refused",))


def test_what_only_a_person_can_mend_is_told_at_once(hall: Watched) -> None:
    hall.film.state, hall.film.why = CaptureState.FAULT, "no such file"
    (told,) = hall.tick(100.1)
    assert (told.name, told.value, told.reasons) == ("no_frames", True, ("no such file",))


def test_a_slow_camera_is_told_once_and_forgiven_with_some_margin(hall: Watched) -> None:
    hall.play(100.0, 120.0, 4)
    assert hall.told == [("no_frames", False), ("frame_rate_low", True)]
    hall.play(120.0, 140.0, 5.5)
    assert hall.told[2:] == []
    hall.play(140.0, 160.0, 10)
    assert hall.told[2:] == [("frame_rate_low", False)]
    assert hall.watch.health(160.0)["fps"] == pytest.approx(10, abs=0.3)


def test_a_stream_that_came_back_is_not_called_slow(hall: Watched) -> None:
    hall.play(100.0, 112.0, 10)
    hall.film.state = CaptureState.LOST
    hall.tick(118.0)
    assert hall.watch.health(118.0)["fps"] == 0.0
    hall.play(118.0, 135.0, 10)
    assert hall.told == [("no_frames", False), ("frame_rate_low", False)]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("pixels 17 4 200"), "frames cannot be judged: ValueError"),
        (ModelMissingError(Path("fall.onnx"), "is missing", "Install it."), "fall.onnx: is missing. Install it."),
    ],
)
def test_a_pipeline_that_fails_is_told_and_built_anew(
    hall: Watched, caplog: pytest.LogCaptureFixture, error: Exception, words: str
) -> None:
    caplog.set_level(logging.ERROR)
    hall.play(100.0, 101.0, 10)
    hall.eyes[0].fails = error
    hall.play(101.0, 101.0 + REBUILD_S - 0.1, 10)
    assert hall.told == [("no_frames", False), ("no_frames", True)]
    assert hall.watch.health(103.0)["state"] == "failed"
    (told,) = [one for one in hall.watch.states(103.0) if one.name == "no_frames"]
    assert told.reasons[0].endswith(words)
    assert len(caplog.records) == 1, "logged once, not for each frame"
    assert caplog.records[0].getMessage() == "hall: frame of (4, 4, 3) cannot be judged"
    hall.play(101.0 + REBUILD_S, 102.0 + REBUILD_S, 10)
    assert len(hall.eyes) == 2
    assert hall.told[2:] == [("no_frames", False)]


def test_what_staff_set_reaches_each_pipeline_and_is_said_back(hall: Watched) -> None:
    assert hall.watch.outline() is None
    hall.play(100.0, 101.0, 10)
    assert hall.eyes[0].facts == hall.facts
    assert hall.watch.outline() == Outline(8, 1, b"x")
    edited = CameraFacts("hall", mode=CameraMode.SHADOW)
    hall.watch.use(edited)
    assert hall.eyes[0].facts == edited
    assert hall.watch.health(101.0)["settings"] == edited.mark != hall.facts.mark
    hall.eyes[0].fails = ValueError()
    hall.play(101.0, 102.0 + REBUILD_S, 10)
    assert hall.eyes[1].facts == edited


def test_states_are_retold_as_they_are_now(hall: Watched) -> None:
    hall.play(100.0, 101.0, 10)
    told = {one.name: (one.value, one.at) for one in hall.watch.states(101.5)}
    assert told == {"no_frames": (False, 101.5), "nobody_in_view": (False, pytest.approx(100.9, abs=0.06))}


def test_what_waits_for_a_frame_is_told_without_one() -> None:
    watched = Watched()
    watched.play(100.0, 101.0, 10)
    watched.eyes[0].waits = [Observation("hall", "fall", 101.0)]
    assert [one.name for one in watched.watch.tick(101.5)] == ["fall"]
