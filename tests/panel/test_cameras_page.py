"""The cameras' page and the drawing of zones, in a real Chromium: by taps, by keys, on a tablet, in both languages."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agent.alarms.snapshot import CameraStatus
from agent.camera_facts import CameraFacts, CameraMode, CameraView
from agent.panel.camera_port import RoomOutline
from agent.zones import Zone, ZoneKind
from tests.panel.browser import Desk, Panel, tablet_of
from tests.panel.serving import Served
from tests.panel.test_legibility import measured
from tests.panel.ward import busy_night

BED = Zone(ZoneKind.BED, ((0.1, 0.45), (0.45, 0.4), (0.5, 0.8), (0.1, 0.9)), "by the window", "1")
DOOR = Zone(ZoneKind.EXIT, ((0.8, 0.2), (0.95, 0.2), (0.95, 0.7), (0.8, 0.7)))
BEDROOM = CameraStatus(
    "cam-302", "bedroom", "302", "unsure", ("picture_dark",),
    CameraFacts("cam-302", (BED, DOOR), CameraMode.SHADOW, 0.8), holds=False,
    consent_from="2026-01-01", consent_until="2026-12-31", days_left=12, beds=("1", "2"),
)  # fmt: skip
HALL = CameraStatus("hall", "hall", "", "ready", (), CameraFacts("hall"), holds=True)
OFF = replace(BEDROOM, id="cam-118", room="118", state="off", faults=(), holds=True, days_left=-3)
SENT = ("422", "409", "503")  # a browser notes on its console what the gateway refuses


def room_outline() -> RoomOutline:
    """A room as its edges: a window, a bed, a door and the floor's line."""
    edges = np.zeros((120, 160), np.uint8)
    for top, left, bottom, right in ((15, 30, 45, 75), (50, 16, 100, 76), (25, 128, 84, 152)):
        edges[top : bottom + 1, [left, right]] = 1
        edges[[top, bottom], left : right + 1] = 1
    edges[84] = 1
    return RoomOutline(160, 120, np.packbits(edges).tobytes())


@pytest.fixture
def home(served: Served) -> Served:
    served.ward.cameras_seen += [BEDROOM, HALL, OFF]
    served.ward.outline_or_why = room_outline()
    return served


def zones_of(home: Served) -> list[dict[str, Any]]:
    """As they were kept last."""
    (row,) = home.ward.edits[-1][0]["camera"]
    return list(row["zones"])


async def at(panel: Panel, x: float, y: float) -> tuple[float, float]:
    """Where a share of the picture is on the screen."""
    await panel.js("document.getElementById('sheet').scrollIntoView({block: 'center'})")
    box = await panel.js("(({x, y, width, height}) => [x, y, width, height])(sheet.getBoundingClientRect())")
    return box[0] + x * box[2], box[1] + y * box[3]


async def tap_at(panel: Panel, x: float, y: float) -> None:
    left, top = await at(panel, x, y)
    await panel.do(panel.page.mouse.click(left, top))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "zh-CN",
            [
                "不可靠",
                "2026-12-31 到期（12 天后）",
                "试看中",
                "阈值 0.8",
                "设置中",
                "1 床 · by the window、出口",
            ],
        ),
        (
            "en-GB",
            ["Unsure", "dark", "Bedroom", "in 12 d: renew it", "In shadow", "Being set", "Bed 1 · by the window, Exit"],
        ),
    ],
)
async def test_each_camera_is_read_on_a_tablet(desk: Desk, home: Served, locale: str, words: list[str]) -> None:
    async with tablet_of(desk, home, locale) as panel:
        await panel.go("/devices")
        await panel.tap("nav a[href='/cameras']")
        text = await panel.text("#camera-cam-302")
        assert [word for word in words if word not in text] == []
        assert ("2026-12-31" in await panel.text("#camera-cam-118")) is True
        await measured(panel)
        home.ward.cameras_seen[0] = replace(BEDROOM, state="ready", faults=(), holds=True)
        home.ward.changed()
        await panel.shows("#camera-cam-302.ok")
        await panel.tap("#camera-cam-302 .deeds a")
        await panel.shows("#zones")
        await panel.tap("#ask")
        await panel.shows("#outline.shown")
        await measured(panel)


async def test_a_zone_is_drawn_on_the_outline_and_kept(home: Served, panel: Panel) -> None:
    await panel.go("/cameras/hall")
    await panel.tap("#ask")
    await panel.shows("#outline.shown")
    assert home.ward.outlines_asked == [("hall", "panel:wang")]
    red = "[...outline.getContext('2d').getImageData(0, 0, 160, 120).data].filter((v, i) => i % 4 === 0)"
    lit = await panel.js(f"{red}.filter((v) => v > 200).length")
    assert lit == int(np.unpackbits(np.frombuffer(room_outline().bits, np.uint8)).sum())
    for x, y in ((0.2, 0.3), (0.7, 0.3), (0.7, 0.8), (0.2, 0.8)):
        await tap_at(panel, x, y)
    await panel.tap("[data-kind=sofa]")
    await panel.do(panel.page.fill("#zone-name", "沙发 2"))
    await panel.tap("[data-view-from=ceiling]")
    await panel.tap("#save")
    await panel.holds("saved.textContent.startsWith('已保存')")
    [(document, author)] = home.ward.edits
    assert author == "panel:wang"
    assert (document["camera"][0]["id"], document["camera"][0]["view"]) == ("hall", "ceiling")
    (zone,) = zones_of(home)
    assert (zone["kind"], zone["name"]) == ("sofa", "沙发 2")
    assert zone["polygon"] == [
        [pytest.approx(x, abs=0.004), pytest.approx(y, abs=0.004)]
        for x, y in ((0.2, 0.3), (0.7, 0.3), (0.7, 0.8), (0.2, 0.8))
    ]
    await panel.holds("saved.textContent === '已保存并生效'")


async def test_corners_are_dragged_put_between_and_taken_out(home: Served, panel: Panel) -> None:
    await panel.go("/cameras/cam-302")
    start, end = await at(panel, 0.1, 0.9), await at(panel, 0.2, 0.95)
    await panel.do(panel.page.mouse.move(*start))
    await panel.do(panel.page.mouse.down())
    await panel.do(panel.page.mouse.move(*end, steps=4))
    await panel.do(panel.page.mouse.up())
    await tap_at(panel, 0.8, 0.5)  # beyond the right edge: goes between its two corners
    await panel.tap("#list [data-zone='1']")
    await tap_at(panel, 0.95, 0.7)
    await panel.tap("#corner-out")
    await panel.tap("#list [data-zone='0']")
    await panel.tap("[data-bed='2']")
    await panel.tap("#save")
    await panel.holds("saved.textContent.startsWith('已保存')")
    bed, door = zones_of(home)
    assert len(bed["polygon"]) == 5
    assert bed["polygon"][2] == [pytest.approx(0.8, abs=0.01), pytest.approx(0.5, abs=0.01)]
    assert bed["polygon"][4] == [pytest.approx(0.2, abs=0.01), pytest.approx(0.95, abs=0.01)]
    assert (bed["bed"], bed["name"], len(door["polygon"])) == ("2", "by the window", 3)
    row = home.ward.edits[-1][0]["camera"][0]
    assert (row["mode"], row["threshold"]) == ("shadow", 0.8), "what is not drawn here stays as it is"


async def test_mode_that_somebody_has_changed_meanwhile_is_kept(home: Served, panel: Panel) -> None:
    await panel.go("/cameras/cam-302")
    home.ward.cameras_seen[0] = replace(BEDROOM, facts=replace(BEDROOM.facts, mode=CameraMode.LIVE, threshold=None))
    await panel.tap("#list [data-zone='1']")
    await panel.tap("#zone-out")
    await panel.tap("#save")
    await panel.holds("saved.textContent.startsWith('已保存')")
    row = home.ward.edits[-1][0]["camera"][0]
    assert (row["mode"], row["threshold"], len(row["zones"])) == ("live", None, 1)


async def test_a_zone_is_drawn_by_keys_alone(home: Served, panel: Panel) -> None:
    await panel.go("/cameras/hall")
    await panel.do(panel.page.focus("#sheet"))

    async def press(*keys: str) -> None:
        for key in keys:
            await panel.do(panel.page.keyboard.press(key))

    await press("Enter")  # in the middle
    await press(*["Shift+ArrowRight"] * 4, "Enter")  # 0.7, 0.5
    await press(*["Shift+ArrowDown"] * 4, "Enter")  # 0.7, 0.7
    await press("Enter", *["ArrowRight"] * 3, "Enter")  # picked up, and put down at 0.73
    await press(*["Shift+ArrowLeft"] * 6, "Enter", "Delete")  # one too many
    await panel.do(panel.page.focus("#save"))
    await press("Enter")
    await panel.holds("saved.textContent.startsWith('已保存')")
    (zone,) = zones_of(home)
    assert zone["polygon"] == [[0.5, 0.5], [0.7, 0.5], [0.73, 0.7]]


async def test_what_cannot_be_is_said_beside_the_drawing(home: Served, panel: Panel) -> None:
    await panel.go("/cameras/hall")
    await tap_at(panel, 0.2, 0.2)
    await panel.tap("#save")
    assert "至少需要 3 个角点" in await panel.text("#problems")
    await panel.tap("#zone-out")
    for x, y in ((0.2, 0.2), (0.8, 0.8), (0.8, 0.2)):
        await tap_at(panel, x, y)
    start, end = await at(panel, 0.8, 0.2), await at(panel, 0.801, 0.8)
    await panel.do(panel.page.mouse.move(*start))
    await panel.do(panel.page.mouse.down())
    await panel.do(panel.page.mouse.move(*end, steps=3))
    await panel.do(panel.page.mouse.up())
    await panel.tap("#save")
    await panel.shows("#problems li")
    assert "地面" in await panel.text("#problems"), "which zone"
    assert home.ward.edits == []
    home.ward.outline_or_why = "outline_learning"
    await panel.tap("#ask")
    await panel.holds("problems.textContent.includes('正在学习房间')")
    panel.complaints = [line for line in panel.complaints if not any(status in line for status in SENT)]


async def test_an_alarm_on_another_page_sounds_here_and_spoils_no_drawing(home: Served, panel: Panel) -> None:
    await panel.go("/cameras/hall")
    for x, y in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8)):
        await tap_at(panel, x, y)
    busy_night(home.ward)
    await panel.holds("document.title.startsWith('(')")
    assert await panel.js("sheet.querySelectorAll('circle').length") == 3
    await panel.holds("heard.length > 0")


async def test_there_is_no_page_for_a_camera_that_is_not_there(home: Served) -> None:
    await home.log_in()
    assert (await home.call("GET", "/cameras/toilet")).status_code == 404
    home.ward.cameras_seen[1] = replace(HALL, id="1/2 厅", facts=CameraFacts("1/2 厅", view=CameraView.WALL))
    answer = await home.call("GET", "/cameras/1%2F2%20%E5%8E%85")
    assert answer.status_code == 200
    assert "1/2 厅" in answer.text


async def test_zones_that_somebody_else_has_set_meanwhile_are_not_written_over(home: Served, panel: Panel) -> None:
    await panel.go("/cameras/cam-302")
    home.ward.cameras_seen[0] = replace(BEDROOM, facts=replace(BEDROOM.facts, zones=(DOOR,)))
    await panel.tap("#list [data-zone='1']")
    await panel.tap("#zone-out")
    await panel.tap("#save")
    await panel.shows("#problems li")
    assert "其他人已修改" in await panel.text("#problems")
    assert home.ward.edits == []
    await panel.tap("#discard")
    await panel.holds("document.querySelectorAll('#list button').length === 1")


async def test_an_outline_is_forgotten_after_ten_minutes(home: Served, panel: Panel) -> None:
    await panel.do(panel.page.clock.install())
    await panel.go("/cameras/hall")
    await panel.do(panel.page.click("#ask"))
    await panel.shows("#outline.shown")
    lit = "[...outline.getContext('2d').getImageData(0, 0, 160, 120).data].some((v) => v > 0)"
    await panel.do(panel.page.clock.fast_forward(9 * 60 * 1000))
    assert await panel.js(lit)
    await panel.do(panel.page.clock.fast_forward(61 * 1000))
    await panel.hides("#outline.shown")
    assert not await panel.js(lit)
    assert "请重新获取" in await panel.text("#outline-note")
    panel.complaints = [line for line in panel.complaints if "Canvas2D" not in line]  # this test's own reading


async def test_a_home_without_cameras_is_not_told_of_them(served: Served, panel: Panel) -> None:
    assert await panel.js("document.querySelectorAll('nav a').length") == 6
    served.ward.cameras_seen.append(HALL)
    await panel.go("/cameras/hall")
    assert await panel.text("nav [aria-current]") == "摄像头"
