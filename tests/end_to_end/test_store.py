"""The store hangs, is locked, or vanishes: open alarms are shown, sounded and acknowledged all the same."""

import asyncio
import logging
import signal
import time
from pathlib import Path

import pytest

from agent.app.parts import PROVEN_S
from agent.panel.client import ApiClient, ClientError
from tests.end_to_end.alarm_log import delete, locked, received, stored
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, resident
from tests.end_to_end.shim import Shim
from tests.end_to_end.sound import heard
from tests.waiting import until

_LOGGER = logging.getLogger(__name__)

ANSWER_S = 1.0  # the API answers from memory; far above what it takes even on a busy machine
SOUND_S = 2.0
LIFE = ("raised", "seen", "attended", "closed")


async def three_open(home: Home, daemon: Daemon) -> list[str]:
    """Three residents have called, and all three calls are safe on disk."""
    for button in home.buttons[:3]:
        button.press()
    ids = [(await daemon.alarm("sos", resident(number)))["id"] for number in range(3)]
    await until(lambda: set(ids) <= set(stored(home.state)), "stored")
    return ids


def whole(lives: dict[str, list[str]], ids: list[str]) -> bool:
    """Whether each of `ids` was raised, seen, attended and closed, in this order."""
    return all(tuple(one for one in lives.get(id_, ()) if one in LIFE) == LIFE for id_ in ids)


async def live_without_store(home: Home, daemon: Daemon, ids: list[str]) -> str:
    """A fourth resident calls, which sounds; the first two alarms are tended and closed. Gives the new alarm's id."""
    pressed_at = home.buttons[3].press()
    assert pressed_at is not None
    fourth = (await daemon.alarm("sos", resident(3)))["id"]
    await until(lambda: fourth in heard(home.lines).began, "it sounds")
    assert heard(home.lines).began[fourth] - pressed_at < SOUND_S
    for id_ in ids[:2]:
        await daemon.act(id_, "seen", "attended", "closed")
    began = time.monotonic()
    shown = {alarm["id"] for alarm in await daemon.alarms() if alarm["kind"] == "sos"}
    assert time.monotonic() - began < ANSWER_S
    assert shown == {ids[2], fourth}
    return str(fourth)


async def nothing_lost(home: Home, daemon: Daemon, ids: list[str]) -> None:
    """All of the alarms are closed; file and platform tell the whole life of each, once."""
    for alarm in await daemon.alarms():
        if alarm["kind"] == "sos":
            await daemon.act(alarm["id"], "seen", "attended", "closed")
    await until(lambda: whole(stored(home.state), ids), "all is in alarms.db")
    await until(lambda: whole(received(home.platform), ids), "all is at the platform", 20)
    rows = [row["id"] for row in home.platform.kept()]
    assert len(rows) == len(set(rows))


async def test_locked_by_another_program(make_home: MakeHome) -> None:
    home = await make_home(buttons=4, platform=True)
    async with home.served() as daemon:
        ids = await three_open(home, daemon)
        with locked(home.state):
            fourth = await live_without_store(home, daemon, ids)
            failed = await daemon.alarm("store_failed", "alarms.db")
            assert (failed["priority"], failed["alarm_class"]) == ("high", "technical")
        await daemon.over(failed["id"])
        await nothing_lost(home, daemon, [*ids, fourth])


async def test_an_edit_of_the_site_is_answered_when_it_is_on_disk(make_home: MakeHome, run_folder: Path) -> None:
    home = await make_home(buttons=1)
    path, row = "/api/v1/site/place/salon", {"kind": "hall", "floor": "2"}
    api = ApiClient(home.config / "run" / "api.sock")
    with Shim(run_folder) as shim:
        async with home.served(**shim.environment) as daemon:
            shim.hang(True)
            with pytest.raises(ClientError) as caught:
                await asyncio.to_thread(api.put, path, row)
            assert caught.value.code == "site_not_kept"
            assert "leave the gateway on" in str(caught.value)
            pressed_at = home.buttons[0].press()
            assert pressed_at is not None
            call = (await daemon.alarm("sos"))["id"]
            await until(lambda: call in heard(home.lines).began, "it sounds")
            assert heard(home.lines).began[call] - pressed_at < SOUND_S, "no alarm waits for it"
            shim.hang(False)
            await daemon.over((await daemon.alarm("store_failed", "alarms.db"))["id"])
            assert (await asyncio.to_thread(api.put, path, row))["id"] == "salon"
            await asyncio.to_thread(api.put, path.replace("salon", "garden"), row)
            await daemon.kill()
    async with home.served() as daemon:
        places = [one["id"] for one in (await daemon.get("/api/v1/site"))["place"]]
        assert {"salon", "garden"} <= set(places)


async def test_the_disk_hangs_in_the_middle_of_a_sync(make_home: MakeHome, run_folder: Path) -> None:
    home = await make_home(buttons=4, platform=True)
    with Shim(run_folder) as shim:
        async with home.served(**shim.environment) as daemon:
            ids = await three_open(home, daemon)
            shim.hang(True)
            fourth = await live_without_store(home, daemon, ids)
            failed = await daemon.alarm("store_failed", "alarms.db")
            shim.hang(False)
            await daemon.over(failed["id"])
            await nothing_lost(home, daemon, [*ids, fourth])


async def test_deleted_while_three_alarms_are_open(make_home: MakeHome) -> None:
    home = await make_home(buttons=4, platform=True)
    async with home.served() as daemon:
        ids = await three_open(home, daemon)
        delete(home.state)
        fourth = await live_without_store(home, daemon, ids)
        await until(lambda: (home.state / "alarms.db").exists(), "the file is back")
        await nothing_lost(home, daemon, [*ids, fourth])

        def failed() -> set[str]:
            return {row["data"]["alarm"]["kind"] for row in home.platform.kept() if row["subject"] == "alarms.db"}

        await until(failed, "the platform hears of the store as well")
        assert failed() == {"store_failed"}


@pytest.mark.slow
async def test_a_start_while_the_file_does_not_open(make_home: MakeHome) -> None:
    """The copy beside it serves until it opens; a call is heard all the same."""
    home = await make_home(buttons=4, platform=True)
    async with home.served() as daemon:
        ids = await three_open(home, daemon)
        await until(lambda: all(id_ in (home.state / "open_alarms.json").read_text() for id_ in ids), "copied")
        for name in ("core", "sounder"):
            daemon.send(signal.SIGKILL, name)
        await daemon.wait()
        with locked(home.state, wholly=True):
            await daemon.start()
            _LOGGER.info("ready %.1f s after a start without the store", await daemon.ready())
            taken_up = [(await daemon.alarm("sos", resident(number)))["id"] for number in range(3)]
            assert taken_up == ids
            await home.heard_by(daemon)
            fourth = await live_without_store(home, daemon, ids)
            unreadable = await daemon.alarm("history_unreadable")
            assert (unreadable["priority"], unreadable["alarm_class"]) == ("high", "technical")
        await nothing_lost(home, daemon, [*ids, fourth])


async def test_deleted_and_the_core_killed_at_once(make_home: MakeHome) -> None:
    """The copy beside the file is what a start has then."""
    home = await make_home(buttons=3)
    async with home.served() as daemon:
        ids = await three_open(home, daemon)
        await until(lambda: all(id_ in (home.state / "open_alarms.json").read_text() for id_ in ids), "copied")
        delete(home.state)
        for name in ("core", "sounder"):  # the sounder too, which remembers what is open
            daemon.send(signal.SIGKILL, name)
        await daemon.wait()
        await daemon.start()
        await daemon.ready()
        assert {alarm["id"] for alarm in await daemon.alarms() if alarm["kind"] == "sos"} == set(ids)
        unreadable = await daemon.alarm("history_unreadable")
        assert (unreadable["priority"], unreadable["alarm_class"]) == ("high", "technical")


@pytest.mark.slow
async def test_the_alarm_about_a_store_from_before_a_restart_ends_by_itself(make_home: MakeHome) -> None:
    """The core dies while the store fails and comes back with one that works: nobody may have to close that alarm."""
    home = await make_home(buttons=4)
    async with home.served() as daemon:
        with locked(home.state):
            home.buttons[3].press()
            await daemon.alarm("store_failed", "alarms.db")
            await daemon.kill()
        await daemon.start()
        await daemon.ready()
        failed = await daemon.alarm("store_failed", "alarms.db")
        await daemon.over(failed["id"], PROVEN_S + 10)
        assert [alarm["kind"] for alarm in await daemon.alarms()] == ["sos"]
