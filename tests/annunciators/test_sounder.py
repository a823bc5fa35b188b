"""The real sounder process on a real socket."""

import asyncio
import contextlib
import json
import os
import pty
import signal
import socket
import tty
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.annunciators.client import SounderClient
from agent.annunciators.patterns import HIGH
from agent.annunciators.settings import (
    AnnunciatorSettings,
    GpioSettings,
    LoudspeakerSettings,
    PagerSettings,
    RelaySettings,
    SimulatedSettings,
    TowerLightSettings,
)
from agent.process_lock import holder
from agent.wire import Message
from tests.annunciators.bench import Bench, running
from tests.annunciators.test_board import alarm
from tests.simulator.player import Player
from tests.waiting import until


@pytest.fixture
async def bench(run_folder: Path) -> AsyncIterator[Bench]:
    settings = AnnunciatorSettings(simulated=(SimulatedSettings("bench", str(run_folder / "lines.jsonl")),))
    async with running(run_folder, settings) as bench:
        yield bench


async def test_an_alarm_reaches_the_line_and_is_reported(bench: Bench) -> None:
    sent = asyncio.get_running_loop().time()
    bench.client.show([alarm("a")])
    await until(lambda: bench.of("sounded"), "sounded")
    change = next(row for row in bench.lines("buzzer") if "a" in row["alarms"])
    assert change["on"]
    assert sent <= change["at"] <= bench.of("sounded")[0]["at"]
    status = bench.of("status")[-1]
    told = {"state": "ok", "detail": "", "simulated": True, "test": "never"}
    assert status["annunciators"]["bench"].items() >= told.items()
    assert status["deaf"] is False


async def test_it_holds_what_is_open_for_the_next_core(bench: Bench) -> None:
    bench.client.show([alarm("a"), alarm("b", "low")])
    await until(lambda: bench.of("sounded"), "sounded")
    await bench.drop_client()
    said: list[Message] = []
    again = SounderClient(bench.folder / "sounder.sock", said.append, lambda _: None, bench.satellite.restart)
    again.show([])  # known before the connection: must not wipe out what is held
    task = asyncio.create_task(again.run())
    await until(lambda: said, "answered")
    assert said[0]["t"] == "held"
    assert [one["id"] for one in said[0]["alarms"]] == ["a", "b"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_core_that_sends_garbage_is_dropped_and_the_sound_goes_on(bench: Bench) -> None:
    bench.client.show([alarm("a")])
    await until(lambda: bench.of("sounded"), "sounded")
    for garbage in (b"\xff\xfe\n", b'{"v":1,"t":"open","alarms":[{"id":1}]}\n', b"x" * 300_000):
        with socket.socket(socket.AF_UNIX) as liar:
            liar.connect(str(bench.folder / "sounder.sock"))
            liar.settimeout(5)
            with contextlib.suppress(ConnectionError):  # it may hang up with half of our garbage unread
                liar.sendall(garbage)
                while liar.recv(65536):
                    pass  # the sounder closes the connection
    before = len(bench.lines("buzzer"))
    await until(lambda: len(bench.lines("buzzer")) > before, "it still sounds")
    await until(lambda: bench.links[-1], "our client is back")


async def test_a_hung_sounder_is_noticed_and_replaced(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.annunciators.client.SILENT_S", 0.3)
    monkeypatch.setattr("agent.annunciators.client.BEAT_S", 0.1)
    hung = bench.satellite.pid
    os.kill(hung, signal.SIGSTOP)
    await until(lambda: not bench.links[-1], "link down")
    monkeypatch.undo()
    await until(lambda: bench.links[-1], "link up")
    assert bench.satellite.pid != hung


async def test_bye_ends_a_silent_one_only(bench: Bench) -> None:
    bench.tasks[0].cancel()  # nobody starts another
    await asyncio.gather(bench.tasks[0], return_exceptions=True)
    bench.client.show([alarm("a")])
    await until(lambda: bench.of("sounded"), "sounded")
    bench.client.bye()
    bench.client.show([alarm("a", sounding=False)])
    count = len(bench.of("status"))
    await until(lambda: len(bench.of("status")) > count, "it lives")
    bench.client.bye()
    await until(lambda: holder(bench.folder / "sounder.lock") is None, "it ended")


async def test_no_pulse_is_lost_while_an_output_is_missing(run_folder: Path) -> None:
    """No GPIO chip, an unplugged tower light that comes back: both are reported, the rest sounds."""
    controller, device = pty.openpty()
    tty.setraw(device)
    link = run_folder / "tower"
    settings = AnnunciatorSettings(
        gpio=(GpioSettings("cabinet", str(run_folder / "no-chip"), buzzer=1),),
        tower_light=(TowerLightSettings("corridor", str(link)),),
        simulated=(SimulatedSettings("bench", str(run_folder / "lines.jsonl")),),
    )
    bench = Bench(run_folder, settings)
    bench.start()
    try:
        await until(lambda: bench.states() == {"cabinet": "fault", "corridor": "fault", "bench": "ok"}, "status")
        bench.client.show([alarm("a")])
        await until(lambda: bench.of("sounded"), "sounded")
        link.symlink_to(os.ttyname(device))
        await until(lambda: bench.of("status")[-1]["annunciators"]["corridor"]["state"] == "ok", "plugged in")
        os.set_blocking(controller, False)
        seen = b""

        def both() -> bool:
            nonlocal seen
            try:
                seen += os.read(controller, 4096)
            except BlockingIOError:
                return False
            return {0x11, 0x18, 0x28} <= set(seen)

        await until(both, "red on, buzzer on and off")
    finally:
        await bench.stop()
        os.close(controller)
        os.close(device)


async def test_a_sound_that_nothing_made_is_not_reported(run_folder: Path) -> None:
    settings = AnnunciatorSettings(gpio=(GpioSettings("cabinet", str(run_folder / "no-chip"), buzzer=1),))
    bench = Bench(run_folder, settings)
    bench.start()
    try:
        await until(lambda: bench.links == [True], "connected")
        bench.client.show([alarm("a")])
        count = len(bench.of("status"))
        await until(lambda: len(bench.of("status")) > count + 1, "two more reports")
        assert not bench.of("sounded")
        assert bench.states() == {"cabinet": "fault"}
        assert bench.of("status")[-1]["deaf"] is True
    finally:
        await bench.stop()


async def test_the_buzzer_keeps_its_beat_while_everything_else_hangs(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ports whose adapters hang in `open`, a player that takes nothing: the pattern is exact all the same."""
    stub = run_folder / "stub"
    stub.mkdir()
    (stub / "serial.py").write_text("import time\nclass Serial:\n    def __init__(self, *_, **__): time.sleep(60)\n")
    monkeypatch.setenv("PYTHONPATH", str(stub))
    player = Player(run_folder / "player")
    player.fail("hung")
    settings = AnnunciatorSettings(
        tower_light=(TowerLightSettings("corridor", "/dev/hung"),),
        pager=(PagerSettings("dect", "/dev/hung"),),
        relay=(RelaySettings("lamps", "/dev/hung"),),
        loudspeaker=(LoudspeakerSettings("hall", player=str(player.program)),),
        simulated=(SimulatedSettings("bench", str(run_folder / "lines.jsonl")),),
    )
    async with running(run_folder, settings) as bench:
        bench.client.show([alarm("a")])
        await until(lambda: len(bench.lines("buzzer")) >= 2 * len(HIGH.starts), "one burst")
        rises = [row["at"] for row in bench.lines("buzzer") if row["on"]]
        assert [round(1000 * (at - rises[0])) for at in rises] == pytest.approx(HIGH.starts, abs=40)
        await until(lambda: set(bench.states().values()) == {"ok", "fault"}, "given up")
        told = bench.of("status")[-1]["annunciators"]
        assert "does not open" in told["corridor"]["detail"]
        assert told["bench"]["state"] == "ok"


async def test_a_test_is_played_and_confirmed(bench: Bench) -> None:
    def row() -> dict[str, Any]:
        told: dict[str, Any] = bench.of("status")[-1]["annunciators"]["bench"]
        return told

    await until(lambda: bench.of("status"), "status")
    assert row()["test"] == "never"
    bench.client.test()
    await until(lambda: len(bench.lines("buzzer")) == 4, "two pulses")
    assert [change["on"] for change in bench.lines("red")] == [True]
    await until(lambda: bench.of("status")[-1]["testing"] == "bench", "told")
    await until(lambda: row()["test"] == "waiting", "played")
    assert not bench.lines("red")[-1]["on"]
    bench.client.heard("bench", "s1")
    await until(lambda: row()["test"] == "ok", "confirmed")
    assert row()["confirmed_by"] == "s1"
    assert row()["tested_at"] < row()["confirmed_at"] <= asyncio.get_running_loop().time()


@pytest.mark.parametrize("name", ["欧阳兰", "张三"])
async def test_no_name_reaches_the_log(run_folder: Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    settings = AnnunciatorSettings(loudspeaker=(LoudspeakerSettings("hall", player="none", names="full"),))
    async with running(run_folder, settings) as bench:
        bench.client.site({}, {"r1": {"room": "205", "name": name}})
        bench.client.show([{**alarm("a"), "subject": {"kind": "resident", "id": "r1", "room": "205"}}])
        await until(lambda: bench.states() == {"hall": "fault"}, "no player")
        with socket.socket(socket.AF_UNIX) as liar:
            liar.connect(str(bench.folder / "sounder.sock"))
            liar.settimeout(5)
            wrong = {"v": 1, "t": "site", "pagers": {}, "rooms": {name: name}}
            liar.sendall(json.dumps(wrong, ensure_ascii=False).encode() + b"\n")
            with contextlib.suppress(ConnectionError):
                while liar.recv(65536):
                    pass
    logged = capfd.readouterr().err
    assert "not site facts" in logged
    assert name not in logged
