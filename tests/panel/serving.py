"""A running panel with a ward behind it, and a caller who asks it over HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from agent.clock import Clock
from agent.panel.credentials import new_code
from agent.panel.server import PanelServer
from agent.panel.settings import PanelSettings
from tests.panel.ward import Ward


@dataclass
class Served:
    """A running panel; `call` asks it over HTTP, from a thread, as a browser does."""

    ward: Ward
    server: PanelServer
    state: Path
    socket: Path
    code: str
    session: requests.Session
    running: "asyncio.Task[None]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        **given: Any,  # noqa: ANN401
    ) -> requests.Response:
        return await asyncio.to_thread(
            self.session.request,
            method,
            self.url + path,
            headers={"Origin": self.url, "X-Nightlamp": "1", **(headers or {})},
            timeout=10,
            allow_redirects=False,
            **given,
        )

    async def log_in(self, name: str = "wang", code: str | None = None) -> requests.Response:
        fields = {"name": name, "code": self.code if code is None else code, "next": "/devices"}
        return await self.call("POST", "/login", data=fields)


@asynccontextmanager
async def serving(ward: Ward, folder: Path, settings: PanelSettings | None = None) -> AsyncIterator[Served]:
    """A panel of `ward`, its code made anew, stopped at the end."""
    code = new_code(folder)
    clock = Clock(wall=lambda: time.time() + ward.wall_shift_s)
    server = PanelServer(
        ward, settings or PanelSettings(port=0), folder, folder / "api.sock", clock, is_night=lambda: False
    )
    running = asyncio.create_task(server.run())
    ready = asyncio.create_task(server.ready.wait())
    await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
    try:
        assert server.ready.is_set(), running
        with requests.Session() as session:
            session.trust_env = False
            yield Served(ward, server, folder, folder / "api.sock", code, session, running)
    finally:
        ready.cancel()
        server.stop()
        await running


async def raw(served: Served, data: bytes) -> bytes:
    """What the panel answers to these bytes until it closes, or to half a minute's silence."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(data)
    try:
        return await asyncio.wait_for(reader.read(), 15)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)
