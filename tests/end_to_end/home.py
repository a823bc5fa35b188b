"""A small home: call buttons on Bluetooth, smoke contacts on Modbus, a buzzer that writes down its line, a platform."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.settings.load import shipped_config
from tests.end_to_end.daemon import Daemon
from tests.simulator.bad_network import BadNetwork
from tests.simulator.bluez import Bluez
from tests.simulator.daemon_process import CLI
from tests.simulator.modbus_board import InputBoard, ModbusLine
from tests.simulator.platform import Platform
from tests.simulator.radar import Radar
from tests.simulator.system_bus import VARIABLE, SystemBus
from tests.simulator.wearables import Button

SHIPPED = ("rules.toml", "alarms.toml")  # as they are: what a test shows holds for a gateway


def resident(number: int) -> str:
    """The pseudonym of the resident who wears button `number`."""
    return f"r-{number}"


def room(channel: int) -> str:
    """The room whose smoke detector is on `channel` of the board."""
    return f"room-{channel}"


class Home:
    """An async context around everything outside the daemon; `daemon()` gives a daemon for it.

    `cameras` are the sources of cameras, `platform` whether events go upstream,
    through `network`, `bed` whether resident 0 has a radar.
    """

    def __init__(
        self,
        folder: Path,
        buttons: int = 1,
        smoke: int = 1,
        cameras: tuple[str, ...] = (),
        platform: bool = False,
        bed: bool = False,
        seed: int = 0,
    ) -> None:
        self.folder = folder
        self.config = folder / "config"
        self.state = self.config / "state"
        self.lines = folder / "lines.jsonl"
        self.bus = SystemBus(folder)
        self.bluez = Bluez(self.bus.address)
        self.board = InputBoard(1)
        self.line = ModbusLine(folder / "rs485", self.board, seed=seed)
        self.radar = Radar(folder / "radar", seed=seed)
        self.platform = Platform(folder)
        self.network = BadNetwork("127.0.0.1", 0)
        self.buttons: list[Button] = []
        self.port = 0  # of the panel; 0: any
        self._counts = (buttons, smoke)
        self._cameras = cameras
        self._upstream = platform
        self._bed = bed
        self._seed = seed
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._stack.enter_async_context(self.bus)
            await self.bluez.start()
            self._stack.push_async_callback(self.bluez.stop)
            await self._stack.enter_async_context(self.line)
            if self._bed:
                await self._stack.enter_async_context(self.radar)
            if self._upstream:
                await self.platform.start()
                self._stack.push_async_callback(self.platform.stop)
                self.network = BadNetwork("127.0.0.1", self.platform.port)
                await self.network.start()
                self._stack.push_async_callback(self.network.stop)
        except BaseException:
            await self._stack.aclose()
            raise
        self.buttons = [
            Button(self.bluez, address(number), seed=self._seed + number) for number in range(self._counts[0])
        ]
        for button in self.buttons:
            life = asyncio.create_task(button.run())
            self._stack.push_async_callback(_ended, life)
        self.lines.touch()
        self.write()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def daemon(self, *entry: str, **environment: str) -> Daemon:
        """The daemon of this home."""
        return Daemon(self.config, {VARIABLE: self.bus.address, **environment}, entry or CLI)

    @asynccontextmanager
    async def served(self, *entry: str, **environment: str) -> AsyncIterator[Daemon]:
        """A daemon that has heard every device."""
        async with self.daemon(*entry, **environment) as daemon:
            await self.heard_by(daemon)
            yield daemon

    async def heard_by(self, daemon: Daemon, within_s: float = 20.0) -> None:
        """Wait until `daemon` has heard every device and its sounder; buttons speak up meanwhile."""
        end = time.monotonic() + within_s
        while (state := await daemon.state()) is None or (
            missing := [one["id"] for one in state["devices"] if one["link"] != "connected" and one["role"] != "camera"]
            + ["sounder"] * ("annunciator:bench" not in {part["name"] for part in state["parts"]})
        ):
            assert time.monotonic() < end, f"not heard: {missing if state else 'daemon'}; {daemon.log[-2000:]}"
            for button in self.buttons:
                button.beacon()
            await asyncio.sleep(0.1)

    def write(self) -> None:
        """Write the settings."""
        self.config.mkdir(exist_ok=True)
        for name in SHIPPED:
            shutil.copyfile(shipped_config() / name, self.config / name)
        texts = {
            "nightlamp.toml": 'id = "home"\n[folders]\nstate = "state"\nrun = "run"\n',
            "site.toml": self._site(),
            "devices.toml": self._devices(),
            "annunciators.toml": f'[[simulated]]\nname = "bench"\nfile = "{self.lines}"\n',
            "panel.toml": f'host = "127.0.0.1"\nport = {self.port}\n',
        }
        texts["cameras.toml"] = "".join(
            f'[[camera]]\nid = "hall-{n}"\nsource = "{source}"\nrole = "hall"\nloop = true\nmin_fps = 1.0\n'
            for n, source in enumerate(self._cameras)
        )
        if self._upstream:
            texts["upstream.toml"] = (
                f'url = "https://127.0.0.1:{self.network.port}/ingest"\n'
                f'token_file = "{self.platform.token_file}"\nca_file = "{self.platform.ca_file}"\n'
            )
        for name, text in texts.items():
            (self.config / name).write_text(text, encoding="utf-8")

    def _site(self) -> str:
        buttons, smoke = self._counts
        bindings = [(f"button-{n}", "button", "resident", resident(n)) for n in range(buttons)]
        bindings += [(f"smoke-{n}", "life_safety", "room", room(n)) for n in range(smoke)]
        bindings += [("bed", "bed", "resident", resident(0))] if self._bed else []
        bindings += [(f"hall-{n}", "camera", "room", "hall") for n in range(len(self._cameras))]
        return "".join(
            f'[[resident]]\nid = "{resident(n)}"\nname = "王桂英"\nroom = "{100 + n}"\n' for n in range(buttons)
        ) + "".join(
            f'[[binding]]\ndevice = "{device}"\nrole = "{role}"\n{what} = "{whose}"\n'
            for device, role, what, whose in bindings
        )

    def _devices(self) -> str:
        buttons, smoke = self._counts
        return (
            '[[ble]]\nadapter = "hci0"\n'
            + "".join(
                f'[[ble.device]]\nid = "button-{n}"\naddress = "{address(n)}"\nproduct = "bthome"\n'
                for n in range(buttons)
            )
            + f'[[modbus]]\nport = "{self.line.tty.path}"\n'
            + "".join(
                f'[[modbus.device]]\nid = "smoke-{n}"\nunit = 1\nprofile = "di8"\nchannel = {n}\nquantity = "smoke"\n'
                for n in range(smoke)
            )
            + f'[[serial]]\nid = "bed"\nport = "{self.radar.tty.path}"\nprotocol = "r60abd1"\n' * self._bed
        )


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def address(number: int) -> str:
    """The Bluetooth address of button `number`."""
    return f"54:48:E6:8F:80:{number:02X}"
