"""The upstream process: `python -m agent.upstream --config FILE`."""

import argparse
import json
import logging
import os
import signal
import sys
from pathlib import Path

from agent.process_lock import AlreadyRunningError, ProcessLock
from agent.store.events import Origin
from agent.upstream.process import Upstream
from agent.upstream.settings import UpstreamSettings

_LOGGER = logging.getLogger("agent.upstream")

EXIT_ALREADY_RUNNING = 3
NICENESS = 5  # as the eyes: a backlog may take its time, an alarm may not


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m agent.upstream", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="JSON file with socket, lock, store and settings")
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        lock = ProcessLock(Path(config["lock"])).acquire()
    except AlreadyRunningError as error:
        _LOGGER.error("upstream: %s", error)
        return EXIT_ALREADY_RUNNING
    os.nice(NICENESS)
    origin = Origin(config["gateway"], config["facility"], config["area_code"])
    settings = UpstreamSettings.of(config["settings"])
    upstream = Upstream(settings, origin, Path(config["store"]), Path(config["socket"]))
    signal.signal(signal.SIGTERM, upstream.end)
    signal.signal(signal.SIGINT, upstream.end)
    status = upstream.run()
    lock.release()
    return status


if __name__ == "__main__":
    sys.exit(main())
