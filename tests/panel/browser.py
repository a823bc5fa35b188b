"""A real Chromium for tests, and one page of the panel in it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from playwright.async_api import Browser, BrowserContext, Page, Playwright, ViewportSize, async_playwright

from agent.panel.auth import COOKIE
from tests.panel.serving import Served

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


TABLETS: dict[str, ViewportSize] = {
    "zh-CN": {"width": 1280, "height": 800},
    "en-GB": {"width": 800, "height": 1280},
}  # lying, and standing


@asynccontextmanager
async def tablet_of(desk: Desk, served: Served, locale: str) -> AsyncIterator[Panel]:
    """The panel on the tablet of somebody who reads `locale`, logged in."""
    async with panel_of(desk, served, locale, TABLETS[locale]) as panel:
        await panel.enter()
        yield panel


@asynccontextmanager
async def panel_of(
    desk: Desk, served: Served, locale: str = "zh-CN", viewport: ViewportSize | None = None
) -> AsyncIterator[Panel]:
    assert desk.browser is not None
    size = viewport or TABLETS["zh-CN"]
    context = await desk.do(desk.browser.new_context(locale=locale, viewport=size))
    await desk.do(context.add_init_script(_EAR))
    panel = Panel(desk, served, context, await desk.do(context.new_page()))
    await desk.do(panel.listen())
    try:
        yield panel
        assert panel.complaints == []
    finally:
        await desk.do(context.close())
