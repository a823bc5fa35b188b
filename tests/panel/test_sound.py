"""What a carer hears, and what the page says when the gateway or the login is gone."""

import asyncio
from pathlib import Path

import pytest

from agent.panel.server import PanelServer
from agent.panel.settings import PanelSettings
from agent.rules.finding import Priority
from tests.panel.browser import Desk, Panel, panel_of
from tests.panel.serving import Served, serving
from tests.panel.ward import ZHANG, Ward


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
    panel.complaints.clear()  # of a word that it sounds, on its way when the login ended


async def test_a_gateway_that_hangs_is_noticed_without_a_closed_connection(served: Served, panel: Panel) -> None:
    await panel.shows("#link:not(.gone)")
    await panel.do(panel.context.set_offline(offline=True))
    await panel.do(panel.page.route("**/live/**", lambda route: route.abort()))
    await panel.js("void (performance.now = ((now) => () => now() + 6000)(performance.now.bind(performance)))")
    await panel.shows("#disconnected", 3)
    assert not await panel.do(panel.page.is_visible("#quiet")), "nobody knows now whether all is quiet"
    panel.complaints.clear()
