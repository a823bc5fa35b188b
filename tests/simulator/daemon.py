"""The real daemon in a process of its own: started, waited for, asked and ended as on a gateway.

daemon = Daemon(config_folder, log_file, bus_address)
await daemon.start()                  # daemon.pid
await daemon.until_heard(60.0)        # every device connected, every part well; raises DaemonError naming what is not
await daemon.stop()
"""

import asyncio
import os
import signal
import time
from collections.abc import Collection
from pathlib import Path

from agent.panel.client import ApiClient, ClientError
from tests.simulator.daemon_process import SATELLITES, DaemonProcess

END_S = 6.0
LOOK_S = 0.2
MACHINE = ("disk", "clock", "power")  # the host's own: no simulator can mend a clock that no time server sets


class DaemonError(Exception):
    """The daemon did not come up; the text says what is missing."""


class Daemon(DaemonProcess):
    """The daemon as simulations and benchmarks use it: waited for until all is well, ended in order."""

    def __init__(self, config: Path, log_file: Path, bus_address: str) -> None:
        super().__init__(config, log_file, {"DBUS_SYSTEM_BUS_ADDRESS": bus_address})

    @property
    def state(self) -> Path:
        """Its databases, when nightlamp.toml says ``state = "state"``."""
        return self.config / "state"

    async def until_heard(self, within_s: float, but: Collection[str] = ()) -> None:
        """Wait until every device is connected and every part is well; raises `DaemonError`.

        `but` for some, and for what is the machine's own (`MACHINE`).
        """
        client, end, missing = ApiClient(self.api_socket), time.monotonic() + within_s, ["daemon"]
        while missing:
            if not self.pid:
                raise DaemonError(f"the daemon ended: {self.last_lines()}")
            if time.monotonic() > end:
                raise DaemonError(f"not heard within {within_s:g} s: {', '.join(missing)}; {self.last_lines()}")
            await asyncio.sleep(LOOK_S)
            try:
                state = await asyncio.to_thread(client.get, "/api/v1/state")
            except ClientError:
                continue
            missing = [one["id"] for one in state["devices"] if one["link"] != "connected"]
            missing += [one["name"] for one in state["parts"] if one["state"] != "ok" or "learning" in one["detail"]]
            missing = [name for name in missing if name not in but and name not in MACHINE]

    def last_lines(self) -> str:
        """The end of its log."""
        return " | ".join(self.log.splitlines()[-3:])

    async def stop(self) -> None:
        """End it in order, by force when that takes too long; also what it left running."""
        if self.pid:
            self.send(signal.SIGTERM)
            try:
                await self.wait(END_S)
            except TimeoutError:
                self.send(signal.SIGKILL)
                await self.wait()
        for name in SATELLITES:  # the sounder goes on while something sounds
            if pid := self.pid_of(name):
                os.kill(pid, signal.SIGTERM)
