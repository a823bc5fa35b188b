"""`python -m tests.simulator.carer API_SOCKET LINES`: goes to every alarm once it sounds, and closes it, until SIGTERM.

LINES is the file of a `[[simulated]]` annunciator. First line: `ready`; then a line for each alarm that was closed:
`id`, `kind`, `subject`, and `at`, the monotonic second. An alarm that closed by itself meanwhile is left alone.
"""

import argparse
import json
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from agent.panel.client import ApiClient, ClientError
from tests.simulator.child import say

LOOK_S = 0.01


class Carer:
    """One pair of legs."""

    def __init__(self, client: ApiClient, lines: Path) -> None:
        self._client = client
        self._lines = lines
        self._read = 0

    def heard(self) -> Iterator[str]:
        """Ids of the alarms that began to sound since the last call."""
        if not self._lines.exists():
            return
        with self._lines.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._read += len(line)
                yield from json.loads(line)["alarms"]

    def attend(self, alarm: str) -> None:
        """Arrive, help, close."""
        try:
            self._client.post(f"/api/v1/alarms/{alarm}/attended")
            closed = self._client.post(f"/api/v1/alarms/{alarm}/closed", {"cause": "assisted"})["alarm"]
        except ClientError as error:
            if error.code in ("unknown_alarm", "not_in_this_state"):
                return
            raise
        if closed is not None:
            say(id=alarm, kind=closed["kind"], subject=closed["subject"]["id"], at=time.monotonic())


def main() -> None:
    """Care until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.carer", description=__doc__)
    parser.add_argument("socket", type=Path)
    parser.add_argument("lines", type=Path)
    options = parser.parse_args()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    carer = Carer(ApiClient(options.socket), options.lines)
    say(ready=True)
    while not ended.wait(LOOK_S):
        for alarm in carer.heard():
            carer.attend(alarm)


if __name__ == "__main__":
    main()
