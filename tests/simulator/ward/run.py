"""One evening in the virtual ward: the real daemon among simulated things, from start to verdict."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.cli.language import say
from agent.panel.client import ApiClient
from agent.panel.credentials import new_code
from agent.store import reader
from agent.store.entry import STANDING, Lane
from tests.simulator.daemon import Daemon
from tests.simulator.ward.plan import SCENARIO_S, Plan
from tests.simulator.ward.settings import write
from tests.simulator.ward.stage import Stage
from tests.simulator.ward.verdict import Heard, Verdict, alarms_in, judge, judge_beside
from tests.simulator.ward.words import act_words, alarm_words, backlog_words, standing_words
from tests.waiting import until

READY_S = 60.0
LOOK_S = 0.2

Tell = Callable[[str, str], None]  # (kind of line, words); kinds: setup, panel, act, decoy, alarm, note, sync


class Ward:
    """An async context around stage and daemon; `play` lets the plan happen, `verdict` judges it."""

    def __init__(self, folder: Path, plan: Plan, panel_port: int, tell: Tell) -> None:
        self.stage = Stage(folder, plan, panel_port, ApiClient(folder / "config" / "run" / "api.sock"))
        self.code = ""
        self.daemon = Daemon(folder / "config", folder / "daemon.log", self.stage.bus.address)
        self._plan = plan
        self._port = panel_port
        self._tell = tell
        self._stack = AsyncExitStack()
        self._told = 0  # sequence of the last alarm event told
        self._received = 0  # alarm events at the platform when the network was cut; -1: nothing waits

    @property
    def panel(self) -> str:
        """The panel's address."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def state(self) -> Path:
        """The daemon's databases."""
        return self.daemon.state

    async def __aenter__(self) -> Self:
        building = "building the ward: Bluetooth, RS-485, radar, two cameras, pagers, lamps, network, platform"
        self._tell("setup", say(building, "搭建病区：蓝牙、RS-485、雷达、两台摄像头、寻呼机、走廊灯、网络、平台"))
        await self._stack.enter_async_context(self.stage)
        try:
            write(self.daemon.config, self._plan, self.stage.places)
            self.state.mkdir()
            self.code = new_code(self.state)
            await self.daemon.start()
            self._tell("panel", say(f"{self.panel}  login code {self.code}", f"{self.panel}  登录码 {self.code}"))
            waiting = "waiting until every device is heard and the cameras know their rooms (under a minute)"
            self._tell("setup", say(waiting, "等待所有设备上线、摄像头熟悉房间（一分钟以内）"))
            beacon = asyncio.create_task(self._beacon())
            try:
                await self.daemon.until_heard(READY_S)
            finally:
                beacon.cancel()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.daemon.stop()
        await self._stack.aclose()

    async def _beacon(self) -> None:
        """Let the buttons be heard as soon as somebody scans."""
        await until(lambda: self.stage.bluez.scanning, "the daemon scans", 2 * READY_S)
        self.stage.beacon()

    async def play(self) -> None:
        """Let every act happen at its time, then wait until what must come has come, or the time is over."""
        begin = time.monotonic()
        waiting = list(self._plan.acts)
        while (elapsed := time.monotonic() - begin) < SCENARIO_S:
            while waiting and waiting[0].at_s <= elapsed:
                act = waiting.pop(0)
                self._tell("decoy" if act.decoy else "act", act_words(act.name, self._plan))
                self.stage.perform(act)
            await self._tell_news()
            self._tell_backlog()
            if elapsed > self._plan.calm_s and (await self.verdict()).ok:
                return
            await asyncio.sleep(LOOK_S)

    async def verdict(self) -> Verdict:
        """Expected against what log, sounder, pager base, corridor lamps and platform tell."""
        events = await asyncio.to_thread(reader.events, self.state, Lane.ALARMS, 0, 100_000)
        acted = {act.name: self.stage.acted_at(act.name) for act in self._plan.acts}
        heard = Heard(self._sounded(), tuple(call.get("2", "") for call in self.stage.pager.calls), self.stage.lit())
        kept = self.stage.platform.kept()
        noted = judge_beside(self._plan.beside, acted, events, kept)
        return replace(judge(self._plan.expected, acted, alarms_in(events), heard, kept), beside=noted)

    def _sounded(self) -> dict[str, float]:
        first: dict[str, float] = {}
        for line in self.stage.places.lines.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for id_ in row["alarms"]:
                first.setdefault(id_, row["at"])
        return first

    def _tell_backlog(self) -> None:
        network, kept = self.stage.network, len(self.stage.platform.kept())
        if network.restored_at is None:
            self._received = kept if network.cut_at is None else self._received
        elif 0 <= self._received < kept:
            self._tell("sync", backlog_words(kept - self._received, kept))
            self._received = -1

    async def _tell_news(self) -> None:
        try:
            events = await asyncio.to_thread(reader.events, self.state, Lane.ALARMS, self._told, 100)
        except reader.StoreUnreadableError:
            return
        for event in events:
            self._told = event["sequence"]
            if event["type"].startswith("nightlamp.alarm."):
                self._tell("alarm", alarm_words(event["data"]))
            elif event["type"] == STANDING:
                self._tell("note", standing_words(event["data"]))
