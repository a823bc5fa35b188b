"""Which cameras may be written down, and what the vision process is told of them."""

import json
from datetime import date
from pathlib import Path

import pytest

from agent.camera_facts import CameraFacts
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
    assert [zone.kind for camera in settings.camera for zone in camera.zone] == ["sofa"]


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
    assert json.loads(told)["cameras"] == [
        {
            "id": "room-101",
            "source": "/dev/video0",
            "min_fps": 5.0,
            "loop": False,
            "watch": True,
            "zones": [],
            "mode": "live",
            "threshold": None,
            "view": "auto",
        }
    ]
    assert "resident" not in told


def test_a_camera_without_consent_is_named_and_not_looked_through() -> None:
    bedroom = CameraSettings("room-101", "/dev/video0", "bedroom", CONSENT)
    settings = CamerasSettings((bedroom, CameraSettings("hall", "/dev/video1", "hall")))
    told = vision_config(settings, Path("/run/core.sock"), date(2026, 7, 1))
    assert {row["id"]: row["watch"] for row in told["cameras"]} == {"room-101": False, "hall": True}


ZONE = """
[[camera.zone]]
kind = "bed"
name = "window bed"
bed = "1"
polygon = [[0.1, 0.5], [0.5, 0.5], [0.5, 0.9], [0.1, 0.9]]
"""


def test_zones_mode_threshold_and_view_are_site_facts_to_import(tmp_path: Path) -> None:
    hall = BEDROOM.replace("bedroom", "hall")
    set_ = 'view = "ceiling"\nmode = "shadow"\nthreshold = 0.8\n'
    settings, problems = parse(tmp_path, hall + set_ + ZONE + hall.replace("101", "102"))
    assert problems == []
    assert settings is not None
    (facts,) = settings.facts
    assert (facts.id, facts.view, facts.mode, facts.threshold) == ("room-101", "ceiling", "shadow", 0.8)
    (zone,) = facts.zones
    assert (zone.kind, zone.name, zone.bed, zone.polygon[1]) == ("bed", "window bed", "1", (0.5, 0.5))
    told = vision_config(settings, Path("/run/core.sock"), None)
    assert told["cameras"][0]["zones"] == [zone.told()]
    edited = CameraFacts("room-101", threshold=0.5)
    told = vision_config(settings, Path("/run/core.sock"), None, {"room-101": edited})
    assert [(row["threshold"], row["zones"]) for row in told["cameras"]] == [(0.5, []), (None, [])]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("threshold = 0.04", 6, "greater than or equal to 0.05"),
        ("threshold = 1.0", 6, "less than or equal to 0.99"),
        ('mode = "loud"', 6, "'live' or 'shadow'"),
        ('view = "floor"', 6, "'auto', 'wall' or 'ceiling'"),
        (ZONE.replace('"bed"', '"toilet"'), 8, "'floor', 'bed', 'sofa', 'exit' or 'ignore'"),
        (ZONE.replace('"bed"', '"sofa"'), 7, "belongs to no bed"),
        (ZONE.replace("[0.5, 0.5], ", "[0.5, 1.5], "), 7, "outside the picture"),
        (ZONE.replace("[0.5, 0.5], [0.5, 0.9]", "[0.5, 0.9], [0.5, 0.5]"), 7, "cross or touch"),
        (ZONE.replace(", [0.5, 0.9], [0.1, 0.9]", ""), 11, "at least 3"),
        (ZONE * 9, 2, "at most 8"),
        (ZONE + "colour = 1", 12, "unknown key"),
    ],
)
def test_mistakes_in_zones_are_told_with_their_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    settings, problems = parse(tmp_path, BEDROOM.replace("bedroom", "hall") + text)
    assert settings is None
    assert any(problem.startswith(f"cameras.toml:{line}:") and words in problem for problem in problems), problems
