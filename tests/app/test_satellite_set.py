"""Which processes a gateway needs, and what the eyes are started with: the calendar is a value here."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.app.satellite_set import SatelliteSet
from agent.camera_facts import CameraFacts, CameraMode
from agent.clock import Clock
from agent.residents import Site
from agent.satellites import Satellite
from agent.settings.load import load

CAMERAS = """
[[camera]]
id = "bed-101"
source = "/dev/video0"
role = "bedroom"
[camera.consent]
who = "r-17"
scope = "falls"
valid_from = 2026-12-01
valid_to = 2026-12-31
"""
HALL = """
[[camera]]
id = "hall"
source = "/dev/video1"
role = "hall"
"""
BINDINGS = '[[binding]]\ndevice = "{}"\nrole = "camera"\nroom = "101"\n'


class Gateway:
    """Its processes at an hour of China's time, before any of them is started."""

    def __init__(self, folder: Path, hour: str, *cameras: str, is_set: bool = True) -> None:
        (folder / "cameras.toml").write_text("".join(cameras), encoding="utf-8")
        ids = [id_ for id_ in ("bed-101", "hall") if f'"{id_}"' in "".join(cameras)]
        (folder / "site.toml").write_text("".join(map(BINDINGS.format, ids)), encoding="utf-8")
        self.facts: dict[str, CameraFacts] = {}
        self.is_set = is_set
        self.at(hour)
        clock = Clock(lambda: 5.0, lambda: self.wall if self.is_set else 0.0, "boot", lambda: True)
        self.set = SatelliteSet(
            load(folder), Site.of([], []), clock, lambda *_: None, lambda id_: self.facts.get(id_) or CameraFacts(id_)
        )

    def at(self, hour: str) -> None:
        self.wall = datetime.fromisoformat(f"{hour}+08:00").astimezone(UTC).timestamp()

    @property
    def told(self) -> dict[str, Any]:
        """What a vision process that is started now is told, by camera."""
        (vision,) = [one for one in self.set.all if one.name == "vision"]
        return {row["id"]: row for row in _config(vision)["cameras"]}


def _config(satellite: Satellite) -> dict[str, Any]:
    return dict(vars(satellite)["_config"])


@pytest.mark.parametrize(
    ("hour", "looks", "needed"),
    [
        ("2026-11-30T23:59:59", False, True),  # it will
        ("2026-12-01T00:00:00", True, True),
        ("2026-12-31T23:59:59", True, True),
        ("2027-01-01T00:00:00", False, False),
    ],
)
def test_a_bedroom_looks_on_the_days_of_its_consent(tmp_path: Path, hour: str, looks: bool, needed: bool) -> None:
    gateway = Gateway(tmp_path, hour, CAMERAS)
    assert gateway.set.may_look() == (("bed-101",) if looks else ())
    assert gateway.set.cameras == ("bed-101",)
    assert gateway.set.has("vision") is needed


def test_a_process_that_is_started_after_midnight_is_told_so_from_the_start(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, "2026-12-31T23:59:59", CAMERAS, HALL)
    assert {id_: row["watch"] for id_, row in gateway.told.items()} == {"bed-101": True, "hall": True}
    gateway.at("2027-01-01T00:00:00")
    assert gateway.set.may_look() == ("hall",)
    assert {id_: row["watch"] for id_, row in gateway.told.items()} == {"bed-101": False, "hall": True}


def test_a_process_that_is_started_after_an_edit_is_told_so_from_the_start(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, "2026-12-31T12:00:00", HALL)
    assert gateway.told["hall"]["mode"] == "live"
    gateway.facts["hall"] = CameraFacts("hall", mode=CameraMode.SHADOW)
    gateway.set.cameras_changed()
    assert gateway.told["hall"]["mode"] == "shadow"


def test_while_the_clock_is_not_set_the_record_is_trusted(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, "2027-06-01T12:00:00", CAMERAS, is_set=False)
    assert gateway.set.today() is None
    assert gateway.set.may_look() == ("bed-101",)
    gateway.is_set = True
    assert gateway.set.today() == date(2027, 6, 1)
    assert gateway.set.may_look() == ()
    assert gateway.told["bed-101"]["watch"] is False


def test_a_gateway_without_cameras_has_no_eyes(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, "2026-12-31T12:00:00")
    assert [one.name for one in gateway.set.all] == ["sounder"]
    gateway.set.cameras_changed()
    assert gateway.set.may_look() == ()


def test_the_eyes_are_told_where_added_models_are(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, "2026-12-31T12:00:00", HALL)
    (vision,) = [one for one in gateway.set.all if one.name == "vision"]
    assert _config(vision)["models"] == str(load(tmp_path).state / "models")
