"""The vision process: `python -m agent.vision --config FILE`. Looks at frames in memory; none leaves it."""

import argparse
import functools
import logging
import os
import signal
import sys
from pathlib import Path

from agent import logs
from agent.process_lock import AlreadyRunningError, ProcessLock
from agent.vision.confinement import confine
from agent.vision.process import Vision
from agent.vision.settings import read_settings
from agent.vision.swap import stay_in_memory

_LOGGER = logging.getLogger("agent.vision")

EXIT_ALREADY_RUNNING = 3


def main() -> int:
    """Run until SIGTERM or SIGINT; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m agent.vision", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="JSON file with socket, lock and cameras")
    settings = read_settings(parser.parse_args().config)
    logs.configure()
    try:
        lock = ProcessLock(settings.lock).acquire()
    except AlreadyRunningError as error:
        _LOGGER.error("vision: %s", error)
        return EXIT_ALREADY_RUNNING
    if why := stay_in_memory():
        _LOGGER.warning("vision: %s", why)
    confine(settings.memory_mib)
    from agent.vision.detector import open_detector  # only now: see `confine`
    from agent.vision.pipeline import open_pipeline

    vision = Vision(settings, functools.partial(open_pipeline, detector=open_detector(settings.models)))
    signal.signal(signal.SIGTERM, vision.end)
    signal.signal(signal.SIGINT, vision.end)
    status = vision.run()
    lock.release()
    return status


if __name__ == "__main__":
    ended = main()
    logging.shutdown()
    sys.stderr.flush()
    # Captures may hang in the library: an orderly end of the interpreter would wait for them, or crash on them.
    os._exit(ended)
