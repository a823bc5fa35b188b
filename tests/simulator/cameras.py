"""`python -m tests.simulator.cameras CLIP COUNT`: so many network cameras that play one clip, until SIGTERM.

In a process of its own, since making pictures would hold up whoever sends bytes in time. Its first line: `urls`.
"""

import argparse
import signal
import threading
from contextlib import ExitStack
from pathlib import Path

from tests.simulator.camera import CameraSimulator
from tests.simulator.child import say


def main() -> None:
    """Play until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.cameras", description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("count", type=int)
    options = parser.parse_args()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with ExitStack() as stack:
        cameras = [stack.enter_context(CameraSimulator(options.clip, seed=seed)) for seed in range(options.count)]
        say(urls=[camera.url for camera in cameras])
        ended.wait()


if __name__ == "__main__":
    main()
