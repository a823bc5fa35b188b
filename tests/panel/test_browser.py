"""The panel in a real Chromium: what a carer sees, taps and hears."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Playwright, ViewportSize, async_playwright

from agent.alarms.alarm import Action, Command, State
from agent.panel.auth import COOKIE
from agent.panel.server import PanelServer
from agent.panel.settings import PanelSettings
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Priority
from agent.rules.reason import because
from drivers.base import LinkState
from tests.panel.conftest import Served, serving
from tests.panel.ward import ROOMS, WANG, ZHANG, Ward, busy_night

T = TypeVar("T")

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Runs before the page's own scripts: notes each pulse as it is scheduled, and what was cut off.
_EAR = """
window.heard = [];
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  const oscillator = make.call(this), context = this, pulse = {};
  const start = oscillator.start.bind(oscillator), stop = oscillator.stop.bind(oscillator);
  oscillator.start = (at) => { pulse.start = at; pulse.hz = oscillator.frequency.value; heard.push(pulse); start(at); };
  oscillator.stop = (at) => { pulse.stop = at ?? context.currentTime; stop(at); };
  return oscillator;
};
window.loaded = window.moved = performance.now();
new MutationObserver((changes) => {
  if (changes.some(({ target }) => target.closest?.("#live") && !target.matches(".age"))) moved = performance.now();
}).observe(document, { childList: true, subtree: true });
"""


class Desk:
    """One Chromium for this file, in an event loop and thread of its own: tests have a loop each."""

    def __init__(self, executable: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="browser")
        self._thread.start()
        self._executable = executable
        self._playwright: Playwright | None = None
        self.browser: Browser | None = None

    async def do(self, work: Awaitable[T]) -> T:
        """What `work` gives, done in the browser's loop."""

        async def done() -> T:
            return await work

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(done(), self._loop))

    def now(self, work: Coroutine[Any, Any, T]) -> T:
        """The same, for fixtures that wait."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def open(self) -> None:
        """Start the browser."""
        self._playwright = await async_playwright().start()
        self.browser = await self._playwright.chromium.launch(executable_path=self._executable, args=_FLAGS)

    async def close(self) -> None:
        """End it."""
        if self.browser:
            await self.browser.close()
        if self._playwright:
            await self._playwright.stop()

    def end(self) -> None:
        """End the loop and its thread."""
        self.now(self.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("needs Debian's chromium and fonts-noto-cjk: apt-get install chromium fonts-noto-cjk")
    desk = Desk(executable)
    try:
        desk.now(desk.open())
        yield desk
    finally:
        desk.end()


class Panel:
    """One page of one panel; a page error or a line on the console fails the test at its end."""

    def __init__(self, desk: Desk, served: Served, context: BrowserContext, page: Page) -> None:
        self._desk = desk
        self._served = served
        self.context = context
        self.page = page
        self.complaints: list[str] = []

    async def listen(self) -> None:
        """Note what the page complains of; in the browser's loop, since this speaks to it."""
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self._note(message.text))

    def _note(self, text: str) -> None:
        if "AudioContext was not allowed" not in text:  # the browser's own word for what #sound-off says
            self.complaints.append(text)

    async def log_in(self, name: str = "wang") -> None:
        """Type name and code, as a carer does."""
        await self.go("/")
        await self.do(self.page.fill("#name", name))
        await self.do(self.page.fill("#code", self._served.code))
        await self.do(self.page.click("button.main"))
        await self.shows("#live[data-view=alarms]")

    async def enter(self) -> None:
        """Be logged in already, and let the page sound by a tap."""
        cookie = (await self._served.log_in()).cookies.get(COOKIE)
        assert cookie
        await self.do(self.context.add_cookies([{"name": COOKIE, "value": cookie, "url": self._served.url}]))
        await self.go("/")
        await self.do(self.page.click("footer"))
        await self.hides("#sound-off")

    async def go(self, path: str) -> None:
        await self.do(self.page.goto(self._served.url + path))

    async def do(self, work: Awaitable[T]) -> T:
        return await self._desk.do(work)

    async def shows(self, selector: str, timeout_s: float = 10) -> None:
        await self.do(self.page.wait_for_selector(selector, timeout=timeout_s * 1000))

    async def hides(self, selector: str, timeout_s: float = 10) -> None:
        await self.do(self.page.wait_for_selector(selector, state="hidden", timeout=timeout_s * 1000))

    async def tap(self, selector: str) -> None:
        """Tap once the list lies still: a card that has just come or moved takes no tap."""
        await self.shows(selector)
        await self.holds("performance.now() - moved > 420")
        await self.do(self.page.click(selector))

    async def js(self, expression: str) -> Any:  # noqa: ANN401
        return await self.do(self.page.evaluate(expression))

    async def holds(self, expression: str, timeout_s: float = 10) -> None:
        # not wait_for_function: the page's own policy forbids what that does
        end = asyncio.get_running_loop().time() + timeout_s
        while not await self.js(expression):
            assert asyncio.get_running_loop().time() < end, f"not within {timeout_s:g} s: {expression}"

    async def text(self, selector: str) -> str:
        return await self.do(self.page.inner_text(selector))


@asynccontextmanager
async def panel_of(
    desk: Desk, served: Served, locale: str = "zh-CN", viewport: ViewportSize | None = None
) -> AsyncIterator[Panel]:
    assert desk.browser is not None
    size: ViewportSize = viewport or {"width": 1280, "height": 800}
    context = await desk.do(desk.browser.new_context(locale=locale, viewport=size))
    await desk.do(context.add_init_script(_EAR))
    panel = Panel(desk, served, context, await desk.do(context.new_page()))
    await desk.do(panel.listen())
    try:
        yield panel
        assert panel.complaints == []
    finally:
        await desk.do(context.close())


@pytest.fixture
async def panel(desk: Desk, served: Served) -> AsyncIterator[Panel]:
    async with panel_of(desk, served) as panel:
        await panel.enter()
        yield panel


async def test_an_alarm_is_lived_through_by_taps_alone(desk: Desk, served: Served) -> None:
    async with panel_of(desk, served) as panel:
        await panel.log_in()
        assert "一切平安" in await panel.text("#live")
        await lived_through(served, panel)


async def lived_through(served: Served, panel: Panel) -> None:
    """Raised, seen, attended, closed."""
    alarm = served.ward.press()
    card = f"#alarm-{alarm.id}"
    await panel.shows(f"{card}.raised.high")
    assert "302" in await panel.text("#room-302 .number")
    text = await panel.text(card)
    assert all(word in text for word in ("紧急呼叫", "王秀英", "高", "未处理", "按钮 sos-302：press"))
    assert await panel.do(panel.page.title()) == "(1) 守夜灯"

    await panel.tap(f"{card} [data-act=seen]")
    await panel.shows(f"{card}.seen")
    assert "已看到 · wang" in await panel.text(card)
    await panel.tap(f"{card} [data-act=attended]")
    await panel.shows(f"{card}.attended")
    assert not await panel.do(panel.page.is_visible(f"{card} .causes"))
    await panel.tap(f"{card} [data-causes]")
    assert await panel.do(panel.page.locator(f"{card} .causes button").all_inner_texts()) == [
        *("跌倒", "如厕", "误报", "已协助", "设备问题", "测试", "其他")
    ]
    served.ward.changed()  # a change elsewhere must not fold the causes away
    await panel.tap(f"{card} [data-cause=assisted]")
    await panel.shows("#quiet")
    assert served.ward.log[-1]["data"]["alarm"]["cause"] == "assisted"
    assert {command.actor for command in served.ward.commands} == {"panel:wang"}


async def test_the_age_counts_up_and_is_the_gateways(served: Served, panel: Panel) -> None:
    alarm = served.ward.press()
    age = f"document.querySelector('#alarm-{alarm.id} .age').textContent"
    await panel.shows(f"#alarm-{alarm.id}")
    await panel.holds(f"{age} === '1 秒'")
    await panel.holds(f"{age} === '2 秒'")


async def test_english_by_the_browsers_wish_and_by_the_switch(desk: Desk, served: Served) -> None:
    busy_night(served.ward)
    async with panel_of(desk, served, "en-GB") as panel:
        await panel.enter()
        text = await panel.text("body")
        for word in (
            "Nightlamp",
            "Fall",
            "Smoke",
            "no recovery for 15 s",
            "SpO2 91 % ≤ 91 for 180 s",
            "Medium",
            "Technical",
        ):
            assert word in text
        assert "跌倒" not in text
        await panel.tap("a[lang=zh]")
        await panel.holds("document.documentElement.lang === 'zh-CN'")
        assert "跌倒" in await panel.text("#live")
        await panel.go("/devices")
        assert "心率" in await panel.text("#live")


async def test_two_panels_stay_in_step(desk: Desk, served: Served, panel: Panel) -> None:
    alarm = served.ward.press()
    card = f"#alarm-{alarm.id}"
    async with panel_of(desk, served, "en-GB") as other:
        await other.log_in("li")
        await other.tap(f"{card} [data-act=attended]")
        await panel.shows(f"{card}.attended")
        assert "已到场 · li" in await panel.text(card)
        await panel.tap(f"{card} [data-causes]")
        await panel.tap(f"{card} [data-cause=test]")
        await other.shows("#quiet")


async def test_a_tap_that_comes_too_late_says_so(served: Served, panel: Panel) -> None:
    """Closed by the engine between the page's last word and the tap: the answer is shown, nothing breaks."""
    alarm = served.ward.press()
    await panel.shows(f"#alarm-{alarm.id}")
    for action in (Action.SEE, Action.ATTEND):
        served.ward.engine.command(Command(action, alarm.id, "panel:li"), served.ward.moment)
    await panel.do(panel.page.route("**/closed", lambda route: route.abort()))
    served.ward.changed()
    await panel.tap(f"#alarm-{alarm.id} [data-causes]")
    await panel.tap(f"#alarm-{alarm.id} [data-cause=test]")
    await panel.shows("#toast")
    assert "未送达" in await panel.text("#toast")
    assert served.ward.engine.open[0].state is State.ATTENDED
    assert await panel.js(f"document.querySelector('#alarm-{alarm.id} [data-cause=test]').disabled") is False
    panel.complaints = [line for line in panel.complaints if "ERR_FAILED" not in line]


async def test_a_card_that_has_just_jumped_under_the_finger_takes_no_tap(served: Served, panel: Panel) -> None:
    first = served.ward.find("bed_exit", Priority.MEDIUM, ZHANG)
    await panel.shows(f"#alarm-{first.id}")
    await panel.js(
        """void new MutationObserver(() => {
             const card = document.querySelector('.alarm.high [data-act=seen]');
             if (card) card.click();
           }).observe(document.getElementById('live'), {childList: true, subtree: true})"""
    )
    second = served.ward.press()
    await panel.shows("#toast")
    assert "再点一次" in await panel.text("#toast")
    assert [alarm.state for alarm in served.ward.engine.open] == [State.RAISED, State.RAISED]
    assert second.id != first.id


async def test_the_list_does_not_move_under_a_finger(served: Served, panel: Panel) -> None:
    first = served.ward.find("bed_exit", Priority.MEDIUM, ZHANG)
    await panel.tap(f"#alarm-{first.id} .what")
    box = await panel.do(panel.page.locator(f"#alarm-{first.id} [data-act=seen]").bounding_box())
    assert box is not None
    await panel.do(panel.page.mouse.move(box["x"] + 9, box["y"] + 9))
    await panel.do(panel.page.mouse.down())
    second = served.ward.press()
    await panel.holds("document.title.startsWith('(2)')")
    assert not await panel.do(panel.page.is_visible(f"#alarm-{second.id}"))
    await panel.do(panel.page.mouse.up())
    await panel.shows(f"#alarm-{first.id}.seen")
    await panel.shows(f"#alarm-{second.id}.raised")


async def test_markup_from_devices_and_sites_is_shown_as_text(served: Served, panel: Panel) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\">'\"&lt;"
    served.ward.rooms = (*ROOMS[:0], type(ROOMS[0])(evil, (("r-1", evil),)))
    served.ward.devices = [type(d)(evil, d.role, evil, d.link, evil, 1.0, d.readings) for d in served.ward.devices[:2]]
    served.ward.unknown = (evil,)
    served.ward.parts = (type(served.ward.parts[0])(evil, "down", evil),)
    place = Subject(SubjectKind.RESIDENT, "r-1", evil)
    served.ward.find("sos", Priority.HIGH, place, because("pressed", device=evil, press=evil), device=evil)
    served.ward.find("device_silent", Priority.LOW, Subject(SubjectKind.DEVICE, evil, evil), because(evil, x=evil))
    await panel.shows(".alarm.high")
    for path in ("/", "/devices", "/system", "/history"):
        await panel.go(path)
        await panel.shows("#link:not(.gone)")
        await panel.holds("performance.now() - loaded > 300")
        assert evil in await panel.text("#live")
        assert await panel.js("document.querySelectorAll('img, #live script').length") == 0
    assert "owned" not in await panel.do(panel.page.title())


async def test_with_the_store_dead_history_says_so_and_alarms_work(served: Served, panel: Panel) -> None:
    busy_night(served.ward)
    await panel.go("/history")
    assert "cam-302" in await panel.text("#live")
    served.ward.store_works = False
    await panel.go("/history")
    assert "历史记录不可用" in await panel.text("#history-unavailable")
    await panel.go("/")
    alarm = served.ward.engine.open[0]
    await panel.tap(f"#alarm-{alarm.id} [data-act=attended]")
    await panel.shows(f"#alarm-{alarm.id}.attended")


async def test_devices_and_parts_change_live(served: Served, panel: Panel) -> None:
    await panel.go("/devices")
    await panel.shows("#device-band-302.connected")
    assert "72" in await panel.text("#device-band-302")
    assert "次/分" in await panel.text("#device-band-302")
    assert "A4:C1:38:0B:22:19" in await panel.text("#unknown")
    assert "从未收到信号" in await panel.text("#device-smoke-kitchen")
    band = served.ward.devices[1]
    served.ward.devices = [
        type(band)(band.id, band.role, band.room, LinkState.FAULT, "adapter unplugged", 2.0, band.readings)
    ]
    served.ward.changed()
    await panel.shows("#device-band-302.fault")
    await panel.hides("#device-smoke-kitchen")
    await panel.go("/system")
    assert "telemetry 412" in await panel.text("#part-upstream")


# ---- sound


async def test_the_pattern_sounds_and_is_hushed_by_seen(served: Served, panel: Panel) -> None:
    alarm = served.ward.press()
    await panel.holds("heard.length >= 10")
    heard = await panel.js("heard")
    at = heard[0]["start"]
    assert [round((pulse["start"] - at) * 1000) for pulse in heard[:10]] == [
        *(0, 250, 500, 1000, 1250, 1900, 2150, 2400, 2900, 3150)
    ]
    assert {round((pulse["stop"] - pulse["start"]) * 1000) for pulse in heard[5:10]} == {150}
    await panel.tap(f"#alarm-{alarm.id} [data-act=seen]")
    await panel.shows(f"#alarm-{alarm.id}.seen")
    cut = await panel.js("heard.filter((pulse) => pulse.stop < pulse.start || pulse.stop - pulse.start > 0.16).length")
    assert cut > 0, "pulses to come are taken back"
    assert await panel.js("heard.length") == 10


async def test_a_graver_alarm_takes_the_sound_over(served: Served, panel: Panel) -> None:
    served.ward.find("bed_exit", Priority.MEDIUM, ZHANG)
    await panel.holds("heard.length === 3")
    served.ward.find("spo2_low", Priority.LOW, ZHANG)
    await panel.holds("document.title.startsWith('(2)')")
    assert await panel.js("heard.length") == 3, "a milder one does not break in"
    served.ward.press()
    await panel.holds("heard.length === 13")
    assert await panel.js("heard[3].hz > heard[0].hz")


async def test_a_browser_that_keeps_us_silent_says_so_until_a_tap(desk: Desk, served: Served, panel: Panel) -> None:
    served.ward.find("bed_exit", Priority.MEDIUM, ZHANG)
    second = Panel(desk, served, panel.context, await desk.do(panel.context.new_page()))
    await second.go("/")
    await second.shows("#sound-off")
    await second.shows(".alarm.medium")
    assert "声音未开启" in await second.text("#sound-off")
    assert await second.js("heard.length") == 0
    await second.do(second.page.click("#sound-off"))
    await second.hides("#sound-off")
    await second.holds("heard.length === 3")


# ---- the gateway gone, the login ended


@pytest.mark.slow
async def test_a_gateway_that_is_gone_is_said_and_sounded_and_comes_back(desk: Desk, run_folder: Path) -> None:
    ward = Ward()
    async with serving(ward, run_folder) as served, panel_of(desk, served) as panel:
        await panel.enter()
        port = served.server.port
        served.server.stop()
        await served.running
        await panel.shows("#disconnected", 9)
        assert "与网关断开" in await panel.text("#disconnected")
        await panel.holds("heard.length === 2")
        again = PanelServer(ward, PanelSettings(port=port), run_folder, run_folder / "api.sock")
        running = asyncio.create_task(again.run())
        await again.ready.wait()
        ward.press()
        await panel.hides("#disconnected", 9)
        await panel.shows(".alarm.high")
        again.stop()
        await running
        panel.complaints.clear()  # of refused connections


async def test_a_login_that_has_ended_is_said_and_sounded(served: Served, panel: Panel) -> None:
    await panel.do(panel.context.request.post(f"{served.url}/logout", headers={"Origin": served.url}))
    await panel.shows("#ended")
    assert "登录已过期" in await panel.text("#ended")
    await panel.holds("heard.length === 2")
    await panel.tap("#ended a")
    await panel.shows("#code")


async def test_a_gateway_that_hangs_is_noticed_without_a_closed_connection(served: Served, panel: Panel) -> None:
    await panel.shows("#link:not(.gone)")
    await panel.do(panel.context.set_offline(offline=True))
    await panel.do(panel.page.route("**/live/**", lambda route: route.abort()))
    await panel.js("void (performance.now = ((now) => () => now() + 6000)(performance.now.bind(performance)))")
    await panel.shows("#disconnected", 3)
    assert not await panel.do(panel.page.is_visible("#quiet")), "nobody knows now whether all is quiet"
    panel.complaints.clear()


# ---- large, legible, within reach


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
        for path in ("/devices", "/system", "/history", "/nowhere"):
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
