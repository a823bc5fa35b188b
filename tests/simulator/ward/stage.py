"""The simulated world of a plan: wearables, lines, radar, cameras, network, platform, and what is done there."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.panel.client import ApiClient
from tests.simulator.bad_network import BadNetwork
from tests.simulator.bluez import Bluez
from tests.simulator.camera import CameraSimulator, Showing
from tests.simulator.modbus_board import InputBoard, ModbusLine, XyMd02
from tests.simulator.pager import PagerBase
from tests.simulator.platform import Platform
from tests.simulator.radar import Radar
from tests.simulator.relay_board import RelayBoard
from tests.simulator.system_bus import SystemBus
from tests.simulator.ward.plan import CLIPS, FALL_AT_S, Act, Plan
from tests.simulator.ward.settings import ADDRESSES, Places
from tests.simulator.wearables import Button, HeartRateStrap, Oximeter

DIP_S = 20.0
NOISE_S = 2.0
WEAK = 24  # % of a full battery: rules.toml asks for a charge from 30 on


class Stage:
    """An async context; `perform` does what an act of the plan says, through `api` where a carer does it."""

    def __init__(self, folder: Path, plan: Plan, panel_port: int, api: ApiClient | None = None) -> None:
        self.folder = folder
        self.plan = plan
        self.done: dict[str, float] = {}  # act -> monotonic second at which its first byte or frame went out
        self.bus = SystemBus(folder)
        self.bluez = Bluez(self.bus.address)
        self.board, self.corridor = InputBoard(1, on_told=self._contact_told), InputBoard(2)
        self.climate = XyMd02(3)
        self.line = ModbusLine(folder / "rs485", self.board, self.corridor, self.climate, seed=plan.seed)
        self.radar = Radar(folder / "radar", seed=plan.seed)
        self.pager = PagerBase(folder / "pager")
        self.relays = RelayBoard(folder / "relays")
        self.hall = CameraSimulator(CLIPS / "empty.mp4", seed=plan.seed)
        self.dining = CameraSimulator(CLIPS / "empty.mp4", seed=plan.seed + 1)
        self.platform = Platform(folder)
        self.network = BadNetwork("127.0.0.1", 0)
        self._panel_port = panel_port
        self._api = api
        self._stack = AsyncExitStack()
        self._lives: list[asyncio.Task[None]] = []
        self._fall: Showing | None = None

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.bus)
        await self.bluez.start()
        self._stack.push_async_callback(self.bluez.stop)
        seed = self.plan.seed
        self.button = Button(self.bluez, ADDRESSES["button"], seed=seed)
        self.hall_button = Button(self.bluez, ADDRESSES["button-hall"], seed=seed + 5)
        self.stranger = Button(self.bluez, ADDRESSES["stranger"], seed=seed + 1)
        self.oximeter = Oximeter(self.bluez, ADDRESSES["oximeter-1"], seed=seed + 2)
        self.poor_oximeter = Oximeter(self.bluez, ADDRESSES["oximeter-2"], seed=seed + 3)
        self.strap = HeartRateStrap(self.bluez, ADDRESSES["strap"], seed=seed + 4)
        for context in (self.line, self.radar):
            await self._stack.enter_async_context(context)
        for output in (self.pager, self.relays):
            self._stack.enter_context(output)
        for camera, clip in ((self.hall, "fall.mp4"), (self.dining, "sit_and_bend.mp4")):
            camera.load(CLIPS / clip)
            self._stack.enter_context(camera)
        await self.platform.start()
        self._stack.push_async_callback(self.platform.stop)
        self.network = BadNetwork("127.0.0.1", self.platform.port)
        await self.network.start()
        self._stack.push_async_callback(self.network.stop)
        wearables = (self.button, self.hall_button, self.stranger, self.oximeter, self.poor_oximeter, self.strap)
        self._lives = [asyncio.create_task(one.run()) for one in wearables]
        self._stack.push_async_callback(self._end_lives)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def places(self) -> Places:
        """Where all of this is found."""
        return Places(
            self.line.tty.path,
            self.radar.tty.path,
            self.pager.tty.path,
            self.relays.tty.path,
            self.hall.url,
            self.dining.url,
            f"https://127.0.0.1:{self.network.port}/ingest",
            self.platform.token_file,
            self.platform.ca_file,
            self.folder / "lines.jsonl",
            self._panel_port,
        )

    def beacon(self) -> None:
        """The adopted buttons say that they are there; their next beacon may be half a minute away."""
        self.button.beacon()
        self.hall_button.beacon()

    def lit(self) -> dict[str, float]:
        """Room or place -> monotonic second at which its corridor lamp first lit."""
        first: dict[str, float] = {}
        for at, coil, on in self.relays.changes:
            if on:
                first.setdefault(self.plan.lamps[coil], at)
        return first

    def perform(self, act: Act) -> None:
        """Do it now."""
        getattr(self, act.name)()

    def acted_at(self, name: str) -> float | None:
        """Monotonic second of the act itself: its first byte, or the fall in the clip; None while it is to come."""
        if name == "fall" and self._fall is not None and self._fall.first_frame_at is not None:
            return self._fall.first_frame_at + FALL_AT_S
        return self.done.get(name)

    def press(self) -> None:
        """A resident presses the call button."""
        self._did("press", self.button.press())

    def lose_breath(self) -> None:
        """SpO2 sinks and stays low."""
        self._sink()
        self._did("lose_breath")

    def leave_bed(self) -> None:
        """The resident with a high fall risk gets up."""
        self._did("leave_bed", self.radar.set_in_bed(False))

    def smoke(self) -> None:
        """A smoke detector closes; done when the board first tells of it."""
        self.board.set_contact(0, True)

    def fall(self) -> None:
        """The camera shows a fall."""
        self._fall = self.hall.play(CLIPS / "fall.mp4")

    def witness(self) -> None:
        """Somebody who finds them presses the button in the hall."""
        self._did("witness", self.hall_button.press())

    def weaken_battery(self) -> None:
        """The call button tells that its battery wants a charge."""
        self.button.battery = WEAK
        self._did("weaken_battery", self.button.beacon())

    def pause(self) -> None:
        """A carer pauses the sound at the panel."""
        assert self._api is not None
        self._did("pause")
        self._lives.append(asyncio.create_task(asyncio.to_thread(self._api.post, "/api/v1/pause")))

    def kill_detector(self) -> None:
        """A board answers no more."""
        self.line.die(2)
        self._did("kill_detector")

    def cut_network(self) -> None:
        """Nothing reaches the platform."""
        self.network.cut()
        self._did("cut_network")

    def mend_network(self) -> None:
        """The platform can be reached again."""
        self.network.restore()
        self._did("mend_network")

    def dip(self) -> None:
        """A low value with a poor signal, for a while."""
        self.poor_oximeter.spo2, self.poor_oximeter.poor_signal = 79.0, True
        asyncio.get_running_loop().call_later(DIP_S, self._recover)
        self._did("dip")

    def sit_and_bend(self) -> None:
        """The camera shows daily life."""
        self.dining.play(CLIPS / "sit_and_bend.mp4")
        self._did("sit_and_bend")

    def strange_button(self) -> None:
        """A button that nobody adopted is pressed."""
        self._did("strange_button", self.stranger.press())

    def line_noise(self) -> None:
        """Random bytes among the frames."""
        self.line.tty.noise(NOISE_S)
        self._did("line_noise")

    def _did(self, name: str, at: float | None = None) -> None:
        self.done.setdefault(name, time.monotonic() if at is None else at)

    def _contact_told(self, channel: int, closed: bool, at: float) -> None:
        if channel == 0 and closed:
            self._did("smoke", at)

    def _sink(self) -> None:
        """By 1 % a second, as a body does; a jump would be taken for motion."""
        self.oximeter.spo2 -= 1.0
        if self.oximeter.spo2 > 84.0:
            asyncio.get_running_loop().call_later(1.0, self._sink)

    def _recover(self) -> None:
        self.poor_oximeter.spo2, self.poor_oximeter.poor_signal = 97.0, False

    async def _end_lives(self) -> None:
        for task in self._lives:
            task.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)
