"""Facts of cameras beside the home that they look at: told with file, line and cure, in both languages."""

from pathlib import Path

import pytest

from agent.camera_facts import CameraFacts
from agent.eyes.settings import CameraSettings, CamerasSettings
from agent.residents import DeviceRole
from agent.settings.camera_check import beds_of, camera_check
from agent.settings.load import load
from agent.settings.problem import SettingsError
from agent.settings.site import BindingSettings, ResidentSettings, SiteSettings
from agent.zones import Zone, ZoneKind

CORNERS = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5))
SITE = SiteSettings(
    resident=(
        ResidentSettings("r-1", "甲", "101", "2"),
        ResidentSettings("r-2", "乙", "101", "1"),
        ResidentSettings("r-3", "丙", "102", "3"),
        ResidentSettings("r-4", "丁", "102"),
    ),
    binding=(
        BindingSettings("cam-101", DeviceRole.CAMERA, room="101"),
        BindingSettings("cam-102", DeviceRole.CAMERA, resident="r-4"),
        BindingSettings("cam-hall", DeviceRole.CAMERA, room="hall"),
    ),
)


@pytest.mark.parametrize(
    ("camera", "beds"), [("cam-101", ("1", "2")), ("cam-102", ("3",)), ("cam-hall", ()), ("cam-9", ())]
)
def test_the_beds_of_a_camera_are_those_of_its_room(camera: str, beds: tuple[str, ...]) -> None:
    assert beds_of(SITE, camera) == beds


def test_a_bed_of_another_room_and_a_camera_that_is_not_there_are_told() -> None:
    zones = (Zone(ZoneKind.BED, CORNERS, bed="1"), Zone(ZoneKind.BED, CORNERS, bed="3"), Zone(ZoneKind.BED, CORNERS))
    site = SiteSettings(SITE.facility, SITE.resident, (), SITE.binding, camera=(CameraFacts("cam-101", zones),))
    cameras = CamerasSettings((CameraSettings("cam-101", "/dev/video0", "hall"),))
    (told,) = camera_check(site, cameras)
    assert (told.file, told.key, told.warning) == ("site.toml", ("camera", 0, "zones", 1, "bed"), False)
    assert told.text == "no resident of the camera's room has bed '3'; there are 1, 2"
    assert told.zh == "该摄像头所在房间没有床位 '3'；现有：1、2"
    missing, bed = camera_check(site, CamerasSettings())
    assert (missing.key, missing.text) == (
        ("camera", 0, "id"),
        "no such camera in cameras.toml: 'cam-101'; there are none",
    )
    assert missing.zh.endswith("现有：无")
    assert bed == told


CAMERAS = """
[[camera]]
id = "cam-101"
source = "/dev/video0"
role = "hall"
view = "wall"
[[camera.zone]]
kind = "bed"
bed = "BED"
polygon = [[0, 0], [0.5, 0], [0.5, 0.5]]
"""
HOME = """
[[resident]]
id = "r-1"
name = "甲"
room = "101"
bed = "1"
[[binding]]
device = "cam-101"
role = "camera"
room = "101"
"""


def write(folder: Path, bed: str) -> Path:
    (folder / "site.toml").write_text(HOME, encoding="utf-8")
    (folder / "cameras.toml").write_text(CAMERAS.replace("BED", bed), encoding="utf-8")
    return folder


def test_what_cameras_toml_sets_is_a_site_fact(tmp_path: Path) -> None:
    (facts,) = load(write(tmp_path, "1")).site.camera
    assert (facts.id, facts.view, facts.zones[0].bed) == ("cam-101", "wall", "1")


def test_a_camera_in_site_toml_is_a_mistake_and_not_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path, "1")
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write('[[camera]]\nid = "cam-101"\nmode = "shadow"\n')
    with pytest.raises(SettingsError) as caught:
        load(folder)
    (problem,) = caught.value.problems
    assert str(problem) == "site.toml:11: camera.0: a camera is set in cameras.toml; move 'cam-101' there"


def test_a_mistake_is_told_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(write(tmp_path, "7"))
    (problem,) = caught.value.problems
    assert str(problem).startswith("cameras.toml:9: camera.0.zone.0.bed: no resident of the camera's room has bed '7'")
