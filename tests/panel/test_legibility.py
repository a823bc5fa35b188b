"""Large, legible, within reach: measured in the page."""

import pytest
from playwright.async_api import ViewportSize

from agent.alarms.alarm import Action, Command
from tests.panel.browser import Desk, Panel, panel_of
from tests.panel.serving import Served
from tests.panel.test_cameras import HALL
from tests.panel.ward import WANG, busy_night

_CONTRAST = """
() => {
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const rgba = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] === 1) return colour;
      if (colour[3] > 0) throw new Error(`half transparent: ${e.className}`);
    }
    return [255, 255, 255, 1];
  };
  const worst = [];
  for (const element of document.body.querySelectorAll('*')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !element.checkVisibility() || element.closest('svg')) continue;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(rgba(style.color)), luminance(ground(element))].sort((x, y) => y - x);
    worst.push({ ratio: (a + 0.05) / (b + 0.05), size: parseFloat(style.fontSize),
                 line: parseFloat(style.lineHeight) / parseFloat(style.fontSize),
                 rows: element.getClientRects().length, what: element.textContent.trim().slice(0, 30) });
  }
  return worst;
}
"""
_TARGETS = """
() => [...document.querySelectorAll('a, button, input:not([type=hidden])')].filter((e) => e.checkVisibility())
  .map((e) => [e.getBoundingClientRect(), e.outerHTML.slice(0, 60)])
  .map(([box, what]) => ({ w: box.width, h: box.height, what }))
"""


@pytest.mark.parametrize(
    ("locale", "viewport"),
    [
        ("zh-CN", ViewportSize(width=1280, height=800)),
        ("en-GB", ViewportSize(width=800, height=1280)),
        pytest.param("zh-CN", ViewportSize(width=1920, height=1080), marks=pytest.mark.slow),
    ],
)
async def test_type_contrast_and_targets_are_within_the_rules(
    desk: Desk, served: Served, locale: str, viewport: ViewportSize
) -> None:
    busy_night(served.ward)
    ids = [alarm.id for alarm in served.ward.engine.open]
    served.ward.command(Command(Action.SEE, ids[1], "panel:li"))
    served.ward.command(Command(Action.ATTEND, ids[2], "panel:li"))
    async with panel_of(desk, served, locale, viewport) as panel:
        await panel.go("/login")
        await measured(panel)
        await panel.enter()
        await panel.tap(f"#alarm-{ids[2]} [data-causes]")
        await panel.js("for (const e of document.querySelectorAll('.banner, #toast')) e.hidden = false")
        await measured(panel)
        room = await panel.js("parseFloat(getComputedStyle(document.querySelector('.room .number')).fontSize)")
        assert room >= 64, "room numbers are read from four metres"
        for path in ("/devices", "/system", "/history", "/figures", "/shadow", "/nowhere"):
            await panel.go(path)
            await measured(panel)
        panel.complaints = [line for line in panel.complaints if "404" not in line]


async def measured(panel: Panel) -> None:
    """MIIT's rules for elders' apps: 18 px type, 4.5:1, lines of 1.3, targets of 60 px; nothing wider than the page."""
    for text in await panel.js(_CONTRAST):
        assert text["ratio"] >= 4.5, text
        assert text["size"] >= 18, text
        assert text["line"] >= 1.3 or text["rows"] == 1, text
    for target in await panel.js(_TARGETS):
        assert min(target["w"], target["h"]) >= 60, target
    assert await panel.js("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_the_head_of_a_tablet_is_one_row(desk: Desk, served: Served, locale: str) -> None:
    served.ward.cameras_seen.append(HALL)
    async with panel_of(desk, served, locale, ViewportSize(width=1280, height=800)) as panel:
        await panel.log_in("a carer with a long name")
        assert await panel.js("document.querySelector('header').offsetHeight") <= 82


async def test_no_alarm_is_told_by_colour_alone(served: Served, panel: Panel) -> None:
    busy_night(served.ward)
    await panel.shows(".alarm.low")
    shapes = {
        name: await panel.js(f"document.querySelector('.alarm.{name} .badge svg').innerHTML")
        for name in ("high", "medium", "low")
    }
    words = {name: await panel.text(f".alarm.{name} .badge b") for name in shapes}
    assert len(set(shapes.values())) == 3
    assert words == {"high": "高", "medium": "中", "low": "低"}
    assert WANG.room == "302"
