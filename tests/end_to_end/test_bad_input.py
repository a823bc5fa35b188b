"""Garbage on every port at once: nothing ends, nothing is invented, and what is true comes through."""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.end_to_end.alarm_log import stored
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, address, resident, room
from tests.end_to_end.sound import heard
from tests.simulator.wearables import BTHOME, PRESSES
from tests.waiting import answered, until

STRANGERS = tuple(f"AA:BB:CC:00:00:{n:02X}" for n in range(8))
BUTTON = 0x3A  # BTHome's object for a press: garbage that happened to hold one would be a press


def press_of_a_stranger(number: int) -> bytes:
    """A perfect press, by a button that nobody adopted."""
    return bytes((0x44, 0x00, number % 256, BUTTON, PRESSES["press"]))


def garbage(dice: random.Random) -> bytes:
    """Truncated, empty and random service data."""
    noise = dice.randbytes(dice.randrange(31)).replace(bytes([BUTTON]), b"")
    return dice.choice((b"", b"\x40", b"\x40\x54", b"\x44\x00", b"\x41\x01\x64", b"\xff" * 31, b"\x40" + noise, noise))


async def babble(home: Home, dice: random.Random) -> None:
    """Garbage from the air, from button 0 and from strangers, until cancelled."""
    for number in range(10**9):
        home.bluez.advertise(address(0), {BTHOME: garbage(dice)})
        stranger = dice.choice(STRANGERS)
        home.bluez.advertise(stranger, {BTHOME: dice.choice((garbage(dice), press_of_a_stranger(number)))}, "STRANGER")
        home.bluez.advertise(stranger, {"0000180d-0000-1000-8000-00805f9b34fb": garbage(dice)})
        await asyncio.sleep(0.02)


async def line_faults(home: Home, dice: random.Random) -> None:
    """Every fault that a Modbus line knows, one after the other, until cancelled."""
    faults = home.line.faults[1]
    while True:
        for name, value in (("wrong_crc", True), ("half", True), ("late_s", 0.3), ("pieces", 3), ("exception", 4)):
            before = getattr(faults, name)
            setattr(faults, name, value)
            await asyncio.sleep(dice.uniform(0.1, 0.4))
            setattr(faults, name, before)
            await asyncio.sleep(0.6)


@asynccontextmanager
async def noise(home: Home) -> AsyncIterator[None]:
    """All of it at once."""
    dice = random.Random(1)
    home.line.tty.noise(60.0, rate_bytes_s=50.0)
    home.radar.tty.noise(60.0, rate_bytes_s=300.0)
    home.radar.tty.corrupt(every=7)
    tasks = [asyncio.create_task(babble(home, dice)), asyncio.create_task(line_faults(home, dice))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        home.line.come_back(1)
        home.line.tty.quiet()
        home.radar.tty.quiet()
        home.radar.tty.corrupt(every=0)


async def test_garbage_on_all_lines_and_in_the_air(make_home: MakeHome) -> None:
    home = await make_home(buttons=2, smoke=2, bed=True)
    async with home.served() as daemon:
        async with noise(home):
            home.buttons[1].press()
            call = await daemon.alarm("sos", resident(1))
            home.board.set_contact(1, True)
            smoke = await daemon.alarm("smoke", room(1))
            await until(lambda: {call["id"], smoke["id"]} <= set(heard(home.lines).began), "both sound")
            strangers: set[str] = set()
            end = time.monotonic() + 10
            while not strangers >= set(STRANGERS):
                assert time.monotonic() < end, strangers
                strangers = {one.split()[0] for one in (await daemon.state())["unknown_devices"]}
        await home.heard_by(daemon)
        await until_only(daemon, {call["id"], smoke["id"]})
        home.buttons[0].press()
        await daemon.alarm("sos", resident(0))
        calls = [one for one in await daemon.alarms() if one["alarm_class"] == "physiological"]
        assert {one["subject"]["id"] for one in calls} == {resident(0), resident(1), room(1)}
        await until(lambda: set(stored(home.state)) >= {one["id"] for one in calls}, "stored")
        assert not daemon.tracebacks


async def until_only(daemon: Daemon, ids: set[str]) -> None:
    """Wait until what the noise made blind is heard again: only the alarms `ids` stay open.

    And a battery that seems low: noise can say that in the plain frames of an adopted device, whose next word ends it.
    """
    await answered(
        daemon.alarms, lambda alarms: {one["id"] for one in alarms if one["kind"] != "battery_low"} == ids, 20.0
    )


NONSENSE = (
    b"",
    b"\x00" * 200 + b"\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /api/v1/state HTTP/1.1\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
    b"GET /api/v1/history?limit=-1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /api/v1/events?lane=nobody&cursor=%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"DELETE /api/v1/alarms HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /api/v1/alarms/nobody/seen HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /api/v1/alarms/x/closed HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n[[[[[[[[[",
    b"POST /api/v1/alarms/x/seen HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n{",
    b"POST /api/v1/alarms/x/seen HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b'{"v": 1, "t": "hello", "role": "vision"}\n',
    b'{"v": 1, "t": "hello", "role": "core", "pid": 1}\n',
    b'{"v": 2}\n',
    b'{"v": 1, "t": "open", "alarms": [{"id": 1}]}\n',
    b"[" * 5000 + b"\n",
    b"\xff" * 400_000,
)


async def test_nonsense_on_every_socket(make_home: MakeHome) -> None:
    home = await make_home()
    async with home.served() as daemon:
        home.buttons[0].press()
        call = await daemon.alarm("sos", resident(0))
        await until(lambda: call["id"] in heard(home.lines).began, "it sounds")
        port = int(daemon.log.rpartition("panel on port ")[2].split('"')[0])
        sounder = daemon.pid_of("sounder")
        sockets = (home.config / "run" / name for name in ("api.sock", "core.sock", "sounder.sock"))
        places: list[int | Path] = [port, *sockets]
        for where in places:
            for words in NONSENSE:
                await asyncio.to_thread(say, where, words)
        await home.heard_by(daemon)
        assert daemon.pid_of("sounder") == sounder
        (still,) = (one for one in await daemon.alarms() if one["kind"] == "sos")
        assert (still["id"], still["state"], still["sounding"]) == (call["id"], "raised", True)
        rises = len(heard(home.lines).rises)
        await until(lambda: len(heard(home.lines).rises) > rises, "it goes on sounding")
        assert not daemon.tracebacks


def say(where: int | Path, words: bytes) -> None:
    """Say `words` on a TCP port or a Unix socket, and hear what comes for a moment."""
    kind = socket.AF_INET if isinstance(where, int) else socket.AF_UNIX
    with socket.socket(kind) as connection, suppress(OSError):
        connection.settimeout(0.1)
        connection.connect(("127.0.0.1", where) if isinstance(where, int) else str(where))
        connection.sendall(words)
        while connection.recv(65536):
            continue
