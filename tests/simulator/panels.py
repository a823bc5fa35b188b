"""`python -m tests.simulator.panels URL CODE COUNT`: so many panels, logged in, open and live, until SIGTERM.

First line: `open`; a line each second: `open`, and how many pages were drawn (`states`) since the start.
"""

import argparse
import json
import signal
import threading
import time

import requests

from tests.simulator.child import say

TRY_S = 10.0
ANSWER_S = 1.5


class Panel:
    """One browser without a screen: logs in, opens the page of open alarms and follows its live stream."""

    def __init__(self, url: str, code: str, number: int) -> None:
        self.states = 0
        self.open = threading.Event()
        self._answered_at = -ANSWER_S
        self._url = url.rstrip("/")
        self._code = code
        self._name = f"carer-{number}"
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)

    def start(self) -> None:
        """Open it."""
        self._thread.start()

    def _run(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.headers["Origin"] = self._url
            fields = {"name": self._name, "code": self._code, "next": "/"}
            session.post(f"{self._url}/login", data=fields, timeout=TRY_S).raise_for_status()
            with session.get(f"{self._url}/live/alarms", stream=True, timeout=TRY_S) as stream:
                stream.raise_for_status()
                for line in stream.iter_lines():
                    self.open.set()
                    self.states += line == b"event: state"
                    if line.startswith(b"data: "):
                        self._answer(session, json.loads(line.removeprefix(b"data: "))["stream"])
        self.open.clear()

    def _answer(self, session: requests.Session, stream: str) -> None:
        """Say that we sound, as the page does: not more often than it."""
        if time.monotonic() - self._answered_at >= ANSWER_S:
            self._answered_at = time.monotonic()
            body, headers = {"stream": stream, "sounds": True}, {"X-Nightlamp": "1"}
            session.post(f"{self._url}/api/v1/live/answer", json=body, headers=headers, timeout=TRY_S)


def main() -> None:
    """Look on until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.panels", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("code")
    parser.add_argument("count", type=int)
    options = parser.parse_args()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    panels = [Panel(options.url, options.code, number) for number in range(options.count)]
    for panel in panels:
        panel.start()
        panel.open.wait(TRY_S)
    while True:
        say(open=sum(panel.open.is_set() for panel in panels), states=sum(panel.states for panel in panels))
        if ended.wait(1.0):
            return


if __name__ == "__main__":
    main()
