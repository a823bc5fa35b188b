"""What the running core gives of its own files."""

from pathlib import Path
from typing import Any, cast

import pytest

from agent.app.calls_out import CallsOut
from agent.app.devices import DeviceBook
from agent.app.home import News, RunningHome
from agent.app.parts import Parts
from agent.panel.ports import HistoryUnavailableError
from agent.store.bundle import verify
from agent.store.events import Origin
from agent.store.story import UnknownAlarmError
from tests.app.test_past import Life
from tests.store.logs import SITE, Ward


def _home(state: Path) -> RunningHome:
    flow = Life(100_000.0).flow
    parts = Parts(flow.report, lambda: None)
    desk = sounder = shadow = cameras = cast("Any", None)
    calls = CallsOut(lambda: flow.open, lambda *_: None, lambda: None)
    origin = Origin("gw-7")
    return RunningHome(flow, DeviceBook(SITE), parts, desk, sounder, News(), state, origin, calls, shadow, cameras)


async def test_figures_and_the_story_of_an_alarm(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    alarm = ward.live()
    ward.close()
    home = _home(tmp_path / "state")
    figures = await home.stats(366)
    assert (figures.whole.raised, figures.attended) == (1, 1)
    checked = verify(await home.bundle(alarm.id, "panel:wang"))
    assert (checked.alarm, checked.gateway, checked.made_by) == (alarm.id, "gw-7", "panel:wang")
    with pytest.raises(UnknownAlarmError):
        await home.bundle("nothing", "panel:wang")


async def test_without_files_it_says_so(tmp_path: Path) -> None:
    home = _home(tmp_path)
    with pytest.raises(HistoryUnavailableError):
        await home.stats(1)
    with pytest.raises(HistoryUnavailableError):
        await home.bundle("a", "b")
