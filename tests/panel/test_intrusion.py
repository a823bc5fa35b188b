"""What somebody meets who sends rubbish, floods or probes."""

import asyncio
import time

import pytest
import requests

from agent.panel import live
from agent.panel.client import ApiClient
from agent.panel.protocol import MOST_OF_ONE_ADDRESS
from tests.panel.serving import Served, raw
from tests.panel.test_api import Listener
from tests.waiting import until


async def test_every_answer_carries_the_security_headers(served: Served) -> None:
    for path in ("/login", "/", "/api/v1/health", "/api/v1/state", "/nowhere", "/static/panel.js"):
        headers = (await served.call("GET", path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
        assert headers["cache-control"] == ("no-cache" if "static" in path else "no-store")
        assert "server" not in headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v2/state", 404),
        ("GET", "/static/../server.py", 404),
        ("GET", "/static/%2e%2e%2fserver.py", 404),
        ("GET", "/live/gossip", 404),
        ("GET", "/devices/", 404),
        ("POST", "/api/v1/state", 405),
        ("DELETE", "/api/v1/alarms/x/seen", 405),
        ("GET", "/api/v1/alarms/x/seen", 405),
        ("PUT", "/login", 405),
    ],
)
async def test_what_does_not_exist_is_not_found(served: Served, method: str, path: str, status: int) -> None:
    await served.log_in()
    answer = await served.call(method, path, {"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.json()["cure"] if path.startswith("/api/") else 'class="refused"' in answer.text


async def test_a_fault_inside_shows_no_traceback(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    await served.log_in()

    def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(served.ward, "snapshot", broken)
    for path in ("/", "/api/v1/state"):
        answer = await served.call("GET", path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
    with pytest.raises(requests.exceptions.ChunkedEncodingError):  # cut off, so the page tries again
        await served.call("GET", "/live/alarms")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00garbage\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n",
        b"GET /%ff%00%0a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /login HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Length: 999999999\r\nConnection: close\r\n\r\n"
        + b"a" * 9000,
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: nightlamp=" + b"\xff;" * 99 + b"\r\nConnection: close\r\n\r\n",
    ],
)
async def test_rubbish_is_refused_and_the_panel_lives_on(served: Served, data: bytes) -> None:
    answer = await raw(served, data)
    assert answer == b"" or answer.split()[1][:1] in (b"3", b"4")
    assert b"Traceback" not in answer
    assert (await served.call("GET", "/api/v1/health")).status_code == 200


@pytest.mark.slow
async def test_a_connection_that_asks_nothing_is_closed(served: Served) -> None:
    began = time.monotonic()
    assert await raw(served, b"GET / HT") == b""
    assert 8 < time.monotonic() - began < 12


async def test_a_flood_of_connections_from_one_address_leaves_the_socket_alone(served: Served) -> None:
    opened = [await asyncio.open_connection("127.0.0.1", served.server.port) for _ in range(MOST_OF_ONE_ADDRESS + 20)]

    def dropped() -> int:
        return sum(reader.at_eof() or reader.exception() is not None for reader, _ in opened)

    await until(lambda: dropped() >= 20, "those beyond are dropped")
    assert dropped() == 20
    health = await asyncio.to_thread(ApiClient(served.socket).get, "/api/v1/health")
    assert health["ok"]
    for _, writer in opened:
        writer.close()
    await asyncio.gather(*(writer.wait_closed() for _, writer in opened), return_exceptions=True)


async def test_live_streams_are_bounded(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 1)
    await served.log_in()
    listener = Listener(served)
    await until(lambda: listener.of("state"), "first state")
    answer = await served.call("GET", "/api/v1/live")
    assert (answer.status_code, answer.json()["error"]) == (503, "too_many_streams")
    served.server.stop()
    await listener.end()
