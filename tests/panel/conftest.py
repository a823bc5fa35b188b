"""A panel for each test, and one Chromium for all of them."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent.panel import credentials
from tests.panel.browser import Desk, Panel, panel_of
from tests.panel.serving import Served, serving
from tests.panel.ward import Ward


@pytest.fixture(autouse=True)
def _cheap_codes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that costs nothing, so that a hundred panels start in seconds; `dear_codes` takes the real one."""
    if "dear_codes" not in request.fixturenames:
        monkeypatch.setattr(credentials, "_COST", {**credentials._COST, "n": 2})


@pytest.fixture
def dear_codes() -> None:
    """Hashes as shipped."""


@pytest.fixture
async def served(run_folder: Path) -> AsyncIterator[Served]:
    async with serving(Ward(), run_folder) as panel:
        yield panel


@pytest.fixture(scope="package")
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


@pytest.fixture
async def panel(desk: Desk, served: Served) -> AsyncIterator[Panel]:
    async with panel_of(desk, served) as panel:
        await panel.enter()
        yield panel
