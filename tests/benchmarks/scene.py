"""The whole reference load around the real daemon: devices here; cameras, platform, panels and carer each apart."""

import json
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from agent.clock import Clock
from agent.panel.credentials import new_code
from agent.store.entry import READING, Entry, Lane
from agent.store.settings import StoreSettings
from agent.store.store import Store
from tests.simulator.bad_network import BadNetwork
from tests.simulator.child import Child
from tests.simulator.daemon import Daemon
from tests.simulator.load import Load
from tests.simulator.load_settings import Outside, write
from tests.simulator.ward.plan import CLIPS

CAMERAS, PANELS = 4, 2
HEARD_S = 120.0
OLD_DEVICE = "gone"  # of the backlog that lies there from before: no reading of the run has it


class Scene:
    """An async context: everything runs when it is entered. The network is cut until `network.restore()`.

    `backlog` readings lie in the store from before; `on_closed` hears of each alarm that the carer has closed.
    """

    def __init__(self, folder: Path, seed: int, backlog: int, on_closed: Callable[[dict[str, Any]], None]) -> None:
        self.load = Load(folder, seed)
        self.daemon = Daemon(folder / "config", folder / "daemon.log", self.load.bus.address)
        self.network = BadNetwork("127.0.0.1", 0)
        self.panels: dict[str, Any] = {}
        self._folder = folder
        self._backlog = backlog
        self._on_closed = on_closed
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._enter()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def lines(self) -> Path:
        """The buzzer's line changes."""
        return self._folder / "lines.jsonl"

    @property
    def journal(self) -> Path:
        """What the platform received, a JSON line each."""
        return self._folder / "platform" / "journal.jsonl"

    async def _enter(self) -> None:
        enter = self._stack.enter_async_context
        (self._folder / "platform").mkdir()
        platform = await enter(Child("tests.simulator.platform", "--folder", self._folder / "platform"))
        self.network = BadNetwork("127.0.0.1", urlsplit(platform.first["url"]).port or 0)
        await self.network.start()
        self._stack.push_async_callback(self.network.stop)
        self.network.cut()
        cameras = await enter(Child("tests.simulator.cameras", CLIPS / "empty.mp4", CAMERAS))
        await enter(self.load)
        port = _free_port()
        outside = Outside(
            tuple(cameras.first["urls"]), f"https://127.0.0.1:{self.network.port}/ingest",
            self.journal.with_name("token"), Path(platform.first["ca"]), self.lines, port,
        )  # fmt: skip
        write(self.daemon.config, self._folder, outside)
        self.daemon.state.mkdir()
        lay_by(self.daemon.state, self._backlog)
        code = new_code(self.daemon.state)
        self._stack.push_async_callback(self.daemon.stop)
        await self.daemon.start()
        await self.load.begin()
        await self.daemon.until_heard(HEARD_S, but=("upstream",))
        panels = await enter(
            Child("tests.simulator.panels", f"http://127.0.0.1:{port}", code, PANELS, on_line=self.panels.update)
        )
        self.panels |= panels.first
        await enter(Child("tests.simulator.carer", self.daemon.api_socket, self.lines, on_line=self._on_closed))


def lay_by(state: Path, rows: int) -> None:
    """Put so many old readings into the store in `state`, as a day without network would have left them."""
    clock = Clock()
    store = Store(state, clock, lambda *_: None, lambda *_: None, StoreSettings(memory_rows=max(100, rows)))
    store.open()
    for number in range(rows):
        data = {"device": OLD_DEVICE, "quantity": "heart_rate", "value": 60 + number % 30, "unit": "/min"}
        data |= {"quality": "good"}
        store.put(Lane.TELEMETRY, Entry(f"old-{number}", READING, clock.stamp(), "r-00", data, f"device:{OLD_DEVICE}"))
    store.close(60.0)


def sounded(lines: Path) -> dict[str, float]:
    """When the buzzer's line first was on for each alarm: monotonic seconds by id."""
    first: dict[str, float] = {}
    for line in lines.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["on"]:
            for id_ in row["alarms"]:
                first.setdefault(id_, row["at"])
    return first


def drained_seconds(journal: Path, rows: int) -> set[int]:
    """Monotonic seconds in which the platform took at least so many `rows` of telemetry."""
    seconds: dict[int, int] = {}
    with journal.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["lane"] == Lane.TELEMETRY.value:
                second = int(row["monotonic"])
                seconds[second] = seconds.get(second, 0) + 1
    return {second for second, count in seconds.items() if count >= rows}


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
