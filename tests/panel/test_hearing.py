"""Who counts as heard: by the clock, and a real page that answers, hides, is silent and falls asleep."""

from agent.panel.hearing import HEARD_FOR_S, Hearing
from tests.panel.browser import Desk, Panel
from tests.panel.serving import Served
from tests.waiting import until

SLOW_S = 40.0


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_counts_for_its_time() -> None:
    clock = Clock()
    hearing = Hearing(clock)
    first, second = hearing.opened(), hearing.opened()
    assert first != second
    assert hearing.count == 0, "nobody has answered"
    assert hearing.answered(first, sounds=True)
    clock.now += 1.0
    assert hearing.answered(second, sounds=True)
    assert hearing.count == 2
    clock.now = 100.0 + HEARD_FOR_S - 0.001
    assert hearing.count == 2
    clock.now = 100.0 + HEARD_FOR_S
    assert hearing.count == 1
    assert hearing.answered(first, sounds=True)
    assert hearing.count == 2
    assert hearing.answered(second, sounds=False)
    assert hearing.count == 1
    hearing.closed(first)
    assert hearing.count == 0
    assert not hearing.answered(first, sounds=True)
    assert not hearing.answered("", sounds=True)
    assert hearing.count == 0


async def test_a_page_counts_only_while_it_may_sound_is_seen_and_is_awake(
    desk: Desk, served: Served, panel: Panel
) -> None:
    await until(lambda: served.server.hearing == 1, "it may sound")
    second = Panel(desk, served, panel.context, await desk.do(panel.context.new_page()))
    await second.go("/")
    await second.shows("#sound-off")
    await until(lambda: served.server.hearing == 1, "the browser keeps the second silent")
    await second.do(second.page.close())
    await _hide(panel, "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })")
    await until(lambda: served.server.hearing == 0, "nobody sees it", SLOW_S)
    await _hide(panel, "delete document.hidden")
    await until(lambda: served.server.hearing == 1, "it is seen again", SLOW_S)
    wire = await panel.do(panel.context.new_cdp_session(panel.page))
    await panel.do(wire.send("Debugger.enable"))
    await panel.do(wire.send("Debugger.pause"))
    await until(lambda: served.server.hearing == 0, "it stands still; its connection stays", SLOW_S)
    await panel.do(wire.send("Debugger.resume"))
    await until(lambda: served.server.hearing == 1, "it is awake", SLOW_S)


async def _hide(panel: Panel, change: str) -> None:
    await panel.js(f"void ({change})")
    await panel.js("void document.dispatchEvent(new Event('visibilitychange'))")
