"""`python -m tests.benchmarks NAME [--peers] [--json]` measures; `list` names all of them with their goals.

Exit status: 0 when every goal holds, 1 when one does not, 2 when it could not run.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tests.benchmarks.alarms import BENCH as ALARMS
from tests.benchmarks.bench import Bench, BenchError
from tests.benchmarks.camera_faults import BENCH as CAMERAS
from tests.benchmarks.falls import BENCH as FALLS
from tests.benchmarks.figures import Report, judge
from tests.benchmarks.footprint import BENCH as FOOTPRINT
from tests.benchmarks.goals import goals_of
from tests.benchmarks.latency import BENCH as LATENCY
from tests.benchmarks.machine import machine
from tests.benchmarks.show import show, show_list
from tests.benchmarks.store import BENCH as STORE
from tests.benchmarks.tones import BENCH as TONES
from tests.benchmarks.vision import BENCH as VISION

BENCHES: dict[str, Bench] = {
    "latency": LATENCY,
    "footprint": FOOTPRINT,
    "store": STORE,
    "falls": FALLS,
    "vision": VISION,
    "cameras": CAMERAS,
    "tones": TONES,
    "alarms": ALARMS,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is named; gives the exit status."""
    options = _parser().parse_args(arguments)
    console = Console(highlight=False)
    if options.name == "list":
        show_list({name: bench.summary for name, bench in BENCHES.items()}, console)
        return 0
    begun = time.monotonic()

    def tell(words: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:7.1f} {words}\n")
        sys.stderr.flush()

    bench = BENCHES[options.name]
    if options.peers and not bench.has_peers:
        tell(f"{options.name} has no peers to measure beside us yet: the list stays empty")
    try:
        with tempfile.TemporaryDirectory(prefix="nightlamp-", dir=options.folder) as made:
            facts = machine(Path(made))
            measured = bench.run(options, Path(made), tell)
    except (BenchError, OSError) as error:
        sys.stderr.write(f"{options.name}: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    report = Report(options.name, judge(measured.values, goals_of(options.name)), measured.peers, facts, measured.notes)
    if options.json:
        sys.stdout.write(json.dumps(report.to_json(), ensure_ascii=False) + "\n")
    else:
        show(report, console)
    return 0 if report.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    names.add_parser("list", help="all benchmarks with their goals")
    for name, bench in BENCHES.items():
        one = names.add_parser(name, help=bench.summary)
        one.add_argument("--json", action="store_true", help="for programs")
        one.add_argument("--peers", action="store_true", help="measure others beside us, where that can be done")
        one.add_argument(
            "--folder", type=Path, default=Path("/var/tmp"), help="on the disk to be measured (default: /var/tmp)"
        )
        bench.add_options(one)
    return parser


if __name__ == "__main__":
    sys.exit(main())
