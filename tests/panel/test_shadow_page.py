"""Cameras on trial in a real browser: one tap a label, a switch in two, and shadow told wherever it counts."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.alarms.snapshot import DeviceStatus, PartStatus
from agent.camera_facts import CameraMode
from agent.shadow.candidate import Label
from drivers.base import LinkState
from tests.panel.browser import Desk, panel_of, tablet_of
from tests.panel.serving import Served, serving
from tests.panel.test_legibility import measured
from tests.panel.ward import Ward
from tests.waiting import until

# A tap in the very turn in which the list moves, however slow the machine.
_TAP_AS_IT_MOVES = """
new MutationObserver((_, watching) => {
  if (!document.querySelector('#candidate-c5')) return;
  watching.disconnect();
  document.querySelector('#candidate-c4 .fell').click();
}).observe(document.querySelector('#live'), { childList: true, subtree: true });
"""
DEVICES = (DeviceStatus("hall", "camera", "1F", LinkState.CONNECTED, None, 0.5),)
PARTS = (PartStatus("camera:hall", "ok"), PartStatus("camera:dining", "ok"))


@pytest.fixture
async def home(run_folder: Path) -> AsyncIterator[Served]:
    """A camera in the hall on trial for nine days, with five candidates, and a live one in the dining room."""
    ward = Ward(trial=("hall", "dining"), devices=DEVICES, parts=PARTS)
    shadows = ward.shadows
    shadows.board.set("hall", CameraMode.SHADOW)
    for camera in ("hall", "dining"):
        shadows.watch(camera, 216)
    for number, score in enumerate((0.41, 0.93, 0.66, 0.9, 0.5)):
        shadows.tell("hall", score, ago_s=7000 - 1400 * number, track=number)
    shadows.role.label("c1", Label.FELL, "panel:li")
    shadows.role.label("c3", Label.NOT, "panel:li")
    async with serving(ward, run_folder) as served:
        yield served


@pytest.mark.parametrize(
    ("locale", "mode", "proposal", "found"),
    [
        ("zh-CN", "试看中：看到跌倒不报警", "建议阈值", "1 次跌倒可发现 1 次"),
        ("en-GB", "raises nothing", "Proposed threshold", "finds 1 of 1 falls"),
    ],
)
async def test_it_is_read_on_a_tablet_in_both_languages(
    desk: Desk, home: Served, locale: str, mode: str, proposal: str, found: str
) -> None:
    async with tablet_of(desk, home, locale) as panel:
        await panel.tap("#to-label a")
        await panel.shows("#trial-hall")
        text = await panel.text("#trial-hall")
        for told in (mode, proposal, found, "0.93", "1F"):
            assert told in text
        assert await panel.js("document.querySelectorAll('#trial-hall .candidates li').length") == 5
        await panel.tap("[data-unfold='missed-hall']")
        await panel.tap("[data-unfold='to-live-hall']")
        await measured(panel)


async def test_one_tap_says_what_it_was(desk: Desk, home: Served) -> None:
    async with panel_of(desk, home) as panel:
        await panel.enter()
        await panel.go("/shadow")
        await panel.tap("#candidate-c4 .not")
        await panel.shows("#candidate-c4 span.said")
        assert "未跌倒 · wang" in await panel.text("#candidate-c4")
        await panel.tap("#candidate-c4 .unsure")  # a slip of the finger is mended by another tap
        await panel.shows("#candidate-c4 .unsure[aria-pressed]")
    assert [one[0] for one in home.ward.shadows.audits[-2:]] == ["fall_candidate_labelled"] * 2


async def test_what_has_just_moved_takes_no_tap(desk: Desk, home: Served) -> None:
    async with panel_of(desk, home) as panel:
        await panel.enter()
        await panel.go("/shadow")
        await panel.holds("performance.now() - moved > 420")
        before = len(home.ward.shadows.audits)
        await panel.js(_TAP_AS_IT_MOVES)
        home.ward.shadows.tell("hall", 0.8, track=9)
        await panel.shows("#toast")
    assert len(home.ward.shadows.audits) == before


async def test_a_switch_takes_two_taps_and_a_name(desk: Desk, home: Served) -> None:
    async with panel_of(desk, home) as panel:
        await panel.enter()
        await panel.go("/shadow")
        await panel.hides("#to-live-hall")
        await panel.tap("[data-unfold='to-live-hall']")
        await panel.tap("#to-live-hall button")  # the first: the proposed threshold
        await panel.shows("#trial-hall.live")
        facts = home.ward.shadows.board.facts("hall")
        assert facts.mode is CameraMode.LIVE
        assert facts.threshold == home.ward.shadow.statuses()[1].threshold != 0.88
        assert home.ward.shadows.audits[-1][::3] == ("camera_mode", "panel:wang")
        await panel.hides("#to-shadow-hall")  # the way back is not under the same finger
        await panel.tap("[data-unfold='to-shadow-hall']")
        await panel.tap("#to-shadow-hall button")
        await panel.shows("#trial-hall.shadow")
        assert home.ward.shadows.board.facts("hall").threshold == facts.threshold


async def test_a_fall_that_was_not_seen_is_noted(desk: Desk, home: Served) -> None:
    clock = time.strftime("%H:%M", time.localtime(time.time() - 400))
    async with panel_of(desk, home) as panel:
        await panel.enter()
        await panel.go("/shadow")
        await panel.tap("[data-unfold='missed-dining']")
        await panel.tap("#missed-dining .main")
        await panel.shows("#toast")  # without a time
        await panel.do(panel.page.fill("#clock-dining", clock))
        await panel.tap("#missed-dining .main")
        await panel.hides("#missed-dining")
        await panel.shows("#trial-dining .candidates li")
        assert "未发现的跌倒" in await panel.text("#trial-dining .candidates")
        panel.complaints = [line for line in panel.complaints if "400" not in line]
    await until(lambda: home.ward.shadows.audits[-1][0] == "fall_noted", "audited")


async def test_shadow_is_told_wherever_the_state_of_a_camera_is(desk: Desk, home: Served) -> None:
    told = "试看中：看到跌倒不报警"
    async with panel_of(desk, home) as panel:
        await panel.enter()
        await panel.go("/devices")
        assert told in await panel.text("#device-hall")
        await panel.go("/system")
        assert told in await panel.text("[id='part-camera:hall']")
        assert told not in await panel.text("[id='part-camera:dining']")
        home.ward.shadows.board.set("hall", CameraMode.LIVE)
        home.ward.changed()
        await panel.holds(f"!document.body.innerText.includes({told!r})")
        await panel.go("/devices")
        assert told not in await panel.text("#device-hall")
        assert await panel.js("document.querySelector('a[href=\"/shadow\"]') !== null")


async def test_without_cameras_nothing_is_asked(desk: Desk, served: Served) -> None:
    async with panel_of(desk, served) as panel:
        await panel.enter()
        assert await panel.js("document.querySelector('#to-label')") is None
        await panel.go("/shadow")
        await panel.shows("#no-cameras")
