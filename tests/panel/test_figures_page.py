"""The page of the figures in a real browser: both languages, any span, large enough, and nobody ranked."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.panel.browser import Desk, panel_of, tablet_of
from tests.panel.serving import Served, serving
from tests.panel.test_legibility import measured
from tests.panel.ward import Ward as PanelWard
from tests.store.logs import Ward


@pytest.fixture
async def home(run_folder: Path) -> AsyncIterator[Served]:
    """A home whose log knows one alarm, attended and closed by people with names."""
    ward = Ward(run_folder / "state", wall_at_0=time.time() - 6000.0)
    ward.live()
    ward.close()
    async with serving(PanelWard(state=run_folder / "state"), run_folder) as served:
        yield served


@pytest.mark.parametrize(
    ("locale", "heading", "row", "span"),
    [
        ("zh-CN", "响应时间", "其中有声报警", "最近 30 天"),
        ("en-GB", "response times", "of these audible", "Last 30 d"),
    ],
)
async def test_figures_are_read_on_a_tablet_in_both_languages(
    desk: Desk, home: Served, locale: str, heading: str, row: str, span: str
) -> None:
    async with tablet_of(desk, home, locale) as panel:
        await panel.tap("nav a[href='/figures']")
        await panel.shows("#figures")
        assert await panel.text(".days [aria-current]") == span.replace("30", "7")
        await panel.do(panel.page.click("text=" + span))
        await panel.shows(f".days [aria-current]:has-text('{span}')")
        text = await panel.text("main")
        assert heading in text
        assert row in text
        assert await panel.js("document.querySelectorAll('.figures tr').length") > 20
        await measured(panel)
        alarm = (
            await home.call("GET", "/api/v1/history")
        ).text  # the ward's own log names who acted; the page does not
        assert "panel:" not in text, alarm


async def test_names_of_residents_stand_for_their_pseudonyms(desk: Desk, home: Served) -> None:
    subject = (await home.ward.stats(30)).sources[0].subject
    home.ward.rooms = (type(home.ward.rooms[0])("302", ((subject, "王秀英"),)),)
    async with panel_of(desk, home) as panel:
        await panel.enter()
        await panel.go("/figures?days=30")
        text = await panel.text("#figures")
        assert "王秀英" in text
        assert subject not in text


async def test_without_the_store_it_says_so_and_any_other_span_is_refused(desk: Desk, home: Served) -> None:
    home.ward.state = Path("/nowhere")
    async with panel_of(desk, home) as panel:
        await panel.enter()
        await panel.go("/figures")
        assert "历史记录不可用" in await panel.text("#figures-unavailable")
    await home.log_in()
    assert (await home.call("GET", "/figures?days=31")).status_code == 400
