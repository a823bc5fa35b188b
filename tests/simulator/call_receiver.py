"""Whoever takes calls over HTTP (a webhook, an SMS gateway, the 12349 line), on 127.0.0.1, with a journal."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Taken:
    """One request as it came."""

    at: float  # monotonic
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class CallReceiver:
    """`status` is what it answers from now on; `hang` holds every answer back until `release`."""

    status: int = 200
    requests: list[Taken] = field(default_factory=list)
    _released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        receiver = self
        self._released.set()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.requests.append(Taken(time.monotonic(), self.command, self.path, headers, json.loads(body)))
                receiver._released.wait()
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_PUT = do_POST  # noqa: N815 - the name that the server looks for

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/calls"

    @property
    def keys(self) -> list[str]:
        """The Idempotency-Key of each request."""
        return [one.headers["idempotency-key"] for one in self.requests]

    def start(self) -> None:
        self._thread.start()

    def hang(self) -> None:
        self._released.clear()

    def release(self) -> None:
        self._released.set()

    def stop(self) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
