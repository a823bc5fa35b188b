"""A start while the store does not open: calls are alarms at once; what was before is taken up as soon as it does."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.app.house import House
from agent.app.starts import Starts
from agent.clock import Clock
from agent.panel.site_port import Edit, SiteNotReadError
from agent.settings.load import load
from drivers.reading import Reading
from tests.end_to_end.alarm_log import locked

FILES = {
    "nightlamp.toml": 'id = "home"\n[folders]\nstate = "state"\nrun = "run"\n',
    "site.toml": "".join(f'[[resident]]\nid = "r-{n}"\nname = "王桂英"\nroom = "{100 + n}"\n' for n in range(3))
    + "".join(f'[[binding]]\ndevice = "button-{n}"\nrole = "button"\nresident = "r-{n}"\n' for n in range(3)),
    "devices.toml": '[[ble]]\nadapter = "hci0"\n'
    + "".join(
        f'[[ble.device]]\nid = "button-{n}"\naddress = "A4:C1:38:00:00:0{n}"\nproduct = "bthome"\n' for n in range(3)
    ),
}


@pytest.fixture
def house(tmp_path: Path) -> Callable[[], House]:
    """Makes the house of these files; the settings are read once, since nothing here waits for the disk."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    settings, clock = load(tmp_path), Clock()
    for folder in (settings.state, settings.run):
        folder.mkdir()

    def made() -> House:
        return House(settings, clock, lambda error: pytest.fail(repr(error)), Starts(tmp_path / "starts", clock.boot))

    return made


def press(house: House, number: int) -> None:
    house.emit(Reading(f"button-{number}", "button", "press", house.home.snapshot().at))


def calls(house: House) -> set[tuple[str, str]]:
    """Subject and room of each call that is open."""
    return {(one.subject.id, one.subject.room) for one in house.home.snapshot().alarms if one.kind == "sos"}


async def whole(house: House) -> House:
    """With what was before: on a slow machine the store may not have been open in time."""
    if house.late:
        await house.take_up_late()
    return house


async def test_calls_are_judged_before_the_store_is_open_and_the_past_is_taken_up_after(
    house: Callable[[], House], tmp_path: Path
) -> None:
    first = await whole(house())
    press(first, 0)
    await first.home.desk.edit(Edit("resident", "r-1", {"name": "李桂兰", "room": "201"}), "panel:wang")
    await first.end(orderly=False)
    with locked(tmp_path / "state", wholly=True):
        second = house()
        assert second.late
        assert calls(second) == set(), "nothing is known yet of what was before"
        press(second, 1)
        assert calls(second) == {("r-1", "201")}, "in the room of the last edit, by the copy beside the file"
        waiting = asyncio.create_task(
            second.home.desk.edit(Edit("resident", "r-2", {"name": "张建国", "room": "202"}), "panel:wang")
        )
        await asyncio.sleep(0)
    await second.take_up_late()
    assert calls(second) == {("r-0", "100"), ("r-1", "201")}
    assert await waiting == ()
    press(second, 2)
    assert calls(second) == {("r-0", "100"), ("r-1", "201"), ("r-2", "202")}
    assert not [one for one in second.home.snapshot().alarms if one.kind == "history_unreadable"]
    await second.end(orderly=False)
    third = await whole(house())
    assert len([one for one in third.home.snapshot().alarms if one.kind == "sos"]) == 3, "all are kept, once"
    await third.end(orderly=False)


async def test_when_it_never_opens_the_copies_serve_and_staff_are_told(
    house: Callable[[], House], tmp_path: Path
) -> None:
    first = await whole(house())
    press(first, 0)
    await first.end(orderly=False)
    with locked(tmp_path / "state", wholly=True):
        second = house()
        before = second.home.desk.document
        with pytest.raises(SiteNotReadError):
            await second.home.desk.edit(Edit("resident", "r-2", None), "panel:wang")
        assert second.home.desk.document == before, "nobody is told that an edit is in force which is not"
        press(second, 1)
        await second.take_up_late()
        assert calls(second) == {("r-0", "100"), ("r-1", "101")}
        assert "history_unreadable" in {one.kind for one in second.home.snapshot().alarms}
    await second.end(orderly=False)
