"""The reference load is the one that design asks for, and the stalled disk holds nobody else."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.settings.load import load, shipped_config
from drivers.serial.protocols.r60abd1 import R60abd1
from tests.benchmarks.stall import TracedThread, stall, syncing_thread
from tests.simulator.load import RADARS, RESIDENTS, Load
from tests.simulator.load_settings import SHIPPED, Outside, write
from tests.waiting import until


def test_its_home_has_60_residents_and_the_shipped_limits(tmp_path: Path) -> None:
    cameras = tuple(f"http://127.0.0.1:{port}/video.mjpg" for port in (1, 2, 3, 4))
    write(tmp_path, tmp_path, Outside(cameras, "https://127.0.0.1:1/in", tmp_path, tmp_path, tmp_path / "lines", 0))
    told, shipped = load(tmp_path), load(shipped_config())
    assert (told.rules, told.alarms) == (shipped.rules, shipped.alarms)
    assert all((tmp_path / name).read_bytes() == (shipped_config() / name).read_bytes() for name in SHIPPED)
    assert len(told.site.resident) == RESIDENTS == 60
    assert len(told.cameras.camera) == 4


async def test_a_burst_carries_the_readings_that_it_says(run_folder: Path) -> None:
    async with Load(run_folder, seed=3) as home:
        ports = [os.open(radar.tty.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY) for radar in home.radars]
        decoders = [R60abd1() for _ in range(RADARS)]
        heard = 0

        def all_heard() -> bool:
            nonlocal heard
            for port, decoder in zip(ports, decoders, strict=True):
                with contextlib.suppress(BlockingIOError):
                    heard += len(decoder.feed(os.read(port, 4096)))
            return heard >= burst.readings + home.told.total()

        try:
            burst = await home.burst(0.1, per_s=1000)
            await until(all_heard, "every reading is on the line")
        finally:
            for port in ports:
                os.close(port)
        assert heard == burst.readings + home.told.total()
        assert burst.readings == pytest.approx(80, abs=RADARS)  # the fifth that is advertised reaches nobody here
        assert not any(decoder.rejected for decoder in decoders)
        assert home.press(7) is None


WRITER = """
import sqlite3, sys, threading, time
longest = 0.0
def write():
    global longest
    db = sqlite3.connect(sys.argv[1], isolation_level=None, check_same_thread=False)
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (a)")
    while True:
        begun = time.monotonic()
        db.execute("INSERT INTO t VALUES (1)")
        longest = max(longest, time.monotonic() - begun)
        time.sleep(0.02)
threading.Thread(target=write, daemon=True).start()
for line in sys.stdin:
    print(longest, flush=True)
"""


def test_one_thread_is_held_in_its_fsync_and_the_others_go_on(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", WRITER, str(tmp_path / "telemetry.db")]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:

        def longest_s() -> float:
            """What its main thread answers: the longest commit so far."""
            assert writer.stdin is not None
            assert writer.stdout is not None
            writer.stdin.write("\n")
            writer.stdin.flush()
            return float(writer.stdout.readline())

        try:
            while not longest_s():
                continue  # it has not begun to write rows
            thread = 0
            while not thread:
                thread = syncing_thread(writer.pid, "telemetry.db")
            with TracedThread(writer.pid, thread) as traced:
                assert traced.until_sync("telemetry.db", 5.0)
                assert longest_s() > 0, "its main thread answers while the other is held"
            held = stall(writer.pid, thread, "telemetry.db", 0.5)
            assert held is not None
            while longest_s() < held[1] - held[0]:
                continue
            assert thread != writer.pid
        except PermissionError:
            pytest.skip("may not trace another process here")
        finally:
            writer.kill()
