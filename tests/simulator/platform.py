"""The far end of the wire: a platform that receives events over HTTPS (contract 1) and keeps a journal of its own.

`python -m tests.simulator.platform --folder DIR` runs it alone; in a program:

    platform = Platform(folder)          # ca.pem, token and journal.jsonl are in the folder
    await platform.start()               # platform.url, platform.token_file, platform.ca_file
    platform.mood = Mood(status=500)     # from now on; Mood() is the good mood
    await platform.stop()                # and start() again on the same port
"""

import argparse
import asyncio
import gzip
import json
import secrets
import signal
import ssl
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.simulator.certificate import make_certificates

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mood:
    """How the platform behaves.

    `status`: answers so instead of keeping anything. `delay_s`: waits before its answer. `keep_part`: keeps and
    accepts only the first so many of a batch. `drip_s`: sends its answer byte by byte, that far apart. `lie`: also
    accepts numbers that it never got. `lose_reply`: keeps the events, then cuts the connection. `cut_reply`: sends
    half an answer. `reject`: a reason for each event it refuses, empty for the others. `refuse_batch`: answers 400 to
    a whole batch in which an event has one of these ids. `garbage`: answers 200 with this.
    `notes`: what it says beside its receipt.
    """

    status: int = 200
    delay_s: float = 0.0
    keep_part: int | None = None
    drip_s: float = 0.0
    lie: bool = False
    lose_reply: bool = False
    cut_reply: bool = False
    reject: Callable[[Event], str] = lambda event: ""
    refuse_batch: frozenset[str] = frozenset()
    garbage: bytes = b""
    notes: tuple[Any, ...] = ()


@dataclass(slots=True)
class Request:
    """One request as it came: how many events, which streams, whether it was in gzip, when (monotonic)."""

    at: float
    lanes: tuple[str, ...]
    events: int
    compressed: bool


@dataclass(slots=True)
class Platform:
    """An HTTPS server on 127.0.0.1 in the running loop. `journal` holds one row an event that arrived.

    Rows: id, lane, stream, sequence, type, subject, data, monotonic, wall, duplicate (kept already), rejected (why).
    """

    folder: Path
    port: int = 0
    mood: Mood = field(default_factory=Mood)
    journal: list[dict[str, Any]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    refused: int = 0  # without the right token
    _ids: set[str] = field(default_factory=set)
    _server: asyncio.Server | None = None
    _serving: set[asyncio.Task[None]] = field(default_factory=set)
    _token: str = ""
    _files: tuple[Path, Path] | None = None

    @property
    def url(self) -> str:
        """What goes into upstream.toml."""
        return f"https://127.0.0.1:{self.port}/ingest"

    @property
    def ca_file(self) -> Path:
        """The authority that signed the platform's certificate."""
        return self.folder / "ca.pem"

    @property
    def token_file(self) -> Path:
        """The bearer token, in a file of mode 0600."""
        return self.folder / "token"

    async def start(self) -> None:
        """Listen; on the same port as before, with the same certificate, token and memory."""
        if self._files is None:
            self._files = make_certificates(self.folder)
            self._token = secrets.token_urlsafe(24)
            self.token_file.touch(mode=0o600)
            self.token_file.write_text(self._token + "\n", encoding="ascii")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._files[1])
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Cut every connection and listen no more."""
        if self._server is not None:
            self._server.close()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    def kept(self, lane: str = "alarms") -> list[dict[str, Any]]:
        """Rows of `lane` in the order of arrival, each id once, the rejected ones not among them."""
        rows = (row for row in self.journal if not row["duplicate"] and not row["rejected"])
        return [row for row in rows if row["lane"] == lane]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            while await self._serve_one(reader, writer):
                continue
        except (OSError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError):
            return
        finally:
            self._serving.discard(task)
            writer.transport.abort()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; False when the connection is to end."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        mood = self.mood
        if headers.get("authorization") != f"Bearer {self._token}":
            self.refused += 1
            return await self._answer(writer, 401, b'{"error": "token"}', Mood())
        if not head[0].startswith("POST /ingest/events "):
            return await self._answer(writer, 404, b'{"error": "path"}', Mood())
        compressed = headers.get("content-encoding") == "gzip"
        events = json.loads(gzip.decompress(body) if compressed else body)
        lanes = tuple(sorted({f"{event['lane']}/{event['stream']}" for event in events}))
        self.requests.append(Request(time.monotonic(), lanes, len(events), compressed))
        if mood.status != 200:
            return await self._answer(writer, mood.status, b'{"error": "mood"}', mood)
        if any(event["id"] in mood.refuse_batch for event in events):
            return await self._answer(writer, 400, b'{"error": "cannot read this batch"}', mood)
        answer = mood.garbage or json.dumps(self._take(events, mood)).encode()
        if mood.lose_reply:
            return False
        return await self._answer(writer, 200, answer, mood)

    def _take(self, events: list[Event], mood: Mood) -> dict[str, Any]:
        accepted: dict[str, list[list[int]]] = {}
        rejected = []
        with (self.folder / "journal.jsonl").open("a", encoding="utf-8") as file:
            for event in events[: mood.keep_part]:
                why = mood.reject(event)
                row = {key: event[key] for key in ("id", "lane", "stream", "sequence", "type", "subject", "data")}
                row |= {"monotonic": time.monotonic(), "wall": time.time(), "rejected": why}
                row["duplicate"] = event["id"] in self._ids
                self.journal.append(row)
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                number = event["sequence"]
                if why:
                    rejected.append({"lane": event["lane"], "sequence": number, "id": event["id"], "reason": why})
                    continue
                self._ids.add(event["id"])
                ranges = accepted.setdefault(event["lane"], [])
                if ranges and ranges[-1][1] == number - 1:
                    ranges[-1][1] = number
                else:
                    ranges.append([number, number])
        if mood.lie:
            accepted.setdefault("alarms", []).append([1, 10**9])
        return {"accepted": accepted, "rejected": rejected, **({"notes": list(mood.notes)} if mood.notes else {})}

    async def _answer(self, writer: asyncio.StreamWriter, status: int, body: bytes, mood: Mood) -> bool:
        if mood.delay_s:
            await asyncio.sleep(mood.delay_s)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        if mood.cut_reply:
            writer.write(head + body[: len(body) // 2])
            await writer.drain()
            return False
        if mood.drip_s:
            for byte in head + body:
                writer.write(bytes((byte,)))
                await writer.drain()
                await asyncio.sleep(mood.drip_s)
            return True
        writer.write(head + body)
        await writer.drain()
        return True


async def _alone(folder: Path, port: int) -> None:
    platform = Platform(folder, port)
    await platform.start()
    sys.stdout.write(json.dumps({"url": platform.url, "ca": str(platform.ca_file)}) + "\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await platform.stop()


def main() -> None:
    """Serve until SIGTERM or SIGINT; the first line of output says where."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.platform", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    asyncio.run(_alone(arguments.folder, arguments.port))


if __name__ == "__main__":
    main()
