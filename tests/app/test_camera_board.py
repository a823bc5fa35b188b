"""Mode and threshold of a camera in the real site facts: what else is set of it stays."""

import asyncio
from typing import Any

import pytest

from agent.alarms.settings import AlarmSettings
from agent.app.camera_board import CameraBoard
from agent.app.site_facts import SiteFacts
from agent.camera_facts import CameraFacts, CameraMode, CameraView
from agent.panel.site_port import Edit, SiteRefusedError
from agent.rules.settings import RuleSettings
from agent.settings.site import SiteSettings
from agent.settings.site_check import site_check
from agent.zones import Zone, ZoneKind

FLOOR = Zone(ZoneKind.FLOOR, ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0)), "大厅")
SET = CameraFacts("hall", (FLOOR,), CameraMode.SHADOW, 0.7, CameraView.WALL)


class Desk:
    def __init__(self, *cameras: CameraFacts) -> None:
        self.kept: list[tuple[dict[str, Any], str]] = []
        alarms = AlarmSettings()
        self.facts = SiteFacts(
            SiteSettings(camera=cameras),
            "mark",
            alarms,
            lambda site: site_check(site, RuleSettings(), alarms),
            self._keep,
            lambda *_: self.board.read(),
        )
        self.board = CameraBoard(self.facts)

    def _keep(self, document: dict[str, Any], author: str) -> asyncio.Event:
        self.kept.append((document, author))
        kept = asyncio.Event()
        kept.set()
        return kept


def test_what_is_set_of_a_camera_and_of_one_of_which_nothing_is() -> None:
    board = Desk(SET).board
    assert board.facts("hall") == SET.__class__("hall", board.facts("hall").zones, SET.mode, 0.7, SET.view)
    assert board.facts("hall").zones[0].polygon == FLOOR.polygon
    assert board.facts("dining") == CameraFacts("dining")


async def test_a_switch_leaves_zones_their_names_and_the_view() -> None:
    desk = Desk(SET)
    await desk.board.put("hall", CameraMode.LIVE, None, "panel:wang")
    assert desk.board.facts("hall").mode is CameraMode.LIVE
    assert desk.board.facts("hall").threshold is None
    (row,) = desk.kept[0][0]["camera"]
    assert (row["view"], row["zones"][0]["name"], desk.kept[0][1]) == ("wall", "大厅", "panel:wang")


async def test_a_camera_of_which_nothing_was_set_can_be_put_in_shadow() -> None:
    desk = Desk()
    await desk.board.put("dining", CameraMode.SHADOW, 0.5, "panel:wang")
    assert desk.board.facts("dining") == CameraFacts("dining", mode=CameraMode.SHADOW, threshold=0.5)


async def test_an_edit_elsewhere_is_read_as_well_and_knows_its_author() -> None:
    desk = Desk(SET)
    await desk.facts.edit(Edit("camera", "hall", {"mode": "live"}), "panel:li")
    assert desk.board.facts("hall") == CameraFacts("hall")
    assert desk.facts.author == "panel:li"
    desk.facts.take_up(SiteSettings(camera=(SET,)), "mark")
    assert desk.board.facts("hall").mode is CameraMode.SHADOW
    assert desk.facts.author == ""


async def test_what_cannot_be_changes_nothing() -> None:
    desk = Desk(SET)
    with pytest.raises(SiteRefusedError):
        await desk.board.put("hall", CameraMode.LIVE, 2.0, "panel:wang")
    assert desk.board.facts("hall").mode is CameraMode.SHADOW
    assert desk.kept == []
