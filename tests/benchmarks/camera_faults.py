"""`cameras`: a thousand faults of four network cameras before the real vision process."""

import argparse
import asyncio
from pathlib import Path

from tests.benchmarks.bench import Bench, BenchError, Tell
from tests.benchmarks.figures import Measured, quantile
from tests.simulator.camera import CameraSimulator
from tests.vision.clips import write_clip
from tests.vision.fault_rounds import LONG, FaultRounds

_CAMERAS = 4
_LONG_SHARE = 1 / 50  # of the faults, for each kind of long one: they take half a minute each
_STEPS = 10
_WARM = 1  # the step after which nothing more may be held


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--faults", type=int, default=1000, help="how many in all (default: 1000, ten minutes)")


def _measure(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    if options.faults < 100:
        raise BenchError(f"{options.faults} faults tell nothing of a leak; use 100 or more")
    clip = write_clip(folder / "hall.mp4")
    cameras = [CameraSimulator(clip, seed) for seed in range(_CAMERAS)]
    for camera in cameras:
        camera.start()
    try:
        rounds = FaultRounds(folder, cameras)
        asyncio.run(_rounds(rounds, options.faults, tell))
    finally:
        for camera in cameras:
            camera.close()
    how = (
        f"{_CAMERAS} MJPEG cameras on loopback, 160 x 120, 15 frames/s: a cut or noise, until it has connected again; "
        f"{', '.join(LONG)}: until it is told, and until its end is"
    )
    return Measured(
        figures(rounds),
        (how, "what is held: after the first two tenths of the faults, when rooms are learned, and after the last"),
    )


async def _rounds(rounds: FaultRounds, faults: int, tell: Tell) -> None:
    await rounds.begin()
    try:
        each = max(1, round(faults * _LONG_SHARE))
        plan = rounds.plan(faults - each * len(LONG), each)
        size = -(-len(plan) // _STEPS)
        for begin in range(0, len(plan), size):
            await rounds.run(plan[begin : begin + size])
            tell(f"{rounds.record.faults} faults, {rounds.record.held[-1]}")
    finally:
        await rounds.bench.stop()


def figures(rounds: FaultRounds) -> dict[str, float]:
    """The figures of a run."""
    record = rounds.record
    first, last = record.held[_WARM], record.held[-1]
    lost, back = ([one for kind in table.values() for one in kind] for table in (record.lost, record.back))
    named = {"faults": float(record.faults), "deaths of the process": float(len(rounds.bench.deaths))}
    for name, seconds in (("lost", lost), ("back", back), ("connected again", record.again)):
        named |= {f"{name}, p50": quantile(seconds, 0.5), f"{name}, slowest": max(seconds)}
    return named | {
        "RSS at the end": last.rss_mib,
        "RSS more than at first": last.rss_mib - first.rss_mib,
        "open files more than at first": float(last.files - first.files),
        "threads more than at first": float(last.threads - first.threads),
    }


BENCH = Bench("faults of cameras: told and over in time, with nothing left behind", _options, _measure)
