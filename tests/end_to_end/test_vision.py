"""The vision process is killed, hangs, lies or has no picture: told within 15 s, and a button still sounds."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from agent.wire import encode
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, resident
from tests.end_to_end.sound import heard
from tests.simulator.ward.plan import CLIPS
from tests.waiting import answered, until

TOLD_S = 15.0
SOUND_S = 2.0
CLIP = str(CLIPS / "empty.mp4")


async def sounds(home: Home, daemon: Daemon, number: int) -> None:
    """A press sounds as if nothing were wrong."""
    pressed_at = home.buttons[number].press()
    assert pressed_at is not None
    id_ = (await daemon.alarm("sos", resident(number)))["id"]
    await until(lambda: id_ in heard(home.lines).began, "it sounds")
    assert heard(home.lines).began[id_] - pressed_at < SOUND_S


async def sees(daemon: Daemon) -> None:
    """Wait until the camera is watched."""
    end = time.monotonic() + 20
    while not any(one["id"] == "hall-0" and one["link"] == "connected" for one in (await daemon.state())["devices"]):
        assert time.monotonic() < end, daemon.log[-2000:]


async def told_and_mended(home: Home, daemon: Daemon, number: int) -> float:
    """The alarm comes, a button sounds meanwhile, another process takes over. Gives the seconds until the alarm."""
    began = time.monotonic()
    down = await daemon.alarm("vision_down", "vision", TOLD_S)
    while not down["holding"]:  # the one before is well, and must stay so for a while before it closes
        assert time.monotonic() < began + TOLD_S, "not told again"
        down = await daemon.alarm("vision_down", "vision", TOLD_S)
    told_s = time.monotonic() - began
    assert down["alarm_class"] == "technical"
    await sounds(home, daemon, number)
    await well(daemon)
    await sees(daemon)
    return told_s


async def well(daemon: Daemon) -> None:
    """Wait until nothing says any more that vision is down; its alarm may stay a while, quiet."""
    await answered(
        daemon.alarms,
        lambda alarms: not any(one["kind"] == "vision_down" and one["holding"] for one in alarms),
        20.0,
        lambda: daemon.log[-3000:],
    )


async def test_killed_and_lying(make_home: MakeHome) -> None:
    home = await make_home(buttons=3, cameras=(CLIP,))
    async with home.served() as daemon:
        await sees(daemon)
        daemon.send(signal.SIGKILL, "vision")
        await told_and_mended(home, daemon, 0)

        with liar(home, hello("hall-0"), fall("hall-0")):
            await told_and_mended(home, daemon, 1)
        with liar(home, hello("toilet")):
            await told_and_mended(home, daemon, 2)
        assert {alarm["kind"] for alarm in await daemon.alarms() if alarm["holding"]} == {"sos"}
        assert not daemon.tracebacks


def hello(camera: str) -> bytes:
    """The greeting of a vision process that watches `camera`, by its true pid: another is not believed at all."""
    return encode("hello", role="vision", pid=os.getpid(), cameras=[camera])


def fall(camera: str) -> bytes:
    """A fall that nobody can have seen: it lies in the future."""
    return encode(
        "observation", device=camera, name="fall", at=time.monotonic() + 60, value=True, score=1.0, reasons=[], track=1
    )


def liar(home: Home, *lines: bytes) -> socket.socket:
    """Another process of our user that takes the role of vision and says `lines`."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(home.config / "run" / "core.sock"))
    connection.sendall(b"".join(lines))
    return connection


@pytest.mark.slow
async def test_hung(make_home: MakeHome) -> None:
    home = await make_home(cameras=(CLIP,))
    async with home.served() as daemon:
        await sees(daemon)
        hung = daemon.pid_of("vision")
        daemon.send(signal.SIGSTOP, "vision")
        await told_and_mended(home, daemon, 0)
        assert daemon.pid_of("vision") != hung


@pytest.mark.slow
async def test_without_a_picture(make_home: MakeHome, tmp_path: Path) -> None:
    """A file that is missing, one that is no video, one that ends in the middle, and one that is sound."""
    (tmp_path / "noise.mp4").write_bytes(bytes(range(256)) * 400)
    (tmp_path / "torn.mp4").write_bytes((CLIPS / "empty.mp4").read_bytes()[:20_000])
    bad = (str(tmp_path / "none.mp4"), str(tmp_path / "noise.mp4"), str(tmp_path / "torn.mp4"))
    home = await make_home(buttons=1, cameras=(CLIP, *bad))
    async with home.served() as daemon:
        began = time.monotonic()
        for number in (1, 2, 3):
            within_s = max(0.0, began + TOLD_S - time.monotonic())
            silent = await daemon.alarm("device_silent", f"hall-{number}", within_s)
            assert silent["alarm_class"] == "technical"
        await sounds(home, daemon, 0)
        await sees(daemon)
        assert "hall-0" not in {alarm["subject"]["id"] for alarm in await daemon.alarms()}
        assert not daemon.tracebacks
