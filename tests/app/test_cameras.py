"""An edit of the site facts reaches rules and ladders whatever becomes of the cameras."""

from collections.abc import Callable

import pytest

from agent.app.house import House
from agent.panel.site_port import Edit
from tests.app.test_opening import calls, house, press, whole

__all__ = ["house"]


async def test_an_edit_is_in_force_for_alarms_though_a_camera_cannot_take_it(
    house: Callable[[], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = await whole(house())

    def fails() -> None:
        raise RuntimeError("cameras")

    monkeypatch.setattr(lived._cameras, "facts_changed", fails)
    with pytest.raises(RuntimeError, match="cameras"):
        await lived.home.desk.edit(Edit("resident", "r-1", {"name": "李桂兰", "room": "201"}), "panel:wang")
    press(lived, 1)
    assert calls(lived) == {("r-1", "201")}
    await lived.end(orderly=False)
