"""Which cameras may be written down, and what the vision process is told of them."""

import json
from datetime import date
from pathlib import Path

import pytest

from agent.eyes.settings import CameraSettings, CamerasSettings, ConsentSettings, vision_config
from agent.settings.read import TomlFile

CONSENT = ConsentSettings("resident-17", "fall detection", date(2026, 1, 1), date(2026, 6, 30))
BEDROOM = """
[[camera]]
id = "room-101"
source = "rtsp://viewer:secret@10.0.0.5/2"
role = "bedroom"
"""
GIVEN = """
[camera.consent]
who = "resident-17"
scope = "fall detection"
valid_from = 2026-01-01
valid_to = 2026-06-30
"""


def parse(folder: Path, text: str) -> tuple[CamerasSettings | None, list[str]]:
    path = folder / "cameras.toml"
    path.write_text(text, encoding="utf-8")
    file = TomlFile(path)
    return file.parse(CamerasSettings), [str(problem) for problem in file.problems]


def test_a_bedroom_with_consent(tmp_path: Path) -> None:
    settings, problems = parse(tmp_path, BEDROOM + GIVEN)
    assert problems == []
    assert settings == CamerasSettings(
        (CameraSettings("room-101", "rtsp://viewer:secret@10.0.0.5/2", "bedroom", CONSENT),)
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (BEDROOM, 2, "needs a [camera.consent]"),
        (BEDROOM + GIVEN.replace("who", "by"), 7, "is required"),
        (BEDROOM + GIVEN.replace("2026-06-30", "2025-06-30"), 7, "lies before"),
        (BEDROOM.replace("bedroom", "toilet"), 5, "'corridor', 'hall', 'dining', 'entrance' or 'bedroom'"),
        (BEDROOM.replace("bedroom", "bath"), 5, "'corridor', 'hall', 'dining', 'entrance' or 'bedroom'"),
        (BEDROOM.replace("bedroom", "hall").replace("rtsp:", "gopher:"), 2, "not an rtsp://"),
        (BEDROOM.replace("bedroom", "hall") * 2, 1, "two cameras are called 'room-101'"),
        (BEDROOM.replace("bedroom", "hall") + "record = true", 6, "unknown key"),
        ("".join(BEDROOM.replace("bedroom", "hall").replace("101", str(n)) for n in range(5)), 1, "at most 4"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    settings, problems = parse(tmp_path, text)
    assert settings is None
    assert any(problem.startswith(f"cameras.toml:{line}:") and words in problem for problem in problems), problems


def test_the_shipped_file_names_no_camera() -> None:
    file = TomlFile(Path(__file__).parents[2] / "config" / "cameras.toml")
    assert (file.parse(CamerasSettings), file.problems) == (CamerasSettings(), [])


def test_the_shipped_examples_are_good(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "config" / "cameras.toml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# [") or " = " in line]
    settings, problems = parse(tmp_path, "\n".join(lines))
    assert problems == []
    assert settings is not None
    assert [camera.role for camera in settings.camera] == ["corridor", "hall", "bedroom", "corridor"]


@pytest.mark.parametrize(
    ("day", "runs"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 6, 30), True), (date(2026, 7, 1), False)],
)
def test_a_bedroom_is_watched_while_the_consent_holds(day: date, runs: bool) -> None:
    bedroom = CameraSettings("room-101", "/dev/video0", "bedroom", CONSENT)
    hall = CameraSettings("hall", "/dev/video1", "hall")
    settings = CamerasSettings((bedroom, hall))
    assert settings.running(day) == ((bedroom, hall) if runs else (hall,))


def test_the_vision_process_hears_nothing_of_the_resident() -> None:
    settings = CamerasSettings((CameraSettings("room-101", "/dev/video0", "bedroom", CONSENT),))
    told = json.dumps(vision_config(settings, Path("/run/core.sock"), None))
    assert json.loads(told)["cameras"] == [{"id": "room-101", "source": "/dev/video0", "min_fps": 5.0, "loop": False}]
    assert "resident" not in told
