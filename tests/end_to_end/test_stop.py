"""The ordered end: within five seconds whatever hangs, and nothing left running but a sounder that sounds."""

import logging
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.end_to_end.alarm_log import locked
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, resident
from tests.end_to_end.sound import heard
from tests.simulator.ward.plan import CLIPS
from tests.waiting import until

_LOGGER = logging.getLogger(__name__)

END_S = 5.0
SOUND_S = 8.0  # a burst of the high pattern and its pause last 8.3 s, so there is a rise within


@contextmanager
def stream(api: Path) -> Iterator[None]:
    """Somebody watches the live stream, and reads nothing of it."""
    with socket.socket(socket.AF_UNIX) as watcher:
        watcher.connect(str(api))
        watcher.sendall(b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        yield


def at(folder: Path) -> tuple[socket.socket, dict[str, str]]:
    """A socket that hears what systemd would hear, and the environment that names it."""
    heard_by = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard_by.bind(str(folder / "notify"))
    heard_by.setblocking(False)
    return heard_by, {"NOTIFY_SOCKET": str(folder / "notify")}


def told(manager: socket.socket) -> list[str]:
    """The datagrams that wait."""
    found = []
    with suppress(BlockingIOError):
        while True:
            found.append(manager.recv(4096).decode())
    return found


async def call(home: Home, daemon: Daemon, number: int = 0) -> str:
    """A resident presses; gives the id of the alarm, once it sounds."""
    home.buttons[number].press()
    id_ = str((await daemon.alarm("sos", resident(number)))["id"])
    await until(lambda: id_ in heard(home.lines).began, "it sounds")
    return id_


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_ends_in_order_and_leaves_nothing(make_home: MakeHome, run_folder: Path, number: signal.Signals) -> None:
    home = await make_home(platform=True)
    manager, environment = at(run_folder)
    with manager:
        async with home.served(**environment) as daemon:
            await daemon.runs("upstream")
            words: list[str] = []

            def fed() -> bool:
                words.extend(told(manager))
                return words.count("WATCHDOG=1") >= 3

            await until(fed, "the watchdog is fed each second")
            assert "READY=1" in words
            assert await daemon.stop(number) <= END_S
            await until(lambda: not daemon.left(), "the sounder ends when told that all is quiet", 2.0)
            words += told(manager)
            assert words.count("READY=1") == words.count("STOPPING=1") == 1
            assert "WATCHDOG=1" not in words[words.index("STOPPING=1") :]
            assert not daemon.tracebacks


@pytest.mark.slow
async def test_ends_in_time_when_everything_hangs(make_home: MakeHome) -> None:
    """Streams open, the network a black hole, the store locked, bluetoothd hung, vision at work."""
    home = await make_home(buttons=2, platform=True, cameras=(str(CLIPS / "empty.mp4"),))
    async with home.served() as daemon:
        await daemon.runs("vision")
        first = await call(home, daemon)
        await until(lambda: home.platform.kept(), "it reached the platform")
        home.network.blackhole()
        with locked(home.state), stream(home.config / "run" / "api.sock"):
            second = await call(home, daemon, 1)
            home.bluez.hang(True)
            took_s = await daemon.stop()
            _LOGGER.info("ended in %.2f s while everything hung", took_s)
            assert took_s <= END_S, daemon.log[-2000:]
        home.bluez.hang(False)
        await until(lambda: set(daemon.left()) == {daemon.pid_of("sounder")}, "only the sounder is left", 1.0)
        before = len(heard(home.lines).rises)
        await until(lambda: len(heard(home.lines).rises) > before, "it goes on sounding", SOUND_S)
        home.network.restore()

        await daemon.start()  # what was not stored comes from the sounder
        await home.heard_by(daemon)
        assert {first, second} <= {alarm["id"] for alarm in await daemon.alarms()}
        await until(lambda: second in {row["data"].get("alarm", {}).get("id") for row in home.platform.kept()}, "sent")


async def test_after_a_restart_the_unseen_sound_at_once_and_the_seen_keep_their_time(make_home: MakeHome) -> None:
    home = await make_home(buttons=2)
    async with home.served() as daemon:
        unseen, seen = await call(home, daemon), await call(home, daemon, 1)
        await daemon.act(seen, "seen")
        before = {alarm["id"]: alarm for alarm in await daemon.alarms()}
        await daemon.stop()
        daemon.send(signal.SIGKILL, "sounder")  # so that nobody but the store remembers
        await until(lambda: not daemon.left(), "all are gone")
        home.lines.write_text("")
        started_at = time.monotonic()
        await daemon.start()
        await until(lambda: unseen in heard(home.lines).began, "it sounds")
        _LOGGER.info("sounds again %.2f s after the start", heard(home.lines).began[unseen] - started_at)
        await daemon.ready()
        after = {alarm["id"]: alarm for alarm in await daemon.alarms()}
        assert (after[seen]["state"], after[seen]["sounding"]) == ("seen", False)
        assert after[seen]["changed_at"] == before[seen]["changed_at"]
        assert after[unseen]["raised_at"] == before[unseen]["raised_at"]
        assert seen not in heard(home.lines).began
