"""The real daemon in a process of its own: started, waited for, asked and ended as on a gateway.

daemon = Daemon(settings_folder, log_file, bus_address)
await daemon.start()                  # daemon.pid
await daemon.until_heard(60.0)        # every device connected, every part well; raises DaemonError naming what is not
await daemon.stop()
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Collection
from pathlib import Path

from agent.panel.client import ApiClient, ClientError
from agent.process_lock import holder

END_S = 6.0
LOOK_S = 0.2
SATELLITES = ("sounder", "vision", "upstream")
MACHINE = ("disk", "clock", "power")  # the host's own: no simulator can mend a clock that no time server sets


class DaemonError(Exception):
    """The daemon did not come up; the text says what is missing."""


class Daemon:
    """`nightlamp run` on the settings in `settings`; its log, and that of its other processes, is appended to `log`."""

    def __init__(self, settings: Path, log: Path, bus_address: str) -> None:
        self.settings = settings
        self._log = log
        self._environment = {"DBUS_SYSTEM_BUS_ADDRESS": bus_address}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def state(self) -> Path:
        """Its databases, when nightlamp.toml says ``state = "state"``."""
        return self.settings / "state"

    @property
    def run(self) -> Path:
        """Its sockets and locks, when nightlamp.toml says ``run = "run"``."""
        return self.settings / "run"

    @property
    def api_socket(self) -> Path:
        """Where the API is."""
        return self.run / "api.sock"

    @property
    def pid(self) -> int:
        """Of the core; 0 while there is none."""
        return self._process.pid if self._process is not None and self._process.returncode is None else 0

    def satellite(self, name: str) -> int:
        """Pid of one of its other processes; 0 while there is none."""
        return holder(self.run / f"{name}.lock") or 0

    async def start(self, **environment: str) -> None:
        """Start it, with more variables of the environment if wanted; returns at once."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "agent.cli", "run", "--config", str(self.settings)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self._environment, **environment},
                start_new_session=True,  # Ctrl-C is for whoever started us: `stop` ends it in order
            )

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
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return " | ".join(lines[-3:])

    async def stop(self) -> None:
        """End it in order, by force when that takes too long; also what it left running."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(END_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        for name in SATELLITES:  # the sounder goes on while something sounds
            if pid := self.satellite(name):
                os.kill(pid, signal.SIGTERM)
