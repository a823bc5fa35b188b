"""`footprint`: how soon the daemon is ready, how much memory it holds and what it costs while nothing happens.

The devices of the virtual ward are connected and quiet: a button, two oximeters and a heart-rate strap that tell their
values each second, a bed radar, three Modbus units, a platform that is there. No camera, so no vision process.
"""

import argparse
import asyncio
import socket
import time
from pathlib import Path

from agent.panel.credentials import new_code
from tests.benchmarks.bench import Bench, BenchError, Tell
from tests.benchmarks.figures import Measured, quantile
from tests.benchmarks.process import cpu_s, rss_mib
from tests.simulator.daemon import Daemon, DaemonError
from tests.simulator.ward.plan import draw
from tests.simulator.ward.settings import write
from tests.simulator.ward.stage import Stage
from tests.waiting import until

READY_AT_MOST_S = 30.0
HEARD_S = 60.0
SETTLE_S = 5.0  # after the last device was heard: what the start still had to do is done


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to look on (default: 60)")
    parser.add_argument("--starts", type=int, default=5, help="how often to start (default: 5)")


def _measure(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    try:
        return asyncio.run(_run(options, folder, tell))
    except (DaemonError, AssertionError) as error:  # AssertionError: what was waited for did not come
        raise BenchError(str(error)) from error


async def _run(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    plan = draw(1)
    async with Stage(folder, plan, 0) as stage:
        daemon = Daemon(folder / "config", folder / "daemon.log", stage.bus.address)
        write(daemon.config, plan, stage.places, cameras=False, callers=False)
        daemon.state.mkdir()
        new_code(daemon.state)
        ready: list[float] = []
        try:
            for number in range(options.starts):
                await daemon.stop()
                ready.append(await _ready_s(daemon, folder / f"notify-{number}.sock"))
                tell(f"start {number + 1} of {options.starts}: ready after {ready[-1]:.2f} s")
            await until(lambda: stage.bluez.scanning, "the daemon scans", HEARD_S)
            stage.beacon()  # its next one of its own may be half a minute away
            await daemon.until_heard(HEARD_S)
            await asyncio.sleep(SETTLE_S)
            tell(f"looking on for {options.seconds:g} s")
            values = await _look_on(daemon, options.seconds)
        finally:
            await daemon.stop()
    values |= {"ready after start, median": quantile(ready, 0.5), "ready after start, slowest": max(ready)}
    return Measured(values, (f"{options.starts} starts, from the start of the process to READY=1 on NOTIFY_SOCKET",))


async def _ready_s(daemon: Daemon, path: Path) -> float:
    """Start it; seconds until it says that it is ready, as systemd would hear."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(path))
        told.setblocking(False)
        begin = time.monotonic()
        await daemon.start(NOTIFY_SOCKET=str(path))
        try:
            async with asyncio.timeout(READY_AT_MOST_S):
                while b"READY=1" not in await asyncio.get_running_loop().sock_recv(told, 4096):
                    continue
        except TimeoutError:
            raise BenchError(f"not ready within {READY_AT_MOST_S:g} s: {daemon.last_lines()}") from None
        return time.monotonic() - begin


async def _look_on(daemon: Daemon, seconds: float) -> dict[str, float]:
    pids = {"core": daemon.pid, "sounder": daemon.pid_of("sounder"), "upstream": daemon.pid_of("upstream")}
    begin, used = time.monotonic(), {name: cpu_s(pid) for name, pid in pids.items()}
    await asyncio.sleep(seconds)
    elapsed = time.monotonic() - begin
    shares = {name: 100 * (cpu_s(pid) - used[name]) / elapsed for name, pid in pids.items()}
    return {
        **{f"idle, {name}": share for name, share in shares.items()},
        "idle, all processes": sum(shares.values()),
        "idle, measured for": elapsed,
        "core RSS": rss_mib(pids["core"]),
        "sounder RSS": rss_mib(pids["sounder"]),
    }


BENCH = Bench("readiness, memory and processor while nothing happens", _options, _measure)
