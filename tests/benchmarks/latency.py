"""`latency`: from the byte of a call button to the buzzer's line, while everything else happens at once.

The whole agent runs in its own processes at the reference load. Both ends are stamped outside the core on the clock
that all share: the simulator just before it writes the byte, the sounder at the line change. Each press is a new
alarm, since a carer goes to each one that sounds and closes it. For the first half of the run the network is cut; then
it is back, and the backlog drains. All the while telemetry's fsync takes two seconds now and then (`stall`).
"""

import argparse
import asyncio
import contextlib
import random
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.panel.client import ApiClient
from agent.store import reader
from agent.store.entry import Lane
from tests.benchmarks.bench import Bench, BenchError, Tell
from tests.benchmarks.figures import Measured
from tests.benchmarks.presses import Interval, Press, calls_in, match, slowest, stages, within
from tests.benchmarks.scene import CAMERAS, OLD_DEVICE, PANELS, Scene, drained_seconds, sounded
from tests.simulator.child import Child, ChildError
from tests.simulator.daemon import DaemonError
from tests.simulator.load import BURST_PER_S, RADARS, RESIDENTS, Load, resident_id
from tests.waiting import until

BURST_S, BURST_EVERY_S = 1.0, 15.0
STALL_S, STALL_EVERY_S = 2.0, 10.0  # between two stalls
ANSWER_S = 10.0  # a press that has not sounded by then is lost
DRAINING_PER_S = 100  # telemetry events a second that are more than what comes in
SETTLE_S = 2.0  # the last values are heard
TELL_S = 10.0
SLOWEST = 5  # presses that are named


@dataclass(slots=True)
class _Run:
    """What happens while it runs."""

    presses: list[Press] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)  # residents whose call is open
    stalls: list[Interval] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)  # readings sent, as `Load.told`, bursts apart
    numbers: int = 0  # those of radars and sensors, bursts and all
    begin: float = 0.0
    restored: float = 0.0
    end: float = 0.0
    closed: int = 0
    others: dict[str, int] = field(default_factory=dict)  # alarms that were no calls, by kind

    def on_closed(self, told: dict[str, Any]) -> None:
        """The carer closed an alarm."""
        if told["kind"] == "sos":
            self.waiting.discard(told["subject"])
            self.closed += 1
        else:
            self.others[told["kind"]] = self.others.get(told["kind"], 0) + 1

    def on_stalled(self, told: dict[str, Any]) -> None:
        """An fsync took its time."""
        self.stalls.append((told["begin"], told["end"]))


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--presses", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=6.0, help="presses a second, on average (default: 6)")
    parser.add_argument("--backlog", type=int, default=200_000, help="readings that wait from before (default: 200000)")
    parser.add_argument("--seed", type=int, default=1)


def _measure(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    try:
        return asyncio.run(_run(options, folder, tell))
    except (DaemonError, ChildError, AssertionError) as error:  # AssertionError: what was waited for did not come
        raise BenchError(str(error)) from error


async def _run(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    run = _Run()
    tell("bringing the home up: 60 residents, 4 cameras, platform, panels, and a backlog from before")
    async with Scene(folder, options.seed, options.backlog, run.on_closed) as scene:
        load = scene.load
        tell("finding the thread that syncs telemetry.db")
        stall = Child(
            *("tests.benchmarks.stall", scene.daemon.pid, "telemetry.db", STALL_S, STALL_EVERY_S),
            on_line=run.on_stalled,
        )
        async with stall:
            load.settle()
            await asyncio.sleep(SETTLE_S)
            run.begin, run.told = time.monotonic(), load.told.copy()
            beside = [asyncio.create_task(_bursts(load)), asyncio.create_task(_progress(run, options.presses, tell))]
            try:
                await _press(run, scene, options, tell)
            finally:
                run.end, run.told = time.monotonic(), load.told - run.told
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
            run.numbers = run.told["number"] + sum(one.readings for one in load.bursts) + load.settle()
            await asyncio.sleep(SETTLE_S)
        cameras = await asyncio.to_thread(_cameras_playing, ApiClient(scene.daemon.api_socket))
        tell("ending")
    values, worst = await asyncio.to_thread(_values, run, scene)
    return Measured(values | {"cameras playing": cameras}, (*_notes(run, scene), f"slowest: {worst}"))


async def _press(run: _Run, scene: Scene, options: argparse.Namespace, tell: Tell) -> None:
    """Press buttons whose last call is closed; the network comes back half way."""
    dice, due = random.Random(options.seed), time.monotonic()
    for number in range(options.presses):
        if number == options.presses // 2:
            tell("the network is back: the backlog drains")
            run.restored = time.monotonic()
            scene.network.restore()
        due += dice.uniform(0.5, 1.5) / options.rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await until(lambda: len(run.waiting) < RESIDENTS, "a call is answered", ANSWER_S)
        chosen = dice.choice([one for one in range(RESIDENTS) if resident_id(one) not in run.waiting])
        run.waiting.add(resident_id(chosen))
        at = scene.load.press(chosen)
        run.presses.append(Press(resident_id(chosen), time.monotonic() if at is None else at))
    with contextlib.suppress(AssertionError):  # what does not sound is told as lost
        await until(lambda: not run.waiting, "the last calls are answered", ANSWER_S)


async def _bursts(load: Load) -> None:
    while True:
        await asyncio.sleep(BURST_EVERY_S - BURST_S)
        await load.burst(BURST_S)


async def _progress(run: _Run, presses: int, tell: Tell) -> None:
    while True:
        await asyncio.sleep(TELL_S)
        tell(f"{len(run.presses)} of {presses} presses, {run.closed} answered, {len(run.stalls)} stalls")


def _cameras_playing(client: ApiClient) -> int:
    devices = client.get("/api/v1/state")["devices"]
    return sum(one["role"] == "camera" and one["link"] == "connected" for one in devices)


def _values(run: _Run, scene: Scene) -> tuple[dict[str, float], str]:
    """All that the run's traces tell, once the daemon has written its last row; and which presses were slowest."""
    events = reader.events(scene.daemon.state, Lane.ALARMS, 0, 20 * len(run.presses) + 10_000)
    outcome = match(run.presses, calls_in(events), sounded(scene.lines))
    drained = drained_seconds(scene.journal, DRAINING_PER_S)
    bursts = scene.load.bursts
    phases = {
        "network cut": within([(run.begin, run.restored)]),
        "backlog draining": lambda at: int(at) in drained,
        "fsync stalled": within(run.stalls),
        "burst": within([(one.begin, one.end) for one in bursts]),
    }
    bursts_s = sum(one.end - one.begin for one in bursts)
    values = stages(outcome, phases) | {
        "readings, mean without bursts": run.told.total() / (run.end - run.begin - bursts_s),
        "readings, slowest burst": min((one.per_s for one in bursts), default=0.0),
        "readings of the bursts that the store knows": 100 * _known(scene.daemon.state, run.begin) / run.numbers,
        "panels open": scene.panels["open"],
    }
    return values, slowest(outcome, phases, SLOWEST, run.begin)


def _known(state: Path, since: float) -> int:
    """How many numbers of radars and sensors the telemetry lane tells of, the thinned ones counted."""
    sql = (
        "SELECT count(*) + coalesce(sum(json_extract(data, '$.thinned.count')), 0) FROM log WHERE monotonic >= ? AND "
        "json_extract(data, '$.device') GLOB '[bs]e[dn]*' AND json_extract(data, '$.value') IS NOT NULL AND "
        "json_type(data, '$.value') IN ('integer', 'real') AND json_extract(data, '$.device') != ?"
    )
    with contextlib.closing(sqlite3.connect(f"{(state / 'telemetry.db').as_uri()}?mode=ro", uri=True)) as connection:
        return int(connection.execute(sql, (since, OLD_DEVICE)).fetchone()[0])


def _notes(run: _Run, scene: Scene) -> tuple[str, ...]:
    bursts = (
        f"{len(scene.load.bursts)} bursts of {BURST_PER_S} readings/s for {BURST_S:g} s: four fifths from {RADARS} "
        "radars on ptys at their lines' full rate, one fifth by advertisements over D-Bus"
    )
    others = ", ".join(f"{kind} {count}" for kind, count in sorted(run.others.items())) or "none"
    return (
        f"{len(run.presses)} presses in {run.end - run.begin:.0f} s, each a new alarm: a carer closes what sounds",
        f"network cut for {run.restored - run.begin:.0f} s, then back; panels drew {scene.panels['states']} states",
        f"{len(run.stalls)} stalls of {STALL_S:g} s: the writer's thread held in fdatasync of telemetry.db by ptrace",
        bursts,
        f"{CAMERAS} MJPEG cameras seen by the vision process, {PANELS} panels on their live streams",
        f"alarms that were no calls: {others}",
    )


BENCH = Bench("sensor byte to buzzer line at the reference load, with everything going wrong", _options, _measure)
