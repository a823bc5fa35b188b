"""A D-Bus system bus of our own: a real dbus-daemon on a socket in a folder, never the machine's.

Everything that speaks to "the system bus" finds it by the environment variable DBUS_SYSTEM_BUS_ADDRESS.
"""

import asyncio
import contextlib
from pathlib import Path
from types import TracebackType
from typing import Self

VARIABLE = "DBUS_SYSTEM_BUS_ADDRESS"

_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class SystemBus:
    """A dbus-daemon in `folder`; it has the same address each time it is started.

    Needs the package dbus-daemon; raises FileNotFoundError without it, RuntimeError if it will not start.
    """

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "bus.sock"
        self._configuration = folder / "bus.conf"
        self._log = folder / "bus.log"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """What DBUS_SYSTEM_BUS_ADDRESS must hold."""
        return f"unix:path={self._socket}"

    async def start(self) -> None:
        """Start the daemon; it takes connections when this returns."""
        self._configuration.write_text(_CONFIGURATION.format(address=self.address), encoding="utf-8")
        self._socket.unlink(missing_ok=True)
        with self._log.open("w", encoding="utf-8") as log:
            self._process = await asyncio.create_subprocess_exec(
                "dbus-daemon",
                f"--config-file={self._configuration}",
                "--nofork",
                "--nopidfile",
                "--print-address",
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for whoever started us
            )
        assert self._process.stdout is not None
        if not await self._process.stdout.readline():
            await self.kill()
            raise RuntimeError(f"dbus-daemon did not start: {self._log.read_text(encoding='utf-8')}")

    async def kill(self) -> None:
        """End the daemon at once: every connection breaks."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()  # also closes the pipe

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()
