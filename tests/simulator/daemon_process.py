"""`nightlamp run` in a process of its own, as on a gateway: started, its processes found, signalled, waited for."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

CLI = ("-m", "agent.cli")
SATELLITES = ("sounder", "vision", "upstream")


class DaemonProcess:
    """The daemon on the settings in `config`; its log, and that of its other processes, is appended to `log_file`.

    `entry` are the interpreter's arguments that stand for `nightlamp`: a test's own entry point may stand there.
    """

    def __init__(
        self, config: Path, log_file: Path, environment: Mapping[str, str] | None = None, entry: tuple[str, ...] = CLI
    ) -> None:
        self.config = config
        self.log_file = log_file
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})}
        self.entry = entry
        self.process: asyncio.subprocess.Process | None = None
        self.before_start: Callable[[], None] | None = None  # called in the new process

    @property
    def run(self) -> Path:
        """Its sockets and locks, when nightlamp.toml says ``run = "run"``."""
        return self.config / "run"

    @property
    def api_socket(self) -> Path:
        """Where the API is."""
        return self.run / "api.sock"

    @property
    def pid(self) -> int:
        """Of the core; 0 while there is none."""
        return self.process.pid if self.process is not None and self.process.returncode is None else 0

    @property
    def log(self) -> str:
        """All that it and its processes have said."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    async def start(self, **environment: str) -> None:
        """Start it, as systemd would: at once, whatever is left from before; with more variables if wanted."""
        with self.log_file.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, *self.entry, "run", "--config", str(self.config)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**self.environment, **environment},
                preexec_fn=self.before_start,
                start_new_session=True,  # Ctrl-C is for whoever started us, who ends it in order
            )

    def send(self, number: signal.Signals, name: str = "core") -> None:
        """Send a signal to the core, or to one of its processes; ProcessLookupError when there is none."""
        pid = self.pid if name == "core" else self.pid_of(name)
        if not pid:  # 0 would be everybody of our own group
            raise ProcessLookupError(f"{name} does not run")
        os.kill(pid, number)

    async def wait(self, within_s: float = 10.0) -> int:
        """The core's exit status, negative for a signal; TimeoutError after `within_s`."""
        assert self.process is not None
        async with asyncio.timeout(within_s):
            return await self.process.wait()

    def pid_of(self, name: str) -> int:
        """The live process that holds the lock of `name`; 0 for none.

        Not by `holder`, which takes the lock for a moment: a process that starts just then would find it taken.
        """
        lock = self.run / f"{name}.lock"
        text = lock.read_text(encoding="ascii") if lock.exists() else ""
        return int(text) if text.isdigit() and str(self.config) in command(int(text)) else 0


def command(pid: int) -> str:
    """The command line of process `pid`; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
